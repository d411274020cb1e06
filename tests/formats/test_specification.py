"""Clauses and sentences as data: each says what it is, and what its breach means."""

import re
import shutil
from pathlib import Path

import pytest

from invitelab import resources
from invitelab.formats import specification
from invitelab.formats.specification import load, load_sentences, shipped_clauses

MOST_BROKEN = 100
"""Characters of what it means that a clause is broken: it is a part of a sentence."""


def test_what_a_breach_means_is_a_part_of_a_sentence() -> None:
    """It begins in lower case or with a name, and has no full stop and no id."""
    names = ("ID", "Connect")
    for clause in load().values():
        words = clause.broken
        assert words[:1].islower() or words.startswith(names), clause
        assert words == words.strip(" .;:,"), clause
        assert words.isprintable(), clause
        assert ";" not in words, clause
        assert len(words) <= MOST_BROKEN, clause
        assert re.search(r"[A-Z]+-\d", words) is None, clause


def test_a_breach_is_told_apart_from_every_other() -> None:
    """No two clauses are broken in the same words, and none in those it demands."""
    told = [clause.broken for clause in load().values()]
    assert len(told) == len(set(told))
    assert not {clause.text.rstrip(".").lower() for clause in load().values()} & {
        words.lower() for words in told
    }


def test_a_clause_that_does_not_say_what_its_breach_means_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verdict would have no words for it."""
    copy = tmp_path / "features"
    shutil.copytree(resources.features_dir(), copy)
    path = copy / "clauses.toml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"(?m)^broken = .*\n", "", text, count=1), "utf-8")
    monkeypatch.setattr(specification, "features_dir", lambda: copy)
    with pytest.raises(KeyError, match="broken"):
        shipped_clauses.__wrapped__()


def test_a_sentence_is_joined_or_excluded() -> None:
    """Never both and never neither, and it has words of our own."""
    for sentence in load_sentences():
        assert bool(sentence.clauses) != bool(sentence.excluded), sentence
        assert sentence.text.endswith("."), sentence
        assert not sentence.excluded.endswith("."), sentence
