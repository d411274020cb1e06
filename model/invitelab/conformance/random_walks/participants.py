"""Participants of a walk, and the Givens that declare them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from invitelab.conformance.features.people import KNOWN, LISTS, built_in_profiles
from invitelab.conformance.random_walks.model import ModelParticipant, ModelState

NEW = ("7.1.4", "7.0.0", "10.0.0", "7.1.4", "7.1.4", "9.10.1", "7.0.0", "10.2.3")
VERSIONS = (*NEW, "6.3.2", "6.10.0", "5.4.2")
PLATFORMS = ("Windows",) * 28 + ("macOS", "Linux", "Android", "iOS")
DISABLED = "Former"
"""Name of a disabled profile, which participants with custom profiles have."""

BUILT_IN: Mapping[str, tuple[str, ...]] = {
    profile.name: profile.permissions for profile in built_in_profiles()
}
ALL_PERMISSIONS = BUILT_IN["Full Access"]
CUSTOM_PROFILES: Sequence[Mapping[str, tuple[str, ...]]] = (
    {
        "Default": ("view", "clipboard", "audio", "restart"),
        "Helpdesk": ("view", "input", "files"),
    },
    {
        "Default": ("view", "input", "files"),
        "Helpdesk": ("view", "audio", "privacy-mode"),
        "Watch": ("view",),
    },
)
"""Custom profiles, with other permissions than the built-in ones."""

LOCKS: Sequence[Mapping[str, bool]] = (
    {},
    {},
    {"input": False, "privacy-mode": False},
    {"clipboard": True, "recording": False, "view": True},
)
GROUPS = (
    ("Ada", "Bob", "Cid"),
    ("Ada", "Bob", "Dora"),
    ("Ada", "Dora", "Cid"),
    ("Ada", "Bob", "Cid", "Dora"),
)


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
    """Properties of a participant, each a small number; zero is the simplest."""

    version: int
    shape: int
    contacts: int
    extras: int

    def simpler(self) -> Iterator["ParticipantSpec"]:
        """Specs that take fewer words to declare."""
        locks = self.extras % len(LOCKS)
        simple = {
            "version": (0, len(NEW)),
            "shape": (0, self.shape % 2, self.shape - self.shape % 2),
            "contacts": (0, 4 + self.contacts % 4, 8 + self.contacts % 4),
            "extras": (0, locks, self.extras - locks),
        }
        for name, numbers in simple.items():
            for number in numbers:
                if number < getattr(self, name):
                    yield replace(self, **{name: number})


@dataclass(frozen=True, slots=True, kw_only=True)
class Participants:
    """The participants, with the features that the target supports."""

    specs: Mapping[str, ParticipantSpec]
    """By name, in the order of the known people."""
    locks: bool
    tiles: bool

    def initial_state(self) -> ModelState:
        """The state of the model before the first move."""
        participants = {name: self._participant(name) for name in self.specs}
        return ModelState(participants=participants, all_permissions=ALL_PERMISSIONS)

    def simpler(self) -> Iterator["Participants"]:
        """Simpler participants: one less, or one with a simpler spec."""
        for name, spec in self.specs.items():
            rest = {one: self.specs[one] for one in self.specs if one != name}
            if rest:
                yield replace(self, specs=rest)
            for simple in spec.simpler():
                yield replace(self, specs={**self.specs, name: simple})

    def with_built_in_profiles(self) -> "Participants":
        """The same participants with the built-in profiles."""
        specs = {
            name: replace(spec, extras=spec.extras % len(LOCKS))
            for name, spec in self.specs.items()
        }
        return replace(self, specs=specs)

    def swapped(self, one: str, other: str) -> "Participants":
        """The same participants, two of them with each other's name."""
        names = {one: other, other: one}
        specs = {names.get(name, name): spec for name, spec in self.specs.items()}
        ordered = {name: specs[name] for name in KNOWN if name in specs}
        return replace(self, specs=ordered)

    def _participant(self, name: str) -> ModelParticipant:
        spec, names = self.specs[name], tuple(self.specs)
        version = VERSIONS[spec.version % len(VERSIONS)]
        major, minor, patch = (int(number) for number in version.split("."))
        own, locked = divmod(spec.extras, len(LOCKS))
        profiles = {0: CUSTOM_PROFILES[0], 1: CUSTOM_PROFILES[1]}.get(own - 2, BUILT_IN)
        platform = PLATFORMS[spec.shape // 2 % len(PLATFORMS)]
        return ModelParticipant(
            name=name,
            version=(major, minor, patch),
            platform=platform,
            portable=spec.shape % 2 == 1,
            contacts=_contacts(name, spec.contacts, names) if self.tiles else {},
            locks=LOCKS[locked] if self.locks else {},
            profiles={key: frozenset(value) for key, value in profiles.items()},
            custom_profiles=profiles is not BUILT_IN,
        )


def choose_participants(
    group: int, specs: Sequence[ParticipantSpec], *, locks: bool, tiles: bool
) -> Participants:
    """Make the participants of the group with that number."""
    names = GROUPS[group % len(GROUPS)]
    by_name = dict(zip(names, specs, strict=False))
    return Participants(specs=by_name, locks=locks, tiles=tiles)


def _contacts(
    name: str, number: int, names: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Contacts: none, one, all others, or one in a list and all in another."""
    others = tuple(other for other in names if other != name)
    lists = [*LISTS]
    amount, place = divmod(number, len(lists))
    first, second = lists[place], lists[place - 1]
    choices: Sequence[Mapping[str, tuple[str, ...]]] = (
        {},
        {first: others[:1]},
        {first: others[::-1]},
        {first: others[-1:], second: others},
    )
    return {list_: some for list_, some in choices[amount].items() if some}


def givens(state: ModelState) -> Iterator[Line]:
    """The Givens that declare all participants."""
    participants = state.participants.values()
    for participant in participants:
        version = ".".join(str(number) for number in participant.version)
        on = "" if participant.windows else f" on {participant.platform}"
        yield given(f"{participant.name} uses version {version}{on}")
    for participant in participants:
        if participant.portable:
            yield given(f"{participant.name} has a portable client")
        for list_, contacts in participant.contacts.items():
            for contact in contacts:
                yield given(f"{contact} is in {participant.name}'s {list_}")
        if participant.custom_profiles:
            yield _profiles(participant)
        for permission, allowed in participant.locks.items():
            value = "allowed" if allowed else "denied"
            yield given(f'{participant.name}\'s client locks "{permission}" as {value}')


def given(text: str) -> Line:
    """Make a Given without a table."""
    return Line(kind="given", text=text)


def _profiles(participant: ModelParticipant) -> Line:
    rows = [
        (name, ", ".join(p for p in ALL_PERMISSIONS if p in permissions), "yes")
        for name, permissions in participant.profiles.items()
    ]
    former = (DISABLED, "view, restart", "no")
    table = (("name", "permissions", "enabled"), *rows, former)
    text = f"{participant.name} has the permission profiles"
    return Line(kind="given", text=text, table=table)


def id_of(name: str) -> str:
    """The ID of a known person."""
    return KNOWN[name][0]


def alias_of(participant: ModelParticipant) -> str | None:
    """The alias of a participant; None for a portable client."""
    return None if participant.portable else KNOWN[participant.name][1]
