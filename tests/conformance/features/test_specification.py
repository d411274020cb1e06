"""Every sentence of the specification is held by clauses, or says why it is not."""

from pathlib import Path

import pytest

from invitelab.conformance.features.specification import digest, originals
from invitelab.formats.specification import load, load_sentences

PAGE = Path(__file__).parents[4] / "shared" / "source" / "session-invitation.md"
MARKDOWN = """\
---
title: "A page"
---

> Fetch the complete index at https://example.com

# A *title*

### A section

- Click the **icon**, or
2. Enter it. Then wait.

> [!TIP]
> 💡 **NOTE**
>
> It can be changed.
"""


def test_a_page_is_read_sentence_by_sentence() -> None:
    """Without marks, headings of sections, labels and addresses of an index."""
    expected = [
        "A title",
        "Click the icon, or",
        "Enter it.",
        "Then wait.",
        "It can be changed.",
    ]
    assert expected == list(originals(MARKDOWN))


def test_sentences_are_numbered_in_order() -> None:
    """From one, without a gap."""
    numbers = [sentence.number for sentence in load_sentences()]
    assert list(range(1, 27)) == numbers


def test_a_sentence_is_joined_or_excluded() -> None:
    """Never both, never neither, and to clauses that exist."""
    for sentence in load_sentences():
        assert bool(sentence.clauses) != bool(sentence.excluded), sentence
        assert set(sentence.clauses) <= set(load()), sentence


def test_every_clause_belongs_to_a_sentence() -> None:
    """A clause without one would be held against nobody's words."""
    joined = {clause for sentence in load_sentences() for clause in sentence.clauses}
    assert set(load()) == joined


@pytest.mark.skipif(not PAGE.exists(), reason="the page is not kept in the repository")
def test_the_sentences_are_the_pages() -> None:
    """A sentence that was changed, added or taken away has another digest."""
    found = [digest(sentence) for sentence in originals(PAGE.read_text("utf-8"))]
    assert found == [sentence.sha256 for sentence in load_sentences()]
