import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The real clock and the few threads on which everything timed happens. */
final class Timers {
    // More than one, so that whatever could race does race.
    private static final int THREADS = 3;

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(THREADS, Timers::daemon);

    Timers() {
        // An answered invitation would otherwise stay in memory for two minutes.
        executor.setRemoveOnCancelPolicy(true);
    }

    /** The present, in nanoseconds; only differences mean something. */
    long nowNanos() {
        return System.nanoTime();
    }

    Future<?> after(long delayNanos, Runnable action) {
        return executor.schedule(() -> runLoudly(action), delayNanos, TimeUnit.NANOSECONDS);
    }

    private static void runLoudly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error bug) {
            Main.crash(bug);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "timer");
        thread.setDaemon(true);
        return thread;
    }
}
