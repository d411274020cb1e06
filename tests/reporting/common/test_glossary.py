"""The glossary has every word of a verdict, and no other."""

import textwrap
from collections import Counter
from collections.abc import Iterator

import pytest

from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.cli.explain import WIDTH
from invitelab.errors import Blame, CallError, ExitCode
from invitelab.formats.run import LEFT_OUT, Level, RunVerdict, Verdict
from invitelab.reporting.common.glossary import Group, glossary, look_up


def kinds(error: type[CallError]) -> Iterator[str]:
    """Give the kind of an error and of all that are made of it."""
    yield error.kind
    for smaller in error.__subclasses__():
        yield from kinds(smaller)


WORDS: dict[Group, set[str]] = {
    Group.SCENARIO: {word.value for word in Verdict},
    Group.RUN: {word.value for word in RunVerdict},
    Group.KIND: {*kinds(CallError), "setup", "steps", "harness", LEFT_OUT},
    Group.BLAME: {word.value for word in Blame},
    Group.CLOCK: {word.value for word in ClockKind},
    Group.EXIT: {str(code.value) for code in ExitCode},
    Group.LEVEL: {word.value for word in Level},
}
"""The words of a verdict, from the code that says them."""


@pytest.mark.parametrize("group", WORDS)
def test_every_word_is_explained_and_no_other(group: Group) -> None:
    """Both ways, group by group."""
    explained = {entry.word for entry in glossary() if entry.group is group}
    assert WORDS[group] == explained


@pytest.mark.parametrize(
    "word",
    [
        *("mutants", "floor", "panel", "identity", "walks", "sin", "killed elsewhere"),
        *("excuse", "excused", "hollow", "complaints", "idle", "defect", "waiver"),
        *("killed-by-other", "null implementations", "conforming variants"),
        *("transport equivalence", "findings", "redundant", "vacuous"),
    ],
)
def test_words_of_a_proof_are_explained(word: str) -> None:
    """The field's terms, and the names that they had before."""
    assert [Group.PROOF] == [entry.group for entry in look_up(word)]


def test_a_synonym_leads_to_one_entry() -> None:
    """And is not the word of another."""
    words = {entry.word.lower() for entry in glossary()}
    synonyms = [name.lower() for entry in glossary() for name in entry.synonyms]
    assert len(set(synonyms)) == len(synonyms)
    assert not words & set(synonyms)


def test_a_word_of_a_group_is_explained_once() -> None:
    """Two texts could contradict each other."""
    counted = Counter((entry.group, entry.word) for entry in glossary())
    assert {1} == set(counted.values())


def test_an_explanation_says_what_it_means_and_what_to_do() -> None:
    """In two to five lines, each a whole sentence."""
    for entry in glossary():
        meaning = textwrap.wrap(entry.meaning, WIDTH)
        advice = textwrap.wrap(entry.advice, WIDTH - 10)
        assert meaning, entry
        assert advice, entry
        assert len(meaning) + len(advice) <= 5, entry
        assert entry.meaning.endswith("."), entry
        assert entry.advice.endswith("."), entry
        assert "  " not in entry.meaning + entry.advice, entry


def test_the_first_sentence_fits_into_a_list() -> None:
    """Behind the word, on a terminal of usual width."""
    for entry in glossary():
        first, *_ = entry.meaning.split(". ")
        assert len(first) <= WIDTH, entry


def test_a_word_is_found_however_it_is_written() -> None:
    """A word with two meanings has two entries."""
    assert [Group.EXIT] == [entry.group for entry in look_up("5")]
    assert ["hang"] == [entry.word for entry in look_up("Hang")]
    assert [Group.SCENARIO, Group.RUN] == [
        entry.group for entry in look_up("inconclusive")
    ]
    assert [Group.KIND, Group.BLAME] == [entry.group for entry in look_up("HARNESS")]
    assert [] == look_up("fial")


@pytest.mark.parametrize(
    ("printed", "word"),
    [
        ("✗ fail", "fail"),
        ("accepted /s", "accepted"),
        ("notify p99 (95 % interval)", "notify delay"),
        ("relay_utilisation", "relay"),
        ("not-run", "not-run"),
    ],
)
def test_a_word_is_found_as_it_is_printed(printed: str, word: str) -> None:
    """With a sign before it, a unit behind it, or as a name in a file."""
    assert [word] == [entry.word for entry in look_up(printed)]
