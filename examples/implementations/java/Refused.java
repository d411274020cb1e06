import java.util.Map;

/** A refusal of what a user asked for; the state has not changed. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Refused(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    Map<String, Object> toJson() {
        return Map.of("refused", Map.of("reason", reason, "message", getMessage()));
    }
}
