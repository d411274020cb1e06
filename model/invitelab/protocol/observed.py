"""What a black box shows of one invitation, and which clauses that breaks.

An observer knows when it called and when it was answered, and what the views of both
sides held. It knows no messages, no revisions and no clock of the implementation. So an
operation is an interval: where two overlap, or one overlaps the deadline, either order
is right, and nothing is judged that depends on it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from invitelab.protocol.values import ClientSpec, ContactList, Permissions, State

Value = TypeVar("Value")


class Span(NamedTuple):
    """When a call was made and when it was answered, in us of the same clock."""

    begin_us: int
    end_us: int


class ClickKind(StrEnum):
    """What a user did with an invitation."""

    ACCEPT = "accept"
    REJECT = "reject"
    CANCEL = "cancel"
    MODIFY = "modify"


ENDS = {
    ClickKind.ACCEPT: State.ACCEPTED,
    ClickKind.REJECT: State.REJECTED,
    ClickKind.CANCEL: State.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """An operation on the invitation; `profile` and `permissions` are a change's."""

    span: Span
    kind: ClickKind
    granted: bool
    profile: str = ""
    permissions: Permissions = frozenset()
    surface: str = ""
    """Where an answer was pressed."""


@dataclass(slots=True, kw_only=True)
class Seen(Generic[Value]):
    """What one or several looks in a row have shown, and the first and last one."""

    value: Value
    first: Span
    last: Span


class Switch(NamedTuple):
    """A permission that somebody tried to change in the Accept window."""

    span: Span
    by_host: bool
    permission: str
    allowed: bool
    granted: bool


class Shown(NamedTuple):
    """One row of the recipient's notifications."""

    surface: str
    corner: str | None
    id: str
    alias: str | None
    actions: tuple[str, ...]


class Listed(NamedTuple):
    """The row of the inviter's list."""

    state: str
    profile: str


class Running(NamedTuple):
    """A session that began after the invitation was sent."""

    host: str
    guest: str
    permissions: frozenset[str]


@dataclass(slots=True, kw_only=True)
class Observed:
    """One invitation, from its sending on.

    `leans_on` are clauses of interpretations that it depends on, such as a second
    invitation that is pending at the same client. `elsewhere` are the looks at which a
    third client showed it.
    """

    key: str
    inviter: ClientSpec
    recipient: ClientSpec
    profile: str
    permissions: Permissions
    sent: Span
    deadline_us: int
    by_alias: bool = False
    tile: ContactList | None = None
    """The list of the tile that it was sent from."""
    clicks: list[Click] = field(default_factory=list[Click])
    at_guest: list[Seen[tuple[Shown, ...]]] = field(
        default_factory=list[Seen[tuple[Shown, ...]]]
    )
    at_host: list[Seen[Listed | None]] = field(
        default_factory=list[Seen[Listed | None]]
    )
    joined: list[Seen[Running | None]] = field(
        default_factory=list[Seen[Running | None]]
    )
    """The session, in the recipient's view."""
    started: list[Seen[Running | None]] = field(
        default_factory=list[Seen[Running | None]]
    )
    """The session, in the inviter's view."""
    switches: list[Switch] = field(default_factory=list[Switch])
    elsewhere: list[str] = field(default_factory=list[str])
    leans_on: set[str] = field(default_factory=set[str])


def note(seen: list[Seen[Value]], value: Value, span: Span) -> bool:
    """Add what a look has shown; whether it differs from what was shown before."""
    if seen and seen[-1].value == value:
        seen[-1].last = span
        return False
    seen.append(Seen(value=value, first=span, last=span))
    return True


class Broken(NamedTuple):
    """A clause that an invitation breaks, and what was observed, as a sentence."""

    clause: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exactness:
    """How exactly the implementation can be judged, in us.

    `blur_us` is the doubt about the deadline, `settle_us` how long an effect may take
    to show. `popup` says whether there is a pop-up.
    """

    blur_us: int = 0
    settle_us: int = 0
    popup: bool = True
