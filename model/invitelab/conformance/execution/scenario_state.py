"""What a scenario keeps: its target and clock, the invitations, and the emails."""

from dataclasses import dataclass, field

from invitelab.adapters import handshake
from invitelab.adapters import messages as wire
from invitelab.adapters.clocks.base import Clock, Terms
from invitelab.adapters.scenario_session import ScenarioSession
from invitelab.conformance.execution.measures import Measures
from invitelab.conformance.features.people import Person
from invitelab.world.product import current_product


def lifetime_ms() -> int:
    """The lifetime of an invitation, by the product that is judged by."""
    return current_product().lifetime_ms


@dataclass(slots=True, kw_only=True)
class Sent:
    """An invitation as its inviter knows it. Times are on the scenario's clock."""

    inviter: Person
    recipient: Person | None
    id: str
    at_ms: int
    """The latest time at which it was sent."""
    since_ms: int
    """The earliest time at which it was sent; the same with a virtual clock."""
    seen_before: int
    """Number of invitations from this inviter that the recipient had seen before."""

    over: bool = False
    """Whether it was answered or cancelled: its deadline decides nothing any more."""

    def ends_with(self, outcome: wire.OutcomeBase) -> None:
        """Note the attempt to answer or cancel it, which may have been refused."""
        self.over = self.over or outcome.refused is None

    def fits(self, inviter: str | None, recipient: str | None) -> bool:
        """Whether it is by and for these people; None for anybody."""
        named = None if self.recipient is None else self.recipient.name
        return inviter in {None, self.inviter.name} and recipient in {None, named}

    def is_late(self, waited_ms: int, now_ms: int, blur_ms: int) -> bool:
        """Whether it should be pending at `waited_ms`, and may have expired by now."""
        safe_ms = lifetime_ms() - blur_ms
        meant_ms = max(0, waited_ms - self.at_ms)
        return not self.over and meant_ms < safe_ms <= now_ms - self.since_ms


@dataclass(slots=True, kw_only=True)
class Email:
    """An invitation email that was opened."""

    author: Person
    opened: wire.EmailOpened
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """The target, session and clock of one scenario."""

    session: ScenarioSession
    target: handshake.Initialized
    terms: Terms
    clock: Clock
    measures: Measures = field(default_factory=Measures)
    """What the run has measured so far."""
