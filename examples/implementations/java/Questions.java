import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The lines of the input, of which any may be too long or no UTF-8. */
final class Questions {
    private static final int LONGEST_LINE_BYTES = 1 << 20;
    private static final int END = -1;

    private final InputStream input;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean tooLong;

    Questions(InputStream input) {
        this.input = new BufferedInputStream(input);
    }

    /** Reads on to the end of the next line; false at the end of the input. */
    boolean hasNext() throws IOException {
        line.reset();
        tooLong = false;
        int read = input.read();
        while (read != END && read != '\n') {
            keep(read);
            read = input.read();
        }
        return read == '\n' || line.size() > 0;
    }

    /** The line just read. */
    String text() throws RpcError {
        if (tooLong) {
            throw RpcError.parse("a line of more than " + LONGEST_LINE_BYTES + " bytes");
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.toByteArray());
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException problem) {
            throw RpcError.parse("a line that is not UTF-8");
        }
    }

    private void keep(int read) {
        // The rest of a line that is too long is read over, so that the next one counts.
        tooLong = tooLong || line.size() == LONGEST_LINE_BYTES;
        if (!tooLong) {
            line.write(read);
        }
    }
}
