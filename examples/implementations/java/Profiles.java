import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The permission profiles stored at one client. */
final class Profiles {
    /** One profile; what was chosen from it is a copy that later edits do not touch. */
    record Profile(String name, Set<String> permissions, boolean enabled) {}

    private final Map<String, Profile> byName = new LinkedHashMap<>();

    void add(Profile profile) {
        byName.put(profile.name(), profile);
    }

    /** The profile, if an invitation may use it. */
    Profile choose(String name) throws Refused {
        Profile profile = find(name);
        if (!profile.enabled()) {
            throw new Refused("profile-unavailable", "the profile is disabled");
        }
        return profile;
    }

    void edit(String name, Set<String> permissions) throws Refused {
        add(new Profile(name, permissions, find(name).enabled()));
    }

    private Profile find(String name) throws Refused {
        Profile profile = byName.get(name);
        if (profile == null) {
            throw new Refused("profile-unavailable", "there is no such profile");
        }
        return profile;
    }
}
