import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One invitation as its recipient sees it, under a name of the recipient's own. */
final class Notice {
    private static final List<String> ACTIONS = List.of("reject", "accept");

    private final String name = UUID.randomUUID().toString();
    private final CompletableFuture<Boolean> verdict = new CompletableFuture<>();
    private final Account inviter;
    private final String key;
    private String profile;
    private boolean listed;
    private boolean popup;
    private boolean dismissed;
    private boolean over;

    Notice(Account inviter, String key) {
        this.inviter = inviter;
        this.key = key;
    }

    String name() {
        return name;
    }

    String key() {
        return key;
    }

    String inviter() {
        return inviter.id();
    }

    /** Whether the recipient can still answer. */
    boolean isOpen() {
        return listed;
    }

    /** Whether the recipient's click took effect; known when the inviter has decided. */
    CompletableFuture<Boolean> verdict() {
        return verdict;
    }

    /** Puts it on show, unless it has been there and is over: what is gone stays gone. */
    void show(String offeredProfile) {
        profile = offeredProfile;
        listed = !over;
        popup = !over && !dismissed;
    }

    /** Out of sight while the client is offline, where no verdict reaches it either. */
    void disconnect() {
        hide();
        if (over) {
            verdict.complete(false);
        }
    }

    /** Closes the pop-up, which is no answer. */
    void dismiss() {
        dismissed = true;
        popup = false;
    }

    /** A click takes both surfaces away at once, whatever the inviter makes of it. */
    void click() {
        over = true;
        hide();
    }

    void close(boolean effective) {
        click();
        verdict.complete(effective);
    }

    /** What is on show now, at most once on each surface. */
    List<Map<String, Object>> toJson() {
        List<Map<String, Object>> surfaces = new ArrayList<>();
        if (popup) {
            surfaces.add(Map.of("surface", "popup", "corner", "bottom-right",
                    "actions", ACTIONS, "from", inviter.toJson(), "invitation", name));
        }
        if (listed) {
            surfaces.add(Map.of("surface", "client", "profile", profile,
                    "actions", ACTIONS, "from", inviter.toJson(), "invitation", name));
        }
        return surfaces;
    }

    private void hide() {
        listed = false;
        popup = false;
    }
}
