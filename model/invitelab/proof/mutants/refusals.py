"""Defects of refusals: operations that are let through, or refused with an effect."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.values_base import everybody
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    Address,
    ClientId,
    ClientSpec,
    EntryPoint,
    Identity,
    Profile,
)
from invitelab.world.client import Client
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter

# Addresses.


class LastRecipient(Client):
    """Replaces an unknown address by the previous one."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.last: str | None = None

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the previous address."""
        address = Address.parse(typed, lenient=True)
        if address is not None and self.device.relay.find(address) is None:
            typed = self.last or typed
        self.last = typed
        return super().send(entry, typed, profile)


def _known(client: Client) -> list[Identity]:
    """Who the relay knows."""
    return [one.identity for one in everybody(client.inviter)]


class Repairs(Client):
    """Repairs an invalid address."""

    def repaired(self, typed: str) -> str:
        """The longest ID at the beginning of the digits."""
        begun = [one.id for one in _known(self) if typed.startswith(one.id)]
        return begun[0] if begun else typed

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the repaired address."""
        if Address.parse(typed, lenient=True) is None:
            typed = self.repaired(typed)
        return super().send(entry, typed, profile)


class Completes(Repairs):
    """Completes an ID from the list of all clients."""

    def repaired(self, typed: str) -> str:
        """Whoever has an ID that begins like this."""
        begun = [one.id for one in _known(self) if one.id.startswith(typed)]
        return begun[0] if begun else typed


class OwnNamespace(Repairs):
    """Completes an alias with whatever namespace there is for the name."""

    def repaired(self, typed: str) -> str:
        """Fill it in."""
        aliases = [one.alias for one in _known(self) if one.alias is not None]
        own = self.device.spec.identity.alias
        begun = [one for one in aliases if one.startswith(typed) and one != own]
        return begun[0] if begun and typed.endswith("@") else typed


class SecondAt(Repairs):
    """Reads an alias up to the second at sign."""

    def repaired(self, typed: str) -> str:
        """The alias up to there."""
        return "@".join(typed.split("@")[:2])


class OwnAlias(Inviter):
    """Recognizes only the own ID as the own address."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Ignore the refusal for the own alias."""
        refusal = super().refusal(facts)
        own = refusal is not None and refusal.reason is Reason.SELF_INVITATION
        by_alias = facts.address is not None and "@" in facts.address.text
        return None if own and by_alias else refusal


def sends_in_spite_of(reason: Reason) -> type[Inviter]:
    """Make an inviter that refuses for that reason, but sends the invitation."""

    class Both(Inviter):
        """Inviter that refuses and sends."""

        withheld: Refusal | None = None

        def refusal(self, facts: SendFacts) -> Refusal | None:
            """Put it aside."""
            refusal = super().refusal(facts)
            if refusal is None or refusal.reason is not reason:
                return refusal
            self.withheld = refusal
            return None

        def send(
            self,
            entry: EntryPoint,
            typed: str,
            profile_name: str,
            *,
            pending_from: frozenset[ClientId],
        ) -> str | Refusal:
            """Send, then refuse."""
            sent = super().send(entry, typed, profile_name, pending_from=pending_from)
            withheld, self.withheld = self.withheld, None
            return withheld or sent

    return Both


class StillConnected(Client):
    """Counts a client that is offline as connected."""

    def set_online(self, *, online: bool) -> None:
        """Go offline without telling the network."""
        super().set_online(online=online)
        self.device.relay.set_online(self.device.id, online=True)


# Profiles.


@contextmanager
def _profiles(device: Device, profiles: tuple[Profile, ...]) -> Generator[None]:
    """Other permission profiles for a moment."""
    spec = device.spec
    device.spec = replace(spec, profiles=profiles)
    yield
    device.spec = spec


def _called(device: Device, typed: str) -> ClientSpec | None:
    address = Address.parse(typed, lenient=True)
    return None if address is None else device.relay.find(address)


class EveryonesProfiles(Client):
    """Accepts a profile that only the recipient has."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Look into both lists."""
        recipient = _called(self.device, typed)
        theirs = () if recipient is None else recipient.profiles
        with _profiles(self.device, (*self.device.spec.profiles, *theirs)):
            return super().send(entry, typed, profile)


class ChangeFallsBack(Inviter):
    """Replaces an unknown profile of a change by the first one."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Take that."""
        names = [profile.name for profile in self.device.spec.profiles]
        known = profile_name if profile_name in names else names[0]
        return super().modify(invitation, known)


def _enabled(profiles: tuple[Profile, ...]) -> tuple[Profile, ...]:
    return tuple(replace(profile, enabled=True) for profile in profiles)


class ChangeTakesDisabled(Inviter):
    """Accepts disabled profiles for changes."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Take all for enabled."""
        with _profiles(self.device, _enabled(self.device.spec.profiles)):
            return super().modify(invitation, profile_name)


class TilesTakeDisabled(Client):
    """Accepts disabled profiles from a tile."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Send from a tile with all profiles enabled."""
        if entry.contact_list is None:
            return super().send(entry, typed, profile)
        with _profiles(self.device, _enabled(self.device.spec.profiles)):
            return super().send(entry, typed, profile)


class RecipientDisables(Client):
    """Takes only the recipient's disabled profiles for disabled."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Take what is disabled there for disabled."""
        recipient = _called(self.device, typed)
        theirs = () if recipient is None else recipient.profiles
        disabled = {one.name for one in theirs if not one.enabled}
        profiles = tuple(
            replace(own, enabled=own.name not in disabled)
            for own in self.device.spec.profiles
        )
        with _profiles(self.device, profiles):
            return super().send(entry, typed, profile)


MUTANTS = (
    Mutant(
        name="unknown-address-is-the-last-one",
        clause="REFUSE-1",
        defect="an unknown address is taken for the one that was invited last",
        make=variant(client=LastRecipient),
    ),
    Mutant(
        name="id-completed",
        clause="REFUSE-2",
        defect="an ID without its last digits finds a client with such an ID",
        make=variant(client=Completes),
    ),
    Mutant(
        name="id-cut-to-nine-digits",
        clause="REFUSE-2",
        defect="of an ID with eleven digits only those of an ID are taken",
        make=variant(client=Repairs),
    ),
    Mutant(
        name="namespace-filled-in",
        clause="REFUSE-2",
        defect="an alias without a namespace is looked for in every namespace",
        make=variant(client=OwnNamespace),
    ),
    Mutant(
        name="second-at-ignored",
        clause="REFUSE-2",
        defect="an alias is read up to the second at sign",
        make=variant(client=SecondAt),
    ),
    Mutant(
        name="own-alias-accepted",
        clause="REFUSE-3",
        defect="a client can invite itself by alias",
        make=variant(inviter=OwnAlias),
    ),
    Mutant(
        name="own-address-refused-and-invited",
        clause="REFUSE-3",
        defect="an invitation to the own address is refused but appears",
        make=variant(inviter=sends_in_spite_of(Reason.SELF_INVITATION)),
    ),
    Mutant(
        name="offline-refused-and-sent",
        clause="REFUSE-4",
        defect="an invitation to an offline client is refused but sent",
        make=variant(inviter=sends_in_spite_of(Reason.RECIPIENT_OFFLINE)),
    ),
    Mutant(
        name="gone-still-counts-as-connected",
        clause="REFUSE-4",
        defect="a client that has gone offline still counts as connected",
        make=variant(client=StillConnected),
    ),
    Mutant(
        name="unknown-profile-is-the-first",
        clause="REFUSE-5",
        defect="a profile that does not exist is taken for the first",
        make=variant(policy=Policy(unknown_profile_is_refused=False)),
    ),
    Mutant(
        name="recipients-profiles-can-be-chosen",
        clause="REFUSE-5",
        defect="a profile that only the recipient has can be chosen",
        make=variant(client=EveryonesProfiles),
    ),
    Mutant(
        name="change-to-unknown-is-to-the-first",
        clause="REFUSE-5",
        defect="a change to a profile that does not exist is one to the first",
        make=variant(inviter=ChangeFallsBack),
    ),
    Mutant(
        name="change-takes-a-disabled-profile",
        clause="REFUSE-6",
        defect="an invitation can be changed to a disabled profile",
        make=variant(inviter=ChangeTakesDisabled),
    ),
    Mutant(
        name="tiles-take-a-disabled-profile",
        clause="REFUSE-6",
        defect="a disabled profile can be chosen from a tile",
        make=variant(client=TilesTakeDisabled),
    ),
    Mutant(
        name="recipient-disables-profiles",
        clause="REFUSE-6",
        defect="only what the recipient has disabled counts as disabled",
        make=variant(client=RecipientDisables),
    ),
)
