"""The clients of a room as `scenario.begin` declares them."""

from collections.abc import Iterable
from functools import lru_cache

from invitelab.adapters import messages
from invitelab.adapters.handshake import Capability
from invitelab.protocol.values import (
    ClientSpec,
    ContactList,
    Permission,
    Permissions,
    Profile,
)


def declare(
    token: str, spec: ClientSpec, *, online: bool, declined: frozenset[Capability]
) -> messages.ClientDeclaration:
    """One client, as far as the target has capabilities for it."""
    aliases = Capability.ALIAS not in declined
    tiles = Capability.TILES not in declined
    locks = Capability.SESSION_PERMISSIONS not in declined
    contacts = {
        list_.value: tuple(spec.contacts.get(list_, ())) if tiles else ()
        for list_ in ContactList
    }
    return messages.ClientDeclaration(
        client=token,
        id=spec.id,
        alias=spec.identity.alias if aliases else None,
        version=str(spec.version),
        platform=spec.platform.value,
        profiles=_profiles(spec.profiles),
        locked={name.value: value for name, value in spec.locked.items()}
        if locks
        else {},
        online=online,
        contacts=messages.Contacts.model_validate(contacts),
    )


@lru_cache(maxsize=1_000)
def _profiles(profiles: tuple[Profile, ...]) -> tuple[messages.ProfileSpec, ...]:
    """The profiles of a client; most clients have those of many others."""
    return tuple(
        messages.ProfileSpec(
            name=profile.name,
            permissions=names_of(profile.permissions),
            enabled=profile.enabled,
        )
        for profile in profiles
    )


def names_of(permissions: Permissions | Iterable[Permission]) -> tuple[str, ...]:
    """The names of permissions, in the order of the enumeration."""
    some = frozenset(permissions)
    return tuple(name.value for name in Permission if name in some)
