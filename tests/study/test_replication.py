"""One replication: every attempt is counted once."""

import gc
from collections.abc import Callable

import pytest

from invitelab.formats.results import Outcome
from invitelab.protocol.history import Fact
from invitelab.study.interruption import StoppedError
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.world.load.instruments import Instrument
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.schema import Scenario

SECOND_US = 1_000_000


class Clumsy(Instrument):
    """An instrument that breaks at the first fact."""

    def happened(self, at_us: int, fact: Fact) -> None:
        """Break."""
        raise RuntimeError(f"{fact.kind} at {at_us}")


@pytest.fixture(scope="module")
def whole(tiny: Callable[[dict[str, object]], Loaded]) -> Measurement:
    """Measure a replication without a warm-up, in which everything counts."""
    return replicate(Job(scenario=tiny({"warm_up": "0s"}).scenario, seed=7, number=0))


def test_a_replication_comes_to_its_end(whole: Measurement, scenario: Scenario) -> None:
    """No instrument is taken off, no invariant broken."""
    assert scenario.end_us == whole.reached_us
    assert ((), ()) == (whole.violations, whole.detached)
    assert whole.messages > 0 < whole.checked < whole.checked_facts


def test_every_attempt_is_direct_or_an_email_or_neither(whole: Measurement) -> None:
    """Every direct one has exactly one outcome."""
    sent = sum(n for kind, n in whole.outcomes.items() if kind is not Outcome.REFUSED)
    assert whole.attempts == sum(whole.tried.values()) == sum(whole.offered)
    assert sent == sum(whole.direct.values())
    assert whole.emailed == sum(whole.mailed.values())
    assert whole.attempts <= sent + whole.outcomes[Outcome.REFUSED] + whole.emailed
    assert sum(whole.refusals.values()) == whole.outcomes[Outcome.REFUSED] > 0


def test_counts_and_series_agree(whole: Measurement) -> None:
    """The outcomes of all windows add up to the totals."""
    ended = {kind: sum(counts) for kind, counts in whole.ended.items() if sum(counts)}
    outcomes = {kind: n for kind, n in whole.outcomes.items() if n}
    assert outcomes == ended
    assert whole.delays["notify_delay"].count == sum(one.count for one in whole.notify)


def test_everything_ends_before_the_world_does(whole: Measurement) -> None:
    """The drain is longer than a lifetime."""
    assert 0 == whole.outcomes[Outcome.PENDING]
    assert whole.pending_peak > 0 == whole.pending[-1]


def test_a_watch_is_called_every_second_and_may_stop(scenario: Scenario) -> None:
    """What was measured until then is returned."""
    seen: list[int] = []

    def watch(reached_us: int) -> None:
        seen.append(reached_us)
        if reached_us >= 9 * SECOND_US:
            raise StoppedError

    by_events = scenario.model_copy(update={"engine": Engine.EVENTS})
    one = replicate(Job(scenario=by_events, seed=7, number=0), watch)
    assert [second * SECOND_US for second in range(1, 10)] == seen
    assert 9 * SECOND_US == one.reached_us
    assert sum(one.pending) > 0 < sum(sum(pool.busy_us) for pool in one.pools.values())


def test_no_garbage_is_looked_for_in_a_world_that_was_stopped(
    scenario: Scenario,
) -> None:
    """An overloaded one is so large that this takes longer than its report."""

    def watch(reached_us: int) -> None:
        if reached_us >= 9 * SECOND_US:
            raise StoppedError

    by_events = scenario.model_copy(update={"engine": Engine.EVENTS})
    gc.unfreeze()
    try:
        replicate(Job(scenario=by_events, seed=7, number=0))
        assert 0 == gc.get_freeze_count()
        replicate(Job(scenario=by_events, seed=7, number=0), watch)
        assert 0 < gc.get_freeze_count()
        assert gc.isenabled()
    finally:
        gc.unfreeze()


def test_an_instrument_that_breaks_is_taken_off(scenario: Scenario) -> None:
    """It is named, and the others go on."""
    job = Job(scenario=scenario, seed=7, number=0)
    one = replicate(job, instruments=[Clumsy()])
    (away,) = one.detached
    assert "Clumsy" == away.instrument
    assert away.error.startswith("RuntimeError: sent at ")
    assert replicate(job).outcomes == one.outcomes


def test_a_trace_is_replayed(tiny: Callable[[dict[str, object]], Loaded]) -> None:
    """Its instants within the duration."""
    scenario = tiny({"warm_up": "0s"}).scenario
    arrivals = {"kind": "trace", "file": "trace.csv"}
    traced = tiny({"warm_up": "0s", "arrivals": arrivals}).scenario
    job = Job(scenario=traced, seed=7, number=0, trace=(5, 2 * SECOND_US, 10**12))
    assert 2 == replicate(job).attempts
    assert scenario.end_us == traced.end_us
