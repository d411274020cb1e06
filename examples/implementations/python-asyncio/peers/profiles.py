"""The permission profiles of a client, and what its build locks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from peers.fields import Fields
from peers.orders import RefusalError


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A name for a set of permissions."""

    name: str
    permissions: frozenset[str]
    enabled: bool


class Profiles:
    """All profiles of one client."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._by_name = {profile.name: profile for profile in profiles}

    def usable(self, name: str) -> Profile:
        """Give a profile that an invitation may name, or refuse."""
        profile = self._existing(name)
        if not profile.enabled:
            raise RefusalError("profile-unavailable", f"{name} is disabled")
        return profile

    def edit(self, fields: Fields) -> None:
        """Store other permissions; holders of the old profile keep it unchanged."""
        profile = self._existing(fields.text("profile"))
        permissions = frozenset(fields.texts("permissions"))
        self._by_name[profile.name] = replace(profile, permissions=permissions)

    def _existing(self, name: str) -> Profile:
        profile = self._by_name.get(name)
        if profile is None:
            raise RefusalError("profile-unavailable", f"there is no profile {name}")
        return profile


@dataclass(frozen=True, slots=True)
class Locks:
    """Permissions that the build holds at a value."""

    values: Mapping[str, bool]

    def holds(self, permission: str) -> bool:
        """Whether the permission is locked."""
        return permission in self.values

    def applied_to(self, permissions: frozenset[str]) -> frozenset[str]:
        """Give the permissions with every lock at its value."""
        granted = {name for name, allowed in self.values.items() if allowed}
        return (permissions - self.values.keys()) | granted
