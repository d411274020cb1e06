import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The permissions that a custom build of a client has fixed, and to which value. */
record Locks(Map<String, Boolean> values) {
    boolean cover(String permission) {
        return values.containsKey(permission);
    }

    /** The chosen permissions with the locked ones taken away or added. */
    Set<String> applyTo(Set<String> chosen) {
        Set<String> effective = new LinkedHashSet<>(chosen);
        values.forEach((permission, allowed) -> Sessions.set(effective, permission, allowed));
        return effective;
    }
}
