import java.util.LinkedHashMap;
import java.util.Map;

/** What the network has on record of one client; a portable one has the alias null. */
record Account(String id, String alias, String platform, boolean knowsInvitations) {
    boolean isOnWindows() {
        return platform.equals("windows");
    }

    /** The address for others to connect to. */
    String publicAddress() {
        return alias != null ? alias : Address.grouped(id);
    }

    /** The sender as a notification shows it. */
    Map<String, Object> toJson() {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("alias", alias);
        identity.put("id", id);
        return identity;
    }
}
