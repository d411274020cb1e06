"""The matrix drawn in two parts: the clauses' names, and the cells, which scroll.

Both have the same height and scale. The page has the colours and fonts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from invitelab.formats.proof import ClauseProof, MutantProof
from invitelab.formats.run import Level
from invitelab.reporting.common.formatting import clean, plural, short
from invitelab.reporting.common.svg import element
from invitelab.reporting.proof.matrix import Cell, Mark, Matrix
from invitelab.reporting.proof.summary import area_of, reason

PITCH = 12
"""Distance of two rows or columns, in pixels."""
GAP = 6
"""Additional distance between two areas, in pixels."""
CHARACTER_PX = 6.4
"""Width of a character of a label, in pixels, rounded up."""
LONGEST_LABEL = 36
PAD = 6
SIDE = PITCH - 2
"""Side of a cell, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Two drawings side by side, with their widths in pixels at full size."""

    names: Markup
    names_px: int
    cells: Markup
    cells_px: int
    height_px: int

    @property
    def ratio(self) -> str:
        """Width of both parts, as a multiple of their height."""
        return f"{(self.names_px + self.cells_px) / self.height_px:.3f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """The matrix, and where its rows and columns begin, in pixels."""

    matrix: Matrix
    head: int
    xs: Sequence[int]
    ys: Sequence[int]
    width: int
    height: int


def picture(matrix: Matrix) -> Picture:
    """Draw the matrix as part of a page."""
    layout = _layout(matrix)
    longest = max((len(row.clause) for row in matrix.rows), default=0)
    # Bold is wider.
    names_px = round(longest * CHARACTER_PX * 1.25) + 2 * PAD
    return Picture(
        names=_svg(
            "names", "the clauses", names_px, layout.height, _names(layout, names_px)
        ),
        names_px=names_px,
        cells=_svg(
            "cells",
            _alternative_text(matrix),
            layout.width,
            layout.height,
            _cells(layout),
        ),
        cells_px=layout.width,
        height_px=layout.height,
    )


def sample(mark: Mark) -> Markup:
    """Draw one mark, for the legend."""
    return element(
        "svg",
        *_mark(mark, 1, 1),
        class_="sample",
        aria_hidden="true",
        viewBox=f"0 0 {PITCH} {PITCH}",
        width=PITCH,
        height=PITCH,
    )


def bar(killed: int, waived: int, all_: int) -> Markup:
    """Draw a kill rate as a bar of 120 pixels; the page has the figures beside it."""
    whole = 120
    widths = [round(whole * part / max(all_, 1)) for part in (killed, waived)]
    return element(
        "svg",
        element("rect", class_="rest", x=0, y=0, width=whole, height=10),
        element("rect", class_="good", x=0, y=0, width=widths[0], height=10),
        element("rect", class_="waiver", x=widths[0], y=0, width=widths[1], height=10),
        class_="bar",
        aria_hidden="true",
        viewBox=f"0 0 {whole} 10",
        width=whole,
        height=10,
    )


def _svg(
    name: str, title: str, width: int, height: int, inside: Iterator[Markup]
) -> Markup:
    return element(
        "svg",
        *inside,
        class_=name,
        role="img",
        aria_label=title,
        viewBox=f"0 0 {width} {height}",
        style=f"width: {width}px",
    )


def _alternative_text(matrix: Matrix) -> str:
    """Alternative text of the picture; the table of mutants has all details."""
    counted = {mark: sum(cell.mark is mark for cell in matrix.cells) for mark in Mark}
    return (
        f"{plural(len(matrix.columns), 'mutant')} against"
        f" {plural(len(matrix.rows), 'clause')}: {counted[Mark.KILLED]} killed by their"
        f" own clause, {counted[Mark.WAIVED]} waived, {counted[Mark.MISSED]} not"
        f" killed; {counted[Mark.ALSO]} failures of other clauses"
    )


def _layout(matrix: Matrix) -> _Layout:
    longest = max((len(column.name) for column in matrix.columns), default=0)
    head = round(min(longest, LONGEST_LABEL) * CHARACTER_PX) + 2 * PAD
    xs = _places([column.clause for column in matrix.columns], PAD)
    ys = _places([row.clause for row in matrix.rows], head)
    return _Layout(
        matrix=matrix,
        head=head,
        xs=xs,
        ys=ys,
        width=max([*xs, 0]) + PITCH + PAD,
        height=max([*ys, head]) + PITCH + PAD,
    )


def _places(clauses: Sequence[str], start: int) -> list[int]:
    """The position of each clause, in pixels, with gaps between areas."""
    places: list[int] = []
    at = start
    for _, members in groupby(clauses, area_of):
        for _ in members:
            places.append(at)
            at += PITCH
        at += GAP
    return places


# --- The clauses ---------------------------------------------------------------------


def _names(layout: _Layout, width: int) -> Iterator[Markup]:
    for row, y in zip(layout.matrix.rows, layout.ys, strict=True):
        yield element(
            "text",
            element("title", _clause_words(row)),
            clean(row.clause),
            class_=row.level.value,
            x=width - PAD,
            y=y + PITCH - 2.5,
            text_anchor="end",
        )


def _clause_words(row: ClauseProof) -> str:
    killed = f"{row.killed} of {plural(row.mutants, 'mutant')} killed"
    level = "required" if row.level is Level.REQUIRED else "interpretation"
    return clean(f"{row.clause}, {level}: {row.text} {killed}.")


# --- The mutants ---------------------------------------------------------------------


def _cells(layout: _Layout) -> Iterator[Markup]:
    yield from _blocks(layout)
    yield from _rules(layout)
    yield from _heads(layout)
    by_row: dict[int, list[Cell]] = {}
    for cell in layout.matrix.cells:
        by_row.setdefault(cell.row, []).append(cell)
    for place, (row, y) in enumerate(zip(layout.matrix.rows, layout.ys, strict=True)):
        band = element(
            "rect",
            element("title", _clause_words(row)),
            class_="band",
            x=0,
            y=y,
            width=layout.width,
            height=PITCH,
        )
        drawn = [_cell(layout, cell) for cell in by_row.get(place, [])]
        yield element("g", band, *drawn, class_="row")


def _blocks(layout: _Layout) -> Iterator[Markup]:
    """The background where the clauses of an area meet the mutants of the same area."""
    rows: dict[str, list[int]] = {}
    for row, y in zip(layout.matrix.rows, layout.ys, strict=True):
        rows.setdefault(area_of(row.clause), []).append(y)
    columns: dict[str, list[int]] = {}
    for column, x in zip(layout.matrix.columns, layout.xs, strict=True):
        columns.setdefault(area_of(column.clause), []).append(x)
    for area, xs in columns.items():
        ys = rows[area]
        yield element(
            "rect",
            class_="block",
            x=xs[0] - 2,
            y=ys[0] - 2,
            width=xs[-1] - xs[0] + PITCH + 4,
            height=ys[-1] - ys[0] + PITCH + 4,
        )


def _rules(layout: _Layout) -> Iterator[Markup]:
    """Faint lines from the cells to their labels."""
    end = layout.width - PAD
    path = "".join(f"M{PAD} {y + PITCH / 2:g}H{end}" for y in layout.ys)
    bottom = layout.height - PAD
    path += "".join(f"M{x + PITCH / 2:g} {layout.head}V{bottom}" for x in layout.xs)
    yield element("path", class_="rules", d=path)


def _heads(layout: _Layout) -> Iterator[Markup]:
    """The mutants' names, turned to read upwards."""
    for column, x in zip(layout.matrix.columns, layout.xs, strict=True):
        at_x, at_y = x + PITCH - 2.5, layout.head - PAD
        yield element(
            "text",
            element("title", _mutant_words(column)),
            short(column.name, LONGEST_LABEL),
            class_=column.level.value,
            x=at_x,
            y=at_y,
            transform=f"rotate(-90 {at_x:g} {at_y:g})",
        )


def _mutant_words(mutant: MutantProof) -> str:
    text = reason(mutant)
    end = f" ({text})" if text else ""
    return clean(
        f"{mutant.name} breaks {mutant.clause}: {mutant.defect}."
        f" {mutant.status.value}{end}"
    )


def _cell(layout: _Layout, cell: Cell) -> Markup:
    row, mutant = layout.matrix.rows[cell.row], layout.matrix.columns[cell.column]
    x, y = layout.xs[cell.column] + 1, layout.ys[cell.row] + 1
    words = (
        clean(f"{mutant.name} breaks {mutant.clause}; {row.clause} fails as well")
        if cell.mark is Mark.ALSO
        else _mutant_words(mutant)
    )
    return element("g", element("title", words), *_mark(cell.mark, x, y))


def _mark(mark: Mark, x: int, y: int) -> Iterator[Markup]:
    """A square; a cross marks a miss in addition to its colour."""
    yield element(
        "rect", class_=mark.value, x=x + 0.5, y=y + 0.5, width=SIDE - 1, height=SIDE - 1
    )
    if mark is Mark.MISSED:
        far = SIDE - 6
        cross = f"M{x + 3} {y + 3}l{far} {far}m0 {-far}l{-far} {far}"
        yield element("path", class_="cross", d=cross)
