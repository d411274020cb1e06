"""Invitations that end at another time, and accepts that come after the end."""

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
    """Gives an invitation a lifetime of its own, when it is sent and when changed."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """How long after its sending this one ends."""
        return invitation.deadline_us - invitation.sent_us

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Write that deadline instead."""
        after = decision.invitation
        fresh = after.id not in self.invitations
        if fresh or after.revision > before.revision:
            deadline_us = after.sent_us + self.lifetime_us(after)
            after = replace(after, deadline_us=deadline_us)
            decision = replace(decision, invitation=after)
        super().act(decision, before)


class LateClicks(Recipient):
    """An accept is passed on, though the invitation is no longer shown."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Take it for one that still is."""
        known = self.notifications.get(id_)
        if accept and known is not None and known.state in GONE:
            until_us = max(known.until_us, self.site.now_us + 1)
            self.notifications[id_] = replace(
                known, state=guest.GuestState.SHOWN, until_us=until_us
            )
        return super().answer(id_, accept=accept)


class Pair(NamedTuple):
    """Both halves of a client that has to be changed on both sides."""

    inviter: type[Inviter]
    recipient: type[Recipient]


def reviving(end: State, *, for_us: int) -> Pair:
    """An accept counts for so long after that end, whatever has been shown."""
    return Pair(_lenient_host(end, for_us), LateClicks)


def _lenient_host(end: State, for_us: int) -> type[Inviter]:
    class LenientHost(Inviter):
        """Judges an accept by what was pending a moment ago."""

        def __init__(self, site: Device) -> None:
            super().__init__(site)
            self.until_us: dict[str, int] = {}

        def happen(self, id_: str, event: host.HostEvent) -> None:
            """Take the end back for an accept."""
            before = self.invitations[id_].state
            accepted = isinstance(event, host.AnswerFrom) and event.accept
            in_time = self.site.now_us <= self.until_us.get(id_, 0)
            if accepted and before is end and in_time:
                known = self.invitations[id_]
                deadline_us = max(known.deadline_us, self.site.now_us + 1)
                self.invitations[id_] = replace(
                    known, state=State.PENDING, deadline_us=deadline_us
                )
            super().happen(id_, event)
            if before is State.PENDING and self.invitations[id_].state is end:
                self.until_us[id_] = self.site.now_us + for_us

    return LenientHost
