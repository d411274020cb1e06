"""Real clocks: bounds of a run, calls that hang, scaled times, what to declare."""

import json
import sys
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from wall_time import WallTime

from invitelab.adapters import messages, wire_types
from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.base import BYSTANDER, Terms
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Driver, InProcessTarget
from invitelab.adapters.scenario_session import ScenarioSession
from invitelab.adapters.target import Target
from invitelab.adapters.transports.shared_lines import GivenUpError
from invitelab.conformance.execution.conclusion import read_run
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.parallel import HELPERS, wait_ms
from invitelab.conformance.execution.real_time import RealTime
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_runner import run_steps
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import Pickle, pickles
from invitelab.errors import HangError
from invitelab.formats.run import Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.formats.transcript import clock_words
from invitelab.reporting.conformance.verdict_sentence import verdict_sentence

Result = TypeVar("Result", bound=wire_types.Wire)
TESTS = Path(__file__).parents[2]
THREADED = TESTS / "conformance" / "fakes" / "threaded.py"
SHORT = {"DIRECT-5", "DIRECT-6", "EMAIL-1", "ANSWER-1", "NOTIFY-5"}
AT_119_S = "An invitation can be accepted after 119 seconds"
AT_121_S = "Accepting after more than two minutes starts nothing"


def citing(clauses: Collection[str]) -> list[Pickle]:
    """The scenarios of some clauses that do not wait."""
    return [p for p in pickles() if p.scenario.tags & set(clauses) and not wait_ms(p)]


def titled(*titles: str) -> list[Pickle]:
    """The scenarios of these titles."""
    return [p for p in pickles() if p.scenario.name in titles]


def judged(engine: Engine, these: Collection[Pickle]) -> list[ScenarioRecord]:
    """Run them at once, and give their records in order."""
    engine.expect(these)
    records = [engine.run(pickle) for pickle in these]
    engine.finish(selected_all=False)
    return records


# Bounds


@pytest.mark.parametrize("jobs", [1, 3])
def test_no_more_scenarios_are_open_than_were_asked_for(jobs: int) -> None:
    """Else all of them are, at least as many as the helping threads."""
    these = [p for p in pickles() if not wait_ms(p)][:40]
    adapter = WallTime(settle_ms=20)
    bounds = RealTime(jobs=jobs)
    engine = Engine(InProcessTarget(adapter), None, plan=NO_PLAN, real_time=bounds)
    records = judged(engine, these)
    assert {Verdict.PASS} == {record.verdict for record in records}
    assert jobs == adapter.most_open
    assert jobs < HELPERS


def test_what_waits_longer_is_left_out_and_told(tmp_path: Path) -> None:
    """The rest is judged; the run is partial, whoever asked for the whole suite."""
    these = [*citing({"DIRECT-5"}), *titled(AT_119_S, AT_121_S)]
    engine = Engine(
        InProcessTarget(WallTime(settle_ms=20)),
        tmp_path / "run.jsonl",
        plan=NO_PLAN,
        real_time=RealTime(max_wait_ms=15_000),
    )
    began_s = time.monotonic()
    engine.expect(these)
    records = {p.scenario.name: engine.run(p) for p in these}
    engine.finish(selected_all=True)
    assert time.monotonic() - began_s < 60
    assert (Verdict.NOT_RUN, "it waits for 119 s, and --max-wait is 15 s") == (
        records[AT_119_S].verdict,
        records[AT_119_S].message,
    )
    run = read_run(tmp_path / "run.jsonl")
    assert run.footer is not None
    assert (RunVerdict.PARTIAL, False) == (run.footer.verdict, run.footer.whole)
    assert Verdict.NOT_RUN is records[AT_121_S].verdict
    left = sum(record.verdict is Verdict.NOT_RUN for record in run.scenarios)
    assert f"{left} scenarios with a longer wait were left out" in verdict_sentence(run)


@pytest.mark.parametrize(
    ("terms", "left_out"),
    [
        (Terms(kind=ClockKind.REAL, resolution_ms=1, settle_ms=0), True),
        (Terms(kind=ClockKind.REAL, resolution_ms=1, settle_ms=0, scale=0.1), False),
        (Terms(kind=ClockKind.VIRTUAL, resolution_ms=1, settle_ms=0), False),
    ],
)
def test_only_wall_time_counts_as_a_wait(terms: Terms, *, left_out: bool) -> None:
    """None passes on a virtual clock, and a tenth of it on a scaled one."""
    (pickle,) = titled(AT_119_S)
    bounds = RealTime(max_wait_ms=15_000)
    assert left_out == (bounds.left_out(pickle, terms) is not None)


def test_no_drawn_value_of_real_time_waits() -> None:
    """So a scenario waits for as long as its words say."""
    adapter = InProcessTarget(WallTime(settle_ms=20))
    engine = Engine(adapter, None)
    ready = engine.shared()
    engine.abort()
    assert ready is not None
    rows = [row for some in ready.plan.rows.values() for row in some]
    assert any(rows)
    assert not any(value.virtual for row in rows for value in row.values())


# A call that hangs, and one that is slow


def threaded(**habits: object) -> Target:
    """The fake that answers in threads, with these habits."""
    code = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    code += "runpy.run_path(sys.argv.pop(1), run_name='__main__')"
    paths = [str(TESTS / "fixtures"), str(THREADED)]
    return Target.from_argv([sys.executable, "-c", code, *paths, json.dumps(habits)])


@pytest.mark.slow
@pytest.mark.parametrize("pipelined", [False, True])
def test_a_call_that_hangs_costs_its_scenario_alone(*, pipelined: bool) -> None:
    """The target is not ended, and no other scenario begins again."""
    these = citing(SHORT)
    target = threaded(pipelined=pipelined, hangs="invitation.reject")
    engine = Engine(target, None, Limits(call_s=1.0, begin_s=20.0), plan=NO_PLAN)
    records = judged(engine, these)
    rejecting = {
        p.scenario.name
        for p in these
        if any("reject" in s.name for s in p.scenario.steps if s.type != "then")
    }
    assert rejecting
    hung = {record.title for record in records if record.kind == "hang"}
    assert rejecting == hung
    assert {Verdict.PASS} == {r.verdict for r in records if r.title not in hung}
    assert 1 == engine.driver.starts


@pytest.mark.slow
@pytest.mark.parametrize("pipelined", [False, True])
def test_a_slow_begin_holds_up_others_unless_pipelined(*, pipelined: bool) -> None:
    """An accept at 119 seconds would come too late."""
    driver = Driver(threaded(pipelined=pipelined, slow_begin_s=2.0))
    driver.start()

    def begin(name: str) -> float:
        began_s = time.monotonic()
        call = messages.Begin(scenario=name, clients=(BYSTANDER,))
        ScenarioSession(driver).call("scenario.begin", call, wire_types.Empty)
        return time.monotonic() - began_s

    with ThreadPoolExecutor() as pool:
        slow = pool.submit(begin, "k1")
        time.sleep(0.3)
        quick_s = begin("k2")
        slow_s = slow.result()
    driver.stop()
    assert slow_s >= 2.0
    assert (quick_s < 1.0) == pipelined


def test_a_scenario_that_takes_too_long_ends_alone() -> None:
    """The target of the others runs on."""
    driver = Driver(threaded(pipelined=True), Limits(scenario_s=0.2))
    driver.start()
    session = ScenarioSession(driver)
    time.sleep(0.3)
    call = messages.Begin(scenario="k1", clients=(BYSTANDER,))
    with pytest.raises(HangError, match=r"longer than 0\.2 s") as caught:
        session.call("scenario.begin", call, wire_types.Empty)
    assert (False, True) == (caught.value.fatal, driver.running)
    driver.stop()


class Hanging(ScenarioSession):
    """A session whose sends are given up; notes what was asked."""

    def __init__(self, driver: Driver) -> None:
        super().__init__(driver)
        self.asked: list[str] = []

    def call(
        self, method: str, params: wire_types.Wire, result: type[Result]
    ) -> Result:
        """Give up a send."""
        self.asked.append(method)
        if method == "invitation.send":
            raise GivenUpError("no answer to invitation.send within 5 s")
        return super().call(method, params, result)


def test_a_scenario_that_hung_is_left_open() -> None:
    """To close it would be to wait once more."""
    engine = Engine(InProcessTarget(WallTime(settle_ms=20)), None)
    ready = engine.shared()
    assert ready is not None
    session = Hanging(ready.driver)
    set_up = replace(ready.set_up("k1"), session=session)
    context = ScenarioContext(set_up, "k1", Trace())
    (pickle,) = titled("An ID names the recipient")
    ended = run_steps(pickle.scenario, context)
    engine.abort()
    assert isinstance(ended.error, GivenUpError)
    assert "invitation.send" == session.asked[-1]


# Scaled times


def run_of(adapter: WallTime, folder: Path, *titles: str) -> Run:
    """The run of some scenarios on a target, read back."""
    file = folder / "run.jsonl"
    engine = Engine(InProcessTarget(adapter), file, plan=NO_PLAN)
    judged(engine, titled(*titles))
    return read_run(file)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("early_ms", "verdict"), [(0, Verdict.PASS), (1000, Verdict.FAIL)]
)
def test_a_shorter_lifetime_runs_the_same_features_sooner(
    early_ms: int, verdict: Verdict, tmp_path: Path
) -> None:
    """Eight seconds stand for two minutes; who ends early is found out all the same.

    A busy machine may leave it open, and then says so.
    """
    began_s = time.monotonic()
    adapter = WallTime(
        lifetime_ms=8000, early_ms=early_ms, settle_ms=5, resolution_ms=1
    )
    run = run_of(adapter, tmp_path, AT_119_S)
    assert 7 < time.monotonic() - began_s < 60
    (record,) = run.scenarios
    assert record.verdict in {verdict, Verdict.INCONCLUSIVE}
    assert (8000, 5) == (run.header.lifetime_ms, run.header.settle_ms)
    assert "real, scaled: two minutes are 8000 ms" == clock_words(run.header)


# What to declare


def test_an_undecided_run_says_what_to_declare(tmp_path: Path) -> None:
    """Without `settle_ms` two seconds are assumed, and 119 s cannot be judged."""
    run = run_of(WallTime(lifetime_ms=8000), tmp_path, AT_119_S)
    (record,) = run.scenarios
    assert Verdict.INCONCLUSIVE is record.verdict
    assert run.footer is not None
    said = verdict_sentence(run)
    assert 'declare "settle_ms": ' in said
    assert "in place of the 2000 assumed" in said


def test_a_decided_run_says_nothing_of_it(tmp_path: Path) -> None:
    """Nor does its file have the field."""
    file = tmp_path / "run.jsonl"
    engine = Engine(InProcessTarget(WallTime(settle_ms=20)), file, plan=NO_PLAN)
    judged(engine, citing({"DIRECT-5"}))
    run = read_run(file)
    assert run.footer is not None
    assert run.footer.advice is None
    assert '"advice"' not in file.read_text(encoding="utf-8")
