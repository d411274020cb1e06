"""Sins against the two minutes."""

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.protocol import guest
from invitelab.protocol.messages import Withdraw
from invitelab.protocol.policy import LIFETIME_US, Policy
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import US_PER_S, Session
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient


class TimerOnlyAtTheGuest(Inviter):
    """The host's own timer never fires."""

    def wake(self, id_: str) -> None:
        """Sleep on."""


class TimerOnlyAtTheHost(Recipient):
    """The guest neither runs a timer nor takes a withdrawal for one."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Keep showing what is over."""
        over = isinstance(event, guest.LifetimeOver)
        expired = isinstance(event, Withdraw) and event.state == "expired"
        return None if over or expired else super().happen(id_, event)


class ExpiryEndsTheSession(Inviter):
    """The two minutes cut a session that has started."""

    def start(self, session: Session) -> None:
        """Keep the deadline in mind when nothing is due any more."""
        super().start(session)
        deadline_us = self.invitations[session.invitation].deadline_us
        self.site.at(deadline_us, self.cut, session.id)

    def cut(self, id_: str) -> None:
        """Drop whatever runs."""
        self.sessions.pop(id_, None)


def _lives(seconds: float) -> Policy:
    return Policy(lifetime_us=round(seconds * US_PER_S))


MUTANTS = (
    Mutant(
        name="expires-at-119-5-s",
        clause="EXPIRY-6",
        sin="an invitation lives half a second too short",
        make=variant(policy=_lives(119.5)),
    ),
    Mutant(
        name="expires-at-120-5-s",
        clause="EXPIRY-6",
        sin="an invitation lives half a second too long",
        make=variant(policy=_lives(120.5)),
    ),
    Mutant(
        name="expires-at-118-s",
        clause="EXPIRY-1",
        sin="an invitation lives two seconds too short",
        make=variant(policy=_lives(118)),
    ),
    Mutant(
        name="expires-at-121-5-s",
        clause="EXPIRY-2",
        sin="an invitation lives a second and a half too long",
        make=variant(policy=_lives(121.5)),
    ),
    Mutant(
        name="never-expires",
        clause="EXPIRY-2",
        sin="an invitation never ends by itself",
        make=variant(policy=Policy(lifetime_us=LIFETIME_US * 1000)),
    ),
    Mutant(
        name="timer-only-at-the-guest",
        clause="EXPIRY-4",
        sin="the inviter goes on seeing an expired invitation as pending",
        make=variant(inviter=TimerOnlyAtTheGuest),
    ),
    Mutant(
        name="timer-only-at-the-host",
        clause="EXPIRY-3",
        sin="the recipient goes on seeing an expired invitation",
        make=variant(recipient=TimerOnlyAtTheHost),
    ),
    Mutant(
        name="expiry-ends-the-session",
        clause="EXPIRY-5",
        sin="the two minutes cut a session that has started",
        make=variant(inviter=ExpiryEndsTheSession),
    ),
    Mutant(
        name="modify-restarts-the-timer",
        clause="PENDING-6",
        sin="a modification gives another two minutes",
        make=variant(policy=Policy(modify_keeps_the_deadline=False)),
    ),
)
