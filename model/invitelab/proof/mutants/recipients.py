"""Defects of the check of recipients: their versions, and earlier invitations."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.refusals import sends_in_spite_of
from invitelab.protocol.guest import GuestState
from invitelab.protocol.menu import Offered, entry_points
from invitelab.protocol.messages import FromHost, Offer
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    FIRST_DIRECT,
    ClientId,
    ClientSpec,
    EntryPoint,
    State,
    Version,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

UNSUPPORTED = Refusal(Reason.RECIPIENT_UNSUPPORTED, "that client is too old")


class InvitesPre7(Inviter):
    """Does not check the recipient's version."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Take every recipient for a client of version 7."""
        if facts.recipient is not None:
            recipient = replace(facts.recipient, version=FIRST_DIRECT)
            facts = replace(facts, recipient=recipient)
        return super().refusal(facts)


def _as_text(spec: ClientSpec) -> ClientSpec:
    """The client with the version that a comparison as text takes it for."""
    new = str(spec.version) >= str(FIRST_DIRECT)
    return replace(spec, version=FIRST_DIRECT if new else Version(6, 0, 0))


class VersionsAsText(Inviter):
    """Compares versions as text."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Compare the versions of both clients as text."""
        recipient = facts.recipient
        facts = replace(
            facts,
            sender=_as_text(facts.sender),
            recipient=None if recipient is None else _as_text(recipient),
        )
        return super().refusal(facts)


class MenuByText(Client):
    """Compares versions as text in the menu."""

    def menu(self) -> tuple[Offered, ...]:
        """What the text suggests."""
        return entry_points(_as_text(self.device.spec))


def _by_alias(facts: SendFacts) -> bool:
    return facts.address is not None and "@" in facts.address.text


# Versions.


class SevenIsTooOld(Inviter):
    """Refuses a recipient of version 7.0.0."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Refuse 7.0.0 itself."""
        recipient = facts.recipient
        if recipient is not None and recipient.version == FIRST_DIRECT:
            return UNSUPPORTED
        return super().refusal(facts)


class VersionCheckSkipped(Inviter):
    """Does not check the recipient's version for some invitations."""

    def skips(self, facts: SendFacts) -> bool:
        """Whether the version is not checked: for an alias."""
        return _by_alias(facts)

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Ignore the refusal for the version."""
        refusal = super().refusal(facts)
        old = refusal is not None and refusal.reason is Reason.RECIPIENT_UNSUPPORTED
        return None if old and self.skips(facts) else refusal


class VersionCheckSkippedInOneList(VersionCheckSkipped):
    """Does not check the recipient's version for tiles of the Address Book."""

    def skips(self, facts: SendFacts) -> bool:
        """Whether the version is not checked: for such a tile."""
        return facts.entry is EntryPoint.TILE_ADDRESS_BOOK


class SilentlyDropped(Client):
    """Acknowledges an invitation that is refused."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Acknowledge without effect."""
        sent = super().send(entry, typed, profile)
        if isinstance(sent, Refusal) and sent.reason is Reason.RECIPIENT_UNSUPPORTED:
            return f"{self.device.id}-dropped"
        return sent


# What an earlier invitation leaves behind.


class OneRejectIsEnough(Inviter):
    """Refuses a recipient that has rejected an invitation."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Refuse if an earlier invitation was rejected."""
        rejected = {
            sent.recipient
            for sent in self.invitations.values()
            if sent.state is State.REJECTED
        }
        if facts.recipient is not None and facts.recipient.id in rejected:
            return Refusal(Reason.ALREADY_PENDING, "that invitation was rejected")
        return super().refusal(facts)


class TombstoneOfTheSender(Recipient):
    """Ignores every offer of an inviter that has withdrawn one."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Drop the offers of such an inviter."""
        withdrawn = {
            known.sender.id
            for known in self.notifications.values()
            if known.state is GuestState.HIDDEN
        }
        if isinstance(message, Offer) and message.sender.id in withdrawn:
            return
        super().receive(sender, message)


MUTANTS = (
    Mutant(
        name="versions-as-text",
        clause="DIRECT-1",
        defect="versions are compared as text, so 10 comes before 7",
        make=variant(inviter=VersionsAsText, client=MenuByText),
    ),
    Mutant(
        name="version-7-0-0-is-too-old",
        clause="DIRECT-1",
        value="recipient's version: 7.0.0",
        defect="a recipient of exactly version 7.0.0 is refused",
        make=variant(inviter=SevenIsTooOld),
    ),
    Mutant(
        name="one-reject-is-for-good",
        clause="DIRECT-1",
        defect="a recipient that has rejected once cannot be invited again",
        make=variant(inviter=OneRejectIsEnough),
    ),
    Mutant(
        name="tombstone-of-the-sender",
        clause="DIRECT-1",
        defect="after a withdrawn invitation no other of the same inviter is shown",
        make=variant(recipient=TombstoneOfTheSender),
    ),
    Mutant(
        name="invites-pre-7",
        clause="DIRECT-3",
        defect="a recipient before version 7 is sent a direct invitation",
        make=variant(inviter=InvitesPre7),
    ),
    Mutant(
        name="version-unchecked-by-alias",
        clause="DIRECT-3",
        defect="the recipient's version is not looked at when the alias was typed",
        make=variant(inviter=VersionCheckSkipped),
    ),
    Mutant(
        name="version-unchecked-in-address-book",
        clause="DIRECT-3",
        defect="the recipient's version is not looked at on a tile of the Address Book",
        make=variant(inviter=VersionCheckSkippedInOneList),
    ),
    Mutant(
        name="too-old-refused-and-sent",
        clause="DIRECT-3",
        defect="inviting a client before version 7 is refused and done",
        make=variant(inviter=sends_in_spite_of(Reason.RECIPIENT_UNSUPPORTED)),
    ),
    Mutant(
        name="too-old-silently-dropped",
        clause="DIRECT-10",
        defect="inviting a client before version 7 is acknowledged and never done",
        make=variant(client=SilentlyDropped),
    ),
)
