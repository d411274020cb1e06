"""Scenarios and steps are shown in the words of their files."""

import re
from pathlib import Path

import pytest

from invitelab.conformance.features.lint import outlines
from invitelab.conformance.features.words import phrases, vocabulary, words_of
from invitelab.errors import UsageError
from invitelab.resources import feature_files


def test_a_scenario_is_shown_from_its_tags_to_its_last_row() -> None:
    """Nothing of its neighbours is among it."""
    for path in feature_files():
        for outline in outlines(path):
            shown = words_of(outline)
            assert shown.lstrip().startswith(f"@{outline.tags[0]}\n")
            assert 1 == len(re.findall(r"(?m)^ *Scenario( Outline)?: ", shown))
            assert f": {outline.title}\n" in shown
            rows = re.search(r"(?s)Examples:.*", shown)
            lines = len(re.findall(r"(?m)^ *\|", rows[0])) if rows else 2
            assert outline.rows == lines - 1
            assert "Rule:" not in shown


def test_scenarios_together_are_the_file(tmp_path: Path) -> None:
    """Every line of one is shown once."""
    path = tmp_path / "a.feature"
    path.write_text(
        "Feature: A\n  Rule: B\n    @X-1\n    Scenario: C\n      Given a\n\n"
        "    # about D\n    Scenario: D\n      Given b\n  Rule: E\n    Scenario: F\n"
        "      Given c",
        encoding="utf-8",
    )
    shown = [words_of(outline) for outline in outlines(path)]
    assert "    @X-1\n    Scenario: C\n      Given a\n\n    # about D\n" == shown[0]
    assert ["    Scenario: D\n      Given b\n", "    Scenario: F\n      Given c\n"] == (
        shown[1:]
    )


def test_the_vocabulary_is_that_of_the_readme() -> None:
    """From parties to others."""
    shown = vocabulary()
    assert "{P} accepts|rejects the invitation" in shown
    assert "Results: others" in shown
    assert "## " not in shown


def test_phrases_are_listed_with_their_words() -> None:
    """And a language without any is refused."""
    assert "{p} die Einladung[ von {q}][ {place}] annimmt" in phrases("de")
    with pytest.raises(UsageError, match="no phrases of the language 'fr' ship"):
        phrases("fr")
