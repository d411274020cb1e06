"""The sequence diagram of a scene: lifelines side by side, time downwards to scale.

Most marks are at one instant, and the others two minutes later. So the axis on the left
is to scale, each mark is placed as near to its instant as there is room, and a line
leads from the instant to the mark. Colours and fonts are those of the page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from invitelab.formats.transcript import seconds
from invitelab.reporting.common.formatting import clean, short
from invitelab.reporting.common.labels import spread
from invitelab.reporting.common.layout import ticks, wrapped
from invitelab.reporting.common.scene import Kind, Mark, Scene
from invitelab.reporting.common.svg import element

WIDTH = 640
AXIS_X = 52
MARKS_X = 78
"""Where the leading lines end, and the times of the marks begin."""
LEFT_X = 156
RIGHT_X = WIDTH - 26
FIRST_Y = 62
AXIS_PX = ((60_000, 300), (1_000, 160), (1, 70), (0, 0))
"""Height of the axis from the first instant to the last, by the last in ms."""
CHARACTER_PX = 6.6
BOLD_PX = 7.6
"""Width of a character, on average, a little on the safe side."""
LINE_PX = 15
TROUBLE_LINES = 5
HEIGHTS: Mapping[Kind, float] = {
    Kind.ACT: 30,
    Kind.LOOK: 22,
    Kind.DEADLINE: 24,
    Kind.ABSENT: 30,
    Kind.LEFT_OUT: 22,
}
"""Room above a mark, for its words."""
SYMBOLS = {"ok": "", "refused": "\N{BALLOT X}", "broken": "!"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """The coordinates of people and instants."""

    scene: Scene
    lifelines: Mapping[str, float]
    ys: Sequence[float]
    scale: float
    """Pixels a millisecond."""
    bottom: float


def drawing(scene: Scene, *, name: str, title: str) -> Markup:
    """The picture as part of a page; `name` is unique among the ids of the page."""
    paper = _laid_out(scene)
    inside = [
        element("title", clean(title), id=f"{name}-title"),
        element("desc", _description(scene), id=f"{name}-description"),
        *_lifelines(paper),
        *_axis(paper),
        *_later(paper),
    ]
    before = -1
    for mark, y in zip(scene.marks, paper.ys, strict=True):
        if mark.kind is not Kind.TROUBLE:
            inside.append(_lead(paper, mark, y, show_time=mark.at_ms != before))
        inside += _drawn(paper, mark, y)
        before = mark.at_ms
    height = paper.bottom + (44 if scene.later else 14)
    return element(
        "svg",
        *inside,
        class_="scene",
        role="img",
        aria_labelledby=f"{name}-title {name}-description",
        viewBox=f"0 0 {WIDTH} {height:.0f}",
    )


def _description(scene: Scene) -> str:
    """The picture in words."""
    sentences = (
        f"{seconds(mark.at_ms)}: {mark.source or ''} {mark.words}"
        f"{f' to {mark.target}' if mark.target else ''}"
        for mark in scene.marks
    )
    return clean("; ".join(sentences))


def _laid_out(scene: Scene) -> _Paper:
    """The marks to scale where there is time between them, else one below the other."""
    height = next(px for from_ms, px in AXIS_PX if scene.end_ms >= from_ms)
    scale = height / max(scene.end_ms, 1)
    heights = [_height(mark) for mark in scene.marks[1:]]
    ys = spread(
        [FIRST_Y + mark.at_ms * scale for mark in scene.marks], heights, low=FIRST_Y
    )
    gaps = len(scene.people) - 1
    between = (RIGHT_X - LEFT_X) / gaps if gaps > 0 else 0
    return _Paper(
        scene=scene,
        lifelines={name: LEFT_X + n * between for n, name in enumerate(scene.people)},
        ys=ys,
        scale=scale,
        bottom=max(ys[-1], FIRST_Y + scene.end_ms * scale) + 16,
    )


def _height(mark: Mark) -> float:
    if mark.kind is Kind.TROUBLE:
        return 20 + LINE_PX * len(_lines(mark))
    return HEIGHTS[mark.kind]


def _lines(mark: Mark) -> list[str]:
    most = int((RIGHT_X - MARKS_X - 16) / BOLD_PX)
    return wrapped(clean(mark.words), most, TROUBLE_LINES)


# --- The ground ------------------------------------------------------------------


def _lifelines(paper: _Paper) -> Iterator[Markup]:
    for name, x in paper.lifelines.items():
        yield element("line", class_="life", x1=x, x2=x, y1=32, y2=paper.bottom)
        anchor = "end" if x >= RIGHT_X else "middle"
        at = min(x + 8, WIDTH) if anchor == "end" else x
        yield element(
            "text", short(name, 24), class_="person", x=at, y=22, text_anchor=anchor
        )


def _axis(paper: _Paper) -> Iterator[Markup]:
    end_ms = paper.scene.end_ms
    last_y = FIRST_Y + end_ms * paper.scale
    yield element("line", class_="axis", x1=AXIS_X, x2=AXIS_X, y1=FIRST_Y, y2=last_y)
    for instant in ticks(end_ms / 1000):
        y = FIRST_Y + instant * 1000 * paper.scale
        yield element("line", class_="axis", x1=AXIS_X - 4, x2=AXIS_X, y1=y, y2=y)
        words = f"{instant:g} s"
        yield element("text", words, x=AXIS_X - 8, y=y + 4, text_anchor="end")
    for mark in paper.scene.marks:
        if mark.kind is Kind.DEADLINE:
            y = FIRST_Y + mark.at_ms * paper.scale
            yield element(
                "line", class_="deadline", x1=AXIS_X - 5, x2=AXIS_X + 5, y1=y, y2=y
            )


def _later(paper: _Paper) -> Iterator[Markup]:
    """The deadline after the last mark: not to scale, with a break in the axis."""
    later = paper.scene.later
    if later is None:
        return
    y, end = paper.bottom + 24, paper.bottom - 16
    top = max(FIRST_Y + paper.scene.end_ms * paper.scale, FIRST_Y)
    broken = f"M{AXIS_X} {top:.1f}V{end + 8:.1f}l-5 5l10 6l-5 5V{y:.1f}"
    yield element("path", class_="axis", d=broken)
    yield element("line", class_="deadline", x1=AXIS_X, x2=RIGHT_X, y1=y, y2=y)
    words = f"{later.words}: never reached"
    yield element("text", words, class_="soft", x=RIGHT_X, y=y - 6, text_anchor="end")
    words = f"{later.at_ms / 1000:g} s"
    yield element("text", words, x=AXIS_X - 8, y=y + 4, text_anchor="end")


def _lead(paper: _Paper, mark: Mark, y: float, *, show_time: bool) -> Markup:
    """The line from an instant to its mark, with the time if `show_time`."""
    true_y = FIRST_Y + mark.at_ms * paper.scale
    line = element(
        "path",
        class_="lead",
        d=f"M{AXIS_X} {true_y:.1f}L{MARKS_X - 6} {y:.1f}h4",
    )
    if not show_time:
        return line
    return line + element("text", seconds(mark.at_ms), class_="at", x=MARKS_X, y=y + 4)


# --- The marks -------------------------------------------------------------------


def _drawn(paper: _Paper, mark: Mark, y: float) -> Iterator[Markup]:
    match mark.kind:
        case Kind.ACT | Kind.ABSENT if mark.target in paper.lifelines:
            yield from _arrow(paper, mark, y)
        case Kind.ACT | Kind.LOOK | Kind.ABSENT:
            yield from _dot(paper, mark, y)
        case Kind.DEADLINE:
            left = LEFT_X - 8
            yield element("line", class_="deadline", x1=left, x2=RIGHT_X, y1=y, y2=y)
            yield element(
                "text",
                mark.words,
                class_="soft",
                x=RIGHT_X,
                y=y - 5,
                text_anchor="end",
            )
        case Kind.LEFT_OUT:
            middle = (LEFT_X + RIGHT_X) / 2
            yield element(
                "text", mark.words, class_="soft", x=middle, y=y, text_anchor="middle"
            )
        case Kind.TROUBLE:
            yield from _trouble(mark, y)


def _arrow(paper: _Paper, mark: Mark, y: float) -> Iterator[Markup]:
    """An arrow between two people; half an arrow for what was refused or broke."""
    source = paper.lifelines[mark.source or ""]
    target = paper.lifelines[mark.target or ""]
    ahead = 1 if target > source else -1
    middle = (source + target) / 2
    symbol = SYMBOLS[mark.outcome]
    tip = middle if symbol else target
    style = "absent" if mark.kind is Kind.ABSENT else mark.outcome
    yield element("line", class_=f"arrow {style}", x1=source, x2=tip, y1=y, y2=y)
    if symbol:
        yield element(
            "text", symbol, class_=f"sign {style}", x=tip, y=y + 5, text_anchor="middle"
        )
    else:
        head = f"M{tip - 9 * ahead:.1f} {y - 5:.1f}L{tip:.1f} {y:.1f}l{-9 * ahead} 5"
        yield element("path", class_=f"head {style}", d=head)
    words = short(mark.words, int((WIDTH - LEFT_X) / CHARACTER_PX))
    half = len(words) * CHARACTER_PX / 2
    at = min(max(middle, LEFT_X - 10 + half), WIDTH - 4 - half)
    yield element(
        "text", words, class_=f"words {style}", x=at, y=y - 8, text_anchor="middle"
    )


def _dot(paper: _Paper, mark: Mark, y: float) -> Iterator[Markup]:
    """A look, or an operation that concerns one person alone: on the lifeline."""
    x = paper.lifelines[mark.source or ""]
    leftwards = x > (LEFT_X + RIGHT_X) / 2
    many = f" ({mark.times} looks)" if mark.times > 1 else ""
    room = (x - LEFT_X if leftwards else WIDTH - x) - 14
    words = short(mark.words, int(room / CHARACTER_PX) - len(many)) + many
    if mark.kind is Kind.LOOK:
        yield element("circle", class_="look", cx=x, cy=y, r=4)
    else:
        yield element(
            "rect", class_=f"own {mark.outcome}", x=x - 5, y=y - 5, width=10, height=10
        )
    yield element(
        "text",
        words,
        class_=f"words {mark.outcome}",
        x=x - 11 if leftwards else x + 11,
        y=y + 4,
        text_anchor="end" if leftwards else "start",
    )


def _trouble(mark: Mark, y: float) -> Iterator[Markup]:
    """The box with the failure, at its instant; `y` is the lower edge."""
    lines = _lines(mark)
    height = LINE_PX * len(lines) + 10
    top = y - height
    left = MARKS_X
    yield element(
        "rect", class_="trouble", x=left, y=top, width=RIGHT_X - left, height=height
    )
    yield element("rect", class_="edge", x=left, y=top, width=4, height=height)
    for number, line in enumerate(lines, start=1):
        yield element(
            "text", line, class_="why", x=left + 12, y=top + LINE_PX * number + 1
        )
