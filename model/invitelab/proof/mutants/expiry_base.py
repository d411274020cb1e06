"""Base of defects of lifetimes, and of accepts after the end."""

from dataclasses import replace
from typing import NamedTuple

from invitelab.protocol import guest, host
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import Invitation, State
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

FOREVER_US = 1 << 50
"""Longer than any scenario lasts."""
GONE = frozenset({guest.GuestState.HIDDEN, guest.GuestState.CLOSED})


class Lives(Inviter):
    """Gives invitations another lifetime, when sent and when changed."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """The lifetime of an invitation from its sending, in microseconds."""
        return invitation.deadline_us - invitation.sent_us

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Record the other deadline."""
        after = decision.invitation
        fresh = after.id not in self.invitations
        if fresh or after.revision > before.revision:
            deadline_us = after.sent_us + self.lifetime_us(after)
            after = replace(after, deadline_us=deadline_us)
            decision = replace(decision, invitation=after)
        super().act(decision, before)


class LateClicks(Recipient):
    """Sends an accept of an invitation that is no longer shown."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Accept as if the invitation were shown."""
        known = self.notifications.get(id_)
        if accept and known is not None and known.state in GONE:
            until_us = max(known.until_us, self.device.now_us + 1)
            self.notifications[id_] = replace(
                known, state=guest.GuestState.SHOWN, until_us=until_us
            )
        return super().answer(id_, accept=accept)


class Pair(NamedTuple):
    """Inviter and recipient of a defect that needs both."""

    inviter: type[Inviter]
    recipient: type[Recipient]


def reviving(end: State, *, for_us: int) -> Pair:
    """Make a client that lets an accept start a session for a time after that end."""
    return Pair(_lenient_host(end, for_us), LateClicks)


def _lenient_host(end: State, for_us: int) -> type[Inviter]:
    class LenientHost(Inviter):
        """Inviter that takes an ended invitation for pending for a time."""

        def __init__(self, device: Device) -> None:
            super().__init__(device)
            self.until_us: dict[str, int] = {}

        def happen(self, id_: str, event: host.HostEvent) -> None:
            """Take the end back for an accept."""
            before = self.invitations[id_].state
            accepted = isinstance(event, host.AnswerFrom) and event.accept
            in_time = self.device.now_us <= self.until_us.get(id_, 0)
            if accepted and before is end and in_time:
                known = self.invitations[id_]
                deadline_us = max(known.deadline_us, self.device.now_us + 1)
                self.invitations[id_] = replace(
                    known, state=State.PENDING, deadline_us=deadline_us
                )
            super().happen(id_, event)
            if before is State.PENDING and self.invitations[id_].state is end:
                self.until_us[id_] = self.device.now_us + for_us

    return LenientHost
