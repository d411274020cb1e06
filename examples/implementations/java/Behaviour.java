import java.util.EnumSet;
import java.util.Set;

/** What the command line chose: the answer to late clicks, and the mistakes to make. */
record Behaviour(boolean refusesLateClicks, Set<Mistake> mistakes) {
    private static final String USAGE =
            "usage: java Main [--stale ok|refused] [--break NAME]...";

    /** Throws IllegalArgumentException, fit to be shown, for what it does not know. */
    static Behaviour fromSwitches(String... switches) {
        boolean refuses = false;
        Set<Mistake> mistakes = EnumSet.noneOf(Mistake.class);
        for (int at = 0; at < switches.length; at += 2) {
            String value = at + 1 < switches.length ? switches[at + 1] : "";
            switch (switches[at]) {
                case "--stale" -> refuses = lateClicksRefused(value);
                case "--break" -> mistakes.add(Mistake.named(value));
                default -> throw new IllegalArgumentException(
                        "unknown switch: " + switches[at] + "\n" + USAGE);
            }
        }
        return new Behaviour(refuses, mistakes);
    }

    boolean makes(Mistake mistake) {
        return mistakes.contains(mistake);
    }

    private static boolean lateClicksRefused(String value) {
        return switch (value) {
            case "ok" -> false;
            case "refused" -> true;
            default -> throw new IllegalArgumentException(
                    "--stale is ok or refused, not: " + value + "\n" + USAGE);
        };
    }
}
