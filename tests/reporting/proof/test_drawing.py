"""The picture of the matrix: everything in it, in its place, as text and no markup."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from invitelab.formats.proof import Proof
from invitelab.reporting.proof.drawing import bar, picture, sample
from invitelab.reporting.proof.matrix import Mark, matrix


def labels(svg: str) -> list[str]:
    """Give the words that can be seen."""
    texts = ET.fromstring(svg).iter("text")  # noqa: S314 - our own drawing
    return [
        "".join([text.text or "", *(child.tail or "" for child in text)])
        for text in texts
    ]


def rects(svg: str, style: str) -> list[dict[str, str]]:
    """Give the squares of that class."""
    found = ET.fromstring(svg).iter("rect")  # noqa: S314 - our own drawing
    return [one.attrib for one in found if one.get("class") == style]


def test_every_clause_and_every_mutant_has_its_label(proven: Proof) -> None:
    """In the order of the matrix."""
    shown = matrix(proven)
    drawn = picture(shown)
    assert [one.clause for one in shown.rows] == labels(drawn.names)
    assert [one.name for one in shown.columns] == labels(drawn.cells)


def test_required_differs_from_interpretation(proven: Proof) -> None:
    """By the class of the label."""
    drawn = picture(matrix(proven))
    counted = Counter(re.findall(r'<text class="(\w+)"', drawn.names))
    assert {"required": 45, "interpretation": 34} == counted


def test_every_cell_is_drawn_as_what_it_is(failed_proof: Proof) -> None:
    """With a cross where a colour alone would say that something is wrong."""
    shown = matrix(failed_proof)
    drawn = picture(shown).cells
    for mark in Mark:
        wanted = sum(cell.mark is mark for cell in shown.cells)
        assert wanted == len(rects(drawn, mark.value))
        assert wanted
    assert len(rects(drawn, Mark.MISSED.value)) == drawn.count('class="cross"')


def test_no_two_cells_lie_on_each_other(failed_proof: Proof) -> None:
    """And all of them lie within the picture."""
    drawn = picture(matrix(failed_proof))
    cells = [one for mark in Mark for one in rects(drawn.cells, mark.value)]
    places = [(one["x"], one["y"]) for one in cells]
    assert len(places) == len(set(places))
    assert all(0 < float(x) < drawn.cells_px - 10 for x, _ in places)
    assert all(0 < float(y) < drawn.height_px - 10 for _, y in places)


def test_a_cell_tells_what_it_is(failed_proof: Proof) -> None:
    """As its title: the mutant, its defect and its status."""
    drawn = picture(matrix(failed_proof)).cells
    for words in (
        "mutant-5 breaks EMAIL-1; TILE-1 fails as well",
        "mutant-4 breaks EMAIL-1: does it wrong. survived (no scenario fails)",
        "waived-mutant breaks PLATFORM-1: does it wrong. waived (not observable)",
    ):
        assert f"<title>{words}</title>" in drawn


def test_both_parts_are_as_high(proven: Proof) -> None:
    """So that a row is a row."""
    drawn = picture(matrix(proven))
    heights = re.findall(r'viewBox="0 0 \d+ (\d+)"', drawn.names + drawn.cells)
    assert [str(drawn.height_px)] * 2 == heights
    assert float(drawn.ratio) > 1


def test_words_are_text(proven: Proof) -> None:
    """Whatever is in them."""
    hostile = '</svg><script>alert(1)</script>" x="\x1b\u202e'
    mutants = [
        one.model_copy(update={"name": f"{hostile}{n}", "defect": hostile})
        for n, one in enumerate(proven.mutants)
    ]
    proof = proven.model_copy(update={"mutants": tuple(mutants)})
    drawn = picture(matrix(proof)).cells
    assert "<script" not in drawn
    assert not re.search("[\x00-\x1f\u202e]", drawn)
    assert ET.fromstring(drawn).tag == "svg"  # noqa: S314 - our own drawing


def test_without_mutants_there_is_a_picture(proven: Proof) -> None:
    """An empty one."""
    drawn = picture(matrix(proven.model_copy(update={"mutants": ()})))
    assert [] == labels(drawn.cells)
    assert len(proven.clauses) == len(labels(drawn.names))


@pytest.mark.parametrize("mark", Mark)
def test_the_legend_shows_the_mark_itself(mark: Mark) -> None:
    """Small enough for a line."""
    assert f'class="{mark.value}"' in sample(mark)


@pytest.mark.parametrize(
    ("figures", "widths"),
    [
        ((0, 0, 0), [120, 0, 0]),
        ((3, 1, 4), [120, 90, 30]),
        ((4, 0, 4), [120, 120, 0]),
    ],
)
def test_a_bar_is_to_scale(figures: tuple[int, int, int], widths: list[int]) -> None:
    """The whole, the killed part, and the waived part behind it."""
    drawn = ET.fromstring(bar(*figures)).iter("rect")  # noqa: S314 - our own drawing
    assert widths == [int(one.attrib["width"]) for one in drawn]
