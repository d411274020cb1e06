"""The layout of a machine: what stands in each box and at each arrow, and where.

A row has the states that need the same number of inputs, the initial state above. An
arrow leads to a state of the next row. Every other way, which would lie across the
picture, is told within its state with the number of the state that it leads to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from invitelab.formats.machine import Machine
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.common.signs import STANDING_SIGNS
from invitelab.reporting.learning.layered import Item, Place, places
from invitelab.reporting.learning.lettering import BOLD, balanced, fitted, width_of
from invitelab.reporting.learning.states import (
    StateView,
    Way,
    quiet_words,
    state_views,
)

MARGIN = 14
GAP = 22
"""Least distance of two boxes, or of two labels, in pixels."""
BETWEEN = 34
"""Distance of a row of boxes and a row of labels, in pixels."""
NAME_PX, WORDS_PX = 13, 11.5
BOLD_PX = WORDS_PX * BOLD
"""Size of the letters."""
LINE = 18
PAD = 10
BADGE = 18
"""Diameter of the circle with the number of a state."""
INDENT = BADGE + 6
TURN = 17
"""Room for the small arrow before the number of another state."""
MOST_NAME = 196
MOST_WORDS = 190
MOST_LABEL = 132
"""Width of a line of text, in pixels; longer ones are broken."""
MOST_FLAWS = 3
NAME_LINES, WAY_LINES, LABEL_LINES = 3, 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of text within a box; `target` is the state that a way leads to."""

    text: str
    style: str
    target: int | None = None

    @property
    def size_px(self) -> float:
        """Size of the letters, as wide as they are."""
        return WORDS_PX if self.style in {"way", "within", "quiet"} else BOLD_PX

    @property
    def indent(self) -> float:
        """Room for the arrow and the number of a state, in pixels."""
        return TURN + INDENT if self.style == "way" else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A state to be drawn."""

    view: StateView
    name: tuple[str, ...]
    rows: tuple[Row, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The words of an arrow from a state to another one."""

    source: int
    target: int
    lines: tuple[str, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Boxes and labels with their places, in pixels."""

    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    box_places: tuple[Place, ...]
    label_places: tuple[Place, ...]
    width: float
    height: float

    def bottoms(self) -> Mapping[float, float]:
        """The lowest edge of each row, by its upper edge."""
        found: dict[float, float] = {}
        sized: list[Box | Label] = [*self.boxes, *self.labels]
        places = [*self.box_places, *self.label_places]
        for one, at in zip(sized, places, strict=True):
            found[at.y] = max(found.get(at.y, 0.0), at.y + one.height)
        return found


def laid_out(machine: Machine) -> Drawing:
    """Find a place for each state, and for the words of each arrow."""
    views = state_views(machine)
    boxes = [_box(view, len(machine.alphabet.inputs)) for view in views]
    labels = [
        _label(view.state.id, way) for view in views for way in view.ways if way.onward
    ]
    found = places(_items(boxes, labels), gap=GAP, between=BETWEEN)
    moved = [Place(x=one.x + MARGIN, y=one.y + MARGIN) for one in found]
    box_places, label_places = moved[: len(boxes)], moved[len(boxes) :]
    sized: list[Box | Label] = [*boxes, *labels]
    pairs = list(zip(sized, moved, strict=True))
    return Drawing(
        boxes=tuple(boxes),
        labels=tuple(labels),
        box_places=tuple(box_places),
        label_places=tuple(label_places),
        width=max(at.x + one.width / 2 for one, at in pairs) + MARGIN,
        height=max(at.y + one.height for one, at in pairs) + MARGIN,
    )


def _items(boxes: Sequence[Box], labels: Sequence[Label]) -> list[Item]:
    """Boxes in even rows, labels in odd ones; labels number on from the boxes."""
    leading: dict[int, list[int]] = {}
    for number, label in enumerate(labels, start=len(boxes)):
        leading.setdefault(label.target, []).append(number)
    return [
        *(
            Item(
                row=2 * box.view.distance,
                width=box.width,
                height=box.height,
                above=tuple(leading.get(box.view.state.id, ())),
            )
            for box in boxes
        ),
        *(
            Item(
                row=2 * boxes[label.source].view.distance + 1,
                width=label.width,
                height=label.height,
                above=(label.source,),
            )
            for label in labels
        ),
    ]


def _box(view: StateView, inputs: int) -> Box:
    name = balanced(view.state.name, MOST_NAME, NAME_LINES, NAME_PX * BOLD)
    rows = tuple(_rows(view, inputs))
    widths = [
        *(width_of(line, NAME_PX * BOLD) + INDENT for line in name),
        *(width_of(row.text, row.size_px) + row.indent for row in rows),
    ]
    return Box(
        view=view,
        name=tuple(name),
        rows=rows,
        width=max(widths) + 2 * PAD,
        height=LINE * (len(name) + len(rows)) + 2 * PAD + (4 if rows else 0),
    )


def _rows(view: StateView, inputs: int) -> Iterator[Row]:
    for way in view.ways:
        if not way.onward:
            words = fitted(", ".join(way.inputs), MOST_WORDS, WAY_LINES, WORDS_PX)
            yield Row(text=words[0], style="way", target=way.target)
            yield from (Row(text=line, style="way") for line in words[1:])
    if view.seen_within:
        within = f"stays here: {', '.join(view.seen_within)}"
        for line in fitted(within, MOST_WORDS, WAY_LINES, WORDS_PX):
            yield Row(text=line, style="within")
    if view.quiet:
        yield Row(text=quiet_words(len(view.quiet), inputs), style="quiet")
    for flaw in view.flaws[:MOST_FLAWS]:
        sign = STANDING_SIGNS[flaw.standing]
        for line in fitted(f"{sign} {flaw.words}", MOST_WORDS, WAY_LINES, BOLD_PX):
            yield Row(text=line, style=flaw.standing.value)
    if view.untried:
        yield Row(text=f"{plural(len(view.untried), 'input')} not tried", style="open")


def _label(source: int, way: Way) -> Label:
    lines = balanced(", ".join(way.inputs), MOST_LABEL, LABEL_LINES, WORDS_PX)
    return Label(
        source=source,
        target=way.target,
        lines=tuple(lines),
        width=max(width_of(line, WORDS_PX) for line in lines) + 8,
        height=LINE * len(lines),
    )
