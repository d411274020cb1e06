"""Moves of a recipient: accept, reject, close the pop-up, also once it is too late."""

from collections.abc import Callable, Iterator, Mapping

from invitelab.adapters.handshake import Capability
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.model_values import ENDED, Invited, Standing
from invitelab.conformance.random_walks.moves.base import (
    SUCCEEDS,
    Check,
    Move,
    MoveContext,
    nothing,
)
from invitelab.conformance.random_walks.moves.invitations import (
    cancels,
    is_final,
    over,
    pending,
)

MINUTE_MS = 60_000


def places(context: MoveContext, sent: Invited) -> tuple[str, ...]:
    """Where the recipient can press an answer, as a step says it."""
    if not context.has(Capability.POPUP):
        return ("",)
    client = ("", " in the client")
    return client if sent.maybe_no_popup else (*client, " in the pop-up")


def rejects(context: MoveContext) -> Iterator[Move]:
    """Rejects of each pending invitation, at each surface."""
    for sent in pending(context.state):
        what = f"the invitation from {sent.inviter}"
        for place in places(context, sent):
            clause = "ANSWER-6" if place else "ANSWER-1"
            yield Move(
                lines=(f"{sent.recipient} rejects {what}{place}",),
                given=None if place else f"{sent.recipient} has rejected {what}",
                checks=(Check(clause=clause, text=SUCCEEDS),),
                effect=is_final(sent, Standing.REJECTED),
            )


def accepts(context: MoveContext) -> Iterator[Move]:
    """Accepts of each pending invitation of two clients without a session."""
    state = context.state
    for sent in pending(state):
        if not state.may_be_connected(sent.inviter) and not state.may_be_connected(
            sent.recipient
        ):
            for place in places(context, sent):
                yield _accept(state, sent, place)


def last_moves(context: MoveContext) -> Iterator[Move]:
    """Accepts and cancels again, if an invitation has been pending for a minute."""
    state = context.state
    if any(_is_late(state, sent) for sent in pending(state)):
        yield from accepts(context)
        yield from cancels(context)


def _is_late(state: ModelState, sent: Invited) -> bool:
    return state.now_ms - sent.at_ms > MINUTE_MS


def _accept(state: ModelState, sent: Invited, place: str) -> Move:
    clause = "ANSWER-6" if place else "SESSION-1"
    if _is_late(state, sent):
        clause = "EXPIRY-1"
    inviter, recipient = sent.inviter, sent.recipient

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.accept(sent)

    given = f"{recipient} has accepted the invitation from {inviter}"
    return Move(
        lines=(f"{recipient} accepts the invitation from {inviter}{place}",),
        given=None if place else given,
        checks=(
            Check(clause=clause, text=SUCCEEDS),
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


# Once it has ended.

NO_SESSION_BY: Mapping[Standing, str] = {
    Standing.REJECTED: "ANSWER-1",
    Standing.CANCELLED: "PENDING-3",
    Standing.EXPIRED: "EXPIRY-2",
}
"""The clause that forbids a session, by how the invitation ended."""


def strangers(state: ModelState, sent: Invited) -> list[str]:
    """Who can try the ID that the recipient has of an invitation.

    A client's IDs are its own: where it has another invitation, the same ID may be the
    ID of that one.
    """
    return [
        name
        for name in state.online()
        if not any(
            other is not sent and name in {other.inviter, other.recipient}
            for other in state.maybe_pending()
        )
    ]


def late_accepts(context: MoveContext) -> Iterator[Move]:
    """Accepts of the newest invitation of a pair after it has ended."""
    state = context.state
    ended = [
        sent
        for sent in over(state)
        if state.standing(sent) in ENDED
        and not state.may_have_pending(sent.inviter)
        and not state.may_have_pending(sent.recipient)
    ]
    for sent in context.some(ended):
        yield from _late_accepts(context, sent)


def _late_accepts(context: MoveContext, sent: Invited) -> Iterator[Move]:
    state = context.state
    line = f"{sent.recipient} accepts the invitation from {sent.inviter}"
    default_clause = NO_SESSION_BY[state.standing(sent)]
    for place in places(context, sent):
        text = f"{line}{place}"
        yield Move(lines=(text,), effect=nothing, default_clause=default_clause)
    if state.newest_to(sent.recipient) is not sent:
        return
    for name in strangers(state, sent):
        if name not in {sent.inviter, sent.recipient}:
            text = f"{name} accepts the invitation meant for {sent.recipient}"
            yield Move(lines=(text,), effect=nothing, default_clause=default_clause)
