"""Clauses are worded with the lifetime that they are judged by."""

import re

import pytest

from invitelab.formats.lifetime_words import with_lifetime
from invitelab.formats.specification import shipped_clauses


@pytest.mark.parametrize(
    ("text", "lifetime_ms", "expected"),
    [
        ("119 seconds after it", 300_000, "299 seconds after it"),
        ("121 seconds after it", 90_000, "91 seconds after it"),
        ("when the two minutes are over", 300_000, "when the 5 minutes are over"),
        ("ends two minutes after", 60_000, "ends 60 seconds after"),
        ("the 120000th millisecond", 300_000, "the 300000th millisecond"),
        ("exactly 120000 milliseconds", 90_000, "exactly 90000 milliseconds"),
        ("the two surfaces", 300_000, "the two surfaces"),
        ("119 seconds of two minutes", 120_000, "119 seconds of two minutes"),
    ],
)
def test_times_follow_the_lifetime(text: str, lifetime_ms: int, expected: str) -> None:
    """And nothing else changes."""
    assert expected == with_lifetime(text, lifetime_ms)


def test_no_clause_speaks_of_two_minutes_with_another_lifetime() -> None:
    """Neither in what it demands nor in what it means that it is broken."""
    texts = [
        text for one in shipped_clauses().values() for text in (one.text, one.broken)
    ]
    changed = [with_lifetime(text, 300_000) for text in texts]
    assert 10 == sum(one != other for one, other in zip(texts, changed, strict=True))
    left = re.compile(r"two minutes|\b1(19|20|21)(000)?\b|\d{6}(?<!300000)")
    assert [] == [text for text in changed if left.search(text)]
