import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON text strictly into maps, lists, strings, numbers, booleans and null.
 *
 * <p>A whole number is a Long where it fits; any other number is a BigDecimal, because an
 * identifier has to be echoed as it came.
 */
final class JsonReader {
    private static final int DEEPEST = 32;
    // Turning millions of digits into a number would take minutes.
    private static final int LONGEST_NUMBER = 400;
    private static final String SIMPLE_ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    static Object read(String text) throws RpcError {
        JsonReader reader = new JsonReader(text);
        Object value = reader.value(1);
        reader.skipBlanks();
        reader.demand(reader.at == text.length(), "text after the value");
        return value;
    }

    private Object value(int depth) throws RpcError {
        demand(depth <= DEEPEST, "nested too deep");
        skipBlanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) throws RpcError {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        boolean more = !closes('}');
        while (more) {
            skipBlanks();
            demand(peek() == '"', "a member without a name");
            String name = string();
            demand(!members.containsKey(name), "a member given twice");
            skipBlanks();
            demand(peek() == ':', "a member without a value");
            at++;
            members.put(name, value(depth + 1));
            more = continues('}');
        }
        return members;
    }

    private List<Object> array(int depth) throws RpcError {
        List<Object> items = new ArrayList<>();
        at++;
        boolean more = !closes(']');
        while (more) {
            items.add(value(depth + 1));
            more = continues(']');
        }
        return items;
    }

    private boolean continues(char closing) throws RpcError {
        if (closes(closing)) {
            return false;
        }
        demand(peek() == ',', "a comma is missing");
        at++;
        return true;
    }

    private boolean closes(char closing) {
        skipBlanks();
        boolean closed = peek() == closing;
        if (closed) {
            at++;
        }
        return closed;
    }

    private String string() throws RpcError {
        StringBuilder characters = new StringBuilder();
        at++;
        while (peek() != '"') {
            // Also the end of the text, which peek shows as a control character.
            demand(peek() >= ' ', "a string that is not closed, or a bare control character");
            char next = text.charAt(at++);
            characters.append(next == '\\' ? escape() : next);
        }
        at++;
        return characters.toString();
    }

    private char escape() throws RpcError {
        char letter = peek();
        at++;
        if (letter == 'u') {
            return unicodeEscape();
        }
        int known = SIMPLE_ESCAPES.indexOf(letter);
        demand(known >= 0, "an unknown escape");
        return ESCAPED.charAt(known);
    }

    private char unicodeEscape() throws RpcError {
        demand(at + 4 <= text.length(), "a string that is not closed");
        String digits = text.substring(at, at + 4);
        demand(digits.matches("[0-9a-fA-F]{4}"), "an escape without its four digits");
        at += 4;
        return (char) Integer.parseInt(digits, 16);
    }

    private Object word(String word, Object meaning) throws RpcError {
        demand(text.startsWith(word, at), "an unknown word");
        at += word.length();
        return meaning;
    }

    private Object number() throws RpcError {
        int start = at;
        while ("+-.0123456789eE".indexOf(peek()) >= 0) {
            at++;
        }
        demand(at - start <= LONGEST_NUMBER, "a number of too many digits");
        String digits = text.substring(start, at);
        demand(digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?"), "no value");
        try {
            return digits.matches("-?[0-9]{1,18}")
                    ? (Object) Long.valueOf(digits)
                    : new BigDecimal(digits);
        } catch (NumberFormatException problem) {
            throw RpcError.parse("a number out of all range");
        }
    }

    private void skipBlanks() {
        while (" \t\r\n".indexOf(peek()) >= 0) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void demand(boolean holds, String problem) throws RpcError {
        if (!holds) {
            throw RpcError.parse("not JSON, at character " + at + ": " + problem);
        }
    }
}
