"""Sins against the two minutes that only some invitations, or one side, suffer from."""

from dataclasses import replace

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.conformance.mutants.halves import FOREVER_US, LateClicks, Lives
from invitelab.protocol import guest, host
from invitelab.protocol.history import FactKind
from invitelab.protocol.messages import FromHost, Offer
from invitelab.protocol.messages import Withdraw as Withdrawn
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    ClientId,
    Invitation,
    State,
    Surface,
)
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

GRID_US = 7 * US_PER_S
LATE_US = 10 * US_PER_S
LAST_US = 5 * US_PER_S
MINUTE_US = 60 * US_PER_S


# An end too soon.


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


class LastSeconds(Inviter):
    """An accept shortly before the end is heard, and comes to nothing."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Let the end come."""
        left_us = self.invitations[id_].deadline_us - self.site.now_us
        accept = isinstance(event, host.AnswerFrom) and event.accept
        if not (accept and left_us < LAST_US):
            super().happen(id_, event)


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


class CoarseClock(Policy):
    """Time is looked at every seven seconds."""

    def due(self, now_us: int, deadline_us: int) -> bool:
        """Whether it was over when it was last looked at."""
        return super().due(now_us - now_us % GRID_US, deadline_us)

    def wake_us(self, deadline_us: int) -> int:
        """The next look."""
        return deadline_us + -deadline_us % GRID_US


# What is left to be seen.


def _is_over(event: guest.GuestEvent) -> bool:
    expired = isinstance(event, Withdrawn) and event.state is State.EXPIRED
    return expired or isinstance(event, guest.LifetimeOver)


def _leaves_on(surface: Surface) -> type[Recipient]:
    class LeavesOne(Recipient):
        """The end clears one surface only."""

        def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
            """Put the other back."""
            refusal = super().happen(id_, event)
            known = self.notifications.get(id_)
            if known is not None and _is_over(event):
                left = replace(known, surfaces=frozenset({surface}))
                self.notifications[id_] = left
            return refusal

    return LeavesOne


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


MUTANTS = (
    Mutant(
        name="old-timer-ends-the-next",
        clause="EXPIRY-1",
        sin="the timer of an invitation that has ended ends the next one too",
        make=variant(inviter=OldTimer),
    ),
    Mutant(
        name="change-counts-twice",
        clause="EXPIRY-1",
        sin="a change takes the time that has passed off the two minutes again",
        make=variant(inviter=ChangeCountsTwice),
    ),
    Mutant(
        name="portable-recipient-has-a-minute",
        clause="EXPIRY-1",
        sin="a portable recipient can accept for one minute only",
        make=variant(recipient=PortableMinute),
    ),
    Mutant(
        name="accept-in-the-last-seconds-lost",
        clause="EXPIRY-1",
        sin="an accept in the last five seconds is acknowledged and starts nothing",
        make=variant(inviter=LastSeconds),
    ),
    Mutant(
        name="only-the-first-expires",
        clause="EXPIRY-2",
        sin="only the first invitation that a client sends runs out",
        make=variant(inviter=OnlyTheFirstEnds),
    ),
    Mutant(
        name="changed-never-expires",
        clause="EXPIRY-2",
        sin="an invitation that was changed never runs out",
        make=variant(inviter=ChangedNeverEnds),
    ),
    Mutant(
        name="time-is-looked-at-every-seven-seconds",
        clause="EXPIRY-2",
        sin="an invitation ends when time is next looked at, up to seven seconds late",
        make=variant(policy=CoarseClock()),
    ),
    Mutant(
        name="expired-stays-in-the-client",
        clause="EXPIRY-3",
        sin="an expired invitation leaves the pop-up, though not the client",
        make=variant(recipient=_leaves_on(Surface.CLIENT)),
    ),
    Mutant(
        name="expired-pop-up-stays",
        clause="EXPIRY-3",
        sin="an expired invitation leaves the client, and its pop-up stays",
        make=variant(recipient=_leaves_on(Surface.POPUP)),
    ),
    Mutant(
        name="expired-is-cleared-late",
        clause="EXPIRY-3",
        sin="an expired invitation is shown for ten more seconds",
        make=variant(recipient=ClearedLater),
    ),
    Mutant(
        name="expiry-clears-the-oldest",
        clause="EXPIRY-3",
        sin="expiry clears the oldest notification instead of its own",
        make=variant(recipient=ClearsTheFirst),
    ),
    Mutant(
        name="changed-stays-pending",
        clause="EXPIRY-4",
        sin="a changed invitation that has expired stays pending in the inviter's list",
        make=variant(inviter=_asleep(from_revision=2)),
    ),
    Mutant(
        name="next-stays-pending",
        clause="EXPIRY-4",
        sin="every expired invitation but the first stays pending in the list",
        make=variant(inviter=_asleep(from_number=2)),
    ),
    Mutant(
        name="late-accept-reopens",
        clause="EXPIRY-4",
        sin="an accept that comes too late makes the invitation pending again",
        make=variant(inviter=LateAnswerReopens, recipient=LateClicks),
    ),
    Mutant(
        name="pending-at-the-tick",
        clause="EXPIRY-6",
        sin="at the tick of two minutes the invitation is still pending",
        make=variant(policy=Policy(lifetime_is_half_open=False)),
    ),
    Mutant(
        name="inviter-a-millisecond-late",
        clause="EXPIRY-6",
        sin="at the tick the invitation is gone for the recipient, not for the inviter",
        make=variant(inviter=InviterAMillisecondLate),
    ),
)
