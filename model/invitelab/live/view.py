"""A panorama of replications as what the page shows: sums, and means by window."""

from collections.abc import Iterator, Sequence

from invitelab.formats.observed import Outcome
from invitelab.reporting.load.live_figures import LiveWindow, SoFar
from invitelab.study.glimpse import ENDS, Glimpse, Panorama
from invitelab.study.windows import Windows
from invitelab.study.workers import Reached
from invitelab.world.load.queues import MessageClass

US_PER_S = 1_000_000


def so_far(reached: Reached, windows: Windows, servers: int, elapsed_s: float) -> SoFar:
    """What is known by now. `servers` are the workers of each pool of the relay."""
    panorama = reached.panorama
    known = list(_known(panorama))
    counts: dict[Outcome, int] = {
        outcome: sum(one.outcomes[place] for one in known)
        for place, outcome in enumerate(ENDS)
    }
    counts[Outcome.PENDING] = sum(one.pending[-1] for one in known)
    return SoFar(
        done_us=reached.done_us,
        all_us=reached.all_us,
        end_us=windows.end_us,
        replications=reached.replications,
        planned=reached.planned,
        elapsed_s=elapsed_s,
        attempts=sum(one.attempts for one in known),
        dropped=sum(one.dropped for one in known),
        outcomes=counts,
        windows=tuple(_windows(panorama, windows, servers)),
    )


def _known(panorama: Panorama) -> Iterator[Glimpse]:
    if panorama.whole is not None:
        yield panorama.whole
    yield from panorama.running.values()


def _windows(
    panorama: Panorama, windows: Windows, servers: int
) -> Iterator[LiveWindow]:
    """The windows that a replication has passed, from the first one on."""
    for place in range(len(windows)):
        end_us = min((place + 1) * windows.width_us, windows.end_us)
        passed = [
            one for one in panorama.running.values() if one.reached_us + 1 >= end_us
        ]
        count = len(passed) + len(panorama.done)
        if not count:
            return
        if panorama.whole is not None:
            passed.append(panorama.whole)
        begin_us = place * windows.width_us
        yield _window(passed, place, range(begin_us, end_us), count, servers)


def _window(
    passed: Sequence[Glimpse], place: int, span_us: range, count: int, servers: int
) -> LiveWindow:
    """The mean of `count` replications, some of which may be one sum."""
    lasts_us = max(len(span_us), 1)
    busy_us = [sum(one.busy_us[kind][place] for one in passed) for kind in MessageClass]
    pool = max(MessageClass, key=lambda kind: busy_us[kind])
    return LiveWindow(
        begin_us=span_us.start,
        end_us=span_us.stop,
        ended={
            outcome: sum(one.ended[row][place] for one in passed)
            * US_PER_S
            / lasts_us
            / count
            for row, outcome in enumerate(ENDS)
        },
        pending=sum(one.pending[place] for one in passed) / count,
        busy=busy_us[pool] / (lasts_us * servers * count),
        pool=pool.name.lower(),
    )
