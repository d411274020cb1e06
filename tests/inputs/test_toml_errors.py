"""Mistakes in a user's TOML file are shown in their lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.errors import ExitCode, UsageError
from invitelab.inputs.toml_errors import (
    MOST_BYTES,
    MOST_MISTAKES,
    Mistake,
    parsed,
    parsed_in_part,
    read_text,
    refusal,
    told,
)

SOURCE = Path("x.toml")
LONG = "x" * 300


# Reading


def test_a_text_is_read_without_mark_and_carriage_returns(tmp_path: Path) -> None:
    """Whatever wrote it."""
    path = tmp_path / "x.toml"
    path.write_bytes("\ufeffa = 1\r\nb = 'ü'\r\n".encode())
    assert "a = 1\nb = 'ü'\n" == read_text(path, hint="")


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """Nothing, a folder, too much, and what is not UTF-8."""
    (tmp_path / "large").write_bytes(b"#" * (MOST_BYTES + 1))
    (tmp_path / "bytes").write_bytes(b"a\xff")
    said: list[str] = []
    for name in ("nothing", "", "large", "bytes"):
        with pytest.raises(UsageError) as caught:
            read_text(tmp_path / name, hint="try this")
        assert "try this" == caught.value.hint
        said.append(str(caught.value).removeprefix(f"{tmp_path}").lstrip("/"))
    assert [
        "nothing does not exist",
        " is a folder, not a file",
        "large has 1.0 MB, and at most 1 MB are read",
        "bytes is not UTF-8 text (byte 1)",
    ] == said


# Parsing


def test_a_document_is_given() -> None:
    """As the standard library reads it."""
    assert {"a": [1, {"b": True}]} == parsed("a = [1, { b = true }]\n")


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a = ", Mistake(sentence="not TOML: invalid value", line=1, column=5)),
        (
            "a = 1\na = 2\n",
            Mistake(sentence="not TOML: cannot overwrite a value", line=2, column=6),
        ),
        ("\n\n[a", Mistake(sentence="not TOML: ", line=3, column=3)),
        (f"a = {'[' * 9999}", Mistake(sentence="is nested too deeply")),
        (
            f"a = {'9' * 9999}",
            Mistake(sentence="has a number with too many digits"),
        ),
    ],
)
def test_what_is_no_toml_is_a_mistake(text: str, mistake: Mistake) -> None:
    """With its place, where the parser knows it."""
    found = parsed(text)
    assert isinstance(found, Mistake)
    assert (mistake.line, mistake.column) == (found.line, found.column)
    assert found.sentence.startswith(mistake.sentence)


@given(st.text())
def test_any_text_is_a_document_or_a_mistake(text: str) -> None:
    """A mistake is shown in printable lines."""
    found = parsed(text)
    if isinstance(found, Mistake):
        assert told(SOURCE, text, [found]).replace("\n", "").isprintable()


# Telling


def test_a_mistake_is_told_in_its_line() -> None:
    """File, line and column, the sentence, the source and a caret."""
    assert "x.toml:2:5: is wrong\n    b = 2\n        ^" == told(
        SOURCE, "a = 1\nb = 2", [Mistake(sentence="is wrong", line=2, column=5)]
    )


def test_a_refusal_is_a_mistake_of_the_users() -> None:
    """With a hint."""
    mistake = Mistake(sentence="is wrong")
    error = refusal(SOURCE, "", [mistake], hint="try this")
    assert (ExitCode.USAGE, "try this", told(SOURCE, "", [mistake])) == (
        error.code,
        error.hint,
        str(error),
    )


def test_a_mistake_without_a_place_is_told_in_one_line() -> None:
    """Of the file."""
    assert "x.toml: is wrong" == told(SOURCE, "", [Mistake(sentence="is wrong")])


def test_mistakes_are_told_from_top_to_bottom() -> None:
    """Whatever found them first."""
    later = Mistake(sentence="later", line=2, column=1)
    right = Mistake(sentence="right", line=1, column=3)
    left = Mistake(sentence="left", line=1, column=1)
    lines = told(SOURCE, "a = 1\nb = 2", [later, right, left]).splitlines()[::3]
    assert ["left", "right", "later"] == [line.rpartition(" ")[2] for line in lines]


def test_mistakes_have_an_end() -> None:
    """The message counts the others."""
    many = [Mistake(sentence=str(n)) for n in range(MOST_MISTAKES + 2)]
    lines = told(SOURCE, "", many).splitlines()
    assert (MOST_MISTAKES + 1, "and 2 more mistakes") == (len(lines), lines[-1])


@pytest.mark.parametrize("column", [1, 50, 51, 200, 300, 301])
def test_a_long_line_is_shown_around_the_caret(column: int) -> None:
    """A hundred columns of it, the caret below what it points at."""
    text = f"{LONG[: column - 1]}!{LONG[column:]}"
    mistake = Mistake(sentence="is wrong", line=1, column=column)
    _, line, caret = told(SOURCE, text, [mistake]).splitlines()
    assert 100 >= len(line) - 4
    assert line.index("!") == caret.index("^")


# In part


def test_a_document_is_read_without_the_lines_that_are_wrong() -> None:
    """Each is a mistake; what is left keeps its places."""
    found = parsed_in_part("a = 1\nb = 2s\nc = [\n  3,\n  4s,\n]\nd = 5\n")
    assert {"a": 1, "c": [3], "d": 5} == found.document
    assert [2, 5] == [one.line for one in found.mistakes]
    assert found.text == "a = 1\n\nc = [\n  3,\n\n]\nd = 5\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[a\nb = 1s\n", [1]),
        ("a = [1,\nb = 2\n", [2]),
        ("a = '''\nb = 2\n", [3]),
        ("a = 1s\n[[b\nc = 2s", [1, 2]),
    ],
)
def test_what_could_be_misread_is_left_alone(text: str, lines: list[int]) -> None:
    """Behind a lost heading, bracket or quote nothing has its place."""
    found = parsed_in_part(text)
    assert found.document is None
    assert lines == [one.line for one in found.mistakes]


@given(st.lists(st.sampled_from(["a = 1s", "b = 2", "[c", "d = [", "]", '"', "[e]"])))
def test_mistakes_go_down_and_come_to_an_end(lines: list[str]) -> None:
    """However they are arranged; a sound document has none."""
    found = parsed_in_part("\n".join(lines))
    places = [one.line for one in found.mistakes]
    assert places == sorted(set(places))
    assert (found.document is None) <= bool(found.mistakes)
