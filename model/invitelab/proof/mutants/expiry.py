"""Sins against the two minutes: too soon, too late, on one side, or for sessions."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.lifetimes import FOREVER_US, LateClicks, Lives
from invitelab.proof.mutants.views import leaving
from invitelab.protocol import guest, host
from invitelab.protocol.history import FactKind
from invitelab.protocol.messages import FromHost, Offer, Withdraw
from invitelab.protocol.policy import LIFETIME_US, Policy
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    ClientId,
    Invitation,
    Permission,
    Permissions,
    Session,
    State,
    Surface,
)
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

LATE_US = 10 * US_PER_S
MINUTE_US = 60 * US_PER_S
LAST_US = 5 * US_PER_S


# An end too soon.


def _lives(seconds: float) -> Policy:
    return Policy(lifetime_us=round(seconds * US_PER_S))


class OldTimer(Inviter):
    """A timer goes by the recipient, and nothing stops it."""

    def record(self, invitation: Invitation, kind: FactKind) -> None:
        """Set it."""
        super().record(invitation, kind)
        if kind is FactKind.SENT:
            to = invitation.recipient
            self.site.at(invitation.deadline_us, self.ring, to)

    def ring(self, recipient: ClientId) -> None:
        """End whatever that recipient has got."""
        for known in self.pending(recipient):
            now_us = self.site.now_us
            self.invitations[known.id] = replace(known, deadline_us=now_us)
            self.wake(known.id)


class ChangeCountsTwice(Lives):
    """What has passed before a change is taken off once more."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """The rest of the rest."""
        left_us = invitation.deadline_us - self.site.now_us
        return left_us if invitation.revision > 1 else super().lifetime_us(invitation)


class PortableMinute(Recipient):
    """A client without an alias shows an invitation for a minute."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Shorten the offer."""
        if isinstance(message, Offer) and self.site.spec.identity.alias is None:
            message = replace(message, ttl_us=min(message.ttl_us, MINUTE_US))
        super().receive(sender, message)


# An end too late, or none.


class OnlyTheFirstEnds(Lives):
    """The two minutes are counted once in a client's life."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """For ever, but for the first."""
        first = not self.invitations or invitation.id in self.invitations
        return super().lifetime_us(invitation) if first else FOREVER_US


class ChangedNeverEnds(Lives):
    """A change stops the timer."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """For ever, once changed."""
        changed = invitation.revision > 1
        return FOREVER_US if changed else super().lifetime_us(invitation)


# What is left to be seen.


def _is_over(event: guest.GuestEvent) -> bool:
    expired = isinstance(event, Withdraw) and event.state is State.EXPIRED
    return expired or isinstance(event, guest.LifetimeOver)


class TimerOnlyAtTheHost(Recipient):
    """The guest neither runs a timer nor takes a withdrawal for one."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Keep showing what is over."""
        return None if _is_over(event) else super().happen(id_, event)


class ClearedLater(Recipient):
    """What has expired is taken off ten seconds late."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Wait with it."""
        if _is_over(event):
            self.site.after(LATE_US, self.clear, id_)
            return None
        return super().happen(id_, event)

    def clear(self, id_: str) -> None:
        """Take it off now."""
        super().happen(id_, guest.LifetimeOver())


class ClearsTheFirst(Recipient):
    """The end of any invitation clears the oldest one."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Take the first in the list."""
        if _is_over(event) and self.notifications:
            id_ = next(iter(self.notifications))
        return super().happen(id_, event)


class TimerOnlyAtTheGuest(Inviter):
    """The host's own timer never fires."""

    def wake(self, id_: str) -> None:
        """Sleep on."""


def _asleep(*, from_revision: int = 1, from_number: int = 1) -> type[Inviter]:
    class Asleep(Inviter):
        """The timer of some invitations does not fire."""

        def wake(self, id_: str) -> None:
            """Leave these in the list."""
            known = self.invitations[id_]
            number = list(self.invitations).index(id_) + 1
            if known.revision < from_revision or number < from_number:
                super().wake(id_)

    return Asleep


class LateAnswerReopens(Inviter):
    """An answer that comes too late is refused, and shown as still awaited."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Open the record again."""
        super().happen(id_, event)
        known = self.invitations[id_]
        if isinstance(event, host.AnswerFrom) and known.state is State.EXPIRED:
            self.invitations[id_] = replace(known, state=State.PENDING)


class InviterAMillisecondLate(Inviter):
    """The inviter's list is a millisecond behind."""

    def wake(self, id_: str) -> None:
        """Wait for it."""
        self.site.after(1000, super().wake, id_)


# Sessions.


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


class Cuts(Inviter):
    """A session is cut when the two minutes are over."""

    def end_us(self, session: Session) -> int:
        """When that is: at the end of its invitation."""
        return self.invitations[session.invitation].deadline_us

    def start(self, session: Session) -> None:
        """Keep the end in mind when nothing is due any more."""
        super().start(session)
        self.site.at(self.end_us(session), self.cut, session.id)

    def cut(self, id_: str) -> None:
        """Drop whatever runs."""
        self.sessions.pop(id_, None)


class OnlyWatching(Cuts):
    """The session is not dropped, and only its view is left."""

    def cut(self, id_: str) -> None:
        """Leave the view."""
        only = frozenset({Permission.VIEW})
        self.sessions[id_] = replace(self.sessions[id_], permissions=only)


class CutsAnew(Cuts):
    """The two minutes begin again with the session."""

    def end_us(self, session: Session) -> int:  # noqa: ARG002 - of any session
        """Two minutes from now."""
        return self.site.now_us + self.site.policy.lifetime_us


class CutsTheLate(Cuts):
    """The timer is stopped some seconds after the accept: too late for a late one."""

    def end_us(self, session: Session) -> int:
        """Where that is soon; else never."""
        end_us = super().end_us(session)
        return end_us if end_us - self.site.now_us < LAST_US else FOREVER_US


MUTANTS = (
    Mutant(
        name="modify-restarts-the-timer",
        clause="PENDING-6",
        defect="a modification gives another two minutes",
        make=variant(policy=Policy(modify_keeps_the_deadline=False)),
    ),
    Mutant(
        name="expires-at-118-s",
        clause="EXPIRY-1",
        defect="an invitation lives two seconds too short",
        make=variant(policy=_lives(118)),
    ),
    Mutant(
        name="old-timer-ends-the-next",
        clause="EXPIRY-1",
        defect="the timer of an invitation that has ended ends the next one too",
        make=variant(inviter=OldTimer),
    ),
    Mutant(
        name="change-counts-twice",
        clause="EXPIRY-1",
        defect="a change takes the time that has passed off the two minutes again",
        make=variant(inviter=ChangeCountsTwice),
    ),
    Mutant(
        name="portable-recipient-has-a-minute",
        clause="EXPIRY-1",
        defect="a portable recipient can accept for one minute only",
        make=variant(recipient=PortableMinute),
    ),
    Mutant(
        name="expires-at-121-5-s",
        clause="EXPIRY-2",
        defect="an invitation lives a second and a half too long",
        make=variant(policy=_lives(121.5)),
    ),
    Mutant(
        name="never-expires",
        clause="EXPIRY-2",
        defect="an invitation never ends by itself",
        make=variant(policy=Policy(lifetime_us=LIFETIME_US * 1000)),
    ),
    Mutant(
        name="only-the-first-expires",
        clause="EXPIRY-2",
        defect="only the first invitation that a client sends runs out",
        make=variant(inviter=OnlyTheFirstEnds),
    ),
    Mutant(
        name="changed-never-expires",
        clause="EXPIRY-2",
        defect="an invitation that was changed never runs out",
        make=variant(inviter=ChangedNeverEnds),
    ),
    Mutant(
        name="timer-only-at-the-host",
        clause="EXPIRY-3",
        defect="the recipient goes on seeing an expired invitation",
        make=variant(recipient=TimerOnlyAtTheHost),
    ),
    Mutant(
        name="expired-pop-up-stays",
        clause="EXPIRY-3",
        defect="an expired invitation leaves the client, and its pop-up stays",
        make=variant(recipient=leaving(Surface.POPUP, _is_over)),
    ),
    Mutant(
        name="expired-is-cleared-late",
        clause="EXPIRY-3",
        defect="an expired invitation is shown for ten more seconds",
        make=variant(recipient=ClearedLater),
    ),
    Mutant(
        name="expiry-clears-the-oldest",
        clause="EXPIRY-3",
        defect="expiry clears the oldest notification instead of its own",
        make=variant(recipient=ClearsTheFirst),
    ),
    Mutant(
        name="timer-only-at-the-guest",
        clause="EXPIRY-4",
        defect="the inviter goes on seeing an expired invitation as pending",
        make=variant(inviter=TimerOnlyAtTheGuest),
    ),
    Mutant(
        name="changed-stays-pending",
        clause="EXPIRY-4",
        defect="a changed invitation stays in the inviter's list as pending for ever",
        make=variant(inviter=_asleep(from_revision=2)),
    ),
    Mutant(
        name="next-stays-pending",
        clause="EXPIRY-4",
        defect="every expired invitation but the first stays pending in the list",
        make=variant(inviter=_asleep(from_number=2)),
    ),
    Mutant(
        name="late-accept-reopens",
        clause="EXPIRY-4",
        defect="an accept that comes too late makes the invitation pending again",
        make=variant(inviter=LateAnswerReopens, recipient=LateClicks),
    ),
    Mutant(
        name="expiry-ends-the-session",
        clause="EXPIRY-5",
        defect="the end of the two minutes ends a session that has started",
        make=variant(inviter=Cuts),
    ),
    Mutant(
        name="recipient-leaves-after-two-minutes",
        clause="EXPIRY-5",
        defect="the recipient's client leaves the session when its notification ends",
        make=variant(recipient=GuestLeaves),
    ),
    Mutant(
        name="two-minutes-leave-the-view",
        clause="EXPIRY-5",
        defect="at the end of the two minutes a running session is reduced to watching",
        make=variant(inviter=OnlyWatching),
    ),
    Mutant(
        name="session-lasts-two-minutes",
        clause="EXPIRY-5",
        defect="a session ends two minutes after its start",
        make=variant(inviter=CutsAnew),
    ),
    Mutant(
        name="late-session-cut",
        clause="EXPIRY-5",
        defect="the timer ends a session that was accepted in the last five seconds",
        make=variant(inviter=CutsTheLate),
    ),
    Mutant(
        name="expires-at-119-5-s",
        clause="EXPIRY-6",
        defect="an invitation lives half a second too short",
        make=variant(policy=_lives(119.5)),
    ),
    Mutant(
        name="expires-at-120-5-s",
        clause="EXPIRY-6",
        defect="an invitation lives half a second too long",
        make=variant(policy=_lives(120.5)),
    ),
    Mutant(
        name="inviter-a-millisecond-late",
        clause="EXPIRY-6",
        defect="the invitation expires a millisecond later for the inviter",
        make=variant(inviter=InviterAMillisecondLate),
    ),
)
