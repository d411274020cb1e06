"""Sentences of the specification's page, to hold `sentences.toml` against them."""

import hashlib
import re
from collections.abc import Iterator

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_MARKS = re.compile(r"^(?:[>\-*#\s]|\d+\.\s|\[![A-Z]+\])+")
_EMPHASIS = re.compile(r"\*\*|[^\w\s.,:;()'\u2019/-]")
_END = re.compile(r"(?<=[.:])\s+(?=[A-Z])")
_SKIPPED = re.compile(r"NOTE|IMPORTANT|Documentation Index|Fetch the complete|Use this")


def digest(sentence: str) -> str:
    """The digest of a normalised sentence."""
    return hashlib.sha256(sentence.encode()).hexdigest()


def originals(page: str) -> Iterator[str]:
    """The sentences of the page's Markdown, normalised: no marks, single spaces."""
    for line in _FRONT_MATTER.sub("", page).splitlines():
        if line.startswith("##"):
            continue  # the heading of a section says nothing
        text = _MARKS.sub("", line)
        if not text or _SKIPPED.match(_EMPHASIS.sub("", text).strip()):
            continue
        for sentence in _END.split(" ".join(_EMPHASIS.sub("", text).split())):
            yield sentence.strip()
