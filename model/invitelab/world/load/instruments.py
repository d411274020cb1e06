"""Instruments: observers of a world that do not affect it; one that raises is removed.

A world has no metrics of its own: everything that is counted, drawn or checked is an
instrument. It overrides the hooks that it needs; all others cost nothing.
"""

from collections.abc import Container
from typing import NamedTuple

from invitelab.protocol.history import Fact, FactKind, Spoken
from invitelab.protocol.messages import Message
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientSpec
from invitelab.world.load.queues import MessageClass


class Way(NamedTuple):
    """How a message has come: when it was sent, its wait and service; microseconds."""

    posted_us: int
    queue_us: int
    service_us: int


class Instrument:
    """The base class: hooks without effect. Times are world time in microseconds."""

    followed: Container[str] = frozenset[str]()
    """The ids of invitations whose messages `spoke` is called with; may change."""

    wants: frozenset[FactKind] = frozenset(FactKind)
    """The kinds of facts that `happened` needs; it may be called with others."""

    kept: Container[str] = frozenset[str]()
    """The ids of invitations of which `happened` needs all facts; may change."""

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """A user attempts to invite another one."""

    def meant(self, at_us: int, invitation: str, accepts: bool | None) -> None:  # noqa: FBT001 - as hooks are
        """A new invitation, and what its recipient will answer; None for no answer."""

    def emailed(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """The attempt ended in an email."""

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """A direct invitation was refused; an email may follow."""

    def happened(self, at_us: int, fact: Fact) -> None:
        """A client recorded a fact."""

    def spoke(self, spoken: Spoken) -> None:
        """A client sent or received a message of an invitation that is followed."""

    def carried(
        self,
        at_us: int,
        message_class: MessageClass,
        wait_us: int,
        service_us: int,
        queue: int,
    ) -> None:
        """The relay accepted a message, with `queue` others waiting before it."""

    def dropped(self, at_us: int, message_class: MessageClass, reason: str) -> None:
        """A message was lost.

        "loss", "partition", "relay-restart", "queue full" or "memory full".
        """

    def delivered(self, at_us: int, message: Message, way: Way) -> None:
        """A client that is connected gets an offer, an answer or a verdict."""

    def repeated(self, at_us: int, message: Message) -> None:
        """A connected client sends a message again, which nobody has acknowledged."""

    def faulted(self, at_us: int, kind: str, label: str, until_us: int) -> None:
        """A fault of the schedule begins."""

    def finished(self, at_us: int) -> None:
        """The run has ended."""


HOOKS = (
    "attempted",
    "meant",
    "emailed",
    "refused",
    "happened",
    "spoke",
    "carried",
    "dropped",
    "delivered",
    "repeated",
    "faulted",
    "finished",
)


def overrides(instrument: Instrument, hook: str) -> bool:
    """Whether the instrument has this hook of its own."""
    return getattr(type(instrument), hook) is not getattr(Instrument, hook)
