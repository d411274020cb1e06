"""An alphabet in which anybody asks for anything, whoever the invitation is from.

The alphabets that ship let people do what their clients offer them. Here the recipient
asks for changes, a third client answers, and the inviter names a profile that there is
not: cells of the table that say who is refused, in every state of an invitation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from invitelab.adapters import messages as wire
from invitelab.adapters.handshake import Capability
from invitelab.learning.alphabet import Alphabet, Client, Input
from invitelab.learning.operations import (
    NOTHING,
    Answer,
    Cancel,
    Invite,
    Operation,
    Until,
    outcome,
)
from invitelab.learning.play import Play

INVITER, RECIPIENT, OTHER = "Ada", "Bob", "Cleo"
MISSING = "No such profile"
LIFETIME_MS = 120_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request about the invitation of the first two, by anybody."""

    by: str
    method: str
    profile: str | None = None
    needs: tuple[Capability, ...] = (Capability.DIRECT,)

    def perform(self, play: Play) -> str:
        """Ask by the id that the inviter knows; the reference has one for all."""
        id_ = play.sent.get((INVITER, RECIPIENT))
        if id_ is None:
            return NOTHING
        params: wire.InvitationCall | wire.Modify | wire.Answer
        if self.profile is not None:
            params = wire.Modify(
                **play.of(self.by), invitation=id_, profile=self.profile
            )
        elif self.method == "invitation.cancel":
            params = wire.InvitationCall(**play.of(self.by), invitation=id_)
        else:
            params = wire.Answer(**play.of(self.by), invitation=id_, surface=None)
        return outcome(play.call(self.method, params, wire.Done))


INPUTS: Mapping[str, Operation | Ask] = {
    "send": Invite(by=INVITER, to=RECIPIENT),
    "cancel": Cancel(by=INVITER, to=RECIPIENT),
    "accept": Answer(by=RECIPIENT, from_=INVITER, verb="accept"),
    "reject": Answer(by=RECIPIENT, from_=INVITER, verb="reject"),
    "due": Until(by=INVITER, to=RECIPIENT, ms=LIFETIME_MS),
    "recipient-modifies": Ask(
        by=RECIPIENT, method="invitation.modify", profile="Screen Sharing"
    ),
    "recipient-cancels": Ask(by=RECIPIENT, method="invitation.cancel"),
    "other-accepts": Ask(by=OTHER, method="invitation.accept"),
    "other-rejects": Ask(by=OTHER, method="invitation.reject"),
    "unusable": Ask(by=INVITER, method="invitation.modify", profile=MISSING),
}


def anybody() -> Alphabet:
    """The alphabet."""
    return Alphabet(
        name="anybody",
        says="Anybody asks for anything",
        file=None,
        clients={name: Client() for name in (INVITER, RECIPIENT, OTHER)},
        inputs=tuple(
            Input(name=name, words=name, operation=cast("Operation", operation))
            for name, operation in INPUTS.items()
        ),
    )
