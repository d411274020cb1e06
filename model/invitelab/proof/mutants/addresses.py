"""Defects of what is typed and chosen: addresses, profiles, entry points."""

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.refusals import sends_in_spite_of
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    EntryPoint,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter

INVALID = Refusal(Reason.INVALID_ADDRESS, "that is not an address")
UNKNOWN = Refusal(Reason.UNKNOWN_RECIPIENT, "nobody has that address")
TEN = 10

# Addresses.


def _by_alias(facts: SendFacts) -> bool:
    return facts.address is not None and "@" in facts.address.text


class FirstAliasSticks(Client):
    """The dialog keeps the first alias it has looked up."""

    first: str | None = None

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Use the first alias for every alias."""
        if "@" in typed:
            typed = self.first = self.first or typed
        return super().send(entry, typed, profile)


class NineDigitsOnly(Client):
    """The field of the icon takes nine digits."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Refuse an ID of ten digits."""
        if entry is EntryPoint.ICON and typed.isdigit() and len(typed) == TEN:
            return INVALID
        return super().send(entry, typed, profile)


class NoIdWithoutAlias(Inviter):
    """Finds only clients with an alias, except from a tile."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Refuse a recipient without an alias."""
        recipient = facts.recipient
        portable = recipient is not None and recipient.identity.alias is None
        if portable and facts.entry is EntryPoint.ICON:
            return UNKNOWN
        return super().refusal(facts)


class AliasNeedsAnAlias(Inviter):
    """Finds no alias for an inviter without an alias."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Refuse an alias if the inviter has none."""
        if _by_alias(facts) and facts.sender.identity.alias is None:
            return UNKNOWN
        return super().refusal(facts)


def _is_contact(spec: ClientSpec, someone: ClientId) -> bool:
    return any(someone in contacts for contacts in spec.contacts.values())


class AliasOfContactsOnly(Inviter):
    """Finds only the aliases of contacts."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Refuse the alias of a client that is no contact."""
        recipient = facts.recipient
        stranger = recipient is not None and not _is_contact(facts.sender, recipient.id)
        return UNKNOWN if _by_alias(facts) and stranger else super().refusal(facts)


class AliasCaseMatters(Client):
    """Compares an alias with regard to case."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Refuse an alias with capital letters."""
        if typed != typed.lower():
            return UNKNOWN
        return super().send(entry, typed, profile)


class GroupsFromTheLeft(Client):
    """Groups an ID from its first digit."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Refuse an ID whose first group is shorter."""
        first = typed.split(" ", 1)[0]
        if " " in typed and len(first) < len("100"):
            return INVALID
        return super().send(entry, typed, profile)


# The permission profile.


class ForgetsTheProfile(Client):
    """Does not pass on the chosen profile."""

    def forgets(self, entry: EntryPoint) -> bool:  # noqa: ARG002 - wherever it was
        """Whether this entry point loses the profile."""
        return True

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Send the first profile."""
        if self.forgets(entry):
            profile = self.device.spec.profiles[0].name
        return super().send(entry, typed, profile)


class DiscoveryForgetsTheProfile(ForgetsTheProfile):
    """The tiles of Discovery invite without asking for a profile."""

    def forgets(self, entry: EntryPoint) -> bool:
        """Whether it is a tile of Discovery."""
        return entry is EntryPoint.TILE_DISCOVERY


class ProfileOfTheLastTime(Client):
    """Sends the profile that was chosen for the first invitation."""

    chosen: str | None = None

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Keep the first choice."""
        self.chosen = self.chosen or profile
        return super().send(entry, typed, self.chosen)


MUTANTS = (
    Mutant(
        name="nine-digits-only",
        clause="DIRECT-5",
        defect="an ID of ten digits is no address for the invitation icon",
        make=variant(client=NineDigitsOnly),
    ),
    Mutant(
        name="no-id-without-an-alias",
        clause="DIRECT-5",
        defect="the ID of a recipient without an alias is not found",
        make=variant(inviter=NoIdWithoutAlias),
    ),
    Mutant(
        name="alias-needs-an-alias",
        clause="DIRECT-6",
        defect="an inviter without an alias cannot invite by alias",
        make=variant(inviter=AliasNeedsAnAlias),
    ),
    Mutant(
        name="alias-of-contacts-only",
        clause="DIRECT-6",
        defect="an alias is found only if it is that of a contact",
        make=variant(inviter=AliasOfContactsOnly),
    ),
    Mutant(
        name="first-alias-sticks",
        clause="DIRECT-6",
        defect="every alias reaches the client of the first alias that was typed",
        make=variant(client=FirstAliasSticks),
    ),
    Mutant(
        name="chosen-profile-forgotten",
        clause="DIRECT-7",
        defect="every invitation has the first profile, whatever was chosen",
        make=variant(client=ForgetsTheProfile),
    ),
    Mutant(
        name="discovery-forgets-the-profile",
        clause="DIRECT-7",
        defect="an invitation from a tile in Discovery has the first profile",
        make=variant(client=DiscoveryForgetsTheProfile),
    ),
    Mutant(
        name="profile-of-the-last-time",
        clause="DIRECT-7",
        defect="a later invitation has the profile that was chosen for the first",
        make=variant(client=ProfileOfTheLastTime),
    ),
    Mutant(
        name="alias-case-matters",
        clause="DIRECT-8",
        defect="an alias in capital letters is not found",
        make=variant(client=AliasCaseMatters),
    ),
    Mutant(
        name="groups-from-the-left-only",
        clause="DIRECT-8",
        defect="a grouped ID of ten digits may not begin with the single one",
        make=variant(client=GroupsFromTheLeft),
    ),
    Mutant(
        name="unoffered-refused-and-sent",
        clause="DIRECT-9",
        defect="sending through an entry point that is not offered is refused and done",
        make=variant(inviter=sends_in_spite_of(Reason.NOT_OFFERED)),
    ),
)
