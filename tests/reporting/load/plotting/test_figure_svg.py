"""Pictures as SVG: complete documents with colour roles, reproducible."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from invitelab.reporting.common.colours import Role
from invitelab.reporting.load.plotting.canvas import HEADING_PT, Canvas, house_style
from invitelab.reporting.load.plotting.figure_svg import inline
from invitelab.reporting.load.plotting.ticks import linear

HOSTILE = '<script>alert("1")</script> #ffffff style="fill: #1f2933" 99.99912345'


def drawn(words: str = "words", name: str = "chart") -> str:
    """Draw a line, some words on it and a heading."""
    with house_style():
        canvas = Canvas(height_in=3)
        canvas.heading(words, "below it")
        axes = canvas.add_axes(bottom_in=0.5, top_in=1)
        axes.x_axis(linear(10))
        axes.y_axis(linear(1))
        axes.line([0, 10], [0.123456, 1], Role.ACCEPTED)
        axes.text((5, 0.5), words, halo=True)
        return canvas.finish(name=name, title=words, description=words).svg


def parsed(svg: str) -> ET.Element:
    """Read a picture."""
    return ET.fromstring(svg)  # noqa: S314 - our own document


def texts(svg: str) -> list[str]:
    """Give all words of a picture but its title and description."""
    return [
        element.text or ""
        for element in parsed(svg).iter()
        if element.tag[-5:] == "}text"
    ]


def test_a_picture_says_what_it_is() -> None:
    """With a role, a title and a description, the ids of which are its own."""
    root = parsed(drawn(name="relay"))
    title, description = root[0], root[1]
    assert "img" == root.get("role")
    assert f"{title.get('id')} {description.get('id')}" == root.get("aria-labelledby")
    assert ["relay-title", "relay-description"] == [
        title.get("id"),
        description.get("id"),
    ]


def test_every_colour_is_a_role() -> None:
    """So that dark mode is plain CSS."""
    svg = drawn()
    assert "var(--accepted, #0072b2)" in svg
    assert [] == re.findall(r"(?<!, )#[0-9a-f]{6}\b", svg.replace("xlink:href", ""))


def test_no_id_is_generated_by_a_count_or_by_chance() -> None:
    """What is left names what is used, and differs between charts."""
    ids = {name: set(re.findall(r'\bid="([^"]+)"', drawn(name=name))) for name in "ab"}
    assert set[str]() == ids["a"] & ids["b"] - {"heading"}
    assert drawn() == drawn()
    assert not {i for i in ids["a"] if re.fullmatch(r"\w+_\d+", i)}


def test_words_stay_what_they_are() -> None:
    """Numbers, colours and markup in them are text, to the last digit."""
    svg = drawn(HOSTILE)
    assert 2 == texts(svg).count(HOSTILE)
    assert "<script" not in svg
    assert [] == [e.tag for e in parsed(svg).iter() if e.tag.endswith("script")]


def test_numbers_have_two_decimals() -> None:
    """In shapes, not in text."""
    shapes = re.findall(r'\bd="([^"]+)"', drawn())
    assert shapes
    assert [] == re.findall(r"\d\.\d{3}", " ".join(shapes))


def test_a_page_has_the_picture_without_its_heading() -> None:
    """It is cropped."""
    whole = drawn("Some title")
    part = inline(whole, crop_pt=HEADING_PT)
    assert {"Some title", "below it"} <= set(texts(whole))
    assert 2 == texts(whole).count("Some title")
    assert 1 == texts(part).count("Some title")
    assert f'viewBox="0 {HEADING_PT} 604.8 {216 - HEADING_PT}"' in part
    assert 'width="604.8"' not in part


def test_what_is_no_picture_is_refused() -> None:
    """Instead of being put into a page."""
    with pytest.raises(ValueError, match="view box"):
        inline("<b>", crop_pt=1)


def test_a_caller_may_set_matplotlib_as_it_likes(
    make_style: Callable[[], None],
) -> None:
    """Pictures stay the same, and the setting is restored."""
    before = drawn()
    make_style()
    assert before == drawn()


@pytest.fixture
def make_style(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give a function that changes matplotlib's settings."""
    import matplotlib as mpl  # noqa: PLC0415 - slow, and this test alone needs it

    return lambda: monkeypatch.setitem(mpl.rcParams, "xtick.alignment", "left")
