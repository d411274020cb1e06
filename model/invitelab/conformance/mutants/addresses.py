"""Sins against whom an invitation reaches, and what it carries there."""

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.protocol.guest import GuestState
from invitelab.protocol.messages import FromHost, Offer
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    FIRST_DIRECT,
    ClientId,
    ClientSpec,
    EntryPoint,
    State,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

UNSUPPORTED = Refusal(Reason.RECIPIENT_UNSUPPORTED, "that client is too old")
INVALID = Refusal(Reason.INVALID_ADDRESS, "that is not an address")
UNKNOWN = Refusal(Reason.UNKNOWN_RECIPIENT, "nobody has that address")

TEN = 10


def _by_alias(facts: SendFacts) -> bool:
    return facts.address is not None and "@" in facts.address.text


# Versions.


class SevenIsTooOld(Inviter):
    """The recipient's version has to be later than the first one."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Refuse 7.0.0 itself."""
        recipient = facts.recipient
        if recipient is not None and recipient.version == FIRST_DIRECT:
            return UNSUPPORTED
        return super().refusal(facts)


class SameMajorOnly(Inviter):
    """Both sides have to be of one major version."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Compare them."""
        recipient = facts.recipient
        if (
            recipient is not None
            and recipient.version.major != facts.sender.version.major
        ):
            return UNSUPPORTED
        return super().refusal(facts)


class VersionCheckSkipped(Inviter):
    """The recipient's version is looked at in some ways of inviting only."""

    def skips(self, facts: SendFacts) -> bool:
        """Whether this is one of the others: naming the recipient by alias."""
        return _by_alias(facts)

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Overlook that one reason."""
        refusal = super().refusal(facts)
        old = refusal is not None and refusal.reason is Reason.RECIPIENT_UNSUPPORTED
        return None if old and self.skips(facts) else refusal


class VersionCheckSkippedInOneList(VersionCheckSkipped):
    """The Address Book has a way of its own, without that check."""

    def skips(self, facts: SendFacts) -> bool:
        """Whether it comes from a tile there."""
        return facts.entry is EntryPoint.TILE_ADDRESS_BOOK


class RefusedAndSent(Inviter):
    """The refusal is told, and the invitation is sent all the same."""

    reason = Reason.RECIPIENT_UNSUPPORTED
    forced = False

    def send(
        self,
        entry: EntryPoint,
        typed: str,
        profile_name: str,
        *,
        pending_from: frozenset[ClientId],
    ) -> str | Refusal:
        """Ask first, then send."""
        said = super().send(entry, typed, profile_name, pending_from=pending_from)
        if isinstance(said, Refusal) and said.reason is self.reason:
            self.forced = True
            super().send(entry, typed, profile_name, pending_from=pending_from)
            self.forced = False
        return said

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """None the second time."""
        return None if self.forced else super().refusal(facts)


class RefusedAndSentUnoffered(RefusedAndSent):
    """The same for an entry point that is not on offer."""

    reason = Reason.NOT_OFFERED


class SilentlyDropped(Client):
    """Whoever cannot be invited is not, and nobody is told."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Say yes."""
        sent = super().send(entry, typed, profile)
        if isinstance(sent, Refusal) and sent.reason is Reason.RECIPIENT_UNSUPPORTED:
            return f"{self.site.id}-dropped"
        return sent


# What an earlier invitation leaves behind.


class OneRejectIsEnough(Inviter):
    """Somebody who has rejected is not asked again."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Look through what was sent before."""
        rejected = {
            sent.recipient
            for sent in self.invitations.values()
            if sent.state is State.REJECTED
        }
        if facts.recipient is not None and facts.recipient.id in rejected:
            return Refusal(Reason.ALREADY_PENDING, "that invitation was rejected")
        return super().refusal(facts)


class TombstoneOfTheSender(Recipient):
    """What was withdrawn must not come back, nor anything else of its inviter."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Drop the offer of whoever has withdrawn one."""
        withdrawn = {
            known.sender.id
            for known in self.notifications.values()
            if known.state is GuestState.HIDDEN
        }
        if isinstance(message, Offer) and message.sender.id in withdrawn:
            return
        super().receive(sender, message)


class FirstAliasSticks(Client):
    """The dialog keeps the first alias it has looked up."""

    first: str | None = None

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Take that one for every alias."""
        if "@" in typed:
            typed = self.first = self.first or typed
        return super().send(entry, typed, profile)


# Addresses.


class NineDigitsOnly(Client):
    """The field of the icon takes nine digits."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Refuse ten."""
        if entry is EntryPoint.ICON and typed.isdigit() and len(typed) == TEN:
            return INVALID
        return super().send(entry, typed, profile)


class NoIdWithoutAlias(Inviter):
    """The directory holds those who have an alias."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Not find the others, but by their tiles."""
        recipient = facts.recipient
        portable = recipient is not None and recipient.identity.alias is None
        if portable and facts.entry is EntryPoint.ICON:
            return UNKNOWN
        return super().refusal(facts)


class AliasNeedsAnAlias(Inviter):
    """An alias is looked for in the inviter's own namespace."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Find none where there is none."""
        if _by_alias(facts) and facts.sender.identity.alias is None:
            return UNKNOWN
        return super().refusal(facts)


def _is_contact(spec: ClientSpec, someone: ClientId) -> bool:
    return any(someone in contacts for contacts in spec.contacts.values())


class AliasOfContactsOnly(Inviter):
    """An alias is looked for among the contacts."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Not find anybody else."""
        recipient = facts.recipient
        stranger = recipient is not None and not _is_contact(facts.sender, recipient.id)
        return UNKNOWN if _by_alias(facts) and stranger else super().refusal(facts)


class AliasCaseMatters(Client):
    """An alias is compared letter by letter."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Know it in lower case only."""
        if typed != typed.lower():
            return UNKNOWN
        return super().send(entry, typed, profile)


class GroupsFromTheLeft(Client):
    """The groups of an ID are counted from its first digit."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Refuse a first group that is shorter."""
        first = typed.split(" ", 1)[0]
        if " " in typed and len(first) < len("100"):
            return INVALID
        return super().send(entry, typed, profile)


# The permission profile.


class DiscoveryForgetsTheProfile(Client):
    """The tiles of Discovery invite without asking for a profile."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Take the first one."""
        if entry is EntryPoint.TILE_DISCOVERY:
            profile = self.site.spec.profiles[0].name
        return super().send(entry, typed, profile)


class ProfileOfTheLastTime(Client):
    """The dialog shows what was chosen before, and sends it."""

    chosen: str | None = None

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Keep the first choice."""
        self.chosen = self.chosen or profile
        return super().send(entry, typed, self.chosen)


BUILT_IN = frozenset(profile.name for profile in BUILT_IN_PROFILES)


class OwnProfilesFallBack(Client):
    """Only the built-in profiles are known by name."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Take the first one for all others that exist."""
        own = {known.name for known in self.site.spec.profiles} - BUILT_IN
        if profile in own:
            profile = self.site.spec.profiles[0].name
        return super().send(entry, typed, profile)


MUTANTS = (
    Mutant(
        name="version-7-0-0-is-too-old",
        clause="DIRECT-1",
        sin="a recipient of exactly version 7.0.0 is refused",
        make=variant(inviter=SevenIsTooOld),
    ),
    Mutant(
        name="same-major-version-only",
        clause="DIRECT-1",
        sin="a recipient of another major version is refused",
        make=variant(inviter=SameMajorOnly),
    ),
    Mutant(
        name="one-reject-is-for-good",
        clause="DIRECT-1",
        sin="somebody who has rejected once cannot be invited again",
        make=variant(inviter=OneRejectIsEnough),
    ),
    Mutant(
        name="tombstone-of-the-sender",
        clause="DIRECT-1",
        sin="after a withdrawn invitation no other of the same inviter is shown",
        make=variant(recipient=TombstoneOfTheSender),
    ),
    Mutant(
        name="version-unchecked-by-alias",
        clause="DIRECT-3",
        sin="the recipient's version is not looked at when the alias was typed",
        make=variant(inviter=VersionCheckSkipped),
    ),
    Mutant(
        name="version-unchecked-in-address-book",
        clause="DIRECT-3",
        sin="the recipient's version is not looked at on a tile of the Address Book",
        make=variant(inviter=VersionCheckSkippedInOneList),
    ),
    Mutant(
        name="too-old-refused-and-sent",
        clause="DIRECT-3",
        sin="inviting a client before version 7 is refused and done",
        make=variant(inviter=RefusedAndSent),
    ),
    Mutant(
        name="too-old-silently-dropped",
        clause="DIRECT-3",
        sin="inviting a client before version 7 is acknowledged and never done",
        make=variant(client=SilentlyDropped),
    ),
    Mutant(
        name="nine-digits-only",
        clause="DIRECT-5",
        sin="an ID of ten digits is no address for the invitation icon",
        make=variant(client=NineDigitsOnly),
    ),
    Mutant(
        name="no-id-without-an-alias",
        clause="DIRECT-5",
        sin="the ID of a recipient without an alias is not found",
        make=variant(inviter=NoIdWithoutAlias),
    ),
    Mutant(
        name="alias-needs-an-alias",
        clause="DIRECT-6",
        sin="an inviter without an alias cannot use anybody else's",
        make=variant(inviter=AliasNeedsAnAlias),
    ),
    Mutant(
        name="alias-of-contacts-only",
        clause="DIRECT-6",
        sin="the alias of somebody who is no contact is not found",
        make=variant(inviter=AliasOfContactsOnly),
    ),
    Mutant(
        name="first-alias-sticks",
        clause="DIRECT-6",
        sin="every alias reaches whoever had the first one that was typed",
        make=variant(client=FirstAliasSticks),
    ),
    Mutant(
        name="discovery-forgets-the-profile",
        clause="DIRECT-7",
        sin="an invitation from a tile in Discovery has the first profile",
        make=variant(client=DiscoveryForgetsTheProfile),
    ),
    Mutant(
        name="profile-of-the-last-time",
        clause="DIRECT-7",
        sin="a later invitation has the profile that was chosen for the first",
        make=variant(client=ProfileOfTheLastTime),
    ),
    Mutant(
        name="own-profiles-fall-back",
        clause="DIRECT-7",
        sin="a profile of the inviter's own making is replaced by the first one",
        make=variant(client=OwnProfilesFallBack),
    ),
    Mutant(
        name="alias-case-matters",
        clause="DIRECT-8",
        sin="an alias in capital letters is not found",
        make=variant(client=AliasCaseMatters),
    ),
    Mutant(
        name="groups-from-the-left-only",
        clause="DIRECT-8",
        sin="a grouped ID of ten digits may not begin with the single one",
        make=variant(client=GroupsFromTheLeft),
    ),
    Mutant(
        name="unoffered-refused-and-sent",
        clause="DIRECT-9",
        sin="sending through an entry point that is not offered is refused and done",
        make=variant(inviter=RefusedAndSentUnoffered),
    ),
)
