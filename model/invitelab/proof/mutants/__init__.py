"""Mutants: the reference with one small, named defect each.

Every mutant must be killed by a scenario that cites the clause it breaks. To check one
by hand: `invitelab check py:invitelab.proof.mutants:NAME`, with underscores in place of
the dashes of its name.
"""

from collections.abc import Callable

from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants import (
    accept_window,
    addresses,
    answers,
    emails,
    expiry,
    histories_between,
    histories_changes,
    histories_later,
    histories_presence,
    histories_sessions,
    histories_several,
    locks,
    menus,
    notifications,
    pending,
    permissions,
    races,
    recipients,
    refusals,
    sessions,
    seven,
    several,
    tiles,
    values_aliases,
    values_besides,
    values_histories,
    values_ids,
    values_later,
    values_namespaces,
    values_presence,
    values_profiles,
    values_time,
    values_versions,
    values_ways,
)
from invitelab.proof.mutants.base import Mutant

_MODULES = (
    menus,
    emails,
    recipients,
    addresses,
    tiles,
    notifications,
    pending,
    several,
    answers,
    expiry,
    sessions,
    permissions,
    accept_window,
    locks,
    refusals,
    races,
    seven,
    histories_several,
    histories_later,
    histories_changes,
    histories_between,
    histories_sessions,
    histories_presence,
    values_ids,
    values_aliases,
    values_namespaces,
    values_versions,
    values_ways,
    values_profiles,
    values_histories,
    values_time,
    values_later,
    values_besides,
    values_presence,
)
MUTANTS: dict[str, Mutant] = {
    mutant.name: mutant for module in _MODULES for mutant in module.MUTANTS
}
"""Every mutant by name."""


def __getattr__(name: str) -> Callable[[], Reference]:
    """The factory of a mutant, so that a `py:` target can name it."""
    mutant = MUTANTS.get(name.replace("_", "-"))
    if mutant is None:
        msg = f"there is no mutant {name}"
        raise AttributeError(msg)
    return mutant.make
