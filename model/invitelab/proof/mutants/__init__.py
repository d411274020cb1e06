"""Wrong implementations, each a small named change of the reference.

They prove the suite: every one must be caught by a scenario that cites the clause it
breaks. Check one by hand with `invitelab check py:invitelab.proof.mutants:NAME`,
its dashes written as underscores.
"""

from collections.abc import Callable

from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants import (
    accept_window,
    addresses,
    answers,
    emails,
    expiry,
    locks,
    menus,
    notifications,
    pending,
    permissions,
    races,
    recipients,
    refusals,
    sessions,
    several,
    tiles,
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
)
MUTANTS: dict[str, Mutant] = {
    mutant.name: mutant for module in _MODULES for mutant in module.MUTANTS
}
"""Every mutant by name."""


def __getattr__(name: str) -> Callable[[], Reference]:
    """Each mutant as a factory, so that `py:` can name it."""
    mutant = MUTANTS.get(name.replace("_", "-"))
    if mutant is None:
        msg = f"there is no mutant {name}"
        raise AttributeError(msg)
    return mutant.make
