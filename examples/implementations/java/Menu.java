import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where in one client an invitation can be started. */
final class Menu {
    /** One place; the contact is null except on tiles. */
    private record Entry(String place, String contact) {
        Map<String, Object> toJson() {
            return contact == null
                    ? Map.of("entry", place)
                    : Map.of("contact", contact, "entry", place);
        }
    }

    private static final String ICON = "invitation-icon";
    private static final String TILE = "tile.";
    private static final String EMAIL_LINK = "invitation-email-link";
    private static final String EMAIL_IN_MENU = "id-menu.invite-via-email";
    private static final Set<String> EMAIL_ENTRIES = Set.of(EMAIL_LINK, EMAIL_IN_MENU);

    private final List<Entry> entries = new ArrayList<>();

    /** The contacts are IDs by the name of their list. */
    Menu(Account owner, Map<String, Set<String>> contacts) {
        if (!owner.isOnWindows()) {
            return;
        }
        entries.add(new Entry(EMAIL_IN_MENU, null));
        if (owner.knowsInvitations()) {
            entries.add(new Entry(ICON, null));
            contacts.forEach(this::addTiles);
        } else {
            entries.add(new Entry(EMAIL_LINK, null));
        }
    }

    void checkEmail(String place) throws Refused {
        demand(EMAIL_ENTRIES.contains(place) && entries.contains(new Entry(place, null)));
    }

    /** Checks a direct invitation; a tile is offered for its own contact only. */
    void checkDirect(String place, String typed) throws Refused {
        String contact = place.startsWith(TILE) ? typed.replace(" ", "") : null;
        demand(!EMAIL_ENTRIES.contains(place) && entries.contains(new Entry(place, contact)));
    }

    List<Map<String, Object>> toJson() {
        return entries.stream().map(Entry::toJson).toList();
    }

    private void addTiles(String list, Set<String> contacts) {
        contacts.forEach(contact -> entries.add(new Entry(TILE + list, contact)));
    }

    private static void demand(boolean offered) throws Refused {
        if (!offered) {
            throw new Refused("not-offered", "nothing of that kind is offered there");
        }
    }
}
