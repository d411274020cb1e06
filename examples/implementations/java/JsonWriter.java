import java.util.Map;

/** Writes maps, collections, strings, numbers, booleans and null as one line of JSON. */
final class JsonWriter {
    private final StringBuilder text = new StringBuilder();

    private JsonWriter() {}

    static String write(Object value) {
        JsonWriter writer = new JsonWriter();
        writer.value(value);
        return writer.text.toString();
    }

    private void value(Object value) {
        if (value instanceof Map<?, ?> members) {
            object(members);
        } else if (value instanceof Iterable<?> items) {
            array(items);
        } else if (value instanceof String characters) {
            string(characters);
        } else {
            text.append(value);
        }
    }

    private void object(Map<?, ?> members) {
        String separator = "{";
        for (Map.Entry<?, ?> member : members.entrySet()) {
            text.append(separator);
            string((String) member.getKey());
            text.append(':');
            value(member.getValue());
            separator = ",";
        }
        text.append(members.isEmpty() ? "{}" : "}");
    }

    private void array(Iterable<?> items) {
        String separator = "";
        text.append('[');
        for (Object item : items) {
            text.append(separator);
            value(item);
            separator = ",";
        }
        text.append(']');
    }

    private void string(String characters) {
        text.append('"');
        for (int at = 0; at < characters.length(); at++) {
            character(characters.charAt(at));
        }
        text.append('"');
    }

    private void character(char character) {
        if (character == '"' || character == '\\') {
            text.append('\\').append(character);
        } else if (character < ' ' || character > '~') {
            // Plain ASCII survives every pipe, and half a surrogate pair has no UTF-8.
            text.append(String.format("\\u%04x", (int) character));
        } else {
            text.append(character);
        }
    }
}
