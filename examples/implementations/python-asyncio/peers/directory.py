"""The members of the network: addresses, versions and presence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

FIRST_DIRECT_VERSION = "7.0.0"

# Grouped in threes from either end: both ways of writing ten digits are about.
_ID = re.compile(
    r"[0-9]{9,10}|(?:[0-9] )?[0-9]{3} [0-9]{3} [0-9]{3}|(?:[0-9]{3} ){3}[0-9]"
)
_ALIAS = re.compile(r"[0-9A-Za-z._-]{1,25}@[0-9A-Za-z.-]{1,63}")
_VERSION = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}")


class MalformedAddressError(Exception):
    """What was typed is neither an ID nor an alias."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What the network has on record of a client; direct says that it is 7 or later."""

    id: str
    alias: str | None
    windows: bool
    direct: bool


def is_version(text: str) -> bool:
    """Say whether the text is major.minor.patch."""
    return _VERSION.fullmatch(text) is not None


def supports_direct(version: str) -> bool:
    """Compare as numbers: 10 is later than 7."""
    return _numbers(version) >= _numbers(FIRST_DIRECT_VERSION)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


class Directory:
    """Finds members by typed addresses, and knows their presence."""

    def __init__(self, members: Iterable[Member], online: Iterable[str]) -> None:
        self._by_id = {member.id: member for member in members}
        self._by_alias = {
            member.alias.casefold(): member
            for member in self._by_id.values()
            if member.alias is not None
        }
        self._online = set(online)

    def member(self, member_id: str) -> Member | None:
        """Give the record of an ID, or None."""
        return self._by_id.get(member_id)

    def find(self, typed: str) -> Member | None:
        """Give the member at an address, or None; raise MalformedAddressError."""
        address = typed.strip(" ")
        if _ID.fullmatch(address):
            return self._by_id.get(address.replace(" ", ""))
        if _ALIAS.fullmatch(address):
            return self._by_alias.get(address.casefold())
        raise MalformedAddressError(typed)

    def is_online(self, member_id: str) -> bool:
        """Say whether messages reach the member."""
        return member_id in self._online

    def set_online(self, member_id: str, *, online: bool) -> None:
        """Note that the member came or went."""
        if online:
            self._online.add(member_id)
        else:
            self._online.discard(member_id)

    def all_but(self, member_id: str) -> list[str]:
        """Give the IDs of all others."""
        return [other for other in self._by_id if other != member_id]
