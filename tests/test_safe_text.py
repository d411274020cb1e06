"""Foreign text is made safe: nothing moves a cursor, turns text or ends a line."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.safe_text import escaped, escaped_lines, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, ünïcödé, 👍", "plain, ünïcödé, 👍"),
        ("no\xa0break\u3000", r"no\xa0break\u3000"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("a\u202eb\u2066c", r"a\u202eb\u2066c"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("half \ud800 pair", r"half \ud800 pair"),
        ("line\nbreak\u2028\u2029\r\x85", r"line\nbreak\u2028\u2029\r\x85"),
        ("bell\a null\0 tab\t", r"bell\x07 null\x00 tab\t"),
        ("tag\U000e0041", r"tag\U000e0041"),
    ],
)
def test_what_could_do_harm_is_made_escaped(text: str, expected: str) -> None:
    """On one line, in characters that only stand there."""
    assert expected == escaped(text)
    assert escaped(text).isprintable()


def test_a_long_text_is_shortened() -> None:
    """With dots."""
    assert "x" * 300 == escaped("x" * 300, 300)
    assert "x" * 300 + "..." == escaped("x" * 301, 300)
    assert "xx..." == escaped("x" * 9, 2)


def test_escapes_count_with_all_their_characters() -> None:
    """A view has room for so many, whatever they stand for."""
    assert "\\x1f\\x..." == escaped("\x1f\x1f", 6)
    assert "\\x1f\\x1f" == escaped("\x1f\x1f", 8)


def test_lines_stay_lines() -> None:
    """Where there may be many."""
    assert "a\nb\\x1b" == escaped_lines("a\nb\x1b\n")


@pytest.mark.parametrize("char", ["\uffff", "\ufffe", "\ufdd0", "\U0010ffff"])
def test_escaped_text_fits_into_xml(char: str) -> None:
    """It is escaped, and can be read back."""
    assert char not in escaped(f"acme{char}")
    element = ET.Element("a", name=escaped(char))
    assert escaped(char) == ET.fromstring(ET.tostring(element)).get("name")  # noqa: S314


@given(st.text())
def test_columns_stay_the_same(text: str) -> None:
    """One character stands for one, so that a caret points to the right one."""
    shown = printable(text)
    assert len(text) == len(shown)
    assert shown.isprintable()


@given(st.text())
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    """Escaping twice is escaping once."""
    once = escaped(text)
    assert once.isprintable()
    assert once == escaped(once)
