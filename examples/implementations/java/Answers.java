import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * The answers on their way out, in the order of the questions.
 *
 * <p>An answer may have to wait for another client. The next question is looked at in the
 * meantime, or a hundred clicks at the same instant would queue up for each other.
 */
final class Answers {
    private static final int MOST_WAITING = 1024;
    private static final int LONGEST_FAREWELL_MS = 3000;

    private final BlockingQueue<CompletableFuture<Map<String, Object>>> promised =
            new ArrayBlockingQueue<>(MOST_WAITING);
    private final CompletableFuture<Map<String, Object>> end = new CompletableFuture<>();
    private final OutputStream output;
    private final Thread writer = new Thread(this::write, "answers");

    Answers(OutputStream output) {
        this.output = output;
        writer.setDaemon(true);
        writer.start();
    }

    /** Takes an answer that is there, or will be; waits if too many are outstanding. */
    void promise(CompletableFuture<Map<String, Object>> answer) {
        try {
            promised.put(answer);
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    /** Writes the answers in order, until the reader has closed its end. */
    void finish() throws InterruptedException {
        promise(end);
        writer.join(LONGEST_FAREWELL_MS);
    }

    private void write() {
        try {
            for (var next = promised.take(); next != end; next = promised.take()) {
                String line = JsonWriter.write(next.join()) + "\n";
                output.write(line.getBytes(StandardCharsets.UTF_8));
                output.flush();
            }
        } catch (IOException | InterruptedException | RuntimeException bug) {
            Main.crash(bug);
        }
    }
}
