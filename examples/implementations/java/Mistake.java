/** A deliberate mistake, made on request, to test the conformance suite. */
enum Mistake {
    EMAIL_WITHOUT_LINK("email-without-link"),
    LOCKS_IGNORED("locks-ignored"),
    SESSIONS_CUT("sessions-cut");

    private final String label;

    Mistake(String label) {
        this.label = label;
    }

    static Mistake named(String label) {
        for (Mistake mistake : values()) {
            if (mistake.label.equals(label)) {
                return mistake;
            }
        }
        throw new IllegalArgumentException("unknown mistake: " + label);
    }
}
