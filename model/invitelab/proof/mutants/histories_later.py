"""Defects that show only a while after the end of an invitation."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.pending import NOT_NOW, OffersTheEnded
from invitelab.protocol import guest
from invitelab.protocol.messages import Closed, SessionEnded, Started, Withdraw
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    Invitation,
    Permissions,
    State,
    Surface,
)
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

WHILE_US = 30 * US_PER_S
FEW_US = 5 * US_PER_S
SEEN_AGAIN_US = 50 * US_PER_S
GONE_AGAIN_US = 20 * US_PER_S

# A while after the end.


class Remembers(Inviter):
    """Remembers when its invitations have ended."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.ended_us: dict[str, int] = {}

    def _close(self, ended: Invitation) -> None:
        self.ended_us[ended.id] = self.device.now_us
        super()._close(ended)

    def is_late(self, invitation: str) -> bool:
        """Whether the invitation has ended half a minute ago or earlier."""
        ended_us = self.ended_us.get(invitation)
        return ended_us is not None and self.device.now_us - ended_us >= WHILE_US

    def end_session_of(self, invitation: str) -> None:
        """End the session of an invitation, at both ends."""
        for session in list(self.sessions.values()):
            if session.invitation == invitation:
                self._end(session)
                over = SessionEnded(invitation=invitation, session=session.id)
                self.device.say(session.guest, over)


class LateCancelEnds(Remembers):
    """Takes a cancel a while after the accept for the end of the session."""

    def cancel(self, invitation: str) -> Refusal | None:
        """End the session if it has run for a while, and refuse."""
        if self.is_late(invitation):
            self.end_session_of(invitation)
        return super().cancel(invitation)


class CancelEndsSoon(Remembers):
    """Ends the session five seconds after the cancel of an accepted invitation."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Refuse, and schedule the end."""
        self.device.after(FEW_US, self.end_session_of, invitation)
        return super().cancel(invitation)


class CancelAfterTheEnd(Inviter):
    """Lists an accepted invitation as expired after a cancel in the third minute."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Apply the lifetime to the accepted one, and refuse."""
        known = self.invitations.get(invitation)
        if known is not None and self.device.now_us >= known.deadline_us:
            self.invitations[invitation] = replace(known, state=State.EXPIRED)
        return super().cancel(invitation)


class LateChangeReaches(Remembers):
    """Applies a change a while after the accept to the session."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change the session, and refuse."""
        profiles = {entry.name: entry for entry in self.device.spec.profiles}
        for session in list(self.sessions.values()):
            if session.invitation == invitation and self.is_late(invitation):
                permissions = profiles[profile_name].permissions
                self.sessions[session.id] = replace(session, permissions=permissions)
        return super().modify(invitation, profile_name)


class LateChangeOffers(OffersTheEnded, Remembers):
    """Forgets after a while that an invitation has ended, and offers it again."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Refuse at first; later offer what is changed."""
        if self.is_late(invitation):
            return super().modify(invitation, profile_name)
        return Inviter.modify(self, invitation, profile_name)


def _seen_again(state: State) -> type[Recipient]:
    class SeenAgain(Recipient):
        """Recipient that shows an ended invitation for a time, a while later."""

        def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
            """Schedule it."""
            if isinstance(event, Withdraw | Closed) and event.state is state:
                self.device.after(SEEN_AGAIN_US, self.show_again, id_)
            return super().happen(id_, event)

        def show_again(self, id_: str) -> None:
            """Show it, and schedule its end."""
            self._set(id_, guest.BOTH_SURFACES)
            self.device.after(GONE_AGAIN_US, self.hide_again, id_)

        def hide_again(self, id_: str) -> None:
            """Hide it as the next poll of the host would."""
            self._set(id_, guest.NO_SURFACE)

        def _set(self, id_: str, surfaces: frozenset[Surface]) -> None:
            known = self.notifications[id_]
            self.notifications[id_] = replace(known, surfaces=surfaces)

    return SeenAgain


class AcceptedIsSeenAgain(Recipient):
    """Shows an accepted invitation again after a while."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Schedule it."""
        if isinstance(event, Started):
            self.device.after(WHILE_US, self.show_again, id_)
        return super().happen(id_, event)

    def show_again(self, id_: str) -> None:
        """Show it on both surfaces."""
        known = self.notifications[id_]
        self.notifications[id_] = replace(known, surfaces=guest.BOTH_SURFACES)


class AcceptCountsAgain(Recipient):
    """Knows for half a minute which invitations it has accepted."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.until_us: dict[str, int] = {}

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Refuse a second accept for that time only."""
        now_us = self.device.now_us
        if accept and now_us < self.until_us.get(id_, 0):
            return NOT_NOW
        return super().answer(id_, accept=accept)

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Remember when it was."""
        super().join(id_, session, permissions)
        self.until_us[id_] = self.device.now_us + WHILE_US


MUTANTS = (
    Mutant(
        name="late-change-reaches-a-session-of-half-a-minute",
        clause="PENDING-4",
        defect="half a minute after the accept a change reaches the session",
        make=variant(inviter=LateChangeReaches),
    ),
    Mutant(
        name="ended-is-offered-after-half-a-minute",
        clause="PENDING-4",
        defect="changing what has ended half a minute ago is refused and shown again",
        make=variant(inviter=LateChangeOffers),
    ),
    Mutant(
        name="late-cancel-ends-a-session-of-half-a-minute",
        clause="PENDING-5",
        defect="half a minute after the accept a cancel ends the session",
        make=variant(inviter=LateCancelEnds),
    ),
    Mutant(
        name="late-cancel-ends-the-session-soon",
        clause="PENDING-5",
        defect="the cancel of an accepted invitation ends its session in five seconds",
        make=variant(inviter=CancelEndsSoon),
    ),
    Mutant(
        name="late-cancel-lists-the-accepted-as-expired",
        clause="PENDING-5",
        defect="a cancel after the two minutes lists an accepted invitation as expired",
        make=variant(inviter=CancelAfterTheEnd),
    ),
    Mutant(
        name="cancelled-is-seen-again-later",
        clause="PENDING-3",
        defect="a stale copy shows a cancelled invitation again after 50 seconds",
        make=variant(recipient=_seen_again(State.CANCELLED)),
    ),
    Mutant(
        name="rejected-is-seen-again-later",
        clause="ANSWER-1",
        defect="a stale copy shows a rejected invitation again after 50 seconds",
        make=variant(recipient=_seen_again(State.REJECTED)),
    ),
    Mutant(
        name="accepted-is-seen-again-later",
        clause="ANSWER-5",
        defect="half a minute after the accept the invitation is shown again",
        make=variant(recipient=AcceptedIsSeenAgain),
    ),
    Mutant(
        name="accept-counts-again-later",
        clause="ANSWER-3",
        defect="half a minute after the accept a second one starts a second session",
        make=variant(
            recipient=AcceptCountsAgain, policy=Policy(one_accept_counts=False)
        ),
    ),
)
