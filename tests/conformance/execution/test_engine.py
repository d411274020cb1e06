"""The run of one target: proof of its clock, restarts, and records."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from invitelab.adapters.base import IMPLEMENTATION_CRASHED, AdapterError, Json, Limits
from invitelab.adapters.clocks import virtual
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Target
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.restarts import MAX_RESTARTS
from invitelab.conformance.execution.verdicts import Conclusion
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import pickles
from invitelab.errors import Blame, ExitCode, HandshakeError
from invitelab.formats.exchange_text import answer_text
from invitelab.formats.run import Header, RunVerdict, ScenarioRecord, Verdict, read
from invitelab.protocol.policy import LIFETIME_US, Policy
from invitelab.reporting.conformance.junit import junit
from invitelab.reporting.conformance.markdown import markdown

Judge = Callable[..., Engine]

FAKE = Path(__file__).parents[1] / "fakes" / "target.py"
ONE_S = Limits(start_s=1.0, call_s=1.0)


def end_of(engine: Engine) -> Conclusion:
    """Give the conclusion of an engine that has finished."""
    assert engine.conclusion is not None
    return engine.conclusion


class Failing(Reference):
    """The reference, which raises at the calls of a method that are counted."""

    def __init__(self, method: str, calls: range) -> None:
        super().__init__()
        self.method = method
        self.calls = calls
        self.count = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Count, and raise when it is time."""
        if method == self.method:
            self.count += 1
            if self.count in self.calls:
                self.fail()
        return super().request(method, params)

    def fail(self) -> None:
        """Die."""
        raise RuntimeError("out of memory")


ALWAYS = range(1_000_000)


# Restarts


def test_a_target_that_crashed_is_restarted_for_the_next_scenario(
    judge: Judge,
) -> None:
    """And the crash stands, although the scenario passes when it runs alone."""
    engine = judge(Failing("invitation.send", range(1, 2)), "EXPIRY-1")
    first, *others = engine.scenarios
    assert (Verdict.ERROR, "crash", Blame.IMPLEMENTATION) == (
        first.verdict,
        first.kind,
        first.blame,
    )
    assert first.message == (
        "the adapter raised RuntimeError: out of memory in invitation.send;"
        " but not when run alone"
    )
    assert {Verdict.PASS} == {record.verdict for record in others}
    assert 2 == engine.driver.starts


def test_a_crash_that_comes_again_is_reported(judge: Judge) -> None:
    """The scenario alone is enough to cause it."""
    engine = judge(Failing("invitation.send", ALWAYS), "EXPIRY-6")
    assert {True} == {
        str(record.message).endswith("; again when run alone")
        for record in engine.scenarios
    }


def test_a_crash_that_the_adapter_reports_is_a_crash(judge: Judge) -> None:
    """The adapter lives on, so nothing is restarted."""

    class Reporting(Failing):
        """An adapter in front of something that dies."""

        def fail(self) -> None:
            """Report it."""
            raise AdapterError(IMPLEMENTATION_CRASHED, "acme.exe has died")

    engine = judge(Reporting("invitation.send", range(1, 2)), "EXPIRY-1")
    assert "crash" == engine.scenarios[0].kind
    assert 1 == engine.driver.starts


def test_the_stderr_of_a_crash_is_kept(judge: Judge) -> None:
    """It often says why."""
    engine = judge(Failing("invitation.send", range(1, 2)), "EXPIRY-1")
    assert "RuntimeError: out of memory" == engine.scenarios[0].stderr.splitlines()[-1]
    assert "" == engine.scenarios[1].stderr


def test_a_target_that_dies_too_often_is_given_up(judge: Judge) -> None:
    """What is left is not run, and the run is invalid; it says what it died of."""
    engine = judge(Failing("invitation.send", ALWAYS), "DIRECT-9", "PENDING-3")
    assert {Verdict.ERROR, Verdict.NOT_RUN} == {r.verdict for r in engine.scenarios}
    assert MAX_RESTARTS + 1 == engine.driver.starts
    end = end_of(engine)
    expected = (
        "the target had to be started again more than 10 times; the last time: the"
        " adapter raised RuntimeError: out of memory in invitation.send; again when run"
        " alone"
    )
    assert (RunVerdict.INVALID, ExitCode.INVALID, expected, Blame.IMPLEMENTATION) == (
        end.verdict,
        end.exit_code,
        end.reason,
        end.blame,
    )


def test_a_scenario_that_could_not_be_run_alone_is_not_said_to_pass(
    judge: Judge,
) -> None:
    """Where the target was given up, there was no second run."""
    engine = judge(Failing("invitation.send", ALWAYS), "DIRECT-9", "PENDING-3")
    crashed = [r for r in engine.scenarios if r.kind == "crash"]
    assert str(crashed[-1].message).endswith("; and could not be run again")


def test_a_target_that_changes_its_mind_is_given_up(judge: Judge) -> None:
    """After a restart it must say the same of itself."""

    class Fickle(Failing):
        """A new name at each start."""

        starts = 0

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Count the starts."""
            if method == "initialize":
                self.starts += 1
                self.name = f"acme {self.starts}"
            return super().request(method, params)

    end = end_of(judge(Fickle("invitation.send", range(1, 2)), "EXPIRY-1"))
    expected = "after a restart the target says something else of itself"
    assert (RunVerdict.INVALID, expected, Blame.ADAPTER) == (
        end.verdict,
        end.reason,
        end.blame,
    )


# Processes


def is_running(pid: str) -> bool:
    """Whether there is such a process, which has not ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return text.rpartition(b")")[2].split()[0] not in {b"Z", b"X"}


@pytest.fixture
def habit(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Engine]:
    """Judge a process with a bad habit; in the end there is no such process."""
    monkeypatch.chdir(tmp_path)

    def run(name: str, *clauses: str, limits: Limits = ONE_S) -> Engine:
        command = f"cmd:{sys.executable} {FAKE} {name}"
        engine = judge(Target.parse(command), *clauses, limits=limits)
        pids = Path("pids").read_text(encoding="utf-8").split()
        assert [] == [pid for pid in pids if is_running(pid)]
        return engine

    return run


NOT_STARTED = "the target did not start"
NO_HANDSHAKE = "the handshake failed"
EXITED = "the target exited with code 1 instead of answering initialize"
NO_JSON = "a line that is not JSON: Expecting value: line 1 column 1 (char 0)"
NO_FIT = "the answer to initialize does not fit the schema: protocol: Input should be"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("exit", f"{NOT_STARTED}: {EXITED}"),
        ("hang", f"{NOT_STARTED}: no answer to initialize within 1 s"),
        ("prose", f"{NO_HANDSHAKE}: {NO_JSON}: I am Acme"),
        (
            "wrong-schema",
            f'{NO_HANDSHAKE}: {NO_FIT} a valid integer: {{"protocol": "one"}}',
        ),
        ("old", f"{NO_HANDSHAKE}: initialize: only 0 (code 1001)"),
    ],
)
def test_a_target_that_does_not_come_up_makes_the_run_invalid(
    habit: Callable[..., Engine], name: str, sentence: str
) -> None:
    """In one sentence, at the adapter's cost, with every scenario not run."""
    engine = habit(name, "EXPIRY-1")
    end = end_of(engine)
    assert (RunVerdict.INVALID, ExitCode.INVALID, Blame.ADAPTER) == (
        end.verdict,
        end.exit_code,
        end.blame,
    )
    assert (sentence, sentence) == (end.reason, engine.header.problem)
    assert Blame.ADAPTER is engine.header.blame
    assert {Verdict.NOT_RUN} == {record.verdict for record in engine.scenarios}


def test_a_greeting_is_not_the_protocols(habit: Callable[..., Engine]) -> None:
    """Whether it comes before the first call or after it."""
    end = end_of(habit("greeting", "EXPIRY-1"))
    came = ("a line that is not JSON: ", "an unsolicited line: Acme 2.3 is ready")
    assert str(end.reason).removeprefix("the handshake failed: ").startswith(came)
    assert (RunVerdict.INVALID, Blame.ADAPTER) == (end.verdict, end.blame)


def test_a_command_that_does_not_exist_is_the_environments_fault(
    judge: Judge,
) -> None:
    """It may be there on another machine."""
    end = end_of(judge(Target.parse("cmd:acme-adapter --stdio"), "EXPIRY-1"))
    assert (RunVerdict.INVALID, "acme-adapter: command not found") == (
        end.verdict,
        end.reason,
    )
    assert Blame.ENVIRONMENT is end.blame


LONG = Limits(call_s=1.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kind", "blame", "verdict"),
    [
        ("exit", "crash", Blame.IMPLEMENTATION, RunVerdict.NON_CONFORMANT),
        ("hang", "hang", Blame.IMPLEMENTATION, RunVerdict.NON_CONFORMANT),
        ("noise", "protocol", Blame.ADAPTER, RunVerdict.INVALID),
    ],
)
def test_a_target_that_fails_in_a_scenario_is_judged_and_ended(
    habit: Callable[..., Engine],
    *,
    name: str,
    kind: str,
    blame: Blame,
    verdict: RunVerdict,
) -> None:
    """With the kind and the blame."""
    engine = habit(f"invitation.modify:{name}", "PENDING-6", limits=LONG)
    ended = {(r.verdict, r.kind, r.blame) for r in engine.scenarios}
    if name == "noise":  # the second one ends the run
        ended.remove((Verdict.NOT_RUN, None, None))
    assert {(Verdict.ERROR, kind, blame)} == ended
    assert verdict is end_of(engine).verdict


def test_a_print_that_was_left_in_ends_the_run_at_the_second_one(
    habit: Callable[..., Engine],
) -> None:
    """With the first line, at the adapter's cost; nothing more is run."""
    engine = habit("client.view:noise", "EXPIRY-1", "PENDING-6", limits=LONG)
    end = end_of(engine)
    assert (RunVerdict.INVALID, ExitCode.INVALID, Blame.ADAPTER) == (
        end.verdict,
        end.exit_code,
        end.blame,
    )
    expected = "something prints on stdout: write to stderr; the first such line: debug"
    assert str(end.reason).startswith(expected)
    kinds = [record.kind for record in engine.scenarios]
    assert ["protocol", "protocol"] == kinds[:2]
    assert {Verdict.NOT_RUN} == {record.verdict for record in engine.scenarios[2:]}


class Misspelling(Reference):
    """A view of the wrong shape, another one at a time."""

    def __init__(self, wrong: Mapping[int, Json]) -> None:
        super().__init__()
        self.wrong = wrong
        self.views = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer a view as is said for its number."""
        answer = super().request(method, params)
        self.views += method == "client.view"
        return self.wrong.get(self.views, answer) if "view" in method else answer


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({1: {"sessions": []}}, 1),
        ({1: {"sessions": []}, 2: None}, 2),
        ({1: {"sessions": [1]}, 2: {"sessions": [1]}}, 2),
    ],
)
def test_only_a_malformed_answer_that_comes_again_ends_the_run(
    judge: Judge, wrong: Mapping[int, Json], errors: int
) -> None:
    """Two that differ are two mistakes of their scenarios, as one is."""
    engine = judge(Misspelling(wrong), "EXPIRY-1")
    again = len(wrong) == 2 and wrong[1] == wrong[2]
    kinds = [record.kind for record in engine.scenarios]
    assert errors == kinds.count("protocol")
    ran = {record.verdict for record in engine.scenarios[errors:]}
    assert {Verdict.NOT_RUN if again else Verdict.PASS} == ran
    assert again == str(end_of(engine).reason).startswith("twice the answer to client")


# Clocks


class Lying(Reference):
    """A clock that says what it likes."""

    def __init__(self, lie: Callable[[int, int], int]) -> None:
        super().__init__()
        self.lie = lie
        self.calls = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Tell another time."""
        answer = super().request(method, params)
        if method != "clock.advance":
            return answer
        assert isinstance(answer, dict)
        now_ms = answer["now_ms"]
        assert isinstance(now_ms, int)
        self.calls += 1
        return {"now_ms": self.lie(now_ms, self.calls)}


def one_ahead(now_ms: int, _calls: int) -> int:
    """Begin at one."""
    return now_ms + 1


def in_seconds(now_ms: int, _calls: int) -> int:
    """Mistake the unit."""
    return now_ms // 1000


def standing_still(_now_ms: int, _calls: int) -> int:
    """Take no notice."""
    return 0


def running(now_ms: int, calls: int) -> int:
    """Go on between two calls."""
    return now_ms + 50 * (calls > 2)


def later(now_ms: int, calls: int) -> int:
    """Tell the truth until it was proven."""
    return now_ms + (calls > 4)  # the last one of them in the second scenario


@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        (one_ahead, "a new scenario's clock stands at 1 ms and not at 0"),
        (in_seconds, "an advance of 3600000 ms moved the clock to 3600 ms"),
        (standing_still, "an advance of 3600000 ms moved the clock to 0 ms"),
        (running, "the clock moved by 50 ms between two calls"),
    ],
)
def test_a_lying_clock_makes_the_run_invalid(
    judge: Judge, lie: Callable[[int, int], int], sentence: str
) -> None:
    """The adapter is to blame, and its clock is not called proven."""
    engine = judge(Lying(lie), "EXPIRY-1")
    end = end_of(engine)
    assert (RunVerdict.INVALID, ExitCode.INVALID, sentence, Blame.ADAPTER) == (
        end.verdict,
        end.exit_code,
        end.reason,
        end.blame,
    )
    assert ("virtual", False) == (engine.header.clock, engine.header.proven)


def test_a_clock_that_is_too_slow_is_not_virtual(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour must pass within a second."""
    monkeypatch.setattr(virtual, "WALL_LIMIT_S", 0.0)
    end = end_of(judge(Reference(), "EXPIRY-1"))
    assert (RunVerdict.INVALID, "a virtual hour took 0.0 s of wall time") == (
        end.verdict,
        end.reason,
    )


def test_a_clock_that_lies_later_spoils_its_scenario(judge: Judge) -> None:
    """It was proven, and it is checked at every advance."""
    engine = judge(Lying(later), "EXPIRY-1")
    kinds = {(r.verdict, r.kind) for r in engine.scenarios}
    assert {(Verdict.ERROR, "protocol")} == kinds
    assert "the clock stands at 119001 ms, not at 119000 ms" == (
        engine.scenarios[0].message
    )
    assert RunVerdict.INVALID is end_of(engine).verdict


def test_a_clock_that_cannot_be_proven_says_why(judge: Judge) -> None:
    """The call that failed, and whose fault it was."""
    end = end_of(judge(Failing("clock.advance", ALWAYS), "EXPIRY-1"))
    expected = "the clock could not be proven: the adapter raised RuntimeError"
    assert str(end.reason).startswith(expected)
    assert (RunVerdict.INVALID, Blame.IMPLEMENTATION) == (end.verdict, end.blame)


# The run file


def broken() -> Reference:
    """Make an implementation with failures to tell of."""
    return Reference(policy=Policy(lifetime_us=LIFETIME_US + 2_000_000))


def test_two_runs_write_the_same_bytes(judge: Judge, tmp_path: Path) -> None:
    """Stories of failures included."""
    paths = [tmp_path / name for name in ("one.jsonl", "two.jsonl")]
    for path in paths:
        judge(broken(), "EXPIRY-2", "EXPIRY-6", "SESSION-2", run_file=path)
    one, two = (path.read_bytes() for path in paths)
    assert one == two
    assert b'"verdict":"fail"' in one


def test_the_file_is_what_the_engine_knows(judge: Judge, tmp_path: Path) -> None:
    """Header, scenarios, clauses and footer, in this order."""
    path = tmp_path / "run.jsonl"
    engine = judge(broken(), "EXPIRY-2", run_file=path)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    kinds = [line["record"] for line in lines]
    scenarios, clauses = len(engine.scenarios), len(engine.clauses)
    assert kinds == [
        "header",
        *["scenario"] * scenarios,
        *["clause"] * clauses,
        "footer",
    ]
    run = read(path)
    assert (engine.header, tuple(engine.scenarios), tuple(engine.clauses)) == (
        run.header,
        run.scenarios,
        run.clauses,
    )
    assert run.footer is not None
    end = end_of(engine)
    assert (end.verdict, end.exit_code, end.reason) == (
        run.footer.verdict,
        run.footer.exit_code,
        run.footer.reason,
    )


def test_the_file_grows_scenario_by_scenario(tmp_path: Path) -> None:
    """A reader of the file sees the progress of the run."""
    path = tmp_path / "run.jsonl"
    engine = Engine(InProcessTarget(Reference()), path, plan=NO_PLAN)
    for number, pickle in enumerate(pickles("EXPIRY-6"), start=1):
        engine.run(pickle)
        assert 1 + number == len(path.read_text("utf-8").splitlines())
    engine.finish(selected_all=False)


def test_a_run_that_is_interrupted_has_no_footer(tmp_path: Path) -> None:
    """It is read back as incomplete, with what was judged until then."""

    class Interrupted(Failing):
        """The user presses Ctrl-C during a call."""

        def fail(self) -> None:
            """Be interrupted."""
            raise KeyboardInterrupt

    path = tmp_path / "run.jsonl"
    engine = Engine(
        InProcessTarget(Interrupted("invitation.send", range(3, 4))), path, plan=NO_PLAN
    )
    first, second, third, *_ = pickles("EXPIRY-1")
    engine.run(first)
    engine.run(second)
    with pytest.raises(KeyboardInterrupt):
        engine.run(third)
    run = read(path)
    assert (2, None) == (len(run.scenarios), run.footer)
    engine.finish(selected_all=False)  # or else the file would stay open


def test_a_run_of_nothing_has_a_header_and_a_footer(
    judge: Judge, tmp_path: Path
) -> None:
    """The target was not even started."""
    path = tmp_path / "run.jsonl"
    engine = judge(Reference(), "no such clause", run_file=path)
    run = read(path)
    assert ((), 0) == (run.scenarios, engine.driver.starts)
    assert run.footer is not None
    assert (RunVerdict.INVALID, "nothing was selected") == (
        run.footer.verdict,
        run.footer.reason,
    )


def test_the_header_says_what_was_run(judge: Judge) -> None:
    """Against what, under which clock, and by whom."""
    engine = judge(Reference(latency_ms=80), "EXPIRY-1")
    assert engine.header == Header(
        harness="invitelab 0.1.0",
        suite=engine.header.suite,
        target="invitelab.adapters.reference.adapter.Reference",
        implementation="invitelab reference 0.1.0",
        clock="virtual",
        proven=True,
        settle_ms=240,
        resolution_ms=1,
        depth="quick",
    )


def test_nothing_in_the_records_tells_the_wall_time(judge: Judge) -> None:
    """So that equal runs are equal: scenarios carry virtual time only."""
    engine = judge(Reference(), "EXPIRY-1")
    times = {step.at_ms for r in engine.scenarios for step in r.steps}
    assert {0, 10_000, 119_000, 129_000} >= times


# Whatever an implementation answers


HOSTILE = "\x1b[2J\u202e<b>]]>\n|~~~~\u2028\x00"
"""What could move a cursor, turn a line around or end a table."""


class Hostile(Reference):
    """Refuses, with words that are made to do harm."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Refuse to send."""
        if method == "invitation.send":
            return {"refused": {"reason": HOSTILE, "message": HOSTILE}}
        return super().request(method, params)


def texts(record: ScenarioRecord) -> list[str]:
    """Everything of a record that may hold a target's words."""
    said = [answer_text(entry) for step in record.steps for entry in step.exchanges]
    return [record.message or "", *said]


def test_hostile_words_are_made_visible_in_the_exchanges(judge: Judge) -> None:
    """They are escaped, and not left out."""
    engine = judge(Hostile(), "DIRECT-1")
    (said,) = {text for r in engine.scenarios for text in texts(r)[1:]}
    shown = r"\x1b[2J\u202e<b>]]>\n|~~~~\u2028\x00"
    assert f"refused {shown}: {shown}" == said


def test_hostile_words_are_made_visible_in_the_messages(judge: Judge) -> None:
    """Every report shows the message."""
    engine = judge(Hostile(), "DIRECT-1")
    assert {True} == {
        text.isprintable() for record in engine.scenarios for text in texts(record)
    }


def test_hostile_words_are_made_visible_in_errors(judge: Judge) -> None:
    """In what was exchanged too."""

    class Cursing(Failing):
        """An adapter that reports a fault in hostile words."""

        def fail(self) -> None:
            """Curse."""
            raise AdapterError(IMPLEMENTATION_CRASHED, HOSTILE)

    engine = judge(Cursing("invitation.send", ALWAYS), "DIRECT-1")
    assert {True} == {
        text.isprintable() for record in engine.scenarios for text in texts(record)
    }


def test_hostile_words_do_no_harm_to_reports(judge: Judge, tmp_path: Path) -> None:
    """The XML is XML, and every line of the Markdown is one to be seen."""
    path = tmp_path / "run.jsonl"
    judge(Hostile(), "DIRECT-1", "PENDING-8", run_file=path)
    document = ET.fromstring(junit(read(path)))  # noqa: S314 - our own document
    assert list(document.iter("failure"))
    lines = markdown(read(path)).splitlines()
    assert [] == [line for line in lines if not line.isprintable()]


def test_hostile_words_are_made_visible_in_the_reason(judge: Judge) -> None:
    """Of a run that could not start, as pytest's summary prints it."""

    class Rude(Failing):
        """An adapter that answers the handshake with hostile words."""

        def fail(self) -> None:
            """Curse."""
            raise AdapterError(IMPLEMENTATION_CRASHED, HOSTILE)

    engine = judge(Rude("initialize", ALWAYS), "EXPIRY-6")
    assert str(engine.header.problem).isprintable()
    assert str(end_of(engine).reason).isprintable()


@pytest.mark.parametrize(
    "refused",
    [
        "invitation.send",
        "invitation.modify",
        "invitation.cancel",
        "invitation.accept",
        "invitation.reject",
        "invitation.email",
        "client.menu",
        "session.request",
        "session.permit",
        "popup.dismiss",
        "profile.edit",
        "client.online",
    ],
)
def test_a_refusal_is_never_our_bug(
    directly: Judge, reference_run: Engine, refused: str
) -> None:
    """Whatever is refused, the implementation is judged for it."""
    titles = {
        record.title
        for record in reference_run.scenarios
        for step in record.steps
        if refused in {exchange.method for exchange in step.exchanges}
    }

    class Refusing(Reference):
        """The reference, which refuses one operation."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Refuse it."""
            if method == refused:
                return {"refused": {}}
            return super().request(method, params)

    engine = directly(Refusing(), titles=titles)
    ours = [r.title for r in engine.scenarios if r.blame is Blame.HARNESS]
    assert [] == ours
    assert RunVerdict.INVALID is not end_of(engine).verdict


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError("no space"), ExitCode.HARNESS),
        (HandshakeError("gone"), ExitCode.INVALID),
    ],
)
def test_a_scenario_without_a_record_spoils_the_run(
    error: Exception, code: ExitCode
) -> None:
    """A lost scenario must not count as passed."""
    engine = Engine(InProcessTarget(Reference()), None, plan=NO_PLAN)
    engine.run(next(pickles("EXPIRY-1")))
    engine.give_up(error)
    end = engine.finish(selected_all=False)
    assert (RunVerdict.INVALID, code) == (end.verdict, end.exit_code)
    assert str(error) in str(end.reason)


def test_a_scenario_that_is_asked_again_is_not_run_again() -> None:
    """A plugin that repeats failed tests gets the first record, which counts once."""
    engine = Engine(
        InProcessTarget(Failing("invitation.send", range(1, 2))), None, plan=NO_PLAN
    )
    sending = next(one for one in pickles("DIRECT-1"))
    first, again = engine.run(sending), engine.run(sending)
    engine.close()
    assert Verdict.PASS is not first.verdict
    assert (first, [first]) == (again, engine.scenarios)
