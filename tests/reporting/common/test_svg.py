"""Elements, in which every word is text."""

from xml.etree import ElementTree as ET

from invitelab.reporting.common.svg import element


def test_an_element_has_its_attributes_and_its_children() -> None:
    """Underscores are hyphens, and a trailing one only keeps Python calm."""
    found = element("g", element("line", x1=1.25, x2=3.0), class_="a", text_anchor="b")
    assert '<g class="a" text-anchor="b"><line x1="1.2" x2="3"/></g>' == found


def test_words_and_values_are_escaped() -> None:
    """None of them ends an element or an attribute."""
    bad = "</text><script>'\"&"
    found = ET.fromstring(element("text", bad, id=bad))  # noqa: S314 - our own
    assert (bad, bad) == (found.text, found.get("id"))
