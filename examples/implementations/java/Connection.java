import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One client's line to the relay, from its coming online to its going.
 *
 * <p>Messages take a moment each and are handled on any thread, but in the order in which
 * they were posted: whichever delivery is due first takes the message at the head.
 */
final class Connection {
    private static final long SHORTEST_DELAY_NANOS = TimeUnit.MICROSECONDS.toNanos(300);
    private static final long LONGEST_DELAY_NANOS = TimeUnit.MICROSECONDS.toNanos(1500);

    private record Envelope(Account sender, Message message) {}

    private final Queue<Envelope> waiting = new ConcurrentLinkedQueue<>();
    private final Client client;
    private final Timers timers;
    private volatile boolean open = true;

    Connection(Client client, Timers timers) {
        this.client = client;
        this.timers = timers;
    }

    void post(Account sender, Message message) {
        waiting.add(new Envelope(sender, message));
        long delay = ThreadLocalRandom.current()
                .nextLong(SHORTEST_DELAY_NANOS, LONGEST_DELAY_NANOS);
        timers.after(delay, () -> client.receive(this));
    }

    /** Hands over the next message; the receiver calls this with its lock held. */
    void deliverNext() {
        Envelope next = waiting.poll();
        if (open && next != null) {
            next.message().arrive(client, next.sender());
        }
    }

    /** What is still on its way is lost. */
    void close() {
        open = false;
    }
}
