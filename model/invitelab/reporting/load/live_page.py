"""The page of a running simulation, before anything has happened."""

from dataclasses import dataclass

from invitelab.formats.observed import Outcome
from invitelab.reporting.load.html import page
from invitelab.reporting.load.live_figures import HEIGHT, STACKED, WIDTH
from invitelab.reporting.load.plotting.ticks import clock
from invitelab.reporting.load.summary import OUTCOME_TEXT

LIVE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self'; img-src data:"
)
"""What the page may load: its own script, and the events, from where it is."""

PAGE_MARKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFrame:
    """What is known of a run beforehand; `size` says in words how much it is.

    `has_relay` is false for a target, whose relay nobody sees.
    """

    title: str
    name: str
    summary: str
    size: str
    warm_up_us: int
    duration_us: int
    end_us: int
    has_relay: bool = True


def live_page(frame: LiveFrame) -> str:
    """The whole page."""
    marks = clock(0, frame.end_us, marks=PAGE_MARKS)
    values: dict[str, object] = {
        "title": frame.title,
        "frame": frame,
        "policy": LIVE_POLICY,
        "width": f"{WIDTH:g}",
        "height": f"{HEIGHT:g}",
        "shades": [
            _shade(frame, 0, frame.warm_up_us),
            _shade(frame, frame.duration_us, frame.end_us),
        ],
        "marks": [
            (f"{100 * at_us / frame.end_us:.2f}", label)
            for at_us, label in zip(marks.marks, marks.labels, strict=True)
        ],
        "stacked": [outcome.value for outcome in STACKED],
        "outcomes": [(one.value, _meaning(one)) for one in (*STACKED, Outcome.PENDING)],
    }
    return page("live.html.j2", values)


def _meaning(outcome: Outcome) -> str:
    return "still open" if outcome is Outcome.PENDING else OUTCOME_TEXT[outcome]


def _shade(frame: LiveFrame, begin_us: int, end_us: int) -> str:
    """A part of the time as a path, from top to bottom."""
    begin, end = (f"{WIDTH * at / frame.end_us:.4g}" for at in (begin_us, end_us))
    return f"M{begin},0H{end}V{HEIGHT:g}H{begin}Z"
