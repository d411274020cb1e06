"""Glimpses as what the page shows: sums, and means over those that have come so far."""

import pytest

from invitelab.formats.results import Outcome
from invitelab.live.view import so_far
from invitelab.reporting.load.live_figures import SoFar
from invitelab.study.glimpse import ENDS, Glimpse, Panorama
from invitelab.study.windows import Windows
from invitelab.study.workers import Reached
from invitelab.world.load.queues import MessageClass

S = 1_000_000
WINDOWS = Windows(10 * S, 25 * S)
"""Three, the last of them half as long."""

SERVERS = 2


def glimpse(number: int, reached_s: int, *, ended: int, busy_s: int) -> Glimpse:
    """Make a glimpse in which so many were accepted in each window."""
    rows = tuple(((ended if kind is Outcome.ACCEPTED else 0),) * 3 for kind in ENDS)
    none = (0, 0, 0)
    polls = (busy_s * S,) * 3
    return Glimpse(
        number=number,
        reached_us=reached_s * S,
        attempts=100,
        dropped=3,
        outcomes=tuple(sum(row) for row in rows),
        ended=rows,
        pending=(ended, 2 * ended, 5),
        busy_us=tuple(
            polls if kind is MessageClass.POLL else none for kind in MessageClass
        ),
    )


def seen(panorama: Panorama) -> SoFar:
    """Look at it in a run of three replications."""
    reached = Reached(
        done_us=30 * S, all_us=75 * S, replications=1, planned=3, panorama=panorama
    )
    return so_far(reached, WINDOWS, SERVERS, elapsed_s=2.0)


def test_before_anything_is_known_there_is_nothing_to_see() -> None:
    """Neither a window nor an outcome."""
    run = seen(Panorama())
    assert ((), 0, 0.4) == (run.windows, sum(run.outcomes.values()), run.progress)


def test_counts_are_sums_over_all_replications() -> None:
    """Those that are complete, and those that run."""
    panorama = Panorama()
    panorama.complete(glimpse(0, 25, ended=10, busy_s=4))
    panorama.show(glimpse(1, 12, ended=20, busy_s=6))
    run = seen(panorama)
    assert (200, 6) == (run.attempts, run.dropped)
    assert (90, 10) == (run.outcomes[Outcome.ACCEPTED], run.outcomes[Outcome.PENDING])


def test_a_window_is_a_mean_over_those_that_have_passed_it() -> None:
    """The first has two, the others one; the last one is shorter."""
    panorama = Panorama()
    panorama.complete(glimpse(0, 25, ended=10, busy_s=4))
    panorama.show(glimpse(1, 12, ended=20, busy_s=6))
    first, second, last = seen(panorama).windows
    assert (0, 10 * S, 20 * S, 25 * S) == (
        first.begin_us,
        first.end_us,
        last.begin_us,
        last.end_us,
    )
    accepted = [one.ended[Outcome.ACCEPTED] for one in (first, second, last)]
    assert [1.5, 1.0, 2.0] == accepted
    assert [15.0, 20.0, 5.0] == [one.pending for one in (first, second, last)]
    assert [0.25, 0.2, 0.4] == pytest.approx([first.busy, second.busy, last.busy])
    assert {"poll"} == {one.pool for one in (first, second, last)}


def test_a_complete_one_is_counted_as_often_as_it_is_there() -> None:
    """Three complete replications are one sum, and three in every mean."""
    panorama = Panorama()
    for number, ended in enumerate((10, 20, 60)):
        panorama.complete(glimpse(number, 25, ended=ended, busy_s=4))
    (first, *_) = seen(panorama).windows
    assert 3.0 == first.ended[Outcome.ACCEPTED]
    assert 0.2 == pytest.approx(first.busy)


def test_a_window_that_nobody_has_passed_is_not_shown() -> None:
    """It would look like a fall."""
    panorama = Panorama()
    panorama.show(glimpse(0, 9, ended=10, busy_s=4))
    assert () == seen(panorama).windows
    panorama.show(glimpse(0, 20, ended=10, busy_s=4))
    assert 2 == len(seen(panorama).windows)
