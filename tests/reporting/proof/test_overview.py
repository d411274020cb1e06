"""The matrix at a glance: every mark, within the picture, and a file of its own."""

import re
from xml.etree import ElementTree as ET

from invitelab.formats.proof import Proof
from invitelab.reporting.proof.matrix import Mark, Matrix, matrix
from invitelab.reporting.proof.overview import WIDTH, overview, overview_file
from invitelab.reporting.proof.summary import areas

SQUARE = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z")


def squares(svg: str, mark: Mark) -> list[tuple[float, ...]]:
    """Left, top, width and height of each mark of that kind."""
    drawn = re.search(f'<path class="{mark.value}" d="([^"]*)"', svg)
    path = drawn.group(1) if drawn else ""
    return [tuple(map(float, found)) for found in SQUARE.findall(path)]


def test_every_cell_has_its_mark(failed_proof: Proof) -> None:
    """No two in one place, and none outside."""
    shown = matrix(failed_proof)
    svg = overview(shown)
    for mark in Mark:
        wanted = sum(cell.mark is mark for cell in shown.cells)
        assert wanted == len(squares(svg, mark))
        assert wanted
    drawn = [one for mark in Mark for one in squares(svg, mark)]
    assert len(drawn) == len({one[:2] for one in drawn})
    height = float(svg.split('viewBox="0 0 960 ')[1].split('"')[0])
    assert all(left + wide <= WIDTH for left, _, wide, _ in drawn)
    assert all(top + high <= height for _, top, _, high in drawn)


def test_the_required_failures_are_a_diagonal(proven: Proof) -> None:
    """From the upper left to the lower right."""
    killed = squares(overview(matrix(proven)), Mark.KILLED)
    by_column = sorted(killed)
    assert [one[1] for one in by_column] == sorted(one[1] for one in killed)
    assert len(by_column) > 100


def test_every_area_is_named_beside_its_rows(proven: Proof) -> None:
    """Above the columns only where there is room."""
    svg = ET.fromstring(overview(matrix(proven)))  # noqa: S314 - our own drawing
    texts = [
        one.text
        for one in svg.iter("{http://www.w3.org/2000/svg}text")
        if one.get("text-anchor") == "end"
    ]
    assert [area.name for area in areas(proven)] == texts


def test_the_file_brings_its_colours(proven: Proof) -> None:
    """The page has its own."""
    shown = matrix(proven)
    assert "<style>" in overview_file(shown)
    assert "<style>" not in overview(shown)
    assert overview_file(shown).endswith("</svg>\n")


def test_without_mutants_there_is_an_empty_picture() -> None:
    """And no division by zero."""
    svg = overview(Matrix(rows=(), columns=(), cells=()))
    assert 0 == svg.count("<path")
