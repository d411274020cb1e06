"""A table of events: every mistake is one sentence with its line."""

import tracemalloc
from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.formats.observed import Outcome
from invitelab.study.events_table import (
    INSTANTS,
    NEVER,
    OUTCOMES,
    REQUIRED,
    UNKNOWN,
    Events,
    parse_instant,
    read_events,
)

HEADER = ",".join(REQUIRED)


def written(folder: Path, *lines: str, header: str = HEADER) -> Path:
    """A table with those lines."""
    path = folder / "events.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def row(events: Events, place: int) -> dict[str, int | None]:
    """The instants of a row."""
    found = {name: events.instants[name][place] for name in INSTANTS}
    return {name: None if at == NEVER else at for name, at in found.items()}


def test_a_row_is_read_as_microseconds(tmp_path: Path) -> None:
    """An empty cell is never, and a fraction is rounded to the microsecond."""
    events = read_events(written(tmp_path, "a,1,2.0005,,,", "", "b,3, 4 ,5,6,7.25"))
    assert [2, 4] == list(events.lines)
    sent = {"sent": 1_000, "shown": 2_000, "decided": None}
    assert {**sent, "session": None, "ended": None} == row(events, 0)
    assert 7_250 == row(events, 1)["ended"]
    assert [UNKNOWN, UNKNOWN] == list(events.answer)


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        (Outcome.PENDING, "a,1,,,,,"),
        (Outcome.PENDING, "a,1,2,,,,"),
        (Outcome.EXPIRED, "a,1,2,,,9,"),
        (Outcome.ACCEPTED, "a,1,2,3,4,,"),
        (Outcome.ACCEPTED, "a,1,2,,4,,"),
        (Outcome.ACCEPTED, "a,1,2,3,,,accepted"),
        (Outcome.REJECTED, "a,1,2,3,,,rejected"),
        (Outcome.CANCELLED, "a,1,,,,3,cancelled"),
        (Outcome.REFUSED, "a,1,,,,,refused"),
    ],
)
def test_the_outcome_is_told_or_follows(
    tmp_path: Path, expected: Outcome, line: str
) -> None:
    """From a session, an end without a decision, or nothing."""
    path = written(tmp_path, line, header=f"{HEADER},outcome")
    assert expected == OUTCOMES[read_events(path).outcome[0]]


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("it was never sent", "a,,,,,"),
        ("the invitation has no name", " ,1,,,,"),
        ('sent is "x", which is no number of ms', "a,x,,,,"),
        ('shown is "-1", which is no number of ms', "a,1,-1,,,"),
        ('shown is "1e3", which is no number of ms', "a,1,1e3,,,"),
        ('shown is "nan", which is no number of ms', "a,1,nan,,,"),
        ('shown is "\\u0661", which is no number of ms', "a,1,\u0661,,,"),
        ("shown is before sent", "a,5,4,,,"),
        ("ended is before sent", "a,5,6,,,4"),
        ("decided is before shown", "a,1,5,4,6,7"),
        ("session is before shown", "a,1,5,6,4,7"),
        ("ended is before decided", "a,1,2,5,6,4"),
        ("it is accepted, and was never shown", "a,1,,5,6,5"),
        (
            "it was decided and has no session, so that its outcome is not known",
            "a,1,2,5,,5",
        ),
        ("5 cells below 6 columns", "a,1,2,3,4"),
        ("7 cells below 6 columns", "a,1,2,3,4,5,6"),
    ],
)
def test_a_mistake_in_a_row_is_one_sentence(
    tmp_path: Path, sentence: str, line: str
) -> None:
    """With the file and the line."""
    path = written(tmp_path, "ok,1,2,3,4,5", line, "ok2,1,2,3,4,5")
    with pytest.raises(UsageError) as caught:
        read_events(path)
    assert f"{path}:3: {sentence}" == str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("it is accepted, and no time says when", "a,1,2,,,,accepted,"),
        ("it is cancelled, and no time says when", "a,1,2,,,,cancelled,"),
        ("it is expired, and has a time decided", "a,1,2,3,,4,expired,"),
        ("it is rejected, and has a time session", "a,1,2,3,4,4,rejected,"),
        ("it is pending, and has a time ended", "a,1,2,,,4,pending,"),
        ("it is refused, and has a time shown", "a,1,2,,,,refused,"),
        ('outcome is "done"', "a,1,2,,,4,done,"),
        ('inviter_version is "7"', "a,1,2,,,4,,7"),
    ],
)
def test_an_outcome_that_the_instants_contradict_is_refused(
    tmp_path: Path, sentence: str, line: str
) -> None:
    """An invitation has one end, and a time for it."""
    path = written(tmp_path, line, header=f"{HEADER},outcome,inviter_version")
    with pytest.raises(UsageError) as caught:
        read_events(path)
    assert f"{path}:2: {sentence}" == str(caught.value)


@pytest.mark.parametrize(
    ("sentence", "hint", "header"),
    [
        ("the column ended is missing", "the first line", HEADER.replace(",ended", "")),
        ("the column invitation is missing", "the first line", ""),
        ('there is no column "end"', 'did you mean "', f"{HEADER},end"),
        ("the column sent is named twice", "the first line", f"{HEADER},sent_us"),
        ('there is no column "sent_min"', "did you mean", f"{HEADER},sent_min"),
    ],
)
def test_wrong_columns_are_told_first(
    tmp_path: Path, sentence: str, hint: str, header: str
) -> None:
    """In line 1."""
    path = written(tmp_path, "a,1,2,3,4,5", header=header)
    with pytest.raises(UsageError) as caught:
        read_events(path)
    assert f"{path}:1: {sentence}" == str(caught.value)
    assert caught.value.hint.startswith(hint)


def test_an_invitation_has_one_row(tmp_path: Path) -> None:
    """A second one would be a second end; both lines are told."""
    path = written(tmp_path, "b,1,,,,", "a,1,,,,", "c,1,,,,", "a,2,3,,,4", "b,1,,,,")
    with pytest.raises(UsageError) as caught:
        read_events(path)
    expected = f"{path}:5: the invitation has a row already, in line 3"
    assert expected == str(caught.value)


@pytest.mark.parametrize(
    ("sentence", "content"),
    [
        ("has no rows", f"{HEADER}\n\n\n".encode()),
        (":1: the column invitation is missing", b""),
        ("is not UTF-8 text (byte 1)", b"i\xff\n"),
        (":2: not CSV", f'{HEADER}\n"a,1,2\n'.encode()),
        (":1: there is no column", b"PK\x03\x04\x00\x00"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, sentence: str, content: bytes
) -> None:
    """In one sentence."""
    path = tmp_path / "events.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_events(path)
    assert str(caught.value).startswith(str(path))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    """The line is that of the first one too many."""
    path = written(tmp_path, *(f"i{n},1,,,," for n in range(4)))
    assert 4 == len(read_events(path, most_rows=4))
    with pytest.raises(UsageError, match=r":5: more than 3 rows"):
        read_events(path, most_rows=3)


def test_a_large_table_is_read_row_by_row(tmp_path: Path) -> None:
    """What is kept of a row is less than the row."""
    path = tmp_path / "events.csv"
    name = "x" * 300
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEADER}\n")
        file.writelines(f"{name}{n},{n},{n + 1},,,{n + 2}\n" for n in range(5_000))
    tracemalloc.start()
    try:
        events = read_events(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 5_000 == len(events)
    assert peak < path.stat().st_size / 2


@pytest.mark.parametrize(
    ("expected", "text", "time"),
    [
        (1_500, "1.5", "ms"),
        (1, "1", "us"),
        (10**15, "1000000000", "s"),
        (1_250_000, "1970-01-01T00:00:01.25Z", "iso"),
        (-3_600 * 10**6, "1970-01-01T00:00:00+01:00", "iso"),
    ],
)
def test_an_instant_is_exact(expected: int, text: str, time: str) -> None:
    """To the microsecond, in each unit."""
    assert expected == parse_instant(text, time)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("which has no time zone", "2026-11-30T13:14:05"),
        ("and not like 2026-11-30T13:14:05.250Z", "yesterday"),
        ("and not like", "1764500000000"),
    ],
)
def test_a_date_needs_its_zone(sentence: str, text: str) -> None:
    """Otherwise it is no instant."""
    with pytest.raises(ValueError, match=sentence):
        parse_instant(text, "iso")
