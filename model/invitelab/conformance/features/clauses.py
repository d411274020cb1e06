"""`clauses.toml`: what the page demands and what it leaves open, one entry each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from invitelab.errors import UsageError
from invitelab.formats.run import Level
from invitelab.resources import features_dir


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One demand; `text` is a paraphrase, `section` where the page has it."""

    id: str
    level: Level
    text: str
    section: str


@cache
def load() -> Mapping[str, Clause]:
    """Every clause by id, in the order of the page."""
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
    """Required as soon as one of the clauses is."""
    levels = {load()[id_].level for id_ in ids}
    return Level.REQUIRED if Level.REQUIRED in levels else Level.INTERPRETATION


def find(id_: str) -> Clause:
    """The clause of that id; UsageError with the nearest ids where there is none."""
    known = load()
    if id_ in known:
        return known[id_]
    area = id_.split("-", maxsplit=1)[0].upper()
    near = [name for name in known if name.startswith(area)] or list(known)[:5]
    msg = f"there is no clause {id_}"
    raise UsageError(msg, hint=f"some that exist: {', '.join(near)}")
