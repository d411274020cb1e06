"""Who goes offline and comes back: what that ends is open, what is left must agree."""

from collections.abc import Callable, Iterator

from invitelab.adapters.messages import Capability
from invitelab.conformance.random_walks.model import OPEN, Invited, ModelState
from invitelab.conformance.random_walks.moves.interpretations import knows_nothing_of
from invitelab.conformance.random_walks.moves.invitations import Move, Table


def leavings(table: Table) -> Iterator[Move]:
    """Anybody, but one at a time."""
    world = table.world
    if not table.has(Capability.PRESENCE) or world.offline:
        return
    for name in world.figures:
        yield Move(
            lines=(f"{name} goes offline",),
            effect=_left(world, name),
            liberty=_clause(world, name),
        )


def _clause(world: ModelState, name: str) -> str:
    sends = any(sent.inviter == name for sent in _open(world, name))
    return "PRESENCE-2" if sends else "PRESENCE-1"


def _open(world: ModelState, name: str) -> tuple[Invited, ...]:
    return tuple(
        sent
        for sent in world.newest_of_pairs()
        if name in {sent.inviter, sent.recipient} and world.standing(sent) in OPEN
    )


def _left(world: ModelState, name: str) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        world.leave(name)

    return effect


def returns(table: Table) -> Iterator[Move]:
    """Whoever is away; what is left by then is what both sides show."""
    world = table.world
    for name in world.away():
        yield Move(
            lines=(f"{name} comes back online",),
            effect=_back(world, name),
            liberty=_clause(world, name),
            settles=_open(world, name),
        )


def _back(world: ModelState, name: str) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        world.offline.discard(name)

    return effect


def absent_invites(table: Table) -> Iterator[Move]:
    """Somebody who is away."""
    world = table.world
    if not table.has(Capability.DIRECT):
        return
    for name in world.away():
        for inviter in world.able():
            yield Move(
                lines=(f"{inviter.name} invites {name}",),
                effect=knows_nothing_of(world, (inviter.name, name)),
                liberty="REFUSE-4",
            )
