import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;

/**
 * One invitation at its inviter, the only place where its state is decided.
 *
 * <p>Pending is left once and for good.
 */
final class Invitation {
    /** Where an invitation stands. */
    enum State {
        PENDING, ACCEPTED, REJECTED, CANCELLED, EXPIRED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String key = UUID.randomUUID().toString();
    private final String recipient;
    private final long deadlineNanos;
    private Profiles.Profile profile;
    private State state = State.PENDING;
    private Future<?> timer;

    Invitation(String recipient, Profiles.Profile profile, long deadlineNanos) {
        this.recipient = recipient;
        this.profile = profile;
        this.deadlineNanos = deadlineNanos;
    }

    String key() {
        return key;
    }

    String recipient() {
        return recipient;
    }

    /** The permissions as they were when the profile was chosen. */
    Set<String> permissions() {
        return profile.permissions();
    }

    State state() {
        return state;
    }

    boolean isPending() {
        return state == State.PENDING;
    }

    boolean isPendingFor(String id) {
        return isPending() && recipient.equals(id);
    }

    /** Whether the time is up; the very instant of the deadline is too late. */
    boolean isDue(long nowNanos) {
        return isPending() && nowNanos - deadlineNanos >= 0;
    }

    Message.Offer offer() {
        return new Message.Offer(key, profile.name());
    }

    /** Chooses anew; the deadline stays. */
    void modify(Profiles.Profile chosen) {
        profile = chosen;
    }

    /** Keeps the timer of the deadline, to be stopped when nothing is left to expire. */
    void keep(Future<?> deadlineTimer) {
        timer = deadlineTimer;
    }

    void end(State outcome) {
        if (!isPending()) {
            throw new IllegalStateException(outcome + " after " + state);
        }
        state = outcome;
        stopTimer();
    }

    void stopTimer() {
        timer.cancel(false);
    }

    Map<String, Object> toJson() {
        return Map.of("state", state.label(), "to", recipient,
                "profile", profile.name(), "invitation", key);
    }
}
