"""The state machine of an invitation: one table, and what the table leaves out.

The *host*, the inviter's client, is the only authority. The relay forwards and the
guest shows; neither changes a state. (With a relay that decides, exhaustive
interleavings of one invitation reach a session with stale permissions, and a session
after a cancel was issued. With the host deciding, neither is reachable.)

Three rules are outside the cells:

* **Expiry comes first.** Before any event the host applies `EXPIRE` if the lifetime is
  over, so no event meets a PENDING invitation that should have expired.
* **The sender changes the event.** `classify` in `host.py` turns an answer from a
  client that is not the addressee into `FOREIGN_ANSWER`, a change by a client that is
  not the inviter into `FOREIGN_CHANGE`, and an answer whose click has started a session
  into `REPEATED_ANSWER`. So a guard is a column, not an `if`.
* **Effects are names.** What a name stands for (which message, with which revision, to
  which client) is defined once, in `host.py`.

A cell that is absent cannot happen: `step` raises on it, and a test walks all of them.
The diagram in the README is generated from `TABLE` (`diagram.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from invitelab.protocol.values import State


class Event(StrEnum):
    """What can happen to an invitation, guards included."""

    SEND = "send"
    MODIFY = "modify"
    MODIFY_UNUSABLE = "modify, profile unavailable"
    CANCEL = "cancel"
    ACCEPT = "accept"
    REJECT = "reject"
    EXPIRE = "age >= ttl"
    RESTART = "host restart"
    POLL = "poll"
    SESSION_OVER = "guest never joined"
    REPEATED_ANSWER = "same answer again"
    FOREIGN_ANSWER = "answer, not the addressee"
    FOREIGN_CHANGE = "change, not the inviter"


class Effect(StrEnum):
    """What the host does besides changing the state."""

    OFFER = "OFFER"
    WITHDRAW = "WITHDRAW"
    START_SESSION = "start session"
    STARTED = "STARTED"
    CLOSED = "CLOSED"
    TIMER = "timer"
    REFUSE_PROFILE = "refuse(profile-unavailable)"
    REFUSE_NOT_PENDING = "refuse(not-pending)"
    REFUSE_NOT_INVITER = "refuse(not-inviter)"
    REFUSE_NOT_RECIPIENT = "refuse(not-recipient)"


@dataclass(frozen=True, slots=True)
class Cell:
    """One transition: the next state and the effects, in order."""

    next: State
    effects: tuple[Effect, ...] = ()


def _ended(state: State) -> Mapping[Event, Cell]:
    """The row of an absorbing state: everything is refused, nothing changes."""
    refused = Cell(state, (Effect.REFUSE_NOT_PENDING,))
    return {
        Event.MODIFY: refused,
        Event.MODIFY_UNUSABLE: refused,
        Event.CANCEL: refused,
        Event.ACCEPT: Cell(state, (Effect.CLOSED,)),
        Event.REJECT: Cell(state, (Effect.CLOSED,)),
        Event.RESTART: Cell(state),
        Event.POLL: Cell(state, (Effect.WITHDRAW,)),
        Event.FOREIGN_ANSWER: Cell(state, (Effect.REFUSE_NOT_RECIPIENT,)),
        Event.FOREIGN_CHANGE: Cell(state, (Effect.REFUSE_NOT_INVITER,)),
    }


TABLE: Mapping[State | None, Mapping[Event, Cell]] = {
    None: {
        Event.SEND: Cell(State.PENDING, (Effect.OFFER, Effect.TIMER)),
    },
    State.PENDING: {
        Event.MODIFY: Cell(State.PENDING, (Effect.OFFER,)),
        Event.MODIFY_UNUSABLE: Cell(State.PENDING, (Effect.REFUSE_PROFILE,)),
        Event.CANCEL: Cell(State.CANCELLED, (Effect.WITHDRAW,)),
        Event.ACCEPT: Cell(State.ACCEPTED, (Effect.START_SESSION, Effect.STARTED)),
        Event.REJECT: Cell(State.REJECTED, (Effect.CLOSED,)),
        Event.EXPIRE: Cell(State.EXPIRED, (Effect.WITHDRAW,)),
        Event.RESTART: Cell(State.PENDING, (Effect.OFFER, Effect.TIMER)),
        # No reply is needed: a lost offer is repeated until it is acknowledged.
        Event.POLL: Cell(State.PENDING),
        Event.FOREIGN_ANSWER: Cell(State.PENDING, (Effect.REFUSE_NOT_RECIPIENT,)),
        Event.FOREIGN_CHANGE: Cell(State.PENDING, (Effect.REFUSE_NOT_INVITER,)),
    },
    State.ACCEPTED: {
        **_ended(State.ACCEPTED),
        Event.REPEATED_ANSWER: Cell(State.ACCEPTED, (Effect.STARTED,)),
        Event.SESSION_OVER: Cell(State.ACCEPTED),
    },
    State.REJECTED: _ended(State.REJECTED),
    State.CANCELLED: _ended(State.CANCELLED),
    State.EXPIRED: _ended(State.EXPIRED),
}


def step(state: State | None, event: Event) -> Cell:
    """The cell for `event` in `state`; LookupError where the table has none."""
    try:
        return TABLE[state][event]
    except KeyError:
        name = "no invitation" if state is None else state.value
        msg = f"the table has no cell for {event.value!r} with {name}"
        raise LookupError(msg) from None
