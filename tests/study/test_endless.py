"""Percentiles that came in one of two runs alone."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.formats.results import Results
from invitelab.study.compare import compare
from invitelab.study.endless import endless_figures
from invitelab.study.run import simulate
from invitelab.world.scenario.file import Loaded

Make = Callable[[Mapping[str, object]], Loaded]
Figures = dict[tuple[str, str], tuple[bool, bool]]


@pytest.fixture(scope="module")
def calm(tiny: Make) -> Results:
    """A relay that has time for every message."""
    return simulate(tiny({}), replications=2)


@pytest.fixture(scope="module")
def jammed(tiny: Make) -> Results:
    """A relay that takes longer for a message than an invitation lives."""
    jam = {"relay.service": {"distribution": "constant", "value": "10min"}}
    return simulate(tiny(jam), replications=2)


def found(a: Results, b: Results) -> Figures:
    """Whether each figure came in either run, by metric and statistic."""
    return {
        (one.metric, one.statistic): (one.a is not None, one.b is not None)
        for one in endless_figures(a, b)
    }


def test_a_delay_that_no_longer_comes_is_told(calm: Results, jammed: Results) -> None:
    """In whichever run it came."""
    broken = found(calm, jammed)
    assert (True, False) == broken["notify_delay", "p50"]
    assert ("notify_delay", "p99") not in broken  # too few samples to know it
    assert (False, True) == found(jammed, calm)["notify_delay", "p50"]
    assert tuple(endless_figures(calm, jammed)) == compare(calm, jammed).endless


def test_what_came_in_both_or_in_none_is_left_out(
    calm: Results, jammed: Results
) -> None:
    """It has a difference, or nothing to tell."""
    assert {} == found(calm, calm) == found(jammed, jammed)
