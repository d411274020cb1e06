"""Participants of a walk, and the Givens that declare them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from invitelab.adapters.handshake import Capability
from invitelab.conformance.features.people import Person, built_in_profiles
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.model_values import (
    FIRST_DIRECT,
    ModelParticipant,
)

Entry = TypeVar("Entry")

PLAIN_VERSION = "7.1.4"
OLD_VERSION = "6.10.0"
WINDOWS = "Windows"
DISABLED = "Former"
"""Name of a disabled profile, which participants with custom profiles have."""

PLAIN_NAMES = ("Helpdesk", "Watch")
"""Names of custom profiles that are like any other."""

BUILT_IN: Mapping[str, tuple[str, ...]] = {
    profile.name: profile.permissions for profile in built_in_profiles()
}
ALL_PERMISSIONS = BUILT_IN["Full Access"]

Profiles = tuple[tuple[str, tuple[str, ...]], ...]
"""Names of profiles, each with its permissions."""

Contacts = tuple[tuple[str, tuple[str, ...]], ...]
"""Lists, each with the names of the contacts that have a tile there."""

Cells = tuple[tuple[str, ...], ...]
"""A data table, by rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step of a scenario, with its data table if it has one."""

    kind: str
    """`given`, `when` or `then`."""
    text: str
    table: Cells = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantSpec:
    """Properties of a participant; the defaults are the simplest."""

    version: str = PLAIN_VERSION
    platform: str = WINDOWS
    portable: bool = False
    contacts: Contacts = ()
    profiles: Profiles = ()
    """Empty: the built-in ones."""
    locks: tuple[tuple[str, bool], ...] = ()
    id: str | None = None
    """None: the ID that the scenario gives everybody."""
    alias: str | None = None
    """None: the alias that the scenario gives everybody who is not portable."""

    def simpler(self) -> Iterator["ParticipantSpec"]:
        """Specs that take fewer words to declare."""
        yield from self._reset()
        for lists in _without_one(self.contacts):
            yield replace(self, contacts=lists)
        for place, (list_, contacts) in enumerate(self.contacts):
            for fewer in _without_one(contacts):
                lists = (*self.contacts[:place], (list_, fewer))
                if fewer:
                    after = self.contacts[place + 1 :]
                    yield replace(self, contacts=(*lists, *after))
        for locks in _without_one(self.locks):
            yield replace(self, locks=locks)

    def _reset(self) -> Iterator["ParticipantSpec"]:
        """One property each as it is by default, or the plainest that is similar."""
        plain = ParticipantSpec()
        if self.version not in {PLAIN_VERSION, OLD_VERSION}:
            yield replace(self, version=PLAIN_VERSION)
            if self.is_old:
                yield replace(self, version=OLD_VERSION)
        elif self.version != PLAIN_VERSION:
            yield replace(self, version=PLAIN_VERSION)
        for changed in (
            replace(self, id=None, alias=None),
            replace(self, id=None),
            replace(self, alias=None),
            replace(self, portable=plain.portable),
            replace(self, platform=plain.platform),
            replace(self, contacts=plain.contacts),
            replace(self, locks=plain.locks),
            replace(self, profiles=plain.profiles),
        ):
            if changed != self:
                yield changed

    @property
    def is_old(self) -> bool:
        """Whether the client is too old for direct invitations."""
        return _parsed(self.version) < FIRST_DIRECT

    @property
    def all_profiles(self) -> Mapping[str, tuple[str, ...]]:
        """The usable profiles, with their permissions."""
        return dict(self.profiles) or BUILT_IN

    def supported(self, declared: Collection[Capability]) -> "ParticipantSpec":
        """The same, as far as a target with these capabilities knows it."""
        others = Capability.OTHER_PLATFORMS in declared
        old = Capability.OLD_VERSIONS in declared or not self.is_old
        return replace(
            self,
            version=self.version if old else PLAIN_VERSION,
            platform=self.platform if others else WINDOWS,
            contacts=self.contacts if Capability.TILES in declared else (),
            locks=self.locks if Capability.SESSION_PERMISSIONS in declared else (),
            alias=self.alias if Capability.ALIAS in declared else None,
        )


def _without_one(entries: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    for place in range(len(entries)):
        yield (*entries[:place], *entries[place + 1 :])


def _parsed(version: str) -> tuple[int, int, int]:
    major, minor, patch = (int(number) for number in version.split("."))
    return major, minor, patch


@dataclass(frozen=True, slots=True, kw_only=True)
class Participants:
    """The participants of a walk."""

    specs: Mapping[str, ParticipantSpec]
    """By name, in alphabetical order."""

    def supported(self, declared: Collection[Capability]) -> "Participants":
        """The same, as far as a target with these capabilities knows them."""
        return Participants(
            specs={name: spec.supported(declared) for name, spec in self.specs.items()}
        )

    def initial_state(self, people: Mapping[str, Person]) -> ModelState:
        """The state of the model before the first move.

        `people` have the addresses that the Givens resulted in.
        """
        participants = {
            name: _participant(name, spec, people[name])
            for name, spec in self.specs.items()
        }
        return ModelState(participants=participants, all_permissions=ALL_PERMISSIONS)

    def simpler(self) -> Iterator["Participants"]:
        """Simpler participants: one less, or one with a simpler spec."""
        for name, spec in self.specs.items():
            if len(self.specs) > 1:
                yield self.without(name)
            for simple in spec.simpler():
                yield Participants(specs={**self.specs, name: simple})

    def without(self, name: str) -> "Participants":
        """The others, without tiles of that participant."""
        rest = (one for one in self.specs if one != name)
        return Participants(
            specs={one: _without_contact(self.specs[one], name) for one in rest}
        )

    def with_profiles(self, names: Mapping[str, str] | None) -> "Participants":
        """The same with other names of custom profiles; None: the built-in ones."""
        specs = {
            name: replace(
                spec,
                profiles=()
                if names is None
                else tuple(
                    (names.get(key, key), value) for key, value in spec.profiles
                ),
            )
            for name, spec in self.specs.items()
        }
        return Participants(specs=specs)

    @property
    def profile_names(self) -> tuple[str, ...]:
        """The names of all custom profiles, beside that of the default one."""
        names = {
            name: None for spec in self.specs.values() for name, _ in spec.profiles
        }
        return tuple(name for name in names if name != "Default")

    def renamed(self, names: Mapping[str, str]) -> "Participants":
        """The same participants, some with another name."""
        specs = {
            names.get(name, name): replace(
                spec,
                contacts=tuple(
                    (list_, tuple(names.get(one, one) for one in contacts))
                    for list_, contacts in spec.contacts
                ),
            )
            for name, spec in self.specs.items()
        }
        return Participants(specs=dict(sorted(specs.items())))


def _without_contact(spec: ParticipantSpec, name: str) -> ParticipantSpec:
    """The spec without the tiles of somebody who does not take part."""
    lists = (
        (list_, tuple(one for one in contacts if one != name))
        for list_, contacts in spec.contacts
    )
    return replace(spec, contacts=tuple(entry for entry in lists if entry[1]))


def _participant(name: str, spec: ParticipantSpec, person: Person) -> ModelParticipant:
    windows, version = spec.platform == WINDOWS, _parsed(spec.version)
    profiles = spec.all_profiles.items()
    return ModelParticipant(
        name=name,
        id=person.id,
        alias=person.alias,
        version=version,
        platform=spec.platform,
        contacts=dict(spec.contacts),
        locks=dict(spec.locks),
        profiles={key: frozenset(value) for key, value in profiles},
        custom_profiles=bool(spec.profiles),
        windows=windows,
        direct=windows and version >= FIRST_DIRECT,
    )


# Givens.


def givens(participants: Participants) -> Iterator[Line]:
    """The Givens that declare all participants."""
    specs = participants.specs.items()
    for name, spec in specs:
        on = "" if spec.platform == WINDOWS else f" on {spec.platform}"
        yield given(f"{name} uses version {spec.version}{on}")
    for name, spec in specs:
        yield from _addresses(name, spec)
    for name, spec in specs:
        yield from _properties(name, spec)


def _addresses(name: str, spec: ParticipantSpec) -> Iterator[Line]:
    if spec.id is not None:
        yield given(f'{name} has the ID "{spec.id}"')
    if spec.portable:
        yield given(f"{name} has a portable client")
    elif spec.alias is not None:
        yield given(f'{name} has the alias "{spec.alias}"')


def _properties(name: str, spec: ParticipantSpec) -> Iterator[Line]:
    for list_, contacts in spec.contacts:
        for contact in contacts:
            yield given(f"{contact} is in {name}'s {list_}")
    if spec.profiles:
        yield _profiles(name, spec.profiles)
    for permission, allowed in spec.locks:
        value = "allowed" if allowed else "denied"
        yield given(f'{name}\'s client locks "{permission}" as {value}')


def given(text: str) -> Line:
    """Make a Given without a table."""
    return Line(kind="given", text=text)


def _profiles(name: str, profiles: Profiles) -> Line:
    rows = [(key, ", ".join(permissions), "yes") for key, permissions in profiles]
    former = (DISABLED, "view, restart", "no")
    table = (("name", "permissions", "enabled"), *rows, former)
    return Line(kind="given", text=f"{name} has the permission profiles", table=table)
