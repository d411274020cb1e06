"""Every word of a verdict is explained, and nothing that no verdict says."""

import textwrap
from collections import Counter
from collections.abc import Iterator

import pytest

from invitelab.adapters.clocks.base import ClockKind
from invitelab.cli.explain import WIDTH
from invitelab.conformance.glossary import GLOSSARY, Group, look_up
from invitelab.errors import Blame, CallError, ExitCode
from invitelab.formats.run import Footer, RunVerdict, Verdict


def kinds(error: type[CallError]) -> Iterator[str]:
    """Give the kind of an error and of all that are made of it."""
    yield error.kind
    for smaller in error.__subclasses__():
        yield from kinds(smaller)


WORDS: dict[Group, set[str]] = {
    Group.SCENARIO: {word.value for word in Verdict},
    Group.RUN: {word.value for word in RunVerdict},
    Group.KIND: {*kinds(CallError), "setup", "harness"},
    Group.BLAME: {word.value for word in Blame},
    Group.CLOCK: {word.value for word in ClockKind},
    Group.EXIT: {str(code.value) for code in ExitCode},
    Group.PROOF: {"mutants", "floor", "panel", "identity"}
    | {name for name in Footer.model_fields if name == "walks"},
}
"""What can be said, from where it is said."""


@pytest.mark.parametrize("group", Group)
def test_every_word_is_explained_and_no_other(group: Group) -> None:
    """Both ways, group by group."""
    explained = {entry.word for entry in GLOSSARY if entry.group is group}
    assert WORDS[group] == explained


def test_a_word_of_a_group_is_explained_once() -> None:
    """A second text would contradict the first sooner or later."""
    counted = Counter((entry.group, entry.word) for entry in GLOSSARY)
    assert {1} == set(counted.values())


def test_an_explanation_says_what_it_means_and_what_to_do() -> None:
    """In two to five lines, each a whole sentence."""
    for entry in GLOSSARY:
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
    for entry in GLOSSARY:
        first, *_ = entry.meaning.split(". ")
        assert len(first) <= WIDTH, entry


def test_a_word_is_found_however_it_is_written() -> None:
    """Some mean two things, and both are told."""
    assert [Group.EXIT] == [entry.group for entry in look_up("5")]
    assert ["hang"] == [entry.word for entry in look_up("Hang")]
    assert [Group.SCENARIO, Group.RUN] == [
        entry.group for entry in look_up("inconclusive")
    ]
    assert [Group.KIND, Group.BLAME] == [entry.group for entry in look_up("HARNESS")]
    assert [] == look_up("fial")
