"""The specification, sentence by sentence: `sentences.toml` and the page it follows.

Each sentence of the page has an entry with a paraphrase, a digest of the original, and
either the clauses that hold it or the reason why none does.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from invitelab.resources import features_dir

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_MARKS = re.compile(r"^(?:[>\-*#\s]|\d+\.\s|\[![A-Z]+\])+")
_EMPHASIS = re.compile(r"\*\*|[^\w\s.,:;()'\u2019/-]")
_END = re.compile(r"(?<=[.:])\s+(?=[A-Z])")
_SKIPPED = re.compile(r"NOTE|IMPORTANT|Documentation Index|Fetch the complete|Use this")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the specification; `excluded` says why no clause holds it."""

    number: int
    text: str
    """A paraphrase."""
    sha256: str
    """Of the original, as `normalised` writes it."""
    clauses: tuple[str, ...] = ()
    excluded: str = ""


@cache
def load_sentences() -> tuple[Sentence, ...]:
    """Every sentence, in the order of the page."""
    path = features_dir() / "sentences.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]
    return tuple(
        Sentence(
            number=table["number"],
            text=table["text"],
            sha256=table["sha256"],
            clauses=tuple(table.get("clauses", ())),
            excluded=table.get("excluded", ""),
        )
        for table in tables
    )


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
