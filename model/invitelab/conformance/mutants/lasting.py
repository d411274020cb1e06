"""Sins against a session that runs when the two minutes are over."""

from dataclasses import replace

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.protocol.history import FactKind
from invitelab.protocol.messages import FromGuest, Joined, JoinSeen
from invitelab.protocol.values import (
    US_PER_S,
    ClientId,
    Invitation,
    Permission,
    Permissions,
    Session,
)
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

LAST_US = 5 * US_PER_S


class GuestLeaves(Recipient):
    """The recipient's own timer takes the session away."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Keep the end of the notification in mind."""
        super().join(id_, session, permissions)
        until_us = self.notifications[id_].until_us
        self.site.at(until_us, self.leave_session, session)

    def leave_session(self, session: str) -> None:
        """Out."""
        self.sessions.pop(session, None)


class OnlyWatching(Inviter):
    """At the end of the two minutes a session is cut down to watching."""

    def start(self, session: Session) -> None:
        """Keep the deadline in mind."""
        super().start(session)
        deadline_us = self.invitations[session.invitation].deadline_us
        self.site.at(deadline_us, self.cut_down, session.id)

    def cut_down(self, id_: str) -> None:
        """Leave the view."""
        only = frozenset({Permission.VIEW})
        self.sessions[id_] = replace(self.sessions[id_], permissions=only)


class SessionOfTwoMinutes(Inviter):
    """The two minutes begin again with the session."""

    def start(self, session: Session) -> None:
        """Set the timer once more."""
        super().start(session)
        lifetime_us = self.site.policy.lifetime_us
        self.site.after(lifetime_us, self.cut, session.id)

    def cut(self, id_: str) -> None:
        """Drop it."""
        self.sessions.pop(id_, None)


class LateSessionCut(Inviter):
    """The timer is stopped some seconds after the accept: too late for a late one."""

    def start(self, session: Session) -> None:
        """Let it ring where it is due soon."""
        super().start(session)
        deadline_us = self.invitations[session.invitation].deadline_us
        if deadline_us - self.site.now_us < LAST_US:
            self.site.at(deadline_us, self.cut, session.id)

    def cut(self, id_: str) -> None:
        """Drop it."""
        self.sessions.pop(id_, None)


class OldTimerCuts(Inviter):
    """The timer of an earlier invitation finds the session of the next."""

    def record(self, invitation: Invitation, kind: FactKind) -> None:
        """Set it, and never stop it."""
        super().record(invitation, kind)
        if kind is FactKind.SENT:
            self.site.at(invitation.deadline_us, self.cut, invitation)

    def cut(self, old: Invitation) -> None:
        """Drop what runs with that recipient, but for its own."""
        for id_, running in list(self.sessions.items()):
            if running.guest == old.recipient and running.invitation != old.id:
                self.sessions.pop(id_)


class JoinNotNoted(Inviter):
    """Whoever has joined is taken for missing."""

    def receive(self, sender: ClientId, message: FromGuest) -> None:
        """Answer, and note nothing."""
        if isinstance(message, Joined):
            self.site.say(sender, JoinSeen(invitation=message.invitation))
            return
        super().receive(sender, message)


MUTANTS = (
    Mutant(
        name="recipient-leaves-after-two-minutes",
        clause="EXPIRY-5",
        sin="the recipient's client leaves the session when its notification ends",
        make=variant(recipient=GuestLeaves),
    ),
    Mutant(
        name="two-minutes-leave-the-view",
        clause="EXPIRY-5",
        sin="at the end of the two minutes a running session is cut down to watching",
        make=variant(inviter=OnlyWatching),
    ),
    Mutant(
        name="session-lasts-two-minutes",
        clause="EXPIRY-5",
        sin="a session is cut two minutes after its start",
        make=variant(inviter=SessionOfTwoMinutes),
    ),
    Mutant(
        name="late-session-cut",
        clause="EXPIRY-5",
        sin="a session that was accepted in the last five seconds is cut by the timer",
        make=variant(inviter=LateSessionCut),
    ),
    Mutant(
        name="old-timer-cuts-the-session",
        clause="EXPIRY-5",
        sin="the timer of an earlier invitation cuts the session of the next",
        make=variant(inviter=OldTimerCuts),
    ),
    Mutant(
        name="join-is-not-noted",
        clause="EXPIRY-5",
        sin="a session ends after forty seconds, as if nobody had joined it",
        make=variant(inviter=JoinNotNoted),
    ),
)
