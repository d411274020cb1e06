"""What the guest shows and sends: (notification, event, now) -> (it, effects).

    (none) -> SHOWN -> ANSWERING -> JOINED | CLOSED | UNKNOWN
              SHOWN -> HIDDEN (withdrawn, or its own lifetime is over)

A guest never changes an invitation. It shows what the host offered, gives every click
an id, repeats its answer until the host acknowledges it, and keeps a record of every
closed notification, so that a late copy of an offer cannot show it again (S11).
"""

from dataclasses import dataclass
from enum import StrEnum

from invitelab.protocol.messages import (
    Answer,
    Closed,
    FromGuest,
    Gone,
    Joined,
    JoinSeen,
    Offer,
    Poll,
    Refused,
    Shown,
    Started,
    Withdraw,
)
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    ClientId,
    Identity,
    Permissions,
    State,
    Surface,
    evolve,
)


class GuestState(StrEnum):
    """The states of a notification at the guest."""

    SHOWN = "shown"
    ANSWERING = "answering"
    JOINED = "joined"
    CLOSED = "closed"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"


BOTH_SURFACES = frozenset(Surface)
NO_SURFACE: frozenset[Surface] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What one guest knows of one invitation.

    `until_us` is the guest's own time at which it stops showing it. `accept` and
    `answer` are the newest click. `outcome` is what the host said the end was; None
    while it has said nothing.
    """

    invitation: str
    sender: Identity
    revision: int
    until_us: int
    state: GuestState = GuestState.SHOWN
    surfaces: frozenset[Surface] = BOTH_SURFACES
    clicks: int = 0
    accept: bool | None = None
    answer: str | None = None
    outcome: State | None = None
    refusal: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """The recipient presses accept (Connect) or reject."""

    accept: bool


@dataclass(frozen=True, slots=True)
class Dismiss:
    """The recipient closes the pop-up."""


@dataclass(frozen=True, slots=True)
class LifetimeOver:
    """The guest's own clock has passed `until_us`."""


@dataclass(frozen=True, slots=True)
class PollDue:
    """A poll of the host is due, or the network is available again."""


@dataclass(frozen=True, slots=True)
class LinkLost:
    """This client has lost its connection."""


GuestEvent = (
    Offer
    | Withdraw
    | Started
    | Closed
    | JoinSeen
    | Refused
    | Click
    | Dismiss
    | LifetimeOver
    | PollDue
    | LinkLost
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Send a message to the host; answers and joins are repeated until acknowledged."""

    message: FromGuest


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeAt:
    """Call again with `LifetimeOver` at this instant of guest time."""

    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinSession:
    """Join the session that the host has started."""

    session: str
    permissions: Permissions


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuse an action of the local user."""

    refusal: Refusal


GuestEffect = Say | WakeAt | JoinSession | Refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The new notification (None: still nothing known) and what to do."""

    notification: Notification | None
    effects: tuple[GuestEffect, ...] = ()


def foreign(
    invitation: str, host: ClientId, me: ClientId, click: Click
) -> tuple[Notification, Answer]:
    """Answer an invitation that was never offered here; the host will refuse it."""
    answer = f"{invitation}/{me}/1"
    notification = Notification(
        invitation=invitation,
        sender=Identity(id=host, alias=None),
        revision=0,
        until_us=0,
        state=GuestState.ANSWERING,
        surfaces=NO_SURFACE,
        clicks=1,
        accept=click.accept,
        answer=answer,
    )
    message = Answer(invitation=invitation, answer=answer, accept=click.accept)
    return notification, message


def unheard(notification: Notification, session: str | None) -> tuple[FromGuest, ...]:
    """What a restarted client repeats: its newest answer, or that it has joined."""
    id_ = notification.invitation
    answer, accept = notification.answer, notification.accept
    if notification.state is GuestState.JOINED and session is not None:
        return (Joined(invitation=id_, session=session),)
    if notification.state is not GuestState.ANSWERING:
        return ()
    assert answer is not None, "an answer has the id of its click"
    assert accept is not None, "a click is on one of the two buttons"
    return (Answer(invitation=id_, answer=answer, accept=accept),)


def verdict(notification: Notification) -> Refusal | None:
    """Why the newest click was refused; None while it is open or if it counts."""
    if notification.state is GuestState.UNKNOWN and notification.refusal is not None:
        return Refusal(notification.refusal, "the host refused the answer")
    rejected = notification.accept is False and notification.outcome is State.REJECTED
    if notification.state is GuestState.CLOSED and not rejected:
        message = f"the invitation is {notification.outcome}"
        return Refusal(Reason.NOT_PENDING, message)
    return None


def decide(
    notification: Notification | None,
    event: GuestEvent,
    now_us: int,
    me: ClientId,
    policy: Policy,
) -> Decision:
    """What `event` at `now_us` (guest time) does to `notification`."""
    if isinstance(event, Offer):
        return _offered(notification, event, now_us, policy)
    if notification is None:
        # Nothing is shown, but the host repeats until that is acknowledged.
        if isinstance(event, Withdraw):
            gone = Say(message=Gone(invitation=event.invitation))
            return Decision(notification=None, effects=(gone,))
        return Decision(notification=None)
    if isinstance(event, PollDue):
        return _poll(notification)
    if isinstance(event, Click):
        return _clicked(notification, event, now_us, me, policy)
    if isinstance(event, Started | Closed | Refused | JoinSeen | Withdraw):
        return _told(notification, event)
    return _locally(notification, event, now_us, me, policy)


def _offered(
    known: Notification | None, offer: Offer, now_us: int, policy: Policy
) -> Decision:
    """Show a new offer, merge a newer one, and let a late one change nothing."""
    until_us = now_us + offer.ttl_us
    shown = Say(message=Shown(invitation=offer.invitation, revision=offer.revision))
    wake = WakeAt(at_us=policy.wake_us(until_us))
    if known is None:
        sender = offer.sender
        if sender.alias is None and not policy.no_placeholder_for_a_missing_alias:
            sender = Identity(id=sender.id, alias="unnamed@portable")
        fresh = Notification(
            invitation=offer.invitation,
            sender=sender,
            revision=offer.revision,
            until_us=until_us,
        )
        return Decision(notification=fresh, effects=(shown, wake))
    if known.state is not GuestState.SHOWN:
        return Decision(notification=known, effects=(shown,))
    if offer.revision <= known.revision:
        return Decision(notification=known, effects=(shown,))
    newer = evolve(known, revision=offer.revision, until_us=until_us)
    return Decision(notification=newer, effects=(shown, wake))


def _clicked(
    notification: Notification,
    click: Click,
    now_us: int,
    me: ClientId,
    policy: Policy,
) -> Decision:
    """Accept or reject: give the click an id, and send it as an answer."""
    over = policy.due(now_us, notification.until_us)
    open_ = notification.state is GuestState.SHOWN and not over
    again = notification.state is GuestState.JOINED and not policy.one_accept_counts
    if not open_ and not (again and click.accept):
        return _not_pending(notification)
    clicks = notification.clicks + 1
    answer = f"{notification.invitation}/{me}/{clicks}"
    cleared = policy.accepting_clears_the_surfaces or not click.accept
    answering = evolve(
        notification,
        state=GuestState.ANSWERING,
        surfaces=NO_SURFACE if cleared else notification.surfaces,
        clicks=clicks,
        accept=click.accept,
        answer=answer,
    )
    message = Answer(
        invitation=notification.invitation, answer=answer, accept=click.accept
    )
    return Decision(notification=answering, effects=(Say(message=message),))


def _not_pending(notification: Notification) -> Decision:
    ended = notification.outcome or "no longer pending"
    refusal = Refusal(Reason.NOT_PENDING, f"the invitation is {ended}")
    return Decision(notification=notification, effects=(Refuse(refusal),))


def _told(
    notification: Notification,
    event: Started | Closed | Refused | JoinSeen | Withdraw,
) -> Decision:
    """Take over the outcome that the host reports."""
    mine = event if isinstance(event, Started | Closed | Refused) else None
    if isinstance(event, Withdraw):
        return _withdrawn(notification, event)
    if mine is None or not mine.answer or mine.answer != notification.answer:
        return Decision(notification=notification)
    if isinstance(mine, Started) and notification.state in _MAY_JOIN:
        return _join(notification, mine)
    # The first reply to a click is final; later ones change nothing.
    if notification.state is not GuestState.ANSWERING:
        return Decision(notification=notification)
    match mine:
        case Closed(state=outcome):
            closed = evolve(
                notification,
                state=GuestState.CLOSED,
                surfaces=NO_SURFACE,
                outcome=outcome,
            )
            return Decision(notification=closed)
        case Refused(reason=reason):
            unknown = evolve(notification, state=GuestState.UNKNOWN, refusal=reason)
            return Decision(notification=unknown)
        case _:
            return Decision(notification=notification)


_MAY_JOIN = frozenset({GuestState.ANSWERING, GuestState.JOINED})


def _join(notification: Notification, started: Started) -> Decision:
    """Join the session once per click; a repeated STARTED is only acknowledged."""
    joined = Say(message=Joined(invitation=started.invitation, session=started.session))
    if notification.state is GuestState.JOINED:
        return Decision(notification=notification, effects=(joined,))
    enter = JoinSession(session=started.session, permissions=started.permissions)
    inside = evolve(notification, state=GuestState.JOINED, outcome=State.ACCEPTED)
    return Decision(notification=inside, effects=(enter, joined))


def _withdrawn(notification: Notification, event: Withdraw) -> Decision:
    """Hide the invitation; the host still replies to an answer that was sent."""
    gone = Say(message=Gone(invitation=event.invitation))
    if notification.state is not GuestState.SHOWN:
        cleared = evolve(notification, surfaces=NO_SURFACE)
        return Decision(notification=cleared, effects=(gone,))
    hidden = evolve(
        notification,
        state=GuestState.HIDDEN,
        surfaces=NO_SURFACE,
        outcome=event.state,
    )
    return Decision(notification=hidden, effects=(gone,))


def _poll(notification: Notification) -> Decision:
    """Poll the host while the invitation is shown."""
    if notification.state is not GuestState.SHOWN:
        return Decision(notification=notification)
    poll = Say(message=Poll(invitation=notification.invitation))
    return Decision(notification=notification, effects=(poll,))


def _locally(
    notification: Notification,
    event: Dismiss | LifetimeOver | LinkLost,
    now_us: int,
    me: ClientId,
    policy: Policy,
) -> Decision:
    """Apply an event that does not come from the host."""
    match event:
        case Dismiss():
            return _dismissed(notification, now_us, me, policy)
        case LifetimeOver():
            if policy.due(now_us, notification.until_us):
                return Decision(notification=_hide(notification))
        case LinkLost() if not policy.returning_recipient_sees_it_again:
            return Decision(notification=_hide(notification))
        case _:
            pass
    return Decision(notification=notification)


def _dismissed(
    notification: Notification, now_us: int, me: ClientId, policy: Policy
) -> Decision:
    if Surface.POPUP not in notification.surfaces:
        return _not_pending(notification)
    if not policy.closing_the_popup_is_no_answer:
        return _clicked(notification, Click(accept=False), now_us, me, policy)
    surfaces = notification.surfaces - {Surface.POPUP}
    return Decision(notification=evolve(notification, surfaces=surfaces))


def _hide(notification: Notification) -> Notification:
    """Remove the invitation from both surfaces, unless it has ended before."""
    if notification.state is GuestState.SHOWN:
        return evolve(notification, state=GuestState.HIDDEN, surfaces=NO_SURFACE)
    return evolve(notification, surfaces=NO_SURFACE)
