"""Moves on which the specification is silent: the target may accept or refuse them.

They are checked by what all interpretations have in common: a refused move changes
nothing; an accepted move affects the clients it is meant for, and no others; and both
sides show the same. A violation is a deviation from the clause about that point, not a
failure of a required clause.
"""

from collections.abc import Callable, Iterator

from invitelab.adapters.handshake import Capability
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.model_values import (
    FIRST_DIRECT,
    Invited,
    ModelParticipant,
    ModelSession,
    Standing,
)
from invitelab.conformance.random_walks.moves.answers import places, strangers
from invitelab.conformance.random_walks.moves.base import Move, MoveContext
from invitelab.conformance.random_walks.moves.invitations import (
    chosen,
    pending,
    with_profile,
)


def becomes_unknown(
    state: ModelState, *pairs: tuple[str, str]
) -> Callable[[bool], None]:
    """Make an effect: the result of an accepted move is unknown, and ends the walk."""

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded:
            state.unknown_pairs.update(pairs)
            state.undetermined = True

    return effect


# Sending.


def overlapping_invites(context: MoveContext) -> Iterator[Move]:
    """Invitations from and to participants that are in an invitation or session."""
    state = context.state
    if not context.has(Capability.DIRECT):
        return
    available = [
        one
        for one in state.participants.values()
        if one.version >= FIRST_DIRECT
        and not state.mailed(one.name)
        and one.name not in state.offline
    ]
    pairs = [
        (inviter, recipient, clause)
        for inviter in available
        if inviter.windows
        for recipient in available
        if inviter is not recipient
        and (clause := _interpretation_of(state, inviter, recipient)) is not None
    ]
    for inviter, recipient, clause in context.some(pairs):
        for profile in inviter.profiles:
            yield _overlapping_invite(state, (inviter, recipient), profile, clause)


def _interpretation_of(
    state: ModelState, inviter: ModelParticipant, recipient: ModelParticipant
) -> str | None:
    """The clause about this invitation; None: the specification is not silent."""
    names = (inviter.name, recipient.name)
    if any(name in pair for pair in state.requests for name in names):
        return None
    for clause, pair in (("PENDING-8", names), ("PENDING-9", names[::-1])):
        if any(
            (sent.inviter, sent.recipient) == pair for sent in state.maybe_pending()
        ):
            return clause
    if state.may_expire_unseen(inviter.name):
        return "DIRECT-10"
    if any(map(state.may_have_pending, names)):
        return "PENDING-7"
    if any(map(state.may_be_connected, names)):
        return "SESSION-7"
    return None if recipient.windows else "PLATFORM-2"


def _overlapping_invite(
    state: ModelState,
    pair: tuple[ModelParticipant, ModelParticipant],
    profile: str,
    clause: str,
) -> Move:
    inviter, recipient = pair[0].name, pair[1].name
    same = clause == "PENDING-8"

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded and same:
            becomes_unknown(state, (inviter, recipient))(succeeded)
        elif succeeded:
            state.send(inviter, recipient, profile, popup=pair[1].windows)

    return Move(
        lines=(f"{inviter} invites {recipient}{chosen(profile)}",),
        effect=effect,
        interpretation=clause,
    )


# Pending and accepted invitations.


def third_party_moves(context: MoveContext) -> Iterator[Move]:
    """Operations on a pending invitation by a client that it is not meant for."""
    state = context.state
    for sent in pending(state):
        if state.newest_to(sent.recipient) is not sent or sent.maybe_no_popup:
            continue
        for name in strangers(state, sent):
            yield from _third_party_moves(context, sent, name)


def _third_party_moves(
    context: MoveContext, sent: Invited, name: str
) -> Iterator[Move]:
    state = context.state
    pairs = ((sent.inviter, sent.recipient), (sent.inviter, name))
    effect = becomes_unknown(state, *pairs)
    what = f"the invitation meant for {sent.recipient}"
    if name != sent.recipient:
        for verb in ("accepts", "rejects"):
            yield Move(
                lines=(f"{name} {verb} {what}",),
                effect=effect,
                interpretation="ANSWER-2",
            )
    if name != sent.inviter:
        yield Move(
            lines=(f"{name} cancels {what}",),
            effect=effect,
            interpretation=CHANGE_BY_OTHERS,
        )
    if name != sent.inviter and context.has(Capability.MODIFY):
        line = f"{name} changes {what}{with_profile('to', 'Default')}"
        yield Move(lines=(line,), effect=effect, interpretation=CHANGE_BY_OTHERS)


CHANGE_BY_OTHERS = "PENDING-10"


def repeated_accepts(context: MoveContext) -> Iterator[Move]:
    """Accepts of an accepted invitation, or during another session."""
    state = context.state
    for sent in state.newest_of_pairs():
        if {sent.inviter, sent.recipient} & state.offline:
            continue
        line = f"{sent.recipient} accepts the invitation from {sent.inviter}"
        session = state.session(sent.inviter, sent.recipient)
        if sent.ended is Standing.ACCEPTED and session is not None:
            for place in places(context, sent):
                yield Move(
                    lines=(f"{line}{place}",),
                    effect=_accepted_again(session),
                    interpretation="ANSWER-3",
                )
        busy = state.may_be_connected(sent.inviter) or state.may_be_connected(
            sent.recipient
        )
        asked = any(
            name in pair
            for pair in state.requests
            for name in (sent.inviter, sent.recipient)
        )
        pends = state.standing(sent) is Standing.PENDING
        if pends and busy and session is None and not asked:
            yield Move(
                lines=(line,),
                effect=_during_session(state, sent),
                interpretation="SESSION-7",
            )


def _accepted_again(session: ModelSession) -> Callable[[bool], None]:
    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded:
            session.accepted_again = True

    return effect


def _during_session(state: ModelState, sent: Invited) -> Callable[[bool], None]:
    """Another session at the same client may end the first, or not start."""

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if not succeeded:
            sent.may_have_ended = True
            return
        state.accept(sent)
        ends = {sent.inviter, sent.recipient}
        for session in state.sessions:
            session.may_have_ended = session.may_have_ended or bool(
                {session.host, session.guest} & ends
            )

    return effect


def connects_to_inviter(context: MoveContext) -> Iterator[Move]:
    """The main window's Connect to an inviter, by the addressee of an invitation."""
    state = context.state
    if not context.has(Capability.EMAIL):
        return
    for sent in pending(state):
        yield Move(
            lines=(f"{sent.recipient} connects to {sent.inviter}",),
            effect=becomes_unknown(state, (sent.inviter, sent.recipient)),
            interpretation="SESSION-11",
        )


def popup_closings(context: MoveContext) -> Iterator[Move]:
    """Closing of the pop-up: it ends the invitation or not, the same for both sides."""
    state = context.state
    if not context.has(Capability.POPUP):
        return
    for sent in pending(state):
        if state.newest_to(sent.recipient) is sent and not sent.maybe_no_popup:
            line = f"{sent.recipient} closes the pop-up"
            yield Move(
                lines=(line,),
                effect=_closed(sent),
                interpretation="ANSWER-4",
                settles=(sent,),
            )


def _closed(sent: Invited) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.maybe_no_popup = True

    return effect
