"""`clauses.toml`: what the specification demands and what it leaves open."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from invitelab.errors import UsageError
from invitelab.formats.run import Level
from invitelab.resources import features_dir


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One demand. `text` is a paraphrase, `section` its place in the specification."""

    id: str
    level: Level
    text: str
    section: str


@cache
def load() -> Mapping[str, Clause]:
    """All clauses by id, in the order of the specification."""
    path = features_dir() / "clauses.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["clause"]
    clauses = [
        Clause(
            id=table["id"],
            level=Level(table["level"]),
            text=table["text"],
            section=table["section"],
        )
        for table in tables
    ]
    return {clause.id: clause for clause in clauses}


def level_of(ids: tuple[str, ...]) -> Level:
    """The level of a scenario with these clauses: required if one of them is.

    Raises KeyError for an id that is no clause.
    """
    levels = {load()[id_].level for id_ in ids}
    return Level.REQUIRED if Level.REQUIRED in levels else Level.INTERPRETATION


def find(id_: str) -> Clause:
    """The clause with that id. Raises UsageError, which names similar ids."""
    known = load()
    if id_ in known:
        return known[id_]
    area = id_.split("-", maxsplit=1)[0].upper()
    near = [name for name in known if name.startswith(area)] or list(known)[:5]
    msg = f"there is no clause {id_}"
    raise UsageError(msg, hint=f"some that exist: {', '.join(near)}")
