"""What happened in a world, as facts in order: the only thing the invariants read.

The world appends a fact whenever a client *does* something (shows, clicks, starts);
nothing in here is a plan or an intention.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

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

    SENT = "sent"  # other=recipient, permissions, revision, deadline_us
    MODIFIED = "modified"  # permissions, revision, deadline_us
    CANCELLED = "cancelled"  # acknowledged to its author
    ENDED = "ended"  # state; at the host
    SHOWN = "shown"  # surface, identity, revision
    REVISED = "revised"  # revision
    CLEARED = "cleared"  # surface
    CLICKED = "clicked"  # accept
    STARTED = "started"  # other=guest, session, permissions; at the host
    JOINED = "joined"  # session, permissions; at the guest
    PERMITTED = "permitted"  # session, permission
    TOLD = "told"  # state; what the host told the guest


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that `client` did at `at_us` of world time."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The facts of one run and the clients they happened to."""

    clients: Mapping[ClientId, ClientSpec]
    facts: Sequence[Fact]
