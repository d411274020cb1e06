"""Sins against sending, changing and cancelling."""

from dataclasses import replace

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.protocol import guest
from invitelab.protocol.menu import Offered, entry_points
from invitelab.protocol.messages import Withdraw
from invitelab.protocol.profiles import choose_profile
from invitelab.protocol.refusals import Refusal, SendFacts
from invitelab.protocol.values import (
    FIRST_DIRECT,
    ClientSpec,
    EntryPoint,
    State,
    Surface,
    Version,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient


class GhostAfterCancel(Recipient):
    """A cancelled invitation leaves one of the two surfaces only."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Put the pop-up back."""
        refusal = super().happen(id_, event)
        known = self.notifications.get(id_)
        cancelled = isinstance(event, Withdraw) and event.state == "cancelled"
        if cancelled and known is not None:
            popup = frozenset({Surface.POPUP})
            self.notifications[id_] = replace(known, surfaces=popup)
        return refusal


class InvitesPre7(Inviter):
    """A recipient's version is not looked at."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Take every recipient for a new one."""
        if facts.recipient is not None:
            recipient = replace(facts.recipient, version=FIRST_DIRECT)
            facts = replace(facts, recipient=recipient)
        return super().refusal(facts)


def _as_text(spec: ClientSpec) -> ClientSpec:
    """The version a client would have if digits were letters: 10 is before 7."""
    new = str(spec.version) >= str(FIRST_DIRECT)
    return replace(spec, version=FIRST_DIRECT if new else Version(6, 0, 0))


class VersionsAsText(Inviter):
    """Versions are compared letter by letter."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Judge both sides by text."""
        recipient = facts.recipient
        facts = replace(
            facts,
            sender=_as_text(facts.sender),
            recipient=None if recipient is None else _as_text(recipient),
        )
        return super().refusal(facts)


class MenuByText(Client):
    """The menu compares versions as text too."""

    def menu(self) -> tuple[Offered, ...]:
        """What the text suggests."""
        return entry_points(_as_text(self.site.spec))


class CancelDoesNothing(Inviter):
    """Cancelling is acknowledged, and nothing happens."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Say yes to what is pending."""
        known = self.invitations.get(invitation)
        if known is not None and known.state is State.PENDING:
            return None
        return super().cancel(invitation)


class ModifyDoesNothing(Inviter):
    """Modifying is acknowledged, and nothing happens."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Say yes to what is pending."""
        known = self.invitations.get(invitation)
        if known is not None and known.state is State.PENDING:
            return None
        return super().modify(invitation, profile_name)


class ChangesTheEnded(Inviter):
    """What has ended can still be given another profile."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change the record whatever its state."""
        known = self.invitations.get(invitation)
        if known is None:
            return super().modify(invitation, profile_name)
        profile = choose_profile(self.site.spec, profile_name, self.site.policy)
        if known.state.terminal and profile is not None:
            self.invitations[invitation] = replace(known, profile=profile.name)
            return None
        return super().modify(invitation, profile_name)


class TileInvitesTheFirst(Client):
    """A tile of the Address Book always invites the first contact of the list."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Forget which tile it was."""
        list_ = entry.contact_list
        if list_ is not None and list_.value == "address-book":
            typed = self.site.spec.contacts.get(list_, (typed,))[0]
        return super().send(entry, typed, profile)


MUTANTS = (
    Mutant(
        name="ghost-after-cancel",
        clause="PENDING-3",
        sin="a cancelled invitation stays as a pop-up, though not in the client",
        make=variant(recipient=GhostAfterCancel),
    ),
    Mutant(
        name="invites-pre-7",
        clause="DIRECT-3",
        sin="a recipient before version 7 is sent a direct invitation",
        make=variant(inviter=InvitesPre7),
    ),
    Mutant(
        name="versions-as-text",
        clause="DIRECT-1",
        sin="versions are compared as text, so 10 comes before 7",
        make=variant(inviter=VersionsAsText, client=MenuByText),
    ),
    Mutant(
        name="cancel-does-nothing",
        clause="PENDING-2",
        sin="cancelling is acknowledged and has no effect",
        make=variant(inviter=CancelDoesNothing),
    ),
    Mutant(
        name="modify-does-nothing",
        clause="PENDING-1",
        sin="modifying is acknowledged and has no effect",
        make=variant(inviter=ModifyDoesNothing),
    ),
    Mutant(
        name="changes-the-ended",
        clause="PENDING-4",
        sin="an invitation that has ended can still be modified",
        make=variant(inviter=ChangesTheEnded),
    ),
    Mutant(
        name="tile-invites-the-first",
        clause="TILE-4",
        sin="every tile of the Address Book invites its first contact",
        make=variant(client=TileInvitesTheFirst),
    ),
)
