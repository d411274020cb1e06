"""`invitelab explain`: clauses, words, and suggestions for unknown ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.own import forget_everything
from invitelab.errors import ExitCode
from invitelab.proof.mutants import MUTANTS
from invitelab.reporting.common.glossary import glossary

Capture = pytest.CaptureFixture[str]

HANG = """\
hang   kind of trouble
No answer came within the limit of a call. The target was killed and started
again.
next      Look for a lock, an answer that is not flushed, or a wait in real time
          behind a virtual clock.
"""


def explained(capsys: Capture, *words: str) -> str:
    """The output of the command."""
    assert 0 == main(["explain", *words])
    out, err = capsys.readouterr()
    assert "" == err
    return out


# Clauses


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Write a folder with a clause of its own and a scenario; the folder is `own`."""
    monkeypatch.chdir(tmp_path)
    folder = Path("own")
    folder.mkdir()
    clause = '[[clause]]\nid = "DESK-1"\nlevel = "required"\ntext = "It holds."\n'
    (folder / "clauses.toml").write_text(clause, encoding="utf-8")
    feature = "Feature: Desk\n  @DESK-1\n  Scenario: Well\n    Given Ada uses version 7"
    (folder / "desk.feature").write_text(f"{feature} or later\n", encoding="utf-8")
    yield folder
    forget_everything()


@pytest.mark.usefixtures("own")
def test_a_clause_of_ones_own_is_explained_with_its_folder(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may also be named by a variable; who requires it is told."""
    expected = (
        "DESK-1   required\nIt holds.\n\nsection   a clause of your own\nscenarios\n"
        "  own/desk.feature:3   Well\n"
        "why       your clauses.toml requires it; breaking it is NON-CONFORMANT\n"
        "run       invitelab check TARGET --clause DESK-1 --features own\n"
    )
    assert expected == explained(capsys, "desk-1", "--features", "own")
    assert "DESK-1      required" in explained(capsys, "desk", "--features", "own")
    forget_everything()
    monkeypatch.setenv("INVITELAB_FEATURES", "own")
    assert expected == explained(capsys, "DESK-1")


@pytest.mark.usefixtures("own")
def test_without_its_folder_a_clause_of_ones_own_is_asked_for(capsys: Capture) -> None:
    """An area that the suite has gets suggestions, as before."""
    assert ExitCode.USAGE == main(["explain", "desk-1"])
    assert capsys.readouterr().err.endswith(
        "  hint: a clause of your own is explained with the folder that has it:"
        " invitelab explain DESK-1 --features PATH\n"
    )
    assert ExitCode.USAGE == main(["explain", "EXPIRY-99"])
    assert "the nearest: " in capsys.readouterr().err


def test_other_words_need_no_features(capsys: Capture) -> None:
    """A variable that names a folder which is gone is no reason to explain nothing."""
    assert HANG == explained(capsys, "hang", "--features", "gone")


@pytest.mark.parametrize("typed", ["EXPIRY-2", "expiry-2", " Expiry-2 "])
def test_a_required_clause_is_explained(capsys: Capture, typed: str) -> None:
    """Why it is required, which mutants break it, and how to run it."""
    out = explained(capsys, typed)
    assert (
        "why       the specification requires it; breaking it is NON-CONFORMANT\n"
        in out
    )
    assert "  an invitation never ends by itself   (never-expires)\n" in out
    assert out.endswith("run       invitelab check TARGET --clause EXPIRY-2\n")


def test_an_interpretation_is_explained(capsys: Capture) -> None:
    """It is not required."""
    out = explained(capsys, "EXPIRY-6")
    assert "why       the specification leaves it open; to differ is a deviation" in out


@pytest.mark.parametrize("id_", ["PLATFORM-1", "EXPIRY-6", "PRESENCE-2"])
def test_it_begins_with_the_output_of_clauses(capsys: Capture, id_: str) -> None:
    """Word for word."""
    assert 0 == main(["clauses", id_])
    told = capsys.readouterr().out
    assert "scenarios" in told
    assert explained(capsys, id_).startswith(told)


def test_all_mutants_of_a_clause_are_listed(capsys: Capture) -> None:
    """And none of another clause."""
    of_clause = {m.name for m in MUTANTS.values() if m.clause == "EXPIRY-1"}
    out = explained(capsys, "EXPIRY-1")
    assert of_clause == {name for name in MUTANTS if f"({name})" in out}
    assert of_clause


# Words


def test_a_word_is_explained(capsys: Capture) -> None:
    """Its group, its meaning, and what to do next."""
    assert HANG == explained(capsys, "hang")


def test_a_word_with_two_meanings_is_explained_twice(capsys: Capture) -> None:
    """Separated by an empty line."""
    scenario, run = explained(capsys, "Inconclusive").split("\n\n")
    assert scenario.startswith("inconclusive   verdict of a scenario\n")
    assert run.startswith("INCONCLUSIVE   verdict of a run\n")


def test_every_word_is_explained(capsys: Capture) -> None:
    """Under the spelling that is printed, with its group."""
    for entry in glossary():
        heading = f"{entry.word}   {entry.group.value}\n"
        assert heading in explained(capsys, entry.word)


def test_a_word_of_an_earlier_version_is_explained_by_its_successor(
    capsys: Capture,
) -> None:
    """The answer names both."""
    lines = explained(capsys, "Floor").splitlines()
    assert "null implementations   what the suite is worth" == lines[0]
    assert lines[1].startswith("also ")
    assert lines[1].endswith(" floor")


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("fial", "the nearest: fail, fault; "),
        ("non-conformat", "the nearest: NON-CONFORMANT, CONFORMANT; "),
        ("PRESENCE-3", "the nearest: PRESENCE-2, PRESENCE-1, REFUSE-3; "),
        ("???", ""),
        ("", ""),
    ],
)
def test_an_unknown_word_gets_suggestions(
    capsys: Capture, typed: str, near: str
) -> None:
    """In one sentence and a hint."""
    assert ExitCode.USAGE == main(["explain", typed])
    out, err = capsys.readouterr()
    sentence, hint = err.splitlines()
    assert f"invitelab: no clause or word is called {typed!r}" == sentence
    assert hint.startswith(f"  hint: {near}")
    assert hint.endswith("invitelab explain lists all")
    assert "" == out


# All


def test_without_a_word_all_are_listed(capsys: Capture) -> None:
    """Words by group, a line each; clauses by area."""
    lines = explained(capsys).splitlines()
    listed = [line[2:28].strip() for line in lines if line.startswith("  ")]
    areas = list(dict.fromkeys(id_.partition("-")[0] for id_ in load()))
    words = [entry.word for entry in glossary()]
    assert words == listed[: len(words)]
    assert areas == listed[len(words) : -1]
    assert "  EXPIRY                    EXPIRY-1 to EXPIRY-6" in lines
    first = "A Given did not hold, so the clause was never reached"
    assert f"  setup                     {first}" in lines


def test_an_area_lists_its_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    """A line each."""
    assert 0 == main(["explain", "notify"])
    lines = capsys.readouterr().out.splitlines()
    assert [f"NOTIFY-{number}" for number in range(1, 9)] == [
        line.split()[0] for line in lines
    ]
    assert lines[0].split()[1] == "required"
