"""The driver checks both directions and gives every failure its name."""

import json
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import pytest

from invitelab.adapters import handshake, messages, wire_types
from invitelab.adapters.base import AdapterError, Json, Limits, Transport
from invitelab.adapters.clocks.base import BYSTANDER
from invitelab.adapters.driver import Driver, InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.scenario_session import ScenarioSession
from invitelab.errors import (
    Blame,
    CallError,
    CannotStartError,
    CrashError,
    ExitCode,
    FaultError,
    HandshakeError,
    HangError,
    HarnessError,
    InvitelabError,
    LostError,
    MalformedError,
    MethodMissingError,
)

HELLO: dict[str, Json] = {
    "protocol": 1,
    "implementation": {"name": "acme", "version": "2.3.1"},
    "clock": "virtual",
    "capabilities": [capability.value for capability in handshake.Capability],
}
CALL = messages.ClientCall(scenario="s", client="c")
MENU: dict[str, Json] = {"ok": {"entries": [{"entry": "invitation-icon"}]}}

Answer = Json | Exception


class Answering:
    """A transport whose answers are the test's; notes what it was asked."""

    stderr = "last words"

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        """Take an answer for every method that is called."""
        self.answers = answers
        self.asked: list[str] = []
        self.params: list[Mapping[str, Json]] = []
        self.timeouts_s: list[float] = []
        self.meanwhile: dict[str, Callable[[], None]] = {}
        """What happens during a call of a method."""
        self.closed = 0

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """Give the answer, or raise it."""
        self.asked.append(method)
        self.params.append(params)
        self.timeouts_s.append(timeout_s)
        self.meanwhile.get(method, lambda: None)()
        answer = self.answers[method]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """Note it."""
        self.closed += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Target:
    """A target that makes a new connection whenever it is opened."""

    text = "the fake"

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        """Take the answers, but for the usual ones."""
        usual: dict[str, Answer] = {"initialize": HELLO, "shutdown": {}}
        self.answers: Mapping[str, Answer] = {**usual, **answers}
        self.opened: list[Answering] = []

    def open(self, limits: Limits) -> Transport:
        """Connect."""
        del limits
        transport = Answering(self.answers)
        self.opened.append(transport)
        return transport


class Nowhere:
    """A target that is not there."""

    text = "nowhere"

    def open(self, limits: Limits) -> Transport:
        """Fail."""
        raise CannotStartError(f"nothing to connect to in {limits.start_s} s")


def started(
    answers: Mapping[str, Answer] | None = None, limits: Limits | None = None
) -> tuple[Driver, Answering]:
    """Start a driver; its connection too."""
    target = Target(answers or {})
    driver = Driver(target, limits)
    driver.start()
    return driver, target.opened[0]


def failing(driver: Driver) -> CallError:
    """Ask for a menu, and get the error."""
    with pytest.raises(CallError) as caught:
        driver.call("client.menu", CALL, messages.MenuOutcome)
    return caught.value


# What goes well


def test_a_start_shakes_hands() -> None:
    """Our version and name are the first message; the answer is given back."""
    target = Target({})
    driver = Driver(target)
    answer = driver.start()
    (transport,) = target.opened
    assert "acme" == answer.implementation.name
    assert ["initialize"] == transport.asked
    assert 1 == transport.params[0]["protocol"]
    assert driver.running
    assert 1 == driver.starts


def test_a_start_has_its_own_limit() -> None:
    """A handshake may take longer than a call."""
    limits = Limits(start_s=11.0, call_s=3.0)
    driver, transport = started({"client.menu": MENU}, limits)
    driver.call("client.menu", CALL, messages.MenuOutcome)
    assert [11.0, 3.0] == transport.timeouts_s


def test_an_answer_comes_as_its_type() -> None:
    """Checked, and by attribute."""
    driver, transport = started({"client.menu": MENU})
    answer = driver.call("client.menu", CALL, messages.MenuOutcome)
    assert answer.ok is not None
    assert ["invitation-icon"] == [entry.entry for entry in answer.ok.entries]
    assert {"scenario": "s", "client": "c"} == transport.params[-1]


def test_a_request_has_the_names_of_the_wire() -> None:
    """Python's `recent_sessions` is the protocol's `recent-sessions`."""
    driver, transport = started({"scenario.begin": {}})
    client = messages.ClientDeclaration.model_validate(
        {
            "client": "c",
            "id": "100200300",
            "alias": None,
            "version": "7.0.0",
            "platform": "windows",
            "profiles": [],
            "contacts": {"recent-sessions": ["400500600"]},
        }
    )
    begin = messages.Begin(scenario="s", clients=(client,))
    driver.call("scenario.begin", begin, wire_types.Empty)
    (sent,) = messages.Begin.model_validate(transport.params[-1]).clients
    assert ("400500600",) == sent.contacts.recent_sessions
    assert "recent_sessions" not in str(transport.params[-1])


def test_an_adapter_at_hand_is_a_target() -> None:
    """Named by its class, and called like any other."""
    target = InProcessTarget(Reference())
    driver = Driver(target)
    assert "invitelab reference" == driver.start().implementation.name
    assert "invitelab.adapters.reference.adapter.Reference" == target.text
    driver.stop()


# What goes wrong with an answer


@pytest.mark.parametrize(
    "answer",
    [
        None,
        True,
        5,
        "ok",
        [],
        {},
        {"ok": None},
        {"ok": {}},
        {"ok": {"entries": None}},
        {"ok": {"entries": [{"entry": 5}]}},
        {"ok": {"entries": []}, "refused": {}},
        {"refused": "no"},
        {"refused": {"reason": 5}},
    ],
    ids=str,
)
def test_an_answer_of_another_shape_is_malformed(answer: Json) -> None:
    """The adapter is to blame, and is not asked again."""
    driver, transport = started({"client.menu": answer})
    error = failing(driver)
    assert isinstance(error, MalformedError)
    assert ("protocol", Blame.ADAPTER) == (error.kind, error.blame)
    assert answer == json.loads(error.line)
    assert "the answer to client.menu does not fit the schema" in str(error)
    assert (False, 1) == (driver.running, transport.closed)


def test_a_bad_answer_is_kept_but_not_all_of_it() -> None:
    """The report shows the beginning."""
    driver, _ = started({"client.menu": "x" * 10_000})
    error = failing(driver)
    assert isinstance(error, MalformedError)
    assert 400 == len(error.line)


@pytest.mark.parametrize(
    ("code", "kind", "word", "blame"),
    [
        (-32601, MethodMissingError, "missing-method", Blame.IMPLEMENTATION),
        (1002, MethodMissingError, "missing-method", Blame.IMPLEMENTATION),
        (1003, FaultError, "fault", Blame.ADAPTER),
        (1004, CrashError, "crash", Blame.IMPLEMENTATION),
        (1005, FaultError, "fault", Blame.ADAPTER),
        (1006, FaultError, "fault", Blame.ADAPTER),
        (-32602, FaultError, "fault", Blame.ADAPTER),
        (-32603, FaultError, "fault", Blame.ADAPTER),
        (7, FaultError, "fault", Blame.ADAPTER),
    ],
)
def test_an_error_is_named_by_its_code(
    code: int, kind: type[CallError], word: str, blame: Blame
) -> None:
    """The adapter has answered, so it goes on being asked."""
    driver, transport = started({"client.menu": AdapterError(code, "sorry")})
    error = failing(driver)
    assert isinstance(error, kind)
    assert (word, blame) == (error.kind, error.blame)
    assert "client.menu: sorry" in str(error)
    assert str(code) in str(error) or code == 1004
    assert (True, 0) == (driver.running, transport.closed)
    assert not isinstance(error, FaultError) or code == error.rpc_code


@pytest.mark.parametrize(
    "error", [CrashError("gone"), HangError("stuck"), MalformedError("bad", line="x")]
)
def test_a_fatal_failure_ends_the_connection(error: CallError) -> None:
    """Whatever was started is stopped, and its last words are kept."""
    driver, transport = started({"client.menu": error})
    assert error is failing(driver)
    assert (False, 1) == (driver.running, transport.closed)
    assert "last words" == driver.stderr


def test_what_is_not_running_has_crashed() -> None:
    """Before the first start and after a kill alike."""
    driver = Driver(Target({}))
    assert isinstance(failing(driver), CrashError)
    driver.start()
    driver.kill()
    assert isinstance(failing(driver), CrashError)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("client.menu", wire_types.Empty()),
        ("client.menu", messages.Scenario(scenario="s")),
        ("scenario.end", messages.Advance(scenario="s", ms=1)),
    ],
    ids=str,
)
def test_our_own_bad_request_is_our_bug(method: str, params: wire_types.Wire) -> None:
    """The request is not sent, and the blame is the harness's."""
    driver, transport = started()
    with pytest.raises(HarnessError) as caught:
        driver.call(method, params, wire_types.Empty)
    assert (ExitCode.HARNESS, Blame.HARNESS) == (caught.value.code, caught.value.blame)
    assert ["initialize"] == transport.asked


# Starting


@pytest.mark.parametrize(
    ("answer", "kind", "blame"),
    [
        (CrashError("gone"), CannotStartError, Blame.ADAPTER),
        (HangError("stuck"), CannotStartError, Blame.ADAPTER),
        (AdapterError(1004, "it crashed"), CannotStartError, Blame.ADAPTER),
        (MalformedError("bad"), HandshakeError, Blame.ADAPTER),
        (AdapterError(1001, "not that version"), HandshakeError, Blame.ADAPTER),
        (AdapterError(-32601, "what?"), HandshakeError, Blame.ADAPTER),
        ({}, HandshakeError, Blame.ADAPTER),
        ({**HELLO, "protocol": 2}, HandshakeError, Blame.ADAPTER),
        ({**HELLO, "capabilities": ["menu"]}, HandshakeError, Blame.ADAPTER),
    ],
    ids=repr,
)
def test_a_failed_start_makes_the_run_invalid(
    answer: Answer, kind: type[InvitelabError], blame: Blame
) -> None:
    """Whatever the first answer was, nothing is left running."""
    target = Target({"initialize": answer})
    driver = Driver(target)
    with pytest.raises(kind) as caught:
        driver.start()
    assert (ExitCode.INVALID, blame) == (caught.value.code, caught.value.blame)
    assert (False, 1) == (driver.running, target.opened[0].closed)


def test_another_version_is_named() -> None:
    """Both of them are in the sentence."""
    driver = Driver(Target({"initialize": {**HELLO, "protocol": 2}}))
    with pytest.raises(HandshakeError, match=r"speaks protocol 2, this .* speaks 1"):
        driver.start()


def test_what_cannot_be_opened_cannot_start() -> None:
    """The target's own error is the one that is seen."""
    driver = Driver(Nowhere(), Limits(start_s=7.0))
    with pytest.raises(CannotStartError, match=r"nothing to connect to in 7\.0 s"):
        driver.start()
    assert not driver.running


def test_what_has_died_is_started_again() -> None:
    """On a new connection; the old one has been closed, once."""
    target = Target({"client.menu": CrashError("gone")})
    driver = Driver(target)
    driver.start()
    failing(driver)
    driver.start()
    first, second = target.opened
    assert (2, True) == (driver.starts, driver.running)
    assert (1, 0) == (first.closed, second.closed)
    assert ["initialize", "client.menu"] == first.asked


def test_what_runs_is_stopped_before_it_is_started_again() -> None:
    """It is asked to shut down first."""
    target = Target({})
    driver = Driver(target)
    driver.start()
    driver.start()
    first, _ = target.opened
    assert (["initialize", "shutdown"], 1) == (first.asked, first.closed)


# Stopping


@pytest.mark.parametrize(
    "answer",
    [{}, "no", AdapterError(1003, "no"), CrashError("gone"), HangError("stuck")],
    ids=repr,
)
def test_a_stop_stops(answer: Answer) -> None:
    """Whatever the target says to it."""
    driver, transport = started({"shutdown": answer})
    driver.stop()
    assert (["initialize", "shutdown"], 1) == (transport.asked, transport.closed)
    assert not driver.running


def test_stopping_twice_is_stopping_once() -> None:
    """As is killing what does not run."""
    driver, transport = started()
    driver.stop()
    driver.stop()
    driver.kill()
    assert (["initialize", "shutdown"], 1) == (transport.asked, transport.closed)


def test_what_runs_still_speaks() -> None:
    """What is told of stderr is the running target's, then its last words."""
    driver, transport = started()
    transport.stderr = "so far"
    assert "so far" == driver.stderr
    driver.kill()
    transport.stderr = "too late"
    assert "so far" == driver.stderr


# The scenario limit


class Watch:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        """Start anywhere."""
        self.now_s = 1000.0

    def __call__(self) -> float:
        """Read it."""
        return self.now_s


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Put a clock of the test's own into the driver."""
    watch = Watch()
    for module in ("driver", "scenario_session"):
        monkeypatch.setattr(f"invitelab.adapters.{module}.monotonic_s", watch)
    return watch


def test_a_call_gets_what_is_left_of_the_scenario(watch: Watch) -> None:
    """The smaller of the two limits, as wall time passes."""
    limits = Limits(call_s=5.0, scenario_s=30.0)
    driver, transport = started({"client.menu": MENU}, limits)
    session = ScenarioSession(driver)
    for seconds in (0, 26, 3):
        watch.now_s += seconds
        session.call("client.menu", CALL, messages.MenuOutcome)
    assert [5.0, 4.0, 1.0] == pytest.approx(transport.timeouts_s[1:])


@pytest.mark.parametrize("seconds", [30, 31, 3600])
def test_a_scenario_that_takes_too_long_hangs(watch: Watch, seconds: int) -> None:
    """The target is not even asked, and is stopped."""
    driver, transport = started({"client.menu": MENU}, Limits(scenario_s=30.0))
    session = ScenarioSession(driver)
    watch.now_s += seconds
    with pytest.raises(HangError, match="the scenario took longer than 30 s"):
        session.call("client.menu", CALL, messages.MenuOutcome)
    assert ["initialize"] == transport.asked
    assert (False, 1) == (driver.running, transport.closed)


def test_waiting_in_wall_time_does_not_count(watch: Watch) -> None:
    """The limit moves by what was waited."""
    driver, transport = started({"client.menu": MENU}, Limits(scenario_s=30.0))
    session = ScenarioSession(driver)
    session.extend(120.0)
    watch.now_s += 149
    session.call("client.menu", CALL, messages.MenuOutcome)
    assert 1.0 == pytest.approx(transport.timeouts_s[-1])


def test_between_scenarios_only_the_call_limit_counts(watch: Watch) -> None:
    """However long ago the last one began."""
    driver, transport = started({"client.menu": MENU}, Limits(call_s=5.0))
    ScenarioSession(driver)
    watch.now_s += 3600
    driver.call("client.menu", CALL, messages.MenuOutcome)
    assert 5.0 == transport.timeouts_s[-1]


@pytest.mark.parametrize("restarted", [False, True])
def test_a_scenario_whose_target_was_ended_by_another_is_lost(
    *, restarted: bool
) -> None:
    """Even after a restart; no party is blamed for this scenario."""
    driver, transport = started({"client.menu": MENU})
    session = ScenarioSession(driver)
    driver.kill()
    if restarted:
        driver.start()
    asked = len(transport.asked)
    with pytest.raises(LostError, match="by another scenario"):
        session.call("client.menu", CALL, messages.MenuOutcome)
    assert asked == len(transport.asked)


# The limit of a begin


def begin() -> messages.Begin:
    """Begin a scenario."""
    return messages.Begin(scenario="k1", clients=(BYSTANDER,))


def test_a_begin_may_boot_a_world(watch: Watch) -> None:
    """It has a limit of its own, and does not use up the scenario's."""
    answers = {"client.menu": MENU, "scenario.begin": {}}
    driver, transport = started(answers, Limits(call_s=5.0, scenario_s=30.0))

    def slow() -> None:
        watch.now_s += 25

    transport.meanwhile["scenario.begin"] = slow
    session = ScenarioSession(driver)
    session.call("scenario.begin", begin(), wire_types.Empty)
    session.call("client.menu", CALL, messages.MenuOutcome)
    assert [30.0, 5.0] == pytest.approx(transport.timeouts_s[1:])


@pytest.mark.parametrize(("slow_s", "third_s"), [(0, 5.0), (3, 30.0)])
def test_a_target_whose_begin_hangs_is_not_waited_for_so_long_for_ever(
    watch: Watch, slow_s: int, third_s: float
) -> None:
    """Unless it has been seen to begin slowly, and to answer."""
    target = Target({"scenario.begin": {}})
    driver = Driver(target, Limits(call_s=5.0))
    driver.start()

    def slow() -> None:
        watch.now_s += slow_s

    target.opened[-1].meanwhile["scenario.begin"] = slow
    driver.call("scenario.begin", begin(), wire_types.Empty)
    target.answers = {**target.answers, "scenario.begin": HangError("no answer")}
    timeouts_s: list[float] = []
    for _ in range(3):
        driver.start()
        with pytest.raises(HangError):
            driver.call("scenario.begin", begin(), wire_types.Empty)
        timeouts_s.append(target.opened[-1].timeouts_s[-1])
    assert [30.0, 30.0, third_s] == timeouts_s
