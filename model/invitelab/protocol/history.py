"""The history of a world, in order: the only input of the invariants.

The world appends a fact whenever a client *does* something (shows, confirms an action
of its user, starts a session), and records the messages that clients send and receive.
It contains no intentions and no decisions: a user's choice is inferred from an action.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from invitelab.protocol.messages import Message
from invitelab.protocol.policy import Policy
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
    """What a client did. The comments name the fields that are set besides `client`."""

    SENT = "sent"  # other=recipient, permissions as chosen, revision, deadline_us
    MODIFIED = "modified"  # granted to its author; permissions as chosen, revision
    CANCELLED = "cancelled"  # granted to its author, by a click or by leaving
    ENDED = "ended"  # state; in the host's list
    SHOWN = "shown"  # surface, identity, revision
    REVISED = "revised"  # revision; of what is shown from now on
    CLEARED = "cleared"  # surface
    CLICKED = "clicked"  # accept; the client took the click
    STARTED = "started"  # other=guest, session, permissions; at the host
    JOINED = "joined"  # session, permissions; at the guest
    PERMITTED = "permitted"  # session, permission
    TOLD = "told"  # state; the outcome that the guest's client shows
    OVER = "over"  # session; at the host
    UPDATED = "updated"  # session, permissions; at the guest
    LEFT = "left"  # session; at the guest


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One action of `client` at `at_us` of world time.

    `clock_us` is the time on the client's own clock; None where that is world time.
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
        """The time on the client's own clock."""
        return self.at_us if self.clock_us is None else self.clock_us


class Spoken(NamedTuple):
    """A message that `client` sent to `other` or (`heard`) received; in world time.

    A tuple, because an invitation has about thirty.
    """

    at_us: int
    heard: bool
    client: ClientId
    other: ClientId
    message: Message


class Spell(NamedTuple):
    """A time in which a client was crashed or suspended, or its clock drifted."""

    begin_us: int
    end_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The facts of one run in the order of world time, and their clients.

    `spoken` are the messages of each followed invitation, `spells` the times at which
    each client was affected by a fault, and `until_us` is the end of the observation.
    Where one of them is unknown, the deadlines of `liveness.py` are not judged.
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
    policy: Policy = field(default_factory=Policy)
    """By which the clients decide: an invariant may rest on an interpretation."""
