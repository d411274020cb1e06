"""What clients tell each other through the relay; the wire format is our own.

An invitation and a session are known by the number that their host gave them. Who sent
a message is written on its envelope by the relay, never by the sender.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where an invitation stands at its host; all but the first are final."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Host to guest: this is pending, for so much longer.

    The time is relative, since no two clients share a clock.
    """

    invitation: int
    revision: int
    left_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Host to guest: this is no longer pending."""

    invitation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Guest to host: the user clicked."""

    invitation: int
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Host to guest: the accept counted and this session runs."""

    invitation: int
    session: int
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Host to guest: the answer found the invitation, or left it, in this state."""

    invitation: int
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """Host to guest: the permissions of a running session are now these."""

    session: int
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """Guest to host: the main window's Connect was pressed."""


@dataclass(frozen=True, slots=True)
class Returned:
    """Relay to all: the sender is online again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeliverable:
    """Relay to the sender: the addressee was offline."""

    message: "Message"


Message = (
    Offer
    | Withdraw
    | Answer
    | Started
    | Closed
    | Permitted
    | SessionRequest
    | Returned
    | Undeliverable
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message on its way; the relay vouches for the sender's ID."""

    sender: str
    addressee: str
    message: Message
