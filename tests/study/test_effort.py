"""How many workers a study deserves, from the work that its scenario promises."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.processes.processors import MOST_WORKERS, processors
from invitelab.study import effort
from invitelab.study.effort import (
    COHORTS_S,
    EVENTS_S,
    PROOF_S,
    seconds,
    workers_for,
)
from invitelab.study.replication import Job
from invitelab.study.traces import MOST_CHECKED
from invitelab.world.scenario.file import Loaded

Make = Callable[[Mapping[str, object]], Loaded]


def job(loaded: Loaded, rows: int = 0) -> Job:
    """A job of a scenario, with a trace of so many rows."""
    return Job(scenario=loaded.scenario, seed=1, number=0, trace=range(rows))


@pytest.mark.parametrize(
    ("engine", "each_s"), [("events", EVENTS_S), ("cohorts", COHORTS_S + PROOF_S)]
)
def test_an_engine_has_its_own_speed(tiny: Make, engine: str, each_s: float) -> None:
    """Three attempts a second for 20 seconds, by the engine that will run them."""
    assert seconds(job(tiny({"engine": engine}))) == pytest.approx(60 * each_s)


def test_the_engine_is_the_one_that_can_run_it(tiny: Make) -> None:
    """Where messages are lost only events are exact, whatever is asked for."""
    assert seconds(job(tiny({"network.loss": 0.1}))) == pytest.approx(60 * EVENTS_S)


def test_a_trace_has_as_many_attempts_as_rows(tiny: Make) -> None:
    """Its scenario does not tell them."""
    trace = tiny({"arrivals": {"kind": "trace", "file": "rows.csv"}})
    alike_s = MOST_CHECKED * PROOF_S
    for rows in (10_000, 20_000):
        found_s = seconds(job(trace, rows=rows))
        assert found_s == pytest.approx(rows * COHORTS_S + alike_s)


def test_little_work_is_done_by_one_worker(tiny: Make) -> None:
    """Others would cost more than they do."""
    assert 1 == workers_for([job(tiny({}))] * 9)
    assert 1 == workers_for([])


def test_much_work_is_done_by_a_worker_for_each_processor(
    tiny: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But by no more workers than there are jobs."""
    monkeypatch.setattr(effort, "processors", lambda: 8)
    long = job(tiny({"duration": "10h"}))
    assert [3, 8] == [workers_for([long] * count) for count in (3, 20)]


def test_the_sum_of_all_jobs_counts(tiny: Make) -> None:
    """As in a sweep of many small points."""
    small = job(tiny({"duration": "1000s", "engine": "events"}))
    assert 1.2 == pytest.approx(seconds(small))
    assert 1 == workers_for([small] * 4)
    assert min(processors(), 5) == workers_for([small] * 5)


def test_the_number_of_processors_has_a_limit() -> None:
    """That of a pool on Windows."""
    assert 1 <= processors() <= MOST_WORKERS
