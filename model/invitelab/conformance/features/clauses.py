"""Clauses of a scenario, and that of an id; all are in `formats.specification`."""

from collections.abc import Iterable

from invitelab.errors import UsageError
from invitelab.formats.run import Level
from invitelab.formats.specification import Clause, load

__all__ = ["Clause", "cited", "find", "level_of", "load"]


def cited(tags: Iterable[str]) -> tuple[str, ...]:
    """Those of a scenario's tags that are clauses, sorted."""
    return tuple(sorted(tag for tag in tags if tag in load()))


def level_of(ids: tuple[str, ...]) -> Level:
    """The level of a scenario with these clauses: required if one of them is.

    Raises KeyError for an id that is no clause.
    """
    levels = {load()[id_].level for id_ in ids}
    return Level.REQUIRED if Level.REQUIRED in levels else Level.INTERPRETATION


def find_all(name: str) -> list[Clause]:
    """The clause of that id, or all clauses of that area, in any case of letters.

    Raises UsageError, which names similar ids.
    """
    area = f"{name.upper()}-"
    found = [clause for id_, clause in load().items() if id_.startswith(area)]
    return found or [find(name.upper())]


def find(id_: str) -> Clause:
    """The clause with that id. Raises UsageError, which names similar ids."""
    known = load()
    if id_ in known:
        return known[id_]
    area = id_.split("-", maxsplit=1)[0].upper()
    near = [name for name in known if name.startswith(area)] or list(known)[:5]
    msg = f"there is no clause {id_}"
    raise UsageError(msg, hint=f"some that exist: {', '.join(near)}")
