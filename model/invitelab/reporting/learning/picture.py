"""The picture of a machine as SVG: states in rows, and labelled arrows downwards."""

from collections.abc import Iterator

from markupsafe import Markup

from invitelab.formats.machine import Machine
from invitelab.reporting.common import html
from invitelab.reporting.common.colours import DARK, LIGHT
from invitelab.reporting.common.formatting import clean, plural
from invitelab.reporting.common.svg import element
from invitelab.reporting.learning.layered import Place
from invitelab.reporting.learning.layout import (
    BADGE,
    INDENT,
    LINE,
    PAD,
    TURN,
    Box,
    Drawing,
    Label,
    laid_out,
)
from invitelab.reporting.learning.states import StateView

PORT = 16
"""Distance of two arrows at one side of a box, in pixels."""
HEAD = 4.5
"""Half the width of the head of an arrow, in pixels."""


def picture(machine: Machine) -> Markup:
    """Draw the machine for a page, which has the colours."""
    return _drawn(machine)


def picture_file(machine: Machine) -> str:
    """Draw the machine as a file with its colours; it ends in a newline."""
    return f"{_drawn(machine, element('style', Markup(_file_style())))}\n"  # noqa: S704 - ours


def _file_style() -> str:
    """The style of a picture that no page surrounds, in light and dark."""
    values = {
        "light": {role.value: colour for role, colour in LIGHT.items()},
        "dark": {role.value: colour for role, colour in DARK.items()},
    }
    package = html.environment("invitelab.reporting.learning")
    return package.get_template("file.css.j2").render(values)


def _drawn(machine: Machine, *before: Markup) -> Markup:
    drawing = laid_out(machine)
    return element(
        "svg",
        element("title", f"state machine of {clean(machine.target.title)}"),
        *before,
        *_arrows(drawing),
        *_boxes(drawing),
        class_="machine",
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_label=description(machine),
        viewBox=f"0 0 {drawing.width:.0f} {drawing.height:.0f}",
        width=round(drawing.width),
        height=round(drawing.height),
    )


def description(machine: Machine) -> str:
    """The picture in words."""
    return (
        f"{plural(len(machine.states), 'state')} over"
        f" {plural(len(machine.alphabet.inputs), 'input')}; the table of transitions"
        " has all of them"
    )


def _boxes(drawing: Drawing) -> Iterator[Markup]:
    for box, at in zip(drawing.boxes, drawing.box_places, strict=True):
        inside = [*_frame(box, at), *_words(box, at)]
        told = element("title", _told(box.view))
        yield element("g", told, *inside, class_=f"state {kind_of(box.view)}")


def kind_of(view: StateView) -> str:
    """How a state is drawn: with a flaw, the first one, with something seen, or not."""
    if view.flaws:
        return "flawed"
    if view.distance == 0:
        return "first"
    return "busy" if view.state.seen else "calm"


def _told(view: StateView) -> str:
    seen = "; ".join(view.state.seen) or "nothing is seen"
    access = ", ".join(view.state.access) or "the beginning"
    return clean(f"{view.state.id} {view.state.name}: after {access}. {seen}")


def _frame(box: Box, at: Place) -> Iterator[Markup]:
    yield element(
        "rect",
        x=at.x - box.width / 2,
        y=at.y,
        width=box.width,
        height=box.height,
        rx=9,
    )


def _words(box: Box, at: Place) -> Iterator[Markup]:
    left = at.x - box.width / 2 + PAD
    y = at.y + PAD + 13
    yield _badge(box.view.state.id, left, y, "own")
    for line in box.name:
        yield element("text", line, class_="name", x=left + INDENT, y=y)
        y += LINE
    y += 4
    for row in box.rows:
        if row.target is not None:
            turn = f"M{left + 2:.1f} {y - 9:.1f}v5h9m-3.5 -3.5l3.5 3.5l-3.5 3.5"
            yield element("path", class_="turn", d=turn)
            yield _badge(row.target, left + TURN, y, "other")
        yield element("text", row.text, class_=row.style, x=left + row.indent, y=y)
        y += LINE


def _badge(number: int, left: float, y: float, style: str) -> Markup:
    """The number of a state in a circle; `y` is the line of the text beside it."""
    x = left + BADGE / 2
    return element(
        "g",
        element("circle", cx=x, cy=y - 4, r=BADGE / 2 - 1),
        element("text", str(number), x=x, y=y - 0.3, text_anchor="middle"),
        class_=f"badge {style}",
    )


def _arrows(drawing: Drawing) -> Iterator[Markup]:
    out = _ports(drawing, outgoing=True)
    into = _ports(drawing, outgoing=False)
    bottoms = drawing.bottoms()
    numbered = enumerate(zip(drawing.labels, drawing.label_places, strict=True))
    for n, (label, at) in numbered:
        source = drawing.box_places[label.source]
        start = source.y + drawing.boxes[label.source].height
        end = drawing.box_places[label.target].y
        above = _line(out[n], start, bottoms[source.y], at.x, at.y - 2)
        under = at.y + label.height + 3
        below = _line(at.x, under, bottoms[at.y] + 3, into[n], end)
        yield element(
            "g",
            element("path", class_="line", d=above + below),
            element("path", class_="head", d=_head(into[n], end)),
            *_label_words(label, at),
            class_="arrow",
        )


def _label_words(label: Label, at: Place) -> Iterator[Markup]:
    for number, text in enumerate(label.lines):
        y = at.y + 12 + LINE * number
        yield element("text", text, x=at.x, y=y, text_anchor="middle")


def _head(x: float, y: float) -> str:
    """The head of an arrow that ends at a box."""
    left, right = x - HEAD, x + HEAD
    return f"M{left:.1f} {y - 8:.1f}L{x:.1f} {y - 1:.1f}L{right:.1f} {y - 8:.1f}"


def _line(x: float, y: float, free_y: float, to_x: float, to_y: float) -> str:
    """A line that leaves and arrives vertically.

    It is straight down to `free_y`, below which nothing of its row is in its way.
    """
    middle = (free_y + to_y) / 2
    return (
        f"M{x:.1f} {y:.1f}V{free_y:.1f}C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f}"
        f" {to_x:.1f} {to_y:.1f}"
    )


def _ports(drawing: Drawing, *, outgoing: bool) -> list[float]:
    """Where each arrow touches its box: side by side, in the order of the labels."""
    ends = [label.source if outgoing else label.target for label in drawing.labels]
    found = [0.0] * len(ends)
    for state, (box, place) in enumerate(
        zip(drawing.boxes, drawing.box_places, strict=True)
    ):
        mine = [n for n, end in enumerate(ends) if end == state]
        mine.sort(key=lambda n: drawing.label_places[n].x)
        pitch = min(PORT, (box.width - 24) / max(len(mine) - 1, 1))
        for rank, n in enumerate(mine):
            found[n] = place.x + (rank - (len(mine) - 1) / 2) * pitch
    return found
