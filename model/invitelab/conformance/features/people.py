"""The people of the features, and how they are declared to a target.

A target gets tokens, IDs and aliases, never a name; `factors.cast` draws them.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from invitelab.adapters.handshake import Capability
from invitelab.adapters.messages import ClientDeclaration, Contacts, ProfileSpec
from invitelab.errors import ScenarioTextError
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    Permission,
    Platform,
    Version,
)
from invitelab.world.product import FurtherProfile, current_product

LISTS = {
    "Favorites": "favorites",
    "Recent Sessions": "recent-sessions",
    "Discovery": "discovery",
    "Address Book": "address-book",
}
"""Contact lists of the adapter protocol, by their name in the user interface."""

PLATFORMS = {
    Platform.WINDOWS: "Windows",
    Platform.MACOS: "macOS",
    Platform.LINUX: "Linux",
    Platform.ANDROID: "Android",
    Platform.IOS: "iOS",
}
"""Platforms as the features write them."""


def built_in_profiles() -> tuple[ProfileSpec, ...]:
    """The permission profiles of a client unless a scenario sets others."""
    return (*_specified_profiles(), *_further_profiles(current_product().profiles))


@cache
def _further_profiles(some: tuple[FurtherProfile, ...]) -> tuple[ProfileSpec, ...]:
    return tuple(
        ProfileSpec(name=one.name, permissions=one.permissions, enabled=one.enabled)
        for one in some
    )


@cache
def _specified_profiles() -> tuple[ProfileSpec, ...]:
    return tuple(
        ProfileSpec(
            name=profile.name,
            permissions=tuple(p.value for p in Permission if p in profile.permissions),
            enabled=profile.enabled,
        )
        for profile in BUILT_IN_PROFILES
    )


def not_taking_part(name: str, people: Iterable[str]) -> str:
    """That nobody of that name takes part, with the nearest name."""
    return f"{name} does not take part in this scenario{nearest(name, people)}"


def nearest(name: str, known: Iterable[str]) -> str:
    """`: the nearest is Bob`, or nothing where no known name is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f": the nearest is {near[0]}" if near else ""


@dataclass(slots=True, kw_only=True)
class Person:
    """One person at one client, as the Given steps describe them."""

    name: str
    token: str
    id: str
    alias: str | None
    version: str
    platform: str = "windows"
    profiles: tuple[ProfileSpec, ...] = field(default_factory=built_in_profiles)
    locked: dict[str, bool] = field(default_factory=dict[str, bool])
    online: bool = True
    contacts: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def declaration(self) -> ClientDeclaration:
        """The client as it is declared to the target."""
        return ClientDeclaration.model_validate(
            {
                "client": self.token,
                "id": self.id,
                "alias": self.alias,
                "version": self.version,
                "platform": self.platform,
                "profiles": [p.model_dump(mode="json") for p in self.profiles],
                "locked": self.locked,
                "online": self.online,
                "contacts": Contacts.model_validate(self.contacts).model_dump(
                    mode="json", by_alias=True
                ),
            }
        )

    def required_capabilities(self) -> list[Capability]:
        """The capabilities that a target needs to accept this declaration."""
        required = {
            Capability.SESSION_PERMISSIONS: bool(self.locked),
            Capability.PRESENCE: not self.online,
            Capability.OLD_VERSIONS: not Version.parse(self.version).supports_direct,
            Capability.OTHER_PLATFORMS: self.platform != Platform.WINDOWS.value,
        }
        return [
            capability for capability, is_required in required.items() if is_required
        ]

    def permissions_of(self, profile: str) -> frozenset[str]:
        """The permissions of a profile when the scenario began.

        Raises ScenarioTextError if there is no profile of that name.
        """
        by_name = {entry.name: entry.permissions for entry in self.profiles}
        if profile not in by_name:
            msg = f"{self.name} has no permission profile {profile!r}"
            raise ScenarioTextError(f"{msg}{nearest(profile, by_name)}")
        return frozenset(by_name[profile])
