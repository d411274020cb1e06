"""Every word that a verdict is made of: what it means, and what to do next.

The one table behind `invitelab explain`; the rules themselves are in `verdicts.py`.
"""

from invitelab.conformance.glossary_entry import Entry, Group
from invitelab.conformance.glossary_proof import PROOF

__all__ = ["GLOSSARY", "Entry", "Group", "look_up"]

GLOSSARY = (
    Entry(
        group=Group.SCENARIO,
        word="pass",
        meaning="Everything that had to be observed was, in every step.",
        advice="Nothing is left to do.",
    ),
    Entry(
        group=Group.SCENARIO,
        word="fail",
        meaning=(
            "What had to be observed was not, and the page demands it. One is enough "
            "to make the run NON-CONFORMANT. A declared method that does not exist is "
            "a fail as well."
        ),
        advice=(
            "Read the last step of the story: it has what was expected and what was "
            "found. The repro line runs this scenario alone."
        ),
    ),
    Entry(
        group=Group.SCENARIO,
        word="deviation",
        meaning=(
            "Where the page is silent, the implementation reads it in another way. It "
            "is reported, and costs no conformity."
        ),
        advice="Decide whether it is meant. `invitelab clauses ID` has our reading.",
    ),
    Entry(
        group=Group.SCENARIO,
        word="inconclusive",
        meaning=(
            "The clock could not show the difference that the scenario is about. A "
            "real clock is too coarse or too late near the two minutes, or a jump went "
            "unnoticed."
        ),
        advice=(
            "Run it again on a quieter machine, lower settle_ms, or give the adapter a "
            "virtual clock, which decides everything."
        ),
    ),
    Entry(
        group=Group.SCENARIO,
        word="error",
        meaning=(
            "The scenario did not get as far as a verdict. The kind tells how it "
            "ended, the blame whose fault that is; it satisfies no clause."
        ),
        advice="Look up the kind: `invitelab explain` lists them all.",
    ),
    Entry(
        group=Group.SCENARIO,
        word="not-applicable",
        meaning="The scenario needs a capability that the target has declined.",
        advice=(
            "Nothing, if that is meant: the verdict of the run names what was "
            "declined. Else declare the capability in the answer to initialize."
        ),
    ),
    Entry(
        group=Group.SCENARIO,
        word="not-run",
        meaning=(
            "The run had ended before the scenario began. The target could not be "
            "started, or not any more."
        ),
        advice="Solve what the run's verdict names, then run it again.",
    ),
    Entry(
        group=Group.RUN,
        word="CONFORMANT",
        meaning=(
            "Every required clause holds, in a run of the whole suite. What was "
            "declined is named behind it; deviations do not count against it."
        ),
        advice="Quote it with the suite's digest and the clock, which the report has.",
    ),
    Entry(
        group=Group.RUN,
        word="NON-CONFORMANT",
        meaning=(
            "At least one required clause is broken, or the implementation crashed or "
            "hung. The clauses are named behind it. Known failures do not change it: "
            "they are named as known."
        ),
        advice="Repair what fails first, or write what is worked on into a baseline.",
    ),
    Entry(
        group=Group.RUN,
        word="INCONCLUSIVE",
        meaning="Nothing is broken, and a required clause could not be decided.",
        advice=(
            "The clauses that are open are named: look at their scenarios, run again "
            "on a quieter machine, or give the adapter a virtual clock."
        ),
    ),
    Entry(
        group=Group.RUN,
        word="INVALID",
        meaning=(
            "The run says nothing of the implementation. Nothing was selected, the "
            "target did not start, or died more than ten times, its clock lied, what "
            "walks found did not stay, or the adapter or the harness is at fault."
        ),
        advice=(
            "The blame says whose mistake it is. `invitelab probe TARGET` tries the "
            "start and the clock alone."
        ),
    ),
    Entry(
        group=Group.RUN,
        word="PARTIAL",
        meaning="What was selected holds, and it was not everything.",
        advice="Run it without a selection: only a whole run can be CONFORMANT.",
    ),
    Entry(
        group=Group.KIND,
        word="crash",
        meaning=(
            "The target ended while an answer was due, or told of a crash (code 1004). "
            "It was started again, and the scenario was tried once more, alone."
        ),
        advice=(
            "The story ends with the last lines of stderr. The repro line runs it "
            "alone; what passes only alone has left something behind in an earlier "
            "scenario."
        ),
    ),
    Entry(
        group=Group.KIND,
        word="hang",
        meaning=(
            "No answer came within the limit of a call. The target was killed and "
            "started again."
        ),
        advice=(
            "Look for a lock, an answer that is not flushed, or a wait in real time "
            "behind a virtual clock."
        ),
    ),
    Entry(
        group=Group.KIND,
        word="protocol",
        meaning=(
            "The adapter said something that is not the adapter protocol. It is no "
            "JSON, no UTF-8, too long, too deep, or not what the schema says; the run "
            "is INVALID."
        ),
        advice=(
            "The first bad line is in the story. Keep stdout for the protocol, write "
            "all else to stderr, and compare with `invitelab schema adapter`."
        ),
    ),
    Entry(
        group=Group.KIND,
        word="fault",
        meaning=(
            "The target answered with an error instead of a result. The run is "
            "INVALID, since nobody knows what was done."
        ),
        advice=(
            "A refusal is a result, never an error. An implementation that crashes "
            "behind a healthy adapter is told with code 1004; all else is the "
            "adapter's bug."
        ),
    ),
    Entry(
        group=Group.KIND,
        word="missing-method",
        meaning=(
            "A method of a declared capability does not exist. It is a fail at any "
            "level, since it was promised."
        ),
        advice="Write the method, or decline the capability with a reason.",
    ),
    Entry(
        group=Group.KIND,
        word="setup",
        meaning="A Given did not hold, so the clause was never reached.",
        advice=(
            "Look at the clause of the step that failed first: something that has to "
            "work before, such as sending an invitation, does not."
        ),
    ),
    Entry(
        group=Group.KIND,
        word="harness",
        meaning="Something went wrong in invitelab itself. The run is INVALID.",
        advice="Please report it, with run.jsonl.",
    ),
    Entry(
        group=Group.BLAME,
        word="implementation",
        meaning="What is tested is at fault.",
        advice="Repair it there: the clause, the story and the repro line tell what.",
    ),
    Entry(
        group=Group.BLAME,
        word="adapter",
        meaning=(
            "What drives the implementation for us is at fault. Nothing that it said "
            "can be trusted."
        ),
        advice="Repair the adapter; of the implementation nothing is known yet.",
    ),
    Entry(
        group=Group.BLAME,
        word="environment",
        meaning=(
            "The machine or the command line is at fault. There is no such program, no "
            "room or no permission."
        ),
        advice="The hint says what to try.",
    ),
    Entry(
        group=Group.BLAME,
        word="harness",
        meaning="invitelab is at fault.",
        advice="Please report it; the verdict says nothing of the implementation.",
    ),
    Entry(
        group=Group.CLOCK,
        word="virtual",
        meaning=(
            "The target's own clock stands still until clock.advance moves it. It is "
            "proven in a scenario of its own before it is trusted; then silence is "
            "proof, and the suite takes seconds."
        ),
        advice="The best choice wherever timers can be put behind an interface.",
    ),
    Entry(
        group=Group.CLOCK,
        word="real",
        meaning=(
            "The harness waits in wall time. All scenarios that wait do so at once, so "
            "that the suite takes two and a half minutes. What lies nearer to a "
            "deadline than resolution, settling and the machine's lateness is "
            "inconclusive."
        ),
        advice="For what is tested as it is shipped. Keep the machine quiet.",
    ),
    Entry(
        group=Group.CLOCK,
        word="system",
        meaning=(
            "The time of a Python target in our own process is replaced, by freezegun. "
            "What reads datetime or time sees ours."
        ),
        advice=(
            "For a py: target without a clock of its own. Timers that sleep in threads "
            "do not notice."
        ),
    ),
    Entry(
        group=Group.CLOCK,
        word="jump",
        meaning=(
            "An unmodified process is lied to, by libfaketime: it sees time jump. "
            "Where a thread sleeps through the jump, what depends on it is "
            "inconclusive, never failed."
        ),
        advice=(
            "For a cmd: target that reads the clock whenever it is asked. It needs "
            "Debian's package faketime."
        ),
    ),
    Entry(
        group=Group.EXIT,
        word="0",
        meaning=(
            "Nothing stands against it. A check is CONFORMANT, or a PARTIAL one that "
            "holds, or has known failures alone; a simulation has met every objective; "
            "in a diff nothing got worse."
        ),
        advice="For CI: go on.",
    ),
    Entry(
        group=Group.EXIT,
        word="1",
        meaning=(
            "NON-CONFORMANT, with a failure that no baseline knows. A simulation has "
            "missed an objective; in a diff something got worse."
        ),
        advice="The last line names the clauses; `invitelab explain ID` tells of each.",
    ),
    Entry(
        group=Group.EXIT,
        word="2",
        meaning=(
            "The command line, or a file that it names, cannot be meant. Nothing was "
            "run."
        ),
        advice="The hint says what could be.",
    ),
    Entry(
        group=Group.EXIT,
        word="3",
        meaning=(
            "INVALID. Nothing was selected, or the target could not be run or trusted."
        ),
        advice="The blame says whose mistake it is, the hint what to try.",
    ),
    Entry(
        group=Group.EXIT,
        word="4",
        meaning=(
            "INCONCLUSIVE. Nothing is broken that is not known, and not everything was "
            "decided; in a simulation an objective is undecided."
        ),
        advice="Run it again, longer or on a quieter machine.",
    ),
    Entry(
        group=Group.EXIT,
        word="5",
        meaning=(
            "The baseline is stale. What it calls a known failure passes, fails in "
            "another way, or was never run; each such entry is named with its line."
        ),
        advice=(
            "Remove or correct it. A [[known]] needs scenario, clause and issue; "
            "example narrows it to one row, kind tells a crash from an expectation not "
            "met."
        ),
    ),
    Entry(
        group=Group.EXIT,
        word="70",
        meaning="A bug of invitelab's, which is no verdict.",
        advice="Please report it. INVITELAB_DEBUG=1 shows where it happened.",
    ),
    Entry(
        group=Group.EXIT,
        word="130",
        meaning=(
            "Interrupted, by Ctrl-C or TERM. Every process was stopped, and the run "
            "has no verdict."
        ),
        advice="Run it again.",
    ),
    *PROOF,
)
"""Every word, in the order in which one meets them."""


def look_up(word: str) -> list[Entry]:
    """The entries of a word; letters may be large or small. Some words have two."""
    return [entry for entry in GLOSSARY if entry.word.lower() == word.lower()]
