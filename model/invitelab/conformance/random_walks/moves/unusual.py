"""Moves with addresses, tiles and profiles that an invitation may be refused for."""

from collections.abc import Iterator, Sequence

from invitelab.adapters.handshake import Capability
from invitelab.conformance.features.people import LISTS
from invitelab.conformance.random_walks.model_values import ModelParticipant
from invitelab.conformance.random_walks.moves.base import Move, MoveContext
from invitelab.conformance.random_walks.moves.interpretations import becomes_unknown
from invitelab.conformance.random_walks.moves.invitations import pending, with_profile
from invitelab.conformance.random_walks.participants import DISABLED

UNKNOWN_PROFILE = "Nonesuch"
NOBODYS_ID = "999888777"
NOBODYS_ALIAS = "nobody@ad"
SHORTEST_ID = 9
LONGEST_ID = 10


def unusual_addresses(context: MoveContext) -> Iterator[Move]:
    """Invitations to unknown addresses, invalid addresses and the own one."""
    state = context.state
    if not context.has(Capability.DIRECT):
        return
    for inviter in context.some(state.available()):
        for typed, clause in _unusual_addresses(context, inviter):
            yield Move(
                lines=(f'{inviter.name} invites "{typed}"',),
                effect=becomes_unknown(state, (inviter.name, inviter.name)),
                interpretation=clause,
            )


def _unusual_addresses(
    context: MoveContext, inviter: ModelParticipant
) -> Iterator[tuple[str, str]]:
    aliases = context.has(Capability.ALIAS)
    yield NOBODYS_ID, "REFUSE-1"
    yield inviter.id, "REFUSE-3"
    if aliases:
        yield NOBODYS_ALIAS, "REFUSE-1"
    if inviter.alias is not None:
        yield inviter.alias, "REFUSE-3"
    known = {one.id for one in context.state.participants.values()}
    for other in context.state.participants.values():
        if other is not inviter:
            for typed in _similar_ids(other.id):
                if typed not in known:
                    right = SHORTEST_ID <= len(typed) <= LONGEST_ID
                    yield typed, "REFUSE-1" if right else "REFUSE-2"
            if aliases and other.alias is not None:
                short = other.alias.partition("@")[0]
                for typed in (short, f"{short}@", f"{other.alias}@x"):
                    yield typed, "REFUSE-2"


def _similar_ids(id_: str) -> Iterator[str]:
    """Texts that are near an ID: as numbers, or once something is filled in."""
    yield from (id_[: SHORTEST_ID - 1], f"{id_}55"[: LONGEST_ID + 1], f"0{id_}")
    if id_.startswith("0"):
        yield id_[1:]


def other_forms(context: MoveContext) -> Iterator[Move]:
    """Invitations to an ID in groups of three, and to an alias in capital letters."""
    state = context.state
    if not context.has(Capability.DIRECT):
        return
    available = state.available()
    pairs = [(one, two) for one in available for two in available if one is not two]
    for inviter, recipient in context.some(pairs):
        for typed in _forms_of(recipient):
            yield Move(
                lines=(f'{inviter.name} invites "{typed}"',),
                effect=becomes_unknown(state, (inviter.name, recipient.name)),
                interpretation="DIRECT-8",
            )


def _forms_of(recipient: ModelParticipant) -> Iterator[str]:
    id_ = recipient.id
    head = len(id_) % 3
    groups = [
        id_[:head],
        *(id_[place : place + 3] for place in range(head, len(id_), 3)),
    ]
    yield " ".join(groups).strip()
    alias = recipient.alias
    if alias is not None and alias == alias.lower():
        yield alias.upper()


def unusual_invites(context: MoveContext) -> Iterator[Move]:
    """Invitations from a missing tile, or with a profile that cannot be used."""
    if not context.has(Capability.DIRECT):
        return
    available = context.state.available()
    pairs = [(one, two) for one in available for two in available if one is not two]
    for inviter, other in context.some(pairs):
        yield from _unusual_invites(context, inviter, other)


def _unusual_invites(
    context: MoveContext, inviter: ModelParticipant, other: ModelParticipant
) -> Iterator[Move]:
    effect = becomes_unknown(context.state, (inviter.name, other.name))
    invites = f"{inviter.name} invites {other.name}"
    if context.has(Capability.TILES):
        for list_ in LISTS:
            if other.name not in inviter.contacts.get(list_, ()):
                line = f"{invites} from the tile in {list_}"
                yield Move(lines=(line,), effect=effect, interpretation="DIRECT-9")
    for profile, clause in _unusable(inviter):
        line = f"{invites}{with_profile('with', profile)}"
        yield Move(lines=(line,), effect=effect, interpretation=clause)


def _unusable(inviter: ModelParticipant) -> Sequence[tuple[str, str]]:
    unusable = [(UNKNOWN_PROFILE, "REFUSE-5")]
    if inviter.custom_profiles:
        unusable.append((DISABLED, "REFUSE-6"))
    return unusable


def changes_to_unusable(context: MoveContext) -> Iterator[Move]:
    """Changes of a pending invitation to a profile that cannot be used."""
    state = context.state
    if not context.has(Capability.MODIFY):
        return
    for sent in pending(state):
        for profile, clause in _unusable(state.participants[sent.inviter]):
            what = f"the invitation to {sent.recipient}{with_profile('to', profile)}"
            yield Move(
                lines=(f"{sent.inviter} changes {what}",),
                effect=becomes_unknown(state, (sent.inviter, sent.recipient)),
                interpretation=clause,
            )
