"""Moves about invitations whose result the required clauses determine.

A move is one step of a scenario, or a few. Moves that depend on an interpretation are
in `interpretations`: a second invitation at one client, a recipient off Windows, a time
near a deadline.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from invitelab.adapters.handshake import Capability
from invitelab.conformance.features.people import LISTS
from invitelab.conformance.random_walks.model import (
    ENDED,
    POSSIBLY_PENDING,
    Invited,
    ModelParticipant,
    ModelState,
    Standing,
)
from invitelab.conformance.random_walks.moves.base import (
    SUCCEEDS,
    Check,
    Move,
    MoveContext,
    nothing,
)
from invitelab.conformance.random_walks.participants import alias_of

MS_PER_S = 1000
MINUTE_MS = 60_000

# Sending.

FROM_THE_TILE = " from the tile in "


def invites(context: MoveContext) -> Iterator[Move]:
    """Every invitation that the specification determines, also to too old clients."""
    state = context.state
    if not context.has(Capability.DIRECT):
        return
    free = [
        participant
        for participant in state.participants.values()
        if state.free(participant.name)
    ]
    for inviter in free:
        if not inviter.direct:
            continue
        for recipient in free:
            if recipient.windows and recipient is not inviter:
                yield from _invites(context, inviter, recipient)


def tile_invites(context: MoveContext) -> Iterator[Move]:
    """The invitations from a tile, again: among all others they would be rare."""
    return (move for move in invites(context) if FROM_THE_TILE in move.name)


def _invites(
    context: MoveContext, inviter: ModelParticipant, recipient: ModelParticipant
) -> Iterator[Move]:
    forms = [""]
    if alias_of(recipient) is not None:
        forms.append(" by alias")
    if context.has(Capability.TILES):
        forms += [
            f"{FROM_THE_TILE}{list_}"
            for list_ in LISTS
            if recipient.name in inviter.contacts.get(list_, ())
        ]
    for profile in inviter.profiles:
        chosen = "" if profile == "Default" else with_profile("with", profile)
        for form in forms:
            how = f"{recipient.name}{form}{chosen}"
            if recipient.direct:
                yield _invitation(context.state, inviter, recipient, (how, profile))
            else:
                yield _refused_invitation(context.state, inviter, recipient, how)


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

    nothing = Check(clause="DIRECT-3", text=f"{recipient.name} sees no invitation")
    return Move(
        lines=(f"{inviter.name} invites {how}",), checks=(nothing,), effect=effect
    )


# While it is pending.


def pending(state: ModelState) -> list[Invited]:
    """The invitations that are pending under every interpretation."""
    return [
        sent for sent in state.invitations if state.standing(sent) is Standing.PENDING
    ]


def changes(context: MoveContext) -> Iterator[Move]:
    """Changes of each pending invitation to each other profile."""
    state = context.state
    for sent in pending(state):
        for profile in state.participants[sent.inviter].profiles:
            if profile != sent.profile:
                yield _change(state, sent, profile)


def _change(state: ModelState, sent: Invited, profile: str) -> Move:
    what = f"the invitation to {sent.recipient}{with_profile('to', profile)}"

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.change(sent, profile)

    return Move(
        lines=(f"{sent.inviter} changes {what}",),
        given=f"{sent.inviter} has changed {what}",
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
            effect=_is_final(sent, Standing.CANCELLED),
        )


def _is_final(sent: Invited, standing: Standing) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.ended = standing

    return effect


def rejects(context: MoveContext) -> Iterator[Move]:
    """Rejects of each pending invitation."""
    for sent in pending(context.state):
        what = f"the invitation from {sent.inviter}"
        yield Move(
            lines=(f"{sent.recipient} rejects {what}",),
            given=f"{sent.recipient} has rejected {what}",
            checks=(Check(clause="ANSWER-1", text=SUCCEEDS),),
            effect=_is_final(sent, Standing.REJECTED),
        )


def accepts(context: MoveContext) -> Iterator[Move]:
    """Accepts of each pending invitation of two clients without a session."""
    state = context.state
    for sent in pending(state):
        if not state.may_be_connected(sent.inviter) and not state.may_be_connected(
            sent.recipient
        ):
            yield _accept(state, sent)


def last_moves(context: MoveContext) -> Iterator[Move]:
    """Accepts and cancels again, if an invitation has been pending for a minute."""
    state = context.state
    if any(_is_late(state, sent) for sent in pending(state)):
        yield from accepts(context)
        yield from cancels(context)


def _is_late(state: ModelState, sent: Invited) -> bool:
    return state.now_ms - sent.at_ms > MINUTE_MS


def _accept(state: ModelState, sent: Invited) -> Move:
    late = _is_late(state, sent)
    inviter, recipient = sent.inviter, sent.recipient

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.accept(sent)

    return Move(
        lines=(f"{recipient} accepts the invitation from {inviter}",),
        given=f"{recipient} has accepted the invitation from {inviter}",
        checks=(
            Check(clause="EXPIRY-1" if late else "SESSION-1", text=SUCCEEDS),
            Check(clause="SESSION-1", text=f"{inviter} sees no session request"),
        ),
        effect=effect,
    )


def dismissals(context: MoveContext) -> Iterator[Move]:
    """Closing of the pop-up, which may end the invitation; expiry ends it anyway."""
    if not context.has(Capability.POPUP):
        return
    for sent in pending(context.state):
        if context.state.newest_to(sent.recipient) is sent:
            line = f"{sent.recipient} closes the pop-up"
            yield Move(
                lines=(line,), effect=_may_have_ended(sent), default_clause="ANSWER-4"
            )


def _may_have_ended(sent: Invited) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.may_have_ended = sent.maybe_no_popup = True

    return effect


# Ended invitations.

NO_SESSION_BY: Mapping[Standing, str] = {
    Standing.REJECTED: "ANSWER-1",
    Standing.CANCELLED: "PENDING-3",
    Standing.EXPIRED: "EXPIRY-2",
}
"""The clause that forbids a session, by how the invitation ended."""


def late_moves(context: MoveContext) -> Iterator[Move]:
    """Operations on the newest invitation of a pair after it has ended."""
    state = context.state
    for sent in state.newest_of_pairs():
        standing = state.standing(sent)
        if (
            standing in POSSIBLY_PENDING
            or {sent.inviter, sent.recipient} & state.offline
        ):
            continue
        yield from _late_changes(state, sent)
        alone = not (
            state.may_have_pending(sent.inviter)
            or state.may_have_pending(sent.recipient)
        )
        if standing in ENDED and alone:
            yield from _late_accepts(state, sent)


def _late_accepts(state: ModelState, sent: Invited) -> Iterator[Move]:
    line = f"{sent.recipient} accepts the invitation from {sent.inviter}"
    default_clause = NO_SESSION_BY[state.standing(sent)]
    yield Move(lines=(line,), effect=nothing, default_clause=default_clause)
    if state.newest_to(sent.recipient) is not sent:
        return
    for name in state.online():
        if name not in {sent.inviter, sent.recipient}:
            text = f"{name} accepts the invitation meant for {sent.recipient}"
            yield Move(lines=(text,), effect=nothing, default_clause=default_clause)


def _late_changes(state: ModelState, sent: Invited) -> Iterator[Move]:
    what = f"the invitation to {sent.recipient}"
    unchanged = f"{sent.inviter} sees {what} unchanged"
    yield Move(
        lines=(f"{sent.inviter} cancels {what}",),
        checks=(Check(clause="PENDING-5", text=unchanged),),
        effect=nothing,
    )
    for profile in state.participants[sent.inviter].profiles:
        if profile != sent.profile:
            yield Move(
                lines=(f"{sent.inviter} changes {what}{with_profile('to', profile)}",),
                checks=(Check(clause="PENDING-4", text=unchanged),),
                effect=nothing,
            )


# Time.

SECONDS: Sequence[int] = (
    *(121, 119, 1, 60, 119, 5, 121, 30, 122, 119),
    *(135, 90, 121, 10, 245, 45, 119, 181, 2, 118),
)
"""Durations, mostly shortly before the two minutes are over, or after."""


def waits(context: MoveContext) -> Iterator[Move]:
    """Waits until a time that is near no deadline."""
    state = context.state
    starts = {
        f"{sent.inviter} invited {sent.recipient}": sent.at_ms
        for sent in state.newest_of_pairs()
    }
    if state.author is not None:
        starts["the email was started"] = state.mailed_ms[state.author]
    newest = state.invitations[-1] if state.invitations else None
    for start, at_ms in starts.items():
        given = newest and start == f"{newest.inviter} invited {newest.recipient}"
        for seconds in SECONDS:
            then_ms = at_ms + seconds * MS_PER_S
            if then_ms > state.now_ms and state.no_deadline_near(then_ms):
                yield _wait(seconds, start, given=bool(given))


def _wait(seconds: int, start: str, *, given: bool) -> Move:
    amount = f"{seconds} seconds have passed since"
    return Move(
        lines=(f"{amount} {start}",),
        given=f"{amount} the invitation was sent" if given else None,
        effect=nothing,
    )
