"""The picture: the same bytes, and no words on other words, on boxes or on lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from unicodedata import combining
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learned_machines import MODIFY, SEND, WAIT, machine_of, machines
from matplotlib.ft2font import FT2Font

from invitelab.formats.machine import Machine
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.learning.picture import picture, picture_file

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of the picture."""

    left: float
    top: float
    right: float
    bottom: float
    what: str

    def meets(self, other: "Area") -> bool:
        """Whether the two have a point in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Area") -> bool:
        """Whether the other lies within this one."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def has(self, x: float, y: float) -> bool:
        """Whether a point lies within this one."""
        return self.left < x < self.right and self.top < y < self.bottom


@cache
def font(name: str) -> FT2Font:
    """Give the font in which the page is drawn: a measure other than the code's own."""
    return FT2Font(str(FONTS / name))


LETTERS = sorted(
    char
    for char in map(chr, font("DejaVuSans.ttf").get_charmap())
    if char.isprintable() and char < "\u0530" and not combining(char)
)
"""All that the font has of three scripts."""


def width_px(text: str, size_px: float, *, bold: bool) -> float:
    """Measure a line of text as a browser does."""
    one = font("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    one.set_size(size_px, 72)
    one.set_text(text)
    return one.get_width_height()[0] / 64


def parsed(drawn: str) -> ET.Element:
    """Read a picture."""
    return ET.fromstring(drawn)  # noqa: S314 - ours


def boxes(root: ET.Element) -> list[Area]:
    """Give the boxes of the states."""
    return [
        Area(
            left=float(one.attrib["x"]),
            top=float(one.attrib["y"]),
            right=float(one.attrib["x"]) + float(one.attrib["width"]),
            bottom=float(one.attrib["y"]) + float(one.attrib["height"]),
            what="box",
        )
        for one in root.iter(f"{SVG}rect")
    ]


def words(root: ET.Element) -> list[Area]:
    """Give what every line of text covers, but for the numbers in their circles."""
    found: list[Area] = []
    circled = {
        text
        for one in root.iter(f"{SVG}g")
        if one.attrib["class"].startswith("badge")
        for text in one.iter(f"{SVG}text")
    }
    for one in root.iter(f"{SVG}text"):
        if one in circled:
            continue
        style = one.attrib.get("class", "")
        bold = style in {"name", "broken", "deviates", "open"}
        size = 13 if style == "name" else 11.5
        wide = width_px(one.text or "", size, bold=bold)
        x, y = float(one.attrib["x"]), float(one.attrib["y"])
        left = x - wide / 2 if one.attrib.get("text-anchor") == "middle" else x
        found.append(
            Area(
                left=left,
                top=y - 0.76 * size,
                right=left + wide,
                bottom=y + 0.24 * size,
                what=one.text or "",
            )
        )
    return found


def points(root: ET.Element) -> Iterator[tuple[float, float]]:
    """Give points along the lines of all arrows, without their ends at the boxes."""
    for one in root.iter(f"{SVG}path"):
        if one.attrib["class"] == "line":
            for part in one.attrib["d"].split("M")[1:]:
                yield from along([float(number) for number in NUMBERS.findall(part)])


def along(line: list[float]) -> Iterator[tuple[float, float]]:
    """Give points of a line that goes down to `free`, and on as a Bezier curve."""
    x, y, free, x1, y1, x2, y2, x3, y3 = line
    yield from ((x, y + (free - y) * step / 8) for step in range(1, 8))
    for step in range(1, 40):
        t = step / 40
        parts = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        yield (
            sum(part * at for part, at in zip(parts, (x, x1, x2, x3), strict=True)),
            sum(part * at for part, at in zip(parts, (free, y1, y2, y3), strict=True)),
        )


def collisions(machine: Machine) -> list[str]:
    """Give everything in the picture of a machine that lies on something else."""
    return found_in(picture(safe_document(machine)))


def found_in(drawn: str) -> list[str]:
    """Give everything in a picture that lies on something else."""
    root = parsed(drawn)
    frames, texts = boxes(root), words(root)
    found = [
        f"{one.what} on {other.what}"
        for one, other in combinations([*frames, *texts], 2)
        if one.meets(other) and not one.holds(other)
    ]
    found += [
        f"{one.what} within {len(around)} boxes"
        for one in texts
        if len(around := [frame for frame in frames if frame.holds(one)]) > 1
    ]
    for x, y in points(root):
        found += [
            f"a line through {one.what}" for one in frames + texts if one.has(x, y)
        ]
    return found


@settings(deadline=None, max_examples=60)
@given(machines())
def test_nothing_lies_on_anything_else(machine: Machine) -> None:
    """Boxes, words and lines of any machine with up to 12 states."""
    assert [] == collisions(machine)


@settings(deadline=None, max_examples=60)
@given(machines(characters=st.sampled_from(LETTERS)))
def test_words_of_any_length_stay_apart(machine: Machine) -> None:
    """In all letters and signs of Latin, Greek and Cyrillic."""
    assert [] == collisions(machine)


def test_the_measure_finds_what_lies_on_something_else(broken: Machine) -> None:
    """Words that are wider than the code believes, and a line that goes astray."""
    drawn = str(picture(broken))
    assert [] == found_in(drawn)
    assert found_in(drawn.replace(">wait<", f">{'wait ' * 30}<"))
    assert found_in(re.sub(r'y="\d+"', 'y="40"', drawn, count=2))


@pytest.mark.slow
@given(machines(characters=st.characters()))
def test_the_same_machine_has_the_same_bytes(machine: Machine) -> None:
    """Also read again from its document; and it is XML, whatever the names hold."""
    machine = safe_document(machine)
    again = Machine.model_validate_json(machine.model_dump_json())
    assert picture_file(machine) == picture_file(again)
    assert parsed(picture_file(machine)).tag == f"{SVG}svg"


def test_states_are_numbered_named_and_linked(broken: Machine) -> None:
    """As a person reads them from the picture."""
    root = parsed(picture(broken))
    states = [
        [text.text for text in one.iter(f"{SVG}text")]
        for one in root.iter(f"{SVG}g")
        if one.attrib["class"].startswith("state")
    ]
    assert [
        ["0", "before", "2 inputs change nothing"],
        ["1", "pending", "1 input changes nothing", "\N{BALLOT X} EXPIRY-4: wait"],
        [
            "2",
            "pending, changed",
            "3",
            "wait",
            "stays here: modify",
            "1 input changes nothing",
        ],
        ["3", "over", "1", "send", "2 inputs change nothing", "~ MODIFY-9: modify"],
    ] == states


def test_arrows_lead_down_to_states_that_need_an_input_more(plain: Machine) -> None:
    """From the end of each line at the box below; the words stand beside it."""
    root = parsed(picture(plain))
    arrows = [one for one in root.iter(f"{SVG}g") if one.attrib["class"] == "arrow"]
    assert ["send", "modify", "wait"] == [one.findtext(f"{SVG}text") for one in arrows]
    tops = sorted({frame.top for frame in boxes(root)})
    ends = [float(NUMBERS.findall(one[0].attrib["d"])[-1]) for one in arrows]
    assert [tops[1], tops[2], tops[2]] == ends


def test_an_incomplete_machine_says_what_was_not_tried(interrupted: Machine) -> None:
    """In the state itself."""
    assert "1 input not tried" not in picture(interrupted)
    assert "2 inputs not tried" in picture(interrupted)
    assert "3 inputs not tried" in picture(interrupted)


def test_a_line_passes_below_a_tall_neighbour() -> None:
    """From short states on both sides of a tall one, to the state below that."""
    tall = "in the middle, with a name that needs all the lines there are for one"
    names = ("before", "left", tall, "right", "end")
    others = [SEND.model_copy(update={"name": name}) for name in "abc"]
    table = [
        [(then, "ok", ()) for then in row]
        for row in (
            (1, 2, 3, 0, 0, 0),
            (4, 1, 1, 1, 1, 1),
            (4, 2, 2, 0, 1, 3),
            (4, 3, 3, 3, 3, 3),
            (4, 4, 4, 4, 4, 4),
        )
    ]
    machine = machine_of(table, names=names, inputs=(SEND, MODIFY, WAIT, *others))
    heights = [one.bottom - one.top for one in boxes(parsed(picture(machine)))]
    assert heights[2] > 2 * heights[1]
    assert [] == collisions(machine)
