import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The invited side of one client: what it shows and what it clicks. */
final class Recipient {
    // Kept when they are over, so that a late click is told from a made-up one.
    private final Map<String, Notice> notices = new LinkedHashMap<>();
    private final Client client;
    private final Relay relay;

    Recipient(Client client, Relay relay) {
        this.client = client;
        this.relay = relay;
    }

    void offered(Account inviter, Message.Offer offer) {
        Notice notice = find(inviter.id(), offer.key());
        if (notice == null) {
            notice = new Notice(inviter, offer.key());
            notices.put(notice.name(), notice);
        }
        notice.show(offer.profile());
    }

    void started(Account inviter, String key) {
        Notice notice = find(inviter.id(), key);
        if (notice != null) {
            notice.close(true);
        }
    }

    void closed(Account inviter, Message.Closed closed) {
        Notice notice = find(inviter.id(), closed.key());
        if (notice != null) {
            notice.close(closed.state() == Invitation.State.REJECTED);
        }
    }

    /** Sends the click to the inviter; the answer tells whether it came in time. */
    CompletableFuture<Boolean> answer(String name, boolean accepted) throws Refused {
        Notice notice = named(name);
        if (!notice.isOpen()) {
            return CompletableFuture.completedFuture(false);
        }
        notice.click();
        Message answer = new Message.Answer(notice.key(), accepted);
        relay.post(client.account(), notice.inviter(), answer);
        return notice.verdict();
    }

    /** Whether there was still something to dismiss. */
    boolean dismiss(String name) throws Refused {
        Notice notice = named(name);
        boolean wasOpen = notice.isOpen();
        notice.dismiss();
        return wasOpen;
    }

    /** An inviter has gone, and its invitations with it. */
    void lost(String inviter) {
        notices.values().stream()
                .filter(each -> each.inviter().equals(inviter))
                .forEach(each -> each.close(false));
    }

    /** Going offline: the inviters will say what is still open on return. */
    void hideAll() {
        notices.values().forEach(Notice::disconnect);
    }

    List<Map<String, Object>> toJson() {
        return notices.values().stream().flatMap(each -> each.toJson().stream()).toList();
    }

    private Notice find(String inviter, String key) {
        return notices.values().stream()
                .filter(each -> each.key().equals(key) && each.inviter().equals(inviter))
                .findFirst()
                .orElse(null);
    }

    private Notice named(String name) throws Refused {
        Notice notice = notices.get(name);
        if (notice == null) {
            throw new Refused("unknown-invitation", "no such invitation was received here");
        }
        return notice;
    }
}
