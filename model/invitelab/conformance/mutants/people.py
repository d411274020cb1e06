"""Sins in what people are shown, and in who is heard."""

from dataclasses import replace

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.protocol import guest
from invitelab.protocol.messages import Closed, FromHost, Offer
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import ClientId, Identity, Surface
from invitelab.world.recipient import Recipient


class AnonymousOffer(Recipient):
    """The inviter's alias is not shown."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Drop the alias on the way in."""
        if isinstance(message, Offer):
            anonymous = Identity(id=message.sender.id, alias=None)
            message = replace(message, sender=anonymous)
        super().receive(sender, message)


def _only_on(surface: Surface) -> type[Recipient]:
    class OneSurface(Recipient):
        """An invitation is shown in one place only."""

        def keep(
            self, after: guest.Notification, before: guest.Notification | None
        ) -> None:
            """Forget the other place."""
            one = after.surfaces & {surface}
            super().keep(replace(after, surfaces=one), before)

    return OneSurface


class RejectedStaysVisible(Recipient):
    """A rejected invitation is not taken off the client."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Put it back into the list."""
        refusal = super().happen(id_, event)
        known = self.notifications.get(id_)
        if isinstance(event, Closed) and known is not None:
            in_client = frozenset({Surface.CLIENT})
            self.notifications[id_] = replace(known, surfaces=in_client)
        return refusal


MUTANTS = (
    Mutant(
        name="alias-missing",
        clause="NOTIFY-4",
        sin="the notification never shows an alias",
        make=variant(recipient=AnonymousOffer),
    ),
    Mutant(
        name="no-popup",
        clause="NOTIFY-2",
        sin="an invitation is shown in the client and never as a pop-up",
        make=variant(recipient=_only_on(Surface.CLIENT)),
    ),
    Mutant(
        name="popup-only",
        clause="NOTIFY-1",
        sin="an invitation is shown as a pop-up and never in the client",
        make=variant(recipient=_only_on(Surface.POPUP)),
    ),
    Mutant(
        name="rejected-stays-visible",
        clause="ANSWER-1",
        sin="a rejected invitation stays in the recipient's client",
        make=variant(recipient=RejectedStaysVisible),
    ),
)
