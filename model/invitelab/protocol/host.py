"""The host's decisions: (invitation, event, now) -> (invitation, effects).

`open_invitation` creates an invitation, `decide` applies every later event to it. Both
are pure functions. The host is the inviter's client: an invitation expires by its clock
alone, and a session starts with the values of its newest record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from invitelab.protocol.messages import (
    Closed,
    FromHost,
    Offer,
    Started,
    Withdraw,
)
from invitelab.protocol.policy import Policy
from invitelab.protocol.profiles import start_permissions
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.table import Cell, Effect, Event, step
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    Invitation,
    Profile,
    Session,
    State,
    evolve,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Modify:
    """A request to change the profile; `profile` is None where it cannot be used."""

    by: ClientId
    profile: Profile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """A request to cancel."""

    by: ClientId


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFrom:
    """A click on accept or reject; `answer` names the click."""

    by: ClientId
    answer: str
    accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFrom:
    """An open pop-up asks whether it still stands."""

    by: ClientId


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; only what is due happens."""


@dataclass(frozen=True, slots=True)
class Restart:
    """The host's client runs again with the records it had stored."""


@dataclass(frozen=True, slots=True)
class SessionOver:
    """The guest never joined: from now on its answer is late."""


HostEvent = Modify | Cancel | AnswerFrom | PollFrom | Tick | Restart | SessionOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Send `message` to `to`; offers and withdrawals are repeated until acked."""

    to: ClientId
    message: FromHost


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Call again with `Tick` at this instant of host time."""

    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSession:
    """Start the session, without a further action of the inviter."""

    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Refuse a request of `to`; `answer` is the click's id if it was an answer."""

    to: ClientId
    refusal: Refusal
    answer: str | None = None


HostEffect = Say | Wake | StartSession | Refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The new record and what to do, in order."""

    invitation: Invitation
    effects: tuple[HostEffect, ...]


def open_invitation(
    invitation: Invitation, now_us: int, host: ClientSpec, policy: Policy
) -> Decision:
    """Send a fresh invitation: its first offer and its timer."""
    cell = step(None, Event.SEND)
    context = _Context(
        invitation=invitation, now_us=now_us, host=host, policy=policy, event=Tick()
    )
    return Decision(invitation=invitation, effects=_effects(cell, context))


def decide(
    invitation: Invitation,
    event: HostEvent,
    now_us: int,
    host: ClientSpec,
    policy: Policy,
) -> Decision:
    """What `event` at `now_us` (host time) does to `invitation`.

    Expires first what is due, so the event meets the state it should meet.
    """
    due = policy.due(now_us, invitation.deadline_us)
    if isinstance(event, PollFrom) and not due and not _ON_POLL[invitation.state]:
        return Decision(invitation=invitation, effects=())
    context = _Context(
        invitation=invitation, now_us=now_us, host=host, policy=policy, event=event
    )
    expired: tuple[HostEffect, ...] = ()
    if due and invitation.state is State.PENDING:
        context, expired = _apply(context, step(State.PENDING, Event.EXPIRE))
    if isinstance(event, Tick):
        return Decision(invitation=context.invitation, effects=expired)
    context, effects = _apply(context, _cell(context))
    return Decision(invitation=context.invitation, effects=expired + effects)


_ON_POLL = {state: step(state, Event.POLL).effects for state in State}
"""The effects of a poll, by state: most messages are polls, and change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What the effects of a cell are made from."""

    invitation: Invitation
    event: HostEvent
    now_us: int
    host: ClientSpec
    policy: Policy

    @property
    def asker(self) -> ClientId:
        """The client to reply to: the author of the event, else the inviter."""
        if isinstance(self.event, Modify | Cancel | AnswerFrom | PollFrom):
            return self.event.by
        return self.invitation.inviter


def classify(invitation: Invitation, event: HostEvent, policy: Policy) -> Event:
    """The table's column for `event`, which depends on its author too."""
    match event:
        case Modify() | Cancel():
            return _classify_change(invitation, event, policy)
        case AnswerFrom():
            return _classify_answer(invitation, event, policy)
        case PollFrom():
            return Event.POLL
        case Restart():
            return Event.RESTART
        case SessionOver():
            return Event.SESSION_OVER
        case Tick():
            return Event.EXPIRE
        case _:
            assert_never(event)


def _classify_change(
    invitation: Invitation, event: Modify | Cancel, policy: Policy
) -> Event:
    if event.by != invitation.inviter and policy.only_the_inviter_may_change:
        return Event.FOREIGN_CHANGE
    if isinstance(event, Cancel):
        return Event.CANCEL
    return Event.MODIFY_UNUSABLE if event.profile is None else Event.MODIFY


def _classify_answer(
    invitation: Invitation, event: AnswerFrom, policy: Policy
) -> Event:
    if event.by != invitation.recipient and policy.only_the_addressee_may_answer:
        return Event.FOREIGN_ANSWER
    if event.answer == invitation.answer and invitation.session is not None:
        return Event.REPEATED_ANSWER
    return Event.ACCEPT if event.accept else Event.REJECT


def _cell(context: _Context) -> Cell:
    """The table's cell, or that of the other interpretation of ANSWER-3."""
    invitation, policy = context.invitation, context.policy
    event = classify(invitation, context.event, policy)
    again = event is Event.ACCEPT and invitation.state is State.ACCEPTED
    if again and not policy.one_accept_counts:
        return step(State.PENDING, Event.ACCEPT)
    return step(invitation.state, event)


def _apply(context: _Context, cell: Cell) -> tuple[_Context, tuple[HostEffect, ...]]:
    """Make the new record, and then the effects from its values."""
    changed = evolve(context, invitation=_written(context, cell))
    return changed, _effects(cell, changed)


def _written(context: _Context, cell: Cell) -> Invitation:
    """The record after the cell; the only place where an invitation changes."""
    invitation, event, policy = context.invitation, context.event, context.policy
    if isinstance(event, SessionOver | Restart) and invitation.state.terminal:
        return evolve(invitation, session=None)
    if invitation.state.terminal:
        return invitation
    if cell.next is State.PENDING and isinstance(event, Modify) and event.profile:
        if Effect.OFFER not in cell.effects:
            return invitation
        deadline_us = invitation.deadline_us
        if not policy.modify_keeps_the_deadline:
            deadline_us = context.now_us + policy.lifetime_us
        return evolve(
            invitation,
            profile=event.profile.name,
            permissions=event.profile.permissions,
            revision=invitation.revision + 1,
            deadline_us=deadline_us,
        )
    if cell.next is State.PENDING:
        return invitation
    ended = evolve(invitation, state=cell.next)
    if isinstance(event, AnswerFrom) and cell.next is not State.EXPIRED:
        session = _session_id(event) if cell.next is State.ACCEPTED else None
        return evolve(ended, answer=event.answer, session=session)
    return ended


def _session_id(event: AnswerFrom) -> str:
    """The id of the session: the same for every repetition of a click."""
    return f"session-{event.answer}"


def _offer(context: _Context) -> HostEffect:
    invitation = context.invitation
    return Say(
        to=invitation.recipient,
        message=Offer(
            invitation=invitation.id,
            revision=invitation.revision,
            ttl_us=max(0, invitation.deadline_us - context.now_us),
            sender=context.host.identity,
        ),
    )


def _withdraw(context: _Context) -> HostEffect:
    invitation = context.invitation
    return Say(
        to=invitation.recipient,
        message=Withdraw(invitation=invitation.id, state=invitation.state),
    )


def _wake(context: _Context) -> HostEffect:
    return Wake(at_us=context.policy.wake_us(context.invitation.deadline_us))


def _start_session(context: _Context) -> HostEffect:
    return StartSession(session=_session(context))


def _session(context: _Context) -> Session:
    event = context.event
    assert isinstance(event, AnswerFrom), "only an answer starts a session"
    return Session(
        id=_session_id(event),
        invitation=context.invitation.id,
        host=context.invitation.inviter,
        guest=event.by,
        permissions=start_permissions(context.invitation, context.host, context.policy),
    )


def _started(context: _Context) -> HostEffect:
    session = _session(context)
    return Say(
        to=session.guest,
        message=Started(
            invitation=session.invitation,
            answer=_answer_of(context),
            session=session.id,
            permissions=session.permissions,
        ),
    )


def _closed(context: _Context) -> HostEffect:
    invitation = context.invitation
    message = Closed(
        invitation=invitation.id,
        answer=_answer_of(context),
        state=invitation.state,
    )
    return Say(to=context.asker, message=message)


def _answer_of(context: _Context) -> str:
    event = context.event
    assert isinstance(event, AnswerFrom), "only an answer is answered"
    return event.answer


def _refuse(reason: Reason) -> Callable[[_Context], HostEffect]:
    def effect(context: _Context) -> HostEffect:
        state = context.invitation.state.value
        message = f"the invitation is {state}: {REFUSED_BECAUSE[reason]}"
        event = context.event
        return Refuse(
            to=context.asker,
            refusal=Refusal(reason, message),
            answer=event.answer if isinstance(event, AnswerFrom) else None,
        )

    return effect


REFUSED_BECAUSE: Mapping[Reason, str] = {
    Reason.NOT_PENDING: "it can no longer be changed",
    Reason.NOT_INVITER: "only the inviter may change it",
    Reason.NOT_RECIPIENT: "only the addressee may answer it",
    Reason.PROFILE_UNAVAILABLE: "that permission profile cannot be used",
}

_MAKERS: Mapping[Effect, Callable[[_Context], HostEffect]] = {
    Effect.OFFER: _offer,
    Effect.WITHDRAW: _withdraw,
    Effect.TIMER: _wake,
    Effect.START_SESSION: _start_session,
    Effect.STARTED: _started,
    Effect.CLOSED: _closed,
    Effect.REFUSE_PROFILE: _refuse(Reason.PROFILE_UNAVAILABLE),
    Effect.REFUSE_NOT_PENDING: _refuse(Reason.NOT_PENDING),
    Effect.REFUSE_NOT_INVITER: _refuse(Reason.NOT_INVITER),
    Effect.REFUSE_NOT_RECIPIENT: _refuse(Reason.NOT_RECIPIENT),
}


def _effects(cell: Cell, context: _Context) -> tuple[HostEffect, ...]:
    """The effects that the names in a cell stand for, for this invitation."""
    effects = tuple(_MAKERS[effect](context) for effect in cell.effects)
    moved = Effect.OFFER in cell.effects and Effect.TIMER not in cell.effects
    if moved and not context.policy.modify_keeps_the_deadline:
        return (*effects, _wake(context))
    return effects
