"""Defects of clients that go offline and come back, once or twice."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.protocol import guest
from invitelab.protocol.messages import Withdraw
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import ClientId, State
from invitelab.world.client import Client
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

# Recipients.


def _shown_again(ended: guest.GuestState, outcome: State) -> type[Recipient]:
    class ShownAgain(Recipient):
        """Recipient that shows what has ended like this again when it returns."""

        def return_online(self) -> None:
            """Show it on both surfaces."""
            super().return_online()
            for known in list(self.notifications.values()):
                if known.state is ended and known.outcome is outcome:
                    shown = replace(known, surfaces=guest.BOTH_SURFACES)
                    self.notifications[known.invitation] = shown

    return ShownAgain


class MissesTheCancel(Recipient):
    """Never hears of a cancellation that it missed while it was away."""

    was_away = False

    def leave(self) -> None:
        """Remember it."""
        super().leave()
        self.was_away = True

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Ignore the repeated cancellation."""
        cancelled = isinstance(event, Withdraw) and event.state is State.CANCELLED
        if cancelled and self.was_away:
            return None
        return super().happen(id_, event)


class ClockStandsStill(Recipient):
    """Does not notice what expires while it is away."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.missed: set[str] = set()

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Ignore an expiry that was missed, from then on."""
        over = isinstance(event, guest.LifetimeOver) or (
            isinstance(event, Withdraw) and event.state is State.EXPIRED
        )
        if over and not self.device.online:
            self.missed.add(id_)
        if over and id_ in self.missed:
            return None
        return super().happen(id_, event)


class ReturnsOnce(Recipient):
    """Shows what is pending after the first absence only."""

    absences = 0

    def leave(self) -> None:
        """Forget what is shown at the second absence."""
        super().leave()
        self.absences += 1
        if self.absences > 1:
            for known in list(self.notifications.values()):
                hidden = replace(known, surfaces=guest.NO_SURFACE)
                self.notifications[known.invitation] = hidden


# Inviters.


class LeavingCancelsAll(Client):
    """Lists everything as cancelled when the inviter goes offline."""

    def set_online(self, *, online: bool) -> None:
        """Cancel what was rejected as well."""
        super().set_online(online=online)
        if not online:
            for known in list(self.inviter.invitations.values()):
                if known.state is State.REJECTED:
                    cancelled = replace(known, state=State.CANCELLED)
                    self.inviter.invitations[known.id] = cancelled


class LeftBlocksTheNext(Inviter):
    """Counts what was cancelled by leaving as pending."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.left: set[ClientId] = set()

    def leave(self) -> None:
        """Keep the recipients of what is pending."""
        self.left |= {known.recipient for known in self.pending()}
        super().leave()

    def has_pending(self, to: ClientId | None = None) -> bool:
        """Whether an invitation to this recipient is pending, or was at an absence."""
        return super().has_pending(to) or to in self.left


class LeavingCancelsOnce(Inviter):
    """Cancels what is pending at the first absence only."""

    absences = 0

    def leave(self) -> None:
        """Cancel, the first time."""
        self.absences += 1
        if self.absences == 1:
            super().leave()


MUTANTS = (
    Mutant(
        name="returns-to-the-cancelled",
        clause="PRESENCE-1",
        defect="a recipient that was away still sees what was cancelled meanwhile",
        make=variant(recipient=MissesTheCancel),
    ),
    Mutant(
        name="returns-to-the-rejected",
        clause="PRESENCE-1",
        defect="a recipient that returns is shown again what it had rejected",
        make=variant(recipient=_shown_again(guest.GuestState.CLOSED, State.REJECTED)),
    ),
    Mutant(
        name="returns-to-the-expired",
        clause="PRESENCE-1",
        defect="a recipient that returns sees what has expired meanwhile",
        make=variant(recipient=ClockStandsStill),
    ),
    Mutant(
        name="returns-to-it-once",
        clause="PRESENCE-1",
        defect="after a second absence the recipient no longer sees the invitation",
        make=variant(recipient=ReturnsOnce),
    ),
    Mutant(
        name="returns-to-the-accepted",
        clause="ANSWER-5",
        defect="a recipient that returns is shown again what it had accepted",
        make=variant(recipient=_shown_again(guest.GuestState.JOINED, State.ACCEPTED)),
    ),
    Mutant(
        name="leaving-rewrites-the-rejected",
        clause="PRESENCE-2",
        defect="an inviter that goes offline lists what was rejected as cancelled",
        make=variant(client=LeavingCancelsAll),
    ),
    Mutant(
        name="left-blocks-the-next",
        clause="PRESENCE-2",
        defect="what was cancelled by leaving still blocks the next invitation",
        make=variant(inviter=LeftBlocksTheNext),
    ),
    Mutant(
        name="leaving-cancels-once",
        clause="PRESENCE-2",
        defect="only the first time does going offline cancel what is pending",
        make=variant(inviter=LeavingCancelsOnce),
    ),
)
