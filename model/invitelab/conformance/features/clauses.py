"""Clauses of a scenario, and that of an id; all are in `formats.specification`."""

from invitelab.errors import UsageError
from invitelab.formats.run import Level
from invitelab.formats.specification import Clause, load

__all__ = ["Clause", "find", "level_of", "load"]


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
