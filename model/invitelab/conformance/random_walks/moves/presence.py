"""Moves of going offline and coming back: both sides must agree on what that ends."""

from collections.abc import Callable, Iterator

from invitelab.adapters.handshake import Capability
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.model_values import POSSIBLY_PENDING, Invited
from invitelab.conformance.random_walks.moves.base import Move, MoveContext
from invitelab.conformance.random_walks.moves.interpretations import becomes_unknown


def disconnections(context: MoveContext) -> Iterator[Move]:
    """Going offline, of each participant while all are online."""
    state = context.state
    if not context.has(Capability.PRESENCE) or state.offline:
        return
    for name in state.participants:
        yield Move(
            lines=(f"{name} goes offline",),
            effect=_gone_offline(state, name),
            interpretation=_clause(state, name),
        )


def _clause(state: ModelState, name: str) -> str:
    may_have_sent = any(sent.inviter == name for sent in _open(state, name))
    return "PRESENCE-2" if may_have_sent else "PRESENCE-1"


def _open(state: ModelState, name: str) -> tuple[Invited, ...]:
    return tuple(
        sent
        for sent in state.newest_of_pairs()
        if name in {sent.inviter, sent.recipient}
        and state.standing(sent) in POSSIBLY_PENDING
    )


def _gone_offline(state: ModelState, name: str) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.leave(name)

    return effect


def reconnections(context: MoveContext) -> Iterator[Move]:
    """Coming back online, of each participant that is offline."""
    state = context.state
    for name in state.offline_names():
        yield Move(
            lines=(f"{name} comes back online",),
            effect=_back_online(state, name),
            interpretation=_clause(state, name),
            settles=_open(state, name),
        )


def _back_online(state: ModelState, name: str) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.offline.discard(name)

    return effect


def invites_to_offline(context: MoveContext) -> Iterator[Move]:
    """Invitations to participants that are offline."""
    state = context.state
    if not context.has(Capability.DIRECT):
        return
    for name in state.offline_names():
        for inviter in state.available():
            yield Move(
                lines=(f"{inviter.name} invites {name}",),
                effect=becomes_unknown(state, (inviter.name, name)),
                interpretation="REFUSE-4",
            )
