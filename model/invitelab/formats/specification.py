"""The specification as data: its clauses, and its sentences joined to them.

`clauses.toml` has what the specification demands and what it leaves open;
`sentences.toml` has each of its sentences with a paraphrase, a digest of the original,
and either the clauses that hold it or the reason why none does.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from invitelab.formats.run import Level
from invitelab.resources import features_dir


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One demand. `text` is a paraphrase, `section` its place in the specification."""

    id: str
    level: Level
    text: str
    section: str
    broken: str = ""
    """What it means that the clause is broken, as a verdict says it; empty for a clause
    that was read from a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the specification; `excluded` says why no clause holds it."""

    number: int
    text: str
    """A paraphrase."""
    sha256: str
    """Of the original, as `conformance.features.specification` normalises it."""
    clauses: tuple[str, ...] = ()
    excluded: str = ""


_own: dict[str, Clause] = {}


def add_own_clauses(clauses: Iterable[Clause]) -> None:
    """Add clauses of a user's own to those of this process."""
    _own.update({clause.id: clause for clause in clauses})
    load.cache_clear()


def forget_own_clauses() -> None:
    """Have the clauses that ship alone again."""
    _own.clear()
    load.cache_clear()


def own_clauses() -> Mapping[str, Clause]:
    """The clauses of a user's own."""
    return _own


@cache
def load() -> Mapping[str, Clause]:
    """All clauses by id, in the order of the protocol document; a user's own last."""
    return {**shipped_clauses(), **_own}


@cache
def shipped_clauses() -> Mapping[str, Clause]:
    """The clauses of this installation by id, in the order of the protocol document."""
    path = features_dir() / "clauses.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["clause"]
    clauses = [
        Clause(
            id=table["id"],
            level=Level(table["level"]),
            text=table["text"],
            broken=table["broken"],
            section=table["section"],
        )
        for table in tables
    ]
    return {clause.id: clause for clause in clauses}


@cache
def load_sentences() -> tuple[Sentence, ...]:
    """Every sentence, in the order of the specification."""
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
