import java.io.IOException;

/** Starts the adapter: questions on stdin, answers on stdout, notes on stderr. */
public final class Main {
    private static final int EXIT_USAGE = 2;
    private static final int EXIT_CRASH = 70;

    private Main() {}

    public static void main(String[] switches) throws IOException, InterruptedException {
        Behaviour behaviour;
        try {
            behaviour = Behaviour.fromSwitches(switches);
        } catch (IllegalArgumentException problem) {
            System.err.println(problem.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        Answers answers = new Answers(System.out);
        Adapter adapter = new Adapter(new Timers(), behaviour);
        Questions questions = new Questions(System.in);
        while (questions.hasNext()) {
            adapter.handle(questions).ifPresent(answers::promise);
        }
        answers.finish();
    }

    /** Ends the process: a bug in a timer must not pass for an invitation that is quiet. */
    static void crash(Throwable bug) {
        bug.printStackTrace();
        Runtime.getRuntime().halt(EXIT_CRASH);
    }
}
