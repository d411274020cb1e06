"""Traces: instants in order, or one sentence with the line that is wrong."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from invitelab.errors import UsageError
from invitelab.world.scenario.trace import MOST_BYTES, read_trace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a trace that is not there yet."""
    return tmp_path / "calls.csv"


@pytest.mark.parametrize(
    ("text", "instants_us"),
    [
        ("at_ms\n3\n1\n2\n", [1_000, 2_000, 3_000]),
        ("at_s\n1.5\n0.25", [250_000, 1_500_000]),
        ("who,at_ms\r\nada,7\r\nbob,0\r\n", [0, 7_000]),
        ("\ufeffat_ms\n1\n\n1\n", [1_000, 1_000]),
        ('at_ms,note\n"2","a\nb"\n1,c\n', [1_000, 2_000]),
        ("at_s\n0.0000014\n0.0000016\n", [1, 2]),
        (" at_ms , x\n 1 , y\n", [1_000]),
    ],
)
def test_a_trace_is_read_in_order(
    path: Path, text: str, instants_us: list[int]
) -> None:
    """Any column order, line end and row order; a fraction of a microsecond rounds."""
    path.write_bytes(text.encode())
    assert instants_us == read_trace(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: no column is at_ms or at_s"),
        ("when\n1\n", ":1: no column is at_ms or at_s"),
        ("at_ms,at_s\n1,1\n", ":1: more than one column is at_ms or at_s"),
        ("at_ms\n", " has no rows"),
        ("at_ms\n1\n-2\n", ':3: "-2" is not a time, zero or later'),
        ("at_ms\n1\nnan\n", ':3: "nan" is not a time, zero or later'),
        ("at_ms\n1\n\x1b[2J\n", ':3: "\\u001b[2J" is not a time, zero or later'),
        ("at_ms\n1e3\n", ':2: "1e3" is not a time, zero or later'),
        ("x,at_ms\n1\n", ":2: the row is shorter than the header"),
        ("at_s\n99999999\n", ':2: "99999999" is after a year'),
        ('at_ms\n"1\n', ":2: not CSV: unexpected end of data"),
        ("at_ms\n" + "1" * 200_000, ":2: not CSV: field larger than field limit"),
    ],
)
def test_a_wrong_trace_is_refused_with_its_line(
    path: Path, text: str, told: str
) -> None:
    """One sentence, and a hint how a trace begins."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_trace(path)
    assert f"{path}{told}" == str(caught.value)[: len(f"{path}{told}")]
    assert caught.value.hint


def test_a_trace_that_cannot_be_read_is_refused(path: Path) -> None:
    """Missing, not UTF-8, or larger than any trace."""
    with pytest.raises(UsageError, match="does not exist"):
        read_trace(path)
    path.write_bytes(b"at_ms\n1\xff\n")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        read_trace(path)
    os.truncate(path, MOST_BYTES + 1)
    with pytest.raises(UsageError, match="at most 200 MB are read"):
        read_trace(path)


def test_a_trace_has_a_most_of_rows(
    path: Path,
) -> None:
    """The first row too many is named."""
    path.write_text("at_ms\n1\n2\n3\n", encoding="utf-8")
    assert 3 == len(read_trace(path, most_rows=3))
    with pytest.raises(UsageError, match=":4: more than 2 rows"):
        read_trace(path, most_rows=2)


@settings(max_examples=100)
@given(st.binary(max_size=60).map(lambda tail: b"at_ms\n" + tail))
@example(b"at_ms\n\0")
@example(b'at_ms\n"1"x\n')
def test_any_bytes_are_instants_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Nothing else comes out of a file, and never an instant before zero."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        instants_us = read_trace(path)
    except UsageError:
        instants_us = [0]
    assert instants_us == sorted(instants_us)
    assert instants_us[0] >= 0


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (':3: "300" is not within the scenario\'s duration of 5min', "at_s\n1\n300\n"),
        (':2: "4000.5" is not within', "at_s\n4000.5\n1\n"),
    ],
)
def test_a_row_after_the_duration_is_refused_with_its_line(
    path: Path, told: str, text: str
) -> None:
    """The hint tells how such rows are left out."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_trace(path, until_us=300_000_000)
    assert f"{path}{told}" in str(caught.value)
    assert "--set duration" in (caught.value.hint or "")


def test_the_last_microsecond_of_the_duration_is_within_it(path: Path) -> None:
    """So is everything before it."""
    path.write_text("at_s\n299.999999\n", encoding="utf-8")
    assert [299_999_999] == read_trace(path, until_us=300_000_000)


def test_a_row_just_before_the_end_is_within_the_duration(path: Path) -> None:
    """It stays before the end, by whatever fraction of a microsecond it is."""
    nines = "299." + "9" * 30
    path.write_text(f"at_s\n299.9999999\n{nines}\n")
    assert [299_999_999, 299_999_999] == read_trace(path, until_us=300_000_000)
    path.write_text("at_s\n300.0\n")
    with pytest.raises(UsageError, match="not within the scenario's duration"):
        read_trace(path, until_us=300_000_000)
