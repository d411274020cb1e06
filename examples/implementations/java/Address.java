import java.util.Locale;
import java.util.regex.Pattern;

/** An ID or an alias as typed, brought to the one form in which addresses are compared. */
record Address(String normal) {
    private static final Pattern ID = Pattern.compile("[0-9]{9,10}");
    // Ten digits make an incomplete group, which may be read at either end.
    private static final Pattern GROUPED_ID =
            Pattern.compile("([0-9] )?[0-9]{3} [0-9]{3} [0-9]{3}|([0-9]{3} ){3}[0-9]");
    private static final Pattern ALIAS =
            Pattern.compile("[0-9A-Za-z._-]{1,25}@[0-9A-Za-z.-]{1,63}");

    static Address typed(String text) throws Refused {
        String trimmed = text.strip();
        if (GROUPED_ID.matcher(trimmed).matches()) {
            return new Address(trimmed.replace(" ", ""));
        }
        if (ID.matcher(trimmed).matches() || ALIAS.matcher(trimmed).matches()) {
            return ofAlias(trimmed);
        }
        throw new Refused("invalid-address", "this is neither an ID nor an alias");
    }

    /** The address of an alias on record. */
    static Address ofAlias(String alias) {
        return new Address(alias.toLowerCase(Locale.ROOT));
    }

    boolean isAlias() {
        return normal.contains("@");
    }

    /** An ID as people read it: groups of three from the right. */
    static String grouped(String id) {
        return id.replaceAll("(?<=.)(?=(...)+$)", " ");
    }
}
