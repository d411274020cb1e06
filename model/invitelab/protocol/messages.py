"""The messages between clients: eight classes from a host, nine from a guest.

The wire format is our own; the product publishes none. Rules of the fields:

* a lifetime is sent as the time that is *left* (`ttl_us`), never as a clock time;
* `revision` lets a guest merge offers in any order: the highest wins;
* an answer has the id of its click (`answer`): the same click twice is one answer;
* permissions travel from host to guest only;
* a message that is repeated has an acknowledgement of its own class, with the id of the
  same object, and the revision if there are several (`world/retransmission.py`).
"""

from dataclasses import dataclass

from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import Identity, Permissions, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Host: this invitation is pending for you, for `ttl_us` from now."""

    invitation: str
    revision: int
    ttl_us: int
    sender: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Host: stop showing the invitation; `state` says how it ended."""

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
    """Host: I know that you have joined the session."""

    invitation: str
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Host: you may not answer or change this invitation.

    `answer` is the id of the click; None where the request was no answer.
    """

    invitation: str
    reason: Reason
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Guest: I have received this revision of the offer."""

    invitation: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Guest: I have stopped showing the invitation."""

    invitation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Guest: I accept or reject; `answer` is the id of the click."""

    invitation: str
    answer: str
    accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Guest: I have joined the session."""

    invitation: str
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Guest: I show this invitation, and ask whether it is still pending."""

    invitation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Any client but the inviter: modify the invitation, or (None) cancel it.

    The host has to refuse, as only the inviter may.
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
    """Host: that session has ended; after a restart, repeated until acknowledged."""

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
    """Guest: I am not in that session, or not any more."""

    invitation: str
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRequest:
    """The main window's Connect: requests a session, and starts none (EMAIL-8)."""

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
