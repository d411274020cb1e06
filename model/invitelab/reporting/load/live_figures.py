"""What the page of a running simulation shows: texts and paths by their ids.

The page places them and computes nothing. Paths are drawn in a box of WIDTH by HEIGHT
that the page stretches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from invitelab.formats.observed import Outcome
from invitelab.reporting.common.formatting import (
    compact,
    duration,
    grouped,
    plural,
    share,
    spoken,
)
from invitelab.reporting.load.plotting.ticks import round_up

WIDTH, HEIGHT = 1000.0, 200.0
STACKED = tuple(outcome for outcome in Outcome if outcome is not Outcome.PENDING)
"""The outcomes in the order in which they are stacked, from below."""

NOTHING_YET = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWindow:
    """One window, as a mean over the replications that have passed it.

    `ended` are invitations a second, `pending` is their number at its end, `busy` the
    share of its time that the busiest pool was busy.
    """

    begin_us: int
    end_us: int
    ended: Mapping[Outcome, float]
    pending: float
    busy: float = 0.0
    pool: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """A run as far as it is; counts are sums over all replications."""

    done_us: int
    all_us: int
    end_us: int
    replications: int
    planned: int
    elapsed_s: float
    attempts: int
    dropped: int
    outcomes: Mapping[Outcome, int]
    windows: Sequence[LiveWindow]

    @property
    def progress(self) -> float:
        """The share of the virtual time that has passed."""
        return self.done_us / self.all_us if self.all_us else 0.0


def live_texts(run: SoFar) -> dict[str, str]:
    """The texts of the page."""
    speed = run.done_us / 1e6 / run.elapsed_s if run.elapsed_s else 0.0
    last = run.windows[-1] if run.windows else None
    total = sum(run.outcomes.values())
    texts = {
        "passed": duration(run.done_us),
        "of-time": f"of {duration(run.all_us)} of virtual time",
        "replications": f"{grouped(run.replications)} of {grouped(run.planned)}",
        "speed": plural(round(speed), "second"),
        "attempts": grouped(run.attempts),
        "dropped": grouped(run.dropped),
        "busy": share(last.busy) if last else NOTHING_YET,
        "pool": f"busiest relay pool{f': {spoken(last.pool)}' if last else ''}",
    }
    for outcome in Outcome:
        number = run.outcomes.get(outcome, 0)
        texts[f"{outcome}-number"] = grouped(number)
        texts[f"{outcome}-share"] = share(number / total) if total else NOTHING_YET
    for chart, high in (("outcomes", _most_ended(run)), ("pending", _most(run))):
        texts[f"{chart}-top"] = compact(high)
        texts[f"{chart}-middle"] = compact(high / 2)
    return texts


def live_paths(run: SoFar) -> dict[str, str]:
    """The lines and areas of the page."""
    paths = {f"{outcome}-area": "" for outcome in STACKED}
    for chart in ("pending", "busy"):
        paths |= {f"{chart}-line": "", f"{chart}-area": ""}
    if not run.windows:
        return paths
    high = _most_ended(run)
    below = [0.0] * len(run.windows)
    for outcome in STACKED:
        above = [
            under + one.ended.get(outcome, 0.0)
            for under, one in zip(below, run.windows, strict=True)
        ]
        upper = _steps(run, [_y(value, high) for value in above])
        lower = _steps(run, [_y(value, high) for value in below])
        paths[f"{outcome}-area"] = _area(upper, lower)
        below = above
    most = _most(run)
    pending = [(0.0, HEIGHT)]
    pending += [(_x(run, one.end_us), _y(one.pending, most)) for one in run.windows]
    busy = _steps(run, [_y(one.busy, 1.0) for one in run.windows])
    for name, points in (("pending", pending), ("busy", busy)):
        ground = [(points[0][0], HEIGHT), (points[-1][0], HEIGHT)]
        paths[f"{name}-line"] = _line(points)
        paths[f"{name}-area"] = _area(points, ground)
    return paths


def _most_ended(run: SoFar) -> float:
    """The top of the axis of outcomes."""
    most = max((sum(one.ended.values()) for one in run.windows), default=0.0)
    return round_up(most) if most > 0 else 1.0


def _most(run: SoFar) -> float:
    """The top of the axis of pending invitations."""
    most = max((one.pending for one in run.windows), default=0.0)
    return round_up(most) if most > 0 else 1.0


Points = Sequence[tuple[float, float]]


def _x(run: SoFar, at_us: int) -> float:
    return WIDTH * min(at_us / run.end_us, 1.0)


def _y(value: float, high: float) -> float:
    return HEIGHT * (1.0 - min(max(value / high, 0.0), 1.0))


def _steps(run: SoFar, heights: Sequence[float]) -> list[tuple[float, float]]:
    """A step for each window."""
    return [
        (_x(run, at_us), height)
        for one, height in zip(run.windows, heights, strict=True)
        for at_us in (one.begin_us, one.end_us)
    ]


def _line(points: Points) -> str:
    return f"M{'L'.join(_numbers(points))}"


def _area(upper: Points, lower: Points) -> str:
    return f"{_line([*upper, *reversed(lower)])}Z"


def _numbers(points: Points) -> Iterator[str]:
    return (f"{x:.4g},{y:.4g}" for x, y in points)
