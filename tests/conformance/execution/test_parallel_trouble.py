"""No caller waits forever for a result, and no target outlives its runner."""

import threading
import time
from collections.abc import Collection, Mapping

import pytest

from invitelab.adapters.base import Json, Limits, Transport
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.inprocess import InProcessTransport
from invitelab.conformance.execution import parallel
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.parallel import (
    HELPERS,
    STARTING,
    ParallelRunner,
    TargetSource,
    wait_ms,
)
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import Pickle, pickles
from invitelab.errors import CrashError, InterruptedRunError
from invitelab.formats.run import Verdict


def citing(*clauses: str) -> list[Pickle]:
    """Give the scenarios of some clauses."""
    return [p for p in pickles() if p.scenario.tags & set(clauses)]


class Refusing:
    """A source without targets: it gives None, or raises an error."""

    def __init__(self, error: Exception | None = None) -> None:
        """None: in the agreed way."""
        self.error = error

    def shared(self) -> Ready | None:
        """None."""
        return self.own(again=False)

    def own(self, *, again: bool, alone: bool = False) -> Ready | None:  # noqa: ARG002 - the interface's
        """None, or an error."""
        if self.error is not None:
            raise self.error
        return None


def runner_of(
    source: TargetSource,
    these: Collection[Pickle],
    reported: list[tuple[int, int]],
    *,
    serial: bool = False,
) -> ParallelRunner:
    """Run them, and keep the reported progress."""

    def tell(done: int, busy: int) -> None:
        reported.append((done, busy))

    return ParallelRunner(source, these, parallel=False, serial=serial, tell=tell)


def test_one_by_one_the_shortest_come_first() -> None:
    """Or another target would wait for hours until it can begin."""
    these = citing("EXPIRY-1", "DIRECT-5")
    reported: list[tuple[int, int]] = []
    runner = runner_of(Refusing(), these, reported, serial=True)
    for pickle in these:
        runner.result(pickle)
    runner.close()
    quick = sum(not wait_ms(pickle) for pickle in these)
    assert 0 < quick < len(these)
    assert (quick, 0) == reported[quick - 1]


def test_an_error_of_the_source_reaches_the_caller() -> None:
    """The caller of `result` gets the error."""
    these = citing("DIRECT-5")
    source = Refusing(OSError("too many open files"))
    runner = runner_of(source, these, [])
    for pickle in these:
        with pytest.raises(OSError, match="too many open files"):
            runner.result(pickle)
    runner.close()


def test_an_error_of_the_progress_callback_costs_no_result() -> None:
    """The disk may be full."""

    def tell(_done: int, _busy: int) -> None:
        msg = "no space left on device"
        raise OSError(msg)

    these = citing("DIRECT-5", "EMAIL-1", "NOTIFY-5")
    runner = ParallelRunner(Refusing(), these, parallel=True, serial=True, tell=tell)
    verdicts = {runner.result(pickle).verdict for pickle in these}
    runner.close()
    assert {Verdict.NOT_RUN} == verdicts


def test_the_same_scenario_twice_is_run_once() -> None:
    """A user's own suite may import it twice."""
    (pickle, *_) = citing("DIRECT-5")
    reported: list[tuple[int, int]] = []
    runner = runner_of(Refusing(), [pickle, pickle], reported)
    runner.result(pickle)
    runner.close()
    assert [(1, 0)] == reported


class Unhurried(Reference):
    """Says that its clock is real."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Say so."""
        answer = super().request(method, params)
        if method == "initialize":
            assert isinstance(answer, dict)
            answer |= {"clock": "real", "settle_ms": 20, "parallel": False}
        return answer


class Deaf(InProcessTransport):
    """Once a scenario has begun, answers nothing until it is closed."""

    def __init__(self, limits: Limits) -> None:
        """It is alive."""
        super().__init__(Unhurried(), limits)
        self.busy = threading.Event()
        self.closed = threading.Event()

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """Listen until then."""
        if method == "invitation.send":
            self.busy.set()
            self.closed.wait(60)
            msg = "it was closed"
            raise CrashError(msg)
        return super().call(method, params, timeout_s)

    def close(self) -> None:
        """Come to an end."""
        self.closed.set()


class DeafTarget:
    """Opens them and keeps them."""

    text = "deaf"

    def __init__(self) -> None:
        """None are open."""
        self.opened: list[Deaf] = []

    def open(self, limits: Limits) -> Transport:
        """One more."""
        self.opened.append(Deaf(limits))
        return self.opened[-1]


def test_a_closed_runner_has_ended_every_target(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those in a call as well, and none is begun after that."""
    monkeypatch.setattr(parallel, "PATIENCE_S", 0.05)
    target = DeafTarget()
    engine = Engine(target, None, plan=NO_PLAN)
    these = [pickle for pickle in pickles() if not wait_ms(pickle)]
    assert len(these) > HELPERS
    runner = runner_of(engine, these, [])
    deadline_s = time.monotonic() + 10
    while len(target.opened) <= STARTING and time.monotonic() < deadline_s:
        time.sleep(0.01)
    runner.close()
    begun = len(target.opened)
    engine.abort()
    assert {True} == {transport.closed.is_set() for transport in target.opened}
    with pytest.raises(InterruptedRunError):
        runner.result(these[-1])
    assert begun == len(target.opened)
