"""Glimpses of replications: what was counted so far, and nothing is changed by them."""

import pickle
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.formats.results import Outcome
from invitelab.study.glimpse import (
    ENDS,
    EVERY_S,
    MOST_BYTES,
    Glimpse,
    Panorama,
    Take,
    glimpse_of,
    occasionally,
)
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.study.windows import MOST_WINDOWS
from invitelab.world.cohorts import fixed_point
from invitelab.world.load.queues import MessageClass
from invitelab.world.scenario.file import Loaded

Make = Callable[[Mapping[str, object]], Loaded]

A_SERVICE_US = 200_000
"""Longer than any service in the tiny scenario."""

BIG = st.integers(0, 2**62)


@st.composite
def glimpses(draw: st.DrawFn, number: int = 0, windows: int | None = None) -> Glimpse:
    """Draw one."""
    count = draw(st.integers(1, MOST_WINDOWS)) if windows is None else windows

    def row() -> tuple[int, ...]:
        start = draw(st.integers(-(2**40), 2**40))
        return tuple(range(start, start + count))

    return Glimpse(
        number=number,
        reached_us=draw(BIG),
        attempts=draw(BIG),
        dropped=draw(BIG),
        outcomes=tuple(draw(st.integers(0, 2**40)) for _ in ENDS),
        ended=tuple(row() for _ in ENDS),
        pending=row(),
        busy_us=tuple(row() for _ in MessageClass),
    )


@given(one=glimpses())
def test_a_packed_glimpse_is_the_same(one: Glimpse) -> None:
    """In no more bytes than a pool has room for."""
    data = one.packed()
    assert one == Glimpse.unpacked(data)
    assert len(data) <= MOST_BYTES


def test_a_glimpse_is_taken_now_and_then() -> None:
    """However often somebody could look."""
    instants = iter([0.0, 0.0, 0.1, EVERY_S, EVERY_S + 0.1, 5 * EVERY_S])
    seen: list[int] = []
    look = occasionally(lambda one: seen.append(one.number), lambda: next(instants))
    for number in range(5):

        def take(number: int = number) -> Glimpse:
            return blank(number)

        look(take)
    assert [0, 2, 4] == seen


def blank(number: int) -> Glimpse:
    """Make a glimpse of nothing but a number of attempts, ten times its own."""
    empty = (0, 0)
    return Glimpse(
        number=number,
        reached_us=1,
        attempts=10 * number,
        dropped=0,
        outcomes=(0,) * len(ENDS),
        ended=(empty,) * len(ENDS),
        pending=empty,
        busy_us=(empty,) * len(MessageClass),
    )


def test_what_is_complete_is_counted_once() -> None:
    """Also where the note of a worker outlives its job."""
    panorama = Panorama()
    panorama.show(blank(1))
    panorama.show(blank(2))
    panorama.complete(blank(1))
    panorama.show(blank(1))
    assert panorama.whole is not None
    assert ({1}, [2], 10) == (
        panorama.done,
        list(panorama.running),
        panorama.whole.attempts,
    )
    panorama.complete(blank(2))
    assert (30, {}) == (panorama.whole.attempts, panorama.running)


@pytest.fixture(params=["events", "cohorts"])
def job(
    tiny: Make, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Job:
    """Give a job for each engine; for cohorts in several pieces."""
    monkeypatch.setattr(fixed_point, "WINDOW", 10)
    loaded = tiny({"engine": request.param})
    return Job(scenario=loaded.scenario, seed=7, number=4)


def watched(job: Job) -> tuple[Measurement, list[Glimpse]]:
    """Run a job, and look whenever it is possible."""
    seen: list[Glimpse] = []

    def look(take: Take) -> None:
        seen.append(take())

    return replicate(job, onlooker=look), seen


def test_whoever_looks_changes_nothing(job: Job) -> None:
    """Not a byte of the measurement."""
    one, seen = watched(job)
    assert len(seen) > 1
    assert pickle.dumps(one) == pickle.dumps(replicate(job))


def test_glimpses_come_to_what_is_measured(job: Job) -> None:
    """Each counts no less than the one before, the last as much as the measurement."""
    one, seen = watched(job)
    end = glimpse_of(one, job.scenario.end_us)
    for before, after in zip(seen, [*seen[1:], end], strict=True):
        assert before.reached_us <= after.reached_us
        assert all(a <= b for a, b in zip(before.outcomes, after.outcomes, strict=True))
        assert before.attempts <= after.attempts
    assert (one.attempts, one.number) == (end.attempts, end.number)
    assert [one.outcomes[kind] for kind in ENDS] == list(end.outcomes)
    assert sum(end.outcomes) > 0 < sum(map(sum, end.busy_us))


def windows_passed(one: Glimpse, width_us: int) -> Iterator[int]:
    """Give the windows that a replication has left behind."""
    for place in range(len(one.pending)):
        if (place + 1) * width_us <= one.reached_us + 1:
            yield place


def test_pending_is_what_was_sent_and_is_not_over(job: Job) -> None:
    """What a glimpse says of a window that has passed is what the whole run says."""
    one, seen = watched(job)
    end = glimpse_of(one, job.scenario.end_us)
    width_us = one.windows.width_us
    for glimpse in seen:
        for place in windows_passed(glimpse, width_us):
            assert end.pending[place] == glimpse.pending[place]
    assert max(end.pending) <= one.pending_peak
    assert max(end.pending) > 0
    assert one.outcomes[Outcome.PENDING] == end.pending[-1]


def test_the_relay_has_been_busy_as_long_as_it_will_have_been(job: Job) -> None:
    """Up to the messages that are in service at that moment."""
    one, seen = watched(job)
    end = glimpse_of(one, job.scenario.end_us)
    passed = 0
    for glimpse in seen:
        for place in windows_passed(glimpse, one.windows.width_us):
            for now, later in zip(glimpse.busy_us, end.busy_us, strict=True):
                passed += now[place]
                assert now[place] <= later[place] <= now[place] + A_SERVICE_US
    assert passed > 0
