"""Scenarios that run at once in real time get the verdicts of a serial run."""

import threading
import time
from collections.abc import Callable, Collection, Mapping

import pytest
from real_time_reference import RealTime

from invitelab.adapters.base import Adapter, Json, Limits, Transport
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.transports.inprocess import InProcessTransport
from invitelab.conformance.execution import restarts
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.parallel import STARTING, ParallelRunner, wait_ms
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import Pickle, pickles
from invitelab.errors import Blame, InterruptedRunError
from invitelab.formats.run import RunVerdict, ScenarioRecord, Verdict

SHORT = {"DIRECT-5", "DIRECT-6", "EMAIL-1", "ANSWER-1", "NOTIFY-5"}


class Openable:
    """A target that makes an adapter anew each time it is opened."""

    text = "made anew"

    def __init__(self, make: Callable[[], Adapter]) -> None:
        """Take the factory."""
        self.make = make
        self.opened: list[Adapter] = []

    def open(self, limits: Limits) -> Transport:
        """Make one more."""
        self.opened.append(self.make())
        return InProcessTransport(self.opened[-1], limits)


def citing(clauses: Collection[str]) -> list[Pickle]:
    """Give the scenarios of some clauses."""
    return [p for p in pickles() if p.scenario.tags & set(clauses)]


def chosen(clauses: Collection[str]) -> list[Pickle]:
    """Give those that do not wait."""
    return [pickle for pickle in citing(clauses) if not wait_ms(pickle)]


def judged(engine: Engine, these: Collection[Pickle]) -> list[ScenarioRecord]:
    """Run them at once, and give their records in order."""
    engine.expect(these)
    records = [engine.run(pickle) for pickle in these]
    engine.finish(selected_all=False)
    return records


def test_all_at_once_ends_as_one_by_one() -> None:
    """Scenario by scenario, with several of them open at the same time."""
    these = chosen(SHORT)
    adapter = RealTime()
    records = judged(Engine(InProcessTarget(adapter), None, plan=NO_PLAN), these)
    assert [(p.scenario.name, Verdict.PASS) for p in these] == [
        (record.title, record.verdict) for record in records
    ]
    assert len(set(adapter.begun)) == len(these)
    assert adapter.most_open > 1


def test_a_target_that_is_not_parallel_runs_one_by_one() -> None:
    """Where it cannot be opened again."""
    these = chosen({"DIRECT-5", "DIRECT-6"})
    adapter = RealTime(parallel=False)
    records = judged(Engine(InProcessTarget(adapter), None, plan=NO_PLAN), these)
    assert {Verdict.PASS} == {record.verdict for record in records}
    assert 1 == adapter.most_open


def test_the_header_names_the_clock_and_the_footer_the_lateness() -> None:
    """A real clock is not proven, and its machine may be late."""
    engine = Engine(InProcessTarget(RealTime()), None, plan=NO_PLAN)
    judged(engine, chosen({"DIRECT-5"}))
    assert ("real", False, 20) == (
        engine.header.clock,
        engine.header.proven,
        engine.header.settle_ms,
    )


def test_the_longest_wait_is_known_before() -> None:
    """From the words of the steps, outlines filled in."""
    waits = {p.scenario.name: wait_ms(p) for p in citing({"EXPIRY-1", "EXPIRY-6"})}
    assert 119_000 == waits["An invitation can be accepted after 119 seconds"]
    name = "One millisecond before the end an invitation can be accepted"
    assert 119_999 == waits[name]
    assert {0} == {wait_ms(pickle) for pickle in chosen({"DIRECT-5"})}


def test_every_step_that_lets_time_pass_counts_as_a_wait() -> None:
    """A run whose waits are not seen as such keeps the next target from beginning."""
    for pickle in pickles():
        steps = [step.name for step in pickle.scenario.steps]
        assert any("have passed" in step for step in steps) == (wait_ms(pickle) > 0)


class Crashing(RealTime):
    """Dies at each rejection, which ends all open scenarios."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Do not survive a rejection."""
        if method == "invitation.reject":
            msg = "no rejection was foreseen"
            raise RuntimeError(msg)
        return super().request(method, params)


def test_a_crash_costs_only_the_scenario_it_happened_in() -> None:
    """Scenarios that were open with it are run again; the crash stays."""
    these = chosen(SHORT)
    engine = Engine(Openable(Crashing), None, plan=NO_PLAN)
    records = judged(engine, these)
    crashed = [record for record in records if record.kind == "crash"]
    others = [record for record in records if record.kind != "crash"]
    assert crashed
    assert all(str(r.message).endswith("again when run alone") for r in crashed)
    assert {Verdict.PASS} == {record.verdict for record in others}
    rejecting = {
        p.scenario.name
        for p in these
        if any(
            "reject" in step.name for step in p.scenario.steps if step.type != "then"
        )
    }
    assert rejecting == {record.title for record in crashed}


def test_a_target_that_keeps_crashing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rest is not run, and the run is invalid."""

    class Hopeless(RealTime):
        """Dies at every send."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Do not survive a send."""
            if method == "invitation.send":
                msg = "no"
                raise RuntimeError(msg)
            return super().request(method, params)

    monkeypatch.setattr(restarts, "MAX_RESTARTS", 2)
    engine = Engine(Openable(Hopeless), None, plan=NO_PLAN)
    records = judged(engine, chosen({"DIRECT-5", "DIRECT-6", "NOTIFY-5"}))
    assert {Verdict.ERROR, Verdict.NOT_RUN} == {record.verdict for record in records}
    end = engine.conclusion
    assert end is not None
    assert (RunVerdict.INVALID, Blame.IMPLEMENTATION) == (end.verdict, end.blame)


class Counting:
    """A source that counts how many targets start at once."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine that does the work."""
        self.engine = engine
        self.lock = threading.Lock()
        self.starting = 0
        self.most = 0
        self.targets = 0

    def shared(self) -> Ready | None:
        """Nobody asks."""
        raise AssertionError

    def own(self, *, again: bool, alone: bool = False) -> Ready | None:
        """Count, and take a while."""
        with self.lock:
            self.starting += 1
            self.targets += 1
            self.most = max(self.most, self.starting)
        time.sleep(0.02)
        ready = self.engine.own(again=again, alone=alone)
        with self.lock:
            self.starting -= 1
        return ready


def test_each_thread_has_a_process_and_few_start_at_once() -> None:
    """Starting many at a time would delay all of them."""
    these = chosen(SHORT)
    engine = Engine(Openable(lambda: RealTime(parallel=False)), None, plan=NO_PLAN)
    source = Counting(engine)
    reported: list[tuple[int, int]] = []

    def tell(done: int, busy: int) -> None:
        reported.append((done, busy))

    runner = ParallelRunner(source, these, parallel=False, serial=False, tell=tell)
    verdicts = {runner.result(pickle).verdict for pickle in these}
    engine.finish(selected_all=False)
    assert {Verdict.PASS} == verdicts
    assert 1 < source.most <= STARTING
    assert source.targets <= len(these)
    deadline_s = time.monotonic() + 10
    while len(reported) < len(these) and time.monotonic() < deadline_s:
        time.sleep(0.01)
    count = len(these)
    assert [(done, count - done) for done in range(1, count + 1)] == reported


def test_an_aborted_run_does_not_wait() -> None:
    """After Ctrl-C the two minutes are not waited for."""
    (pickle,) = [
        p
        for p in citing({"EXPIRY-1"})
        if p.scenario.name == "An invitation can be accepted after 119 seconds"
    ]
    engine = Engine(InProcessTarget(RealTime()), None, plan=NO_PLAN)
    engine.expect([pickle])
    threading.Timer(0.5, engine.abort).start()
    began_s = time.monotonic()
    with pytest.raises(InterruptedRunError):
        engine.run(pickle)
    assert time.monotonic() - began_s < 30


# Servers


class Single(Openable):
    """A server of one connection at a time."""

    def __init__(self, make: Callable[[], Adapter]) -> None:
        """Nobody is connected."""
        super().__init__(make)
        self.connected = 0
        self.most = 0

    def open(self, limits: Limits) -> Transport:
        """Count."""
        self.connected += 1
        self.most = max(self.most, self.connected)
        return Counted(self, self.make(), limits)


class Counted(InProcessTransport):
    """A connection to such a server."""

    def __init__(self, server: Single, adapter: Adapter, limits: Limits) -> None:
        """Take both ends."""
        super().__init__(adapter, limits)
        self.server = server

    def close(self) -> None:
        """Make room for the next."""
        self.server.connected -= 1


def test_after_a_crash_a_server_is_not_asked_for_a_second_connection() -> None:
    """It might never accept one, and the run would be invalid."""
    single = Single(lambda: Crashing(parallel=False))
    records = judged(Engine(single, None, plan=NO_PLAN), chosen(SHORT))
    assert "crash" in {record.kind for record in records}
    assert (1, 0) == (single.most, single.connected)
