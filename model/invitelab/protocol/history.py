"""What happened in a world, in order: the only thing the invariants read.

The world appends a fact whenever a client *does* something (shows, grants its user's
wish, starts), and notes every message that a client says or hears. Nothing in here is
a plan, an intention or a decision: what a user chose is taken from what the user did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from invitelab.protocol.messages import Message
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    Identity,
    Permission,
    Permissions,
    State,
    Surface,
)


class FactKind(StrEnum):
    """Who did what. The comment names the fields that are set besides `client`."""

    SENT = "sent"  # other=recipient, permissions as chosen, revision, deadline_us
    MODIFIED = "modified"  # granted to its author; permissions as chosen, revision
    CANCELLED = "cancelled"  # granted to its author, by a click or by leaving
    ENDED = "ended"  # state; in the host's list
    SHOWN = "shown"  # surface, identity, revision
    REVISED = "revised"  # revision; whatever is shown instead
    CLEARED = "cleared"  # surface
    CLICKED = "clicked"  # accept; the click was taken
    STARTED = "started"  # other=guest, session, permissions; at the host
    JOINED = "joined"  # session, permissions; at the guest
    PERMITTED = "permitted"  # session, permission
    TOLD = "told"  # state; what the guest's client says of it
    OVER = "over"  # session; at the host
    UPDATED = "updated"  # session, permissions; at the guest
    LEFT = "left"  # session; at the guest


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that `client` did at `at_us` of world time.

    `clock_us` is what the client's own clock showed; None where that is world time.
    """

    at_us: int
    kind: FactKind
    client: ClientId
    invitation: str
    other: ClientId | None = None
    identity: Identity | None = None
    surface: Surface | None = None
    revision: int | None = None
    deadline_us: int | None = None
    state: State | None = None
    accept: bool | None = None
    session: str | None = None
    permission: Permission | None = None
    permissions: Permissions | None = None
    clock_us: int | None = None

    @property
    def own_us(self) -> int:
        """The client's own time."""
        return self.at_us if self.clock_us is None else self.clock_us


class Spoken(NamedTuple):
    """A message that `client` said to `other`, or heard from it. World time.

    A tuple, because there are thirty of them an invitation.
    """

    at_us: int
    heard: bool
    client: ClientId
    other: ClientId
    message: Message


class Spell(NamedTuple):
    """While a client was not well: down, away, or with a clock that ran wrong."""

    begin_us: int
    end_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The facts of one run in the order of world time, and their clients.

    `spoken` are the messages of each invitation that was followed, and `spells` when
    each client was not well. `until_us` is how far it was watched. Where either is not
    known, what should have happened in time is not judged.
    """

    clients: Mapping[ClientId, ClientSpec]
    facts: Sequence[Fact]
    spoken: Mapping[str, Sequence[Spoken]] = field(
        default_factory=dict[str, Sequence[Spoken]]
    )
    spells: Mapping[ClientId, Sequence[Spell]] = field(
        default_factory=dict[ClientId, Sequence[Spell]]
    )
    until_us: int | None = None
