"""What clients say to each other: eight kinds from a host, nine from a guest.

The wire format is our own; the product publishes none. Rules the fields follow:

* a lifetime travels as what is *left* (`ttl_us`), never as a wall-clock instant;
* `revision` lets a guest merge offers in any order: the highest wins;
* an answer names the click (`answer`), so that the same click twice is one answer;
* permissions travel from host to guest only;
* what is said until it is heard has an acknowledgement of its own class, which names
  the same object, and the revision where there are several (`world/retransmission.py`).
"""

from dataclasses import dataclass

from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import Identity, Permissions, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Host: this is pending for you, for `ttl_us` more."""

    invitation: str
    revision: int
    ttl_us: int
    sender: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Host: take it off your surfaces; `state` says how it ended."""

    invitation: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Host: your accept counted; this session is running."""

    invitation: str
    answer: str
    session: str
    permissions: Permissions


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Host: your answer is settled; the invitation has ended like this."""

    invitation: str
    answer: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinSeen:
    """Host: I know that you are in."""

    invitation: str
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Host: what you asked of this invitation is not yours to ask.

    `answer` names the click; None where it was no answer.
    """

    invitation: str
    reason: Reason
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Guest: I have this revision on my surfaces."""

    invitation: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Guest: it is off my surfaces."""

    invitation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Guest: this click."""

    invitation: str
    answer: str
    accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Guest: I am in the session."""

    invitation: str
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Guest: my pop-up is open, and I ask whether this still stands."""

    invitation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Somebody asks the host for what only the inviter may do.

    `profile` None asks for a cancel, a name for a modification.
    """

    invitation: str
    profile: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionUpdate:
    """Host: the running session now has these permissions (SESSION-5).

    Repeated until seen; the highest revision wins.
    """

    invitation: str
    session: str
    revision: int
    permissions: Permissions


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded:
    """Host: that session is over. After a restart it is said until the guest left."""

    invitation: str
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSeen:
    """Guest: I have this revision of the session's permissions."""

    invitation: str
    session: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLeft:
    """Guest: I am not in that session, or no longer."""

    invitation: str
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRequest:
    """The main window's Connect: asks the host, starts nothing (EMAIL-8)."""

    sender: Identity


FromHost = (
    Offer
    | Withdraw
    | Started
    | Closed
    | JoinSeen
    | Refused
    | SessionUpdate
    | SessionEnded
)
FromGuest = (
    Shown
    | Gone
    | Answer
    | Joined
    | Poll
    | Change
    | SessionRequest
    | UpdateSeen
    | SessionLeft
)
Message = FromHost | FromGuest
