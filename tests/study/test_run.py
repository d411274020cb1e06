"""Simulations in one process: seeds, progress and interruptions."""

import signal
from collections.abc import Callable, Mapping

import pytest

from invitelab.errors import UsageError
from invitelab.formats.results import Results
from invitelab.study.assemble import Subject
from invitelab.study.measurement import Measurement
from invitelab.study.plan import Plan
from invitelab.study.replication import Job
from invitelab.study.run import simulate
from invitelab.study.workers import Reached, carry_out
from invitelab.world.scenario.file import Loaded

Make = Callable[[Mapping[str, object]], Loaded]


@pytest.fixture(scope="module")
def results(tiny: Make) -> Results:
    """Run the tiny scenario."""
    return simulate(tiny({}))


def test_results_name_what_was_run(results: Results, tiny: Make) -> None:
    """They have the scenario as it can be written to a file."""
    loaded = tiny({})
    assert ("tiny", "Hardly anybody", 3) == (results.name, results.title, results.seed)
    assert loaded.scenario.document() == results.scenario
    assert (True, 2) == (results.complete, len(results.replications))


def test_the_same_seed_gives_the_same_results(results: Results, tiny: Make) -> None:
    """To the last digit, also when it is given from outside."""
    again = simulate(tiny({"seed": 8}), seed=3)
    assert results.model_dump_json() == again.model_dump_json()


def test_another_seed_gives_other_results(results: Results, tiny: Make) -> None:
    """Each replication of a seed gives other results, too."""
    other = simulate(tiny({}), seed=4)
    counts = [one.messages for one in (*results.replications, *other.replications)]
    assert 4 == len(set(counts))


def test_progress_rises_to_the_end(tiny: Make) -> None:
    """In virtual time and in replications."""
    seen: list[Reached] = []
    simulate(tiny({}), progress=seen.append)
    done_us = [one.done_us for one in seen]
    assert sorted(done_us) == done_us
    assert seen[-1].all_us == done_us[-1] == 2 * 141_000_000
    assert (2, 2) == (seen[-1].replications, seen[-1].planned)
    assert {0, 1, 2} == {one.replications for one in seen}


@pytest.mark.parametrize(
    ("whole", "after_us"), [(0, 9_000_000), (1, 141_000_000 + 9_000_000)]
)
def test_a_signal_leaves_what_there_is(tiny: Make, whole: int, after_us: int) -> None:
    """Marked as incomplete: whole replications, or the beginning of the first."""

    def interrupt(reached: Reached) -> None:
        if reached.done_us == after_us:
            signal.raise_signal(signal.SIGINT)

    found = simulate(tiny({"replications": 3, "engine": "events"}), progress=interrupt)
    assert not found.complete
    assert (whole == 0) == found.cut_off
    assert [0] == [one.number for one in found.replications]
    assert (whole == 1) == (found.windows[-1].at_us > 130_000_000)


class Noting(Plan):
    """A plan that notes what has begun."""

    def __init__(self, subject: Subject) -> None:
        """Nothing has begun."""
        super().__init__(subject)
        self.begun: list[int] = []

    def add(self, measurement: Measurement) -> list[Job]:
        """This one has begun."""
        self.begun.append(measurement.number)
        return super().add(measurement)


def test_nothing_begins_after_a_signal(tiny: Make) -> None:
    """Queued jobs and later plans are not started."""
    subject = Subject(scenario=tiny({}).scenario, name="tiny", digest="")
    plans = [Noting(subject), Noting(subject)]
    carry_out(plans, progress=lambda _reached: signal.raise_signal(signal.SIGINT))
    assert [[0], []] == [each.begun for each in plans]


def test_a_run_that_was_over_is_complete(results: Results, tiny: Make) -> None:
    """A signal that comes with the last instant changes nothing."""

    def interrupt(reached: Reached) -> None:
        if reached.replications == reached.planned:
            signal.raise_signal(signal.SIGINT)

    assert results == simulate(tiny({}), progress=interrupt)


def test_a_world_without_inviters_is_a_mistake(tiny: Make) -> None:
    """It is reported, in place of an empty report."""
    deserted = tiny({"population.platforms": {"windows": 1e-9, "linux": 1 - 1e-9}})
    with pytest.raises(UsageError, match="nobody in this world runs Windows"):
        simulate(deserted)
