import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The inviting side of one client, and the authority over its invitations.
 *
 * <p>Guarded by the client's lock. An accept and the end of the two minutes, or a cancel,
 * therefore come one after the other, and the later of them finds nothing pending. What is
 * due is expired first, so that a late timer extends no deadline.
 */
final class Inviter {
    private static final long LIFETIME_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Map<String, Invitation> sent = new LinkedHashMap<>();
    private final Client client;
    private final Relay relay;
    private final Timers timers;
    private final boolean cutsSessions;

    Inviter(Client client, Relay relay, Timers timers, Behaviour behaviour) {
        this.client = client;
        this.relay = relay;
        this.timers = timers;
        this.cutsSessions = behaviour.makes(Mistake.SESSIONS_CUT);
    }

    /** Sends an invitation to a valid recipient; returns its id at this client. */
    String send(Account recipient, Profiles.Profile profile) throws Refused {
        expireDue();
        if (sent.values().stream().anyMatch(each -> each.isPendingFor(recipient.id()))) {
            throw new Refused("already-pending", "an invitation is pending there already");
        }
        long deadline = timers.nowNanos() + LIFETIME_NANOS;
        Invitation invitation = new Invitation(recipient.id(), profile, deadline);
        invitation.keep(timers.after(LIFETIME_NANOS, client::deadlineReached));
        if (cutsSessions) {
            timers.after(LIFETIME_NANOS, client::cutSessions);
        }
        sent.put(invitation.key(), invitation);
        post(invitation, invitation.offer());
        return invitation.key();
    }

    /** Whether there was still something to modify. */
    boolean modify(String key, Profiles.Profile profile) throws Refused {
        Invitation invitation = find(key);
        if (invitation.isPending()) {
            invitation.modify(profile);
            post(invitation, invitation.offer());
            return true;
        }
        return false;
    }

    /** Whether there was still something to cancel. */
    boolean cancel(String key) throws Refused {
        Invitation invitation = find(key);
        if (invitation.isPending()) {
            close(invitation, Invitation.State.CANCELLED);
            return true;
        }
        return false;
    }

    /** Decides about an answer that has arrived; only the addressee's counts. */
    void answered(Account sender, Message.Answer answer) {
        expireDue();
        Invitation invitation = sent.get(answer.key());
        if (invitation == null || !invitation.recipient().equals(sender.id())) {
            return;
        }
        if (!invitation.isPending()) {
            post(invitation, new Message.Closed(answer.key(), invitation.state()));
        } else if (answer.accepted()) {
            invitation.end(Invitation.State.ACCEPTED);
            post(invitation, client.sessions().start(invitation));
        } else {
            close(invitation, Invitation.State.REJECTED);
        }
    }

    /** A recipient is back and has lost what it had on show. */
    void returned(String recipient) {
        expireDue();
        sent.values().stream()
                .filter(each -> each.isPendingFor(recipient))
                .forEach(each -> post(each, each.offer()));
    }

    void expireDue() {
        long now = timers.nowNanos();
        sent.values().stream()
                .filter(each -> each.isDue(now))
                .forEach(each -> close(each, Invitation.State.EXPIRED));
    }

    /** Going offline takes every open invitation back. */
    void cancelAll() {
        expireDue();
        sent.values().stream()
                .filter(Invitation::isPending)
                .forEach(each -> close(each, Invitation.State.CANCELLED));
    }

    void stopTimers() {
        sent.values().forEach(Invitation::stopTimer);
    }

    List<Map<String, Object>> toJson() {
        expireDue();
        return sent.values().stream().map(Invitation::toJson).toList();
    }

    private Invitation find(String key) throws Refused {
        expireDue();
        Invitation invitation = sent.get(key);
        if (invitation == null) {
            throw new Refused("unknown-invitation", "no such invitation was sent from here");
        }
        return invitation;
    }

    private void close(Invitation invitation, Invitation.State outcome) {
        invitation.end(outcome);
        post(invitation, new Message.Closed(invitation.key(), outcome));
    }

    private void post(Invitation invitation, Message message) {
        relay.post(client.account(), invitation.recipient(), message);
    }
}
