"""Moves of an inviter whose result the required clauses determine.

A move is one step of a scenario, or a few. Moves that depend on an interpretation are
in `interpretations`: a second invitation at one client, a recipient off Windows, a time
near a deadline.
"""

from collections.abc import Callable, Iterator, Sequence

from invitelab.adapters.handshake import Capability
from invitelab.conformance.features.people import LISTS
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.model_values import (
    POSSIBLY_PENDING,
    Invited,
    ModelParticipant,
    Standing,
)
from invitelab.conformance.random_walks.moves.base import (
    SUCCEEDS,
    Check,
    Move,
    MoveContext,
    nothing,
)

Pair = tuple[ModelParticipant, ModelParticipant]

MOST_CHANGES = 5
"""How often a move changes one invitation at most."""

# Sending.


def invites(context: MoveContext) -> Iterator[Move]:
    """Every invitation that the specification determines, also to too old clients."""
    for inviter, recipient in context.some(_pairs(context)):
        for form in context.some(_forms(context, inviter, recipient)):
            yield from _invites(context, (inviter, recipient), form)


FROM_THE_TILE = " from the tile in "


def tile_invites(context: MoveContext) -> Iterator[Move]:
    """The invitations from a tile, again: among all others they would be rare."""
    tiles = [
        (pair, form)
        for pair in _pairs(context)
        for form in _forms(context, *pair)
        if form.startswith(FROM_THE_TILE)
    ]
    for pair, form in context.some(tiles):
        yield from _invites(context, pair, form)


def _pairs(context: MoveContext) -> list[Pair]:
    """Who can invite whom."""
    state = context.state
    if not context.has(Capability.DIRECT):
        return []
    free = [
        participant
        for participant in state.participants.values()
        if participant.windows and state.free(participant.name)
    ]
    return [
        (inviter, recipient)
        for inviter in free
        if inviter.direct
        for recipient in free
        if recipient is not inviter
    ]


def _forms(
    context: MoveContext, inviter: ModelParticipant, recipient: ModelParticipant
) -> list[str]:
    """The ways to name the recipient."""
    forms = [""]
    if recipient.alias is not None:
        forms.append(" by alias")
    if context.has(Capability.TILES):
        forms += [
            f"{FROM_THE_TILE}{list_}"
            for list_ in LISTS
            if recipient.name in inviter.contacts.get(list_, ())
        ]
    return forms


def _invites(context: MoveContext, pair: Pair, form: str) -> Iterator[Move]:
    inviter, recipient = pair
    for profile in inviter.profiles:
        how = f"{recipient.name}{form}{chosen(profile)}"
        if recipient.direct:
            yield _invitation(context.state, inviter, recipient, (how, profile))
        else:
            yield _refused_invitation(context.state, inviter, recipient, how)


def chosen(profile: str) -> str:
    """The end of a step that invites with this profile."""
    return "" if profile == "Default" else with_profile("with", profile)


def with_profile(word: str, profile: str) -> str:
    """The end of a step that names a permission profile."""
    return f' {word} the permission profile "{profile}"'


def _invitation(
    state: ModelState,
    inviter: ModelParticipant,
    recipient: ModelParticipant,
    said: tuple[str, str],
) -> Move:
    how, profile = said
    names = (inviter.name, recipient.name)

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.send(*names, profile)

    return Move(
        lines=(f"{names[0]} invites {how}",),
        given=f"{names[0]} has invited {how}",
        arrives=f"{names[1]} sees the invitation from {names[0]}",
        checks=(Check(clause=_clause_of(how), text=SUCCEEDS),),
        effect=effect,
    )


def _clause_of(how: str) -> str:
    for number, list_ in enumerate(LISTS, start=1):
        if f"tile in {list_}" in how:
            return f"TILE-{number}"
    return "DIRECT-6" if "by alias" in how else "DIRECT-5"


def _refused_invitation(
    state: ModelState, inviter: ModelParticipant, recipient: ModelParticipant, how: str
) -> Move:
    def effect(succeeded: bool) -> None:  # noqa: FBT001
        state.too_old_ms[inviter.name, recipient.name] = state.now_ms
        state.unseen += succeeded

    unseen = Check(clause="DIRECT-3", text=f"{recipient.name} sees no invitation")
    return Move(
        lines=(f"{inviter.name} invites {how}",), checks=(unseen,), effect=effect
    )


# While it is pending.


def pending(state: ModelState) -> list[Invited]:
    """The invitations that are pending under every interpretation."""
    return [
        sent
        for sent in state.maybe_pending()
        if state.standing(sent) is Standing.PENDING
    ]


def changes(context: MoveContext) -> Iterator[Move]:
    """Changes of each pending invitation to each other profile."""
    for sent in _changeable(context):
        for profile in _other_profiles(context.state, sent):
            yield _change(context.state, sent, (profile,))


def repeated_changes(context: MoveContext) -> Iterator[Move]:
    """Up to five changes at once; the last ones go back to earlier profiles."""
    for sent in _changeable(context):
        others = [*_other_profiles(context.state, sent), sent.profile]
        for times in range(1, MOST_CHANGES + 1):
            turn = (others * MOST_CHANGES)[:times]
            yield _change(context.state, sent, turn)


def _changeable(context: MoveContext) -> list[Invited]:
    return pending(context.state) if context.has(Capability.MODIFY) else []


def _other_profiles(state: ModelState, sent: Invited) -> list[str]:
    profiles = state.participants[sent.inviter].profiles
    return [profile for profile in profiles if profile != sent.profile]


def _change(state: ModelState, sent: Invited, profiles: Sequence[str]) -> Move:
    said = [
        f"the invitation to {sent.recipient}{with_profile('to', profile)}"
        for profile in profiles
    ]

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.change(sent, profiles[-1])

    return Move(
        lines=tuple(f"{sent.inviter} changes {what}" for what in said),
        given=f"{sent.inviter} has changed {said[0]}" if len(said) == 1 else None,
        checks=(Check(clause="PENDING-1", text=SUCCEEDS),),
        effect=effect,
    )


def cancels(context: MoveContext) -> Iterator[Move]:
    """Cancels of each pending invitation."""
    for sent in pending(context.state):
        what = f"the invitation to {sent.recipient}"
        yield Move(
            lines=(f"{sent.inviter} cancels {what}",),
            given=f"{sent.inviter} has cancelled {what}",
            checks=(Check(clause="PENDING-2", text=SUCCEEDS),),
            effect=is_final(sent, Standing.CANCELLED),
        )


def is_final(sent: Invited, standing: Standing) -> Callable[[bool], None]:
    """Make an effect: the invitation has ended so."""

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.ended = standing

    return effect


# Once it has ended.


def late_changes(context: MoveContext) -> Iterator[Move]:
    """Cancels and changes of the newest invitation of a pair after it has ended."""
    state = context.state
    for sent in context.some(over(state)):
        what = f"the invitation to {sent.recipient}"
        unchanged = f"{sent.inviter} sees {what} unchanged"
        yield Move(
            lines=(f"{sent.inviter} cancels {what}",),
            checks=(Check(clause="PENDING-5", text=unchanged),),
            effect=nothing,
        )
        if not context.has(Capability.MODIFY):
            continue
        for profile in _other_profiles(state, sent):
            yield Move(
                lines=(f"{sent.inviter} changes {what}{with_profile('to', profile)}",),
                checks=(Check(clause="PENDING-4", text=unchanged),),
                effect=nothing,
            )


def over(state: ModelState) -> list[Invited]:
    """The newest invitations of pairs that are certainly over, of clients online."""
    return [
        sent
        for sent in state.newest_of_pairs()
        if state.standing(sent) not in POSSIBLY_PENDING
        and not {sent.inviter, sent.recipient} & state.offline
    ]
