"""The matrix at a glance: in the width of a page, with names of areas only.

The page shows it above the picture that scrolls. Markdown shows it as a file of its
own, which brings its colours along.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from invitelab.reporting.common.formatting import clean
from invitelab.reporting.common.svg import element
from invitelab.reporting.proof.matrix import Mark, Matrix
from invitelab.reporting.proof.summary import area_of

WIDTH = 960
LEFT = 66
"""Space for the names of the areas beside the rows, in pixels."""
TOP = 20
"""Space for the names of the areas above the columns, in pixels."""
ROW = 5
GAP = 3
"""Additional distance between two areas, in pixels."""
NARROW = 30
"""Width of an area, in pixels, below which its name is left out."""

STYLE = """
.overview{background:#fff;font:10px system-ui,sans-serif}
.overview text{fill:#333}
.overview .block{fill:#f4f6f8;stroke:#d5dae0}
.overview .killed{fill:#0072b2}
.overview .also{fill:#9ecae6}
.overview .waived{fill:#fff;stroke:#333}
.overview .missed{fill:#c8102e}
"""
"""Style of the file, which no page surrounds."""


def overview(matrix: Matrix) -> Markup:
    """Draw the matrix for a page, which has the style."""
    return _drawn(matrix)


def overview_file(matrix: Matrix) -> str:
    """Draw the matrix as a file with its style; it ends in a newline."""
    return f"{_drawn(matrix, element('style', Markup(STYLE)))}\n"  # noqa: S704 - ours


def _drawn(matrix: Matrix, *before: Markup) -> Markup:
    rows = [row.clause for row in matrix.rows]
    columns = [column.clause for column in matrix.columns]
    pitch = (WIDTH - LEFT - GAP * _areas(columns)) / max(len(columns), 1)
    xs, ys = _places(columns, LEFT, pitch), _places(rows, TOP, ROW)
    height = round(max([*ys, TOP])) + ROW + GAP
    text = f"{len(columns)} mutants against {len(rows)} clauses, at a glance"
    return element(
        "svg",
        *before,
        *_names(rows, columns, xs, ys),
        *_marks(matrix, xs, ys, pitch),
        class_="overview",
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_label=text,
        viewBox=f"0 0 {WIDTH} {height}",
    )


def _areas(clauses: Sequence[str]) -> int:
    return len(list(groupby(clauses, area_of)))


def _places(clauses: Sequence[str], start: float, pitch: float) -> list[float]:
    """The position of each clause, in pixels, with gaps between areas."""
    places: list[float] = []
    before = area_of(clauses[0]) if clauses else ""
    at = start
    for clause in clauses:
        at += GAP * (area_of(clause) != before)
        before = area_of(clause)
        places.append(at)
        at += pitch
    return places


def _spans(clauses: Sequence[str], at: Sequence[float]) -> dict[str, list[float]]:
    """The positions of the clauses of each area."""
    spans: dict[str, list[float]] = {}
    for clause, place in zip(clauses, at, strict=True):
        spans.setdefault(area_of(clause), []).append(place)
    return spans


def _names(
    rows: Sequence[str],
    columns: Sequence[str],
    xs: Sequence[float],
    ys: Sequence[float],
) -> Iterator[Markup]:
    across, down = _spans(columns, xs), _spans(rows, ys)
    for area, places in down.items():
        middle = (places[0] + places[-1] + ROW) / 2 + 3.5
        yield element("text", clean(area), x=LEFT - 8, y=middle, text_anchor="end")
    for area, places in across.items():
        wide = places[-1] - places[0]
        top = down[area]
        yield element(
            "rect",
            class_="block",
            x=places[0],
            y=top[0],
            width=wide + (places[1] - places[0] if len(places) > 1 else ROW),
            height=top[-1] - top[0] + ROW,
        )
        if wide >= NARROW:
            yield element("text", clean(area), x=places[0], y=TOP - 7)


def _marks(
    matrix: Matrix, xs: Sequence[float], ys: Sequence[float], pitch: float
) -> Iterator[Markup]:
    """A path for each kind of mark."""
    wide, high = max(pitch - 0.4, 0.8), ROW - 0.4
    square = f"h{wide:.1f}v{high:.1f}h-{wide:.1f}z"
    for mark in Mark:
        path = "".join(
            f"M{xs[cell.column]:.1f} {ys[cell.row]:g}{square}"
            for cell in matrix.cells
            if cell.mark is mark
        )
        if path:
            yield element("path", class_=mark.value, d=path)
