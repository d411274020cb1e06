import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One end of a session, under a name of its own; the key is the host's name for it. */
record Session(String name, String key, String host, String guest, Set<String> permissions) {
    static Session hosted(String host, String guest, Set<String> permissions) {
        String name = UUID.randomUUID().toString();
        return new Session(name, name, host, guest, permissions);
    }

    static Session joined(String key, String host, String guest, Set<String> permissions) {
        return new Session(UUID.randomUUID().toString(), key, host, guest, permissions);
    }

    boolean isWith(String peer) {
        return host.equals(peer) || guest.equals(peer);
    }

    /** The same session, with a permission granted or withdrawn. */
    Session with(String permission, boolean allowed) {
        Set<String> changed = new LinkedHashSet<>(permissions);
        Sessions.set(changed, permission, allowed);
        return with(changed);
    }

    Session with(Set<String> changed) {
        return new Session(name, key, host, guest, changed);
    }

    Map<String, Object> toJson() {
        return Map.of("permissions", permissions, "guest", guest, "host", host, "session", name);
    }
}
