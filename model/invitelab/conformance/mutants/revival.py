"""The race that an accept wins although the invitation has ended already."""

from dataclasses import replace
from typing import NamedTuple

from invitelab.protocol import guest, host
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import State
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient
from invitelab.world.site import Site


class Pair(NamedTuple):
    """Both halves of a client that has to be changed on both sides."""

    inviter: type[Inviter]
    recipient: type[Recipient]


def reviving(end: State, *, for_us: int) -> Pair:
    """An accept counts for so long after that end, whatever has been shown."""
    return Pair(_lenient_host(end, for_us), _persistent_guest(end))


def _lenient_host(end: State, for_us: int) -> type[Inviter]:
    class LenientHost(Inviter):
        """Judges an accept by what was pending a moment ago."""

        def __init__(self, site: Site) -> None:
            super().__init__(site)
            self.until_us: dict[str, int] = {}

        def happen(self, id_: str, event: host.HostEvent) -> None:
            """Take the end back for an accept."""
            before = self.invitations[id_].state
            accepted = isinstance(event, host.AnswerFrom) and event.accept
            in_time = self.site.now_us <= self.until_us.get(id_, 0)
            if accepted and before is end and in_time:
                pending = replace(self.invitations[id_], state=State.PENDING)
                self.invitations[id_] = pending
            super().happen(id_, event)
            if before is State.PENDING and self.invitations[id_].state is end:
                self.until_us[id_] = self.site.now_us + for_us

    return LenientHost


def _persistent_guest(end: State) -> type[Recipient]:
    class PersistentGuest(Recipient):
        """Sends the click on what has just gone."""

        def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
            """Take it for shown."""
            known = self.notifications.get(id_)
            accepted = isinstance(event, guest.Click) and event.accept
            if accepted and known is not None and known.outcome is end:
                shown = replace(known, state=guest.GuestState.SHOWN)
                self.notifications[id_] = shown
            return super().happen(id_, event)

    return PersistentGuest
