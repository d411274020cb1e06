"""Who takes part in a walk, and the Givens that say so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from invitelab.conformance.features.people import KNOWN, LISTS, built_in_profiles
from invitelab.conformance.random_walks.model import ModelParticipant, ModelState

NEW = ("7.1.4", "7.0.0", "10.0.0", "7.1.4", "7.1.4", "9.10.1", "7.0.0", "10.2.3")
VERSIONS = (*NEW, "6.3.2", "6.10.0", "5.4.2")
PLATFORMS = ("Windows",) * 28 + ("macOS", "Linux", "Android", "iOS")
DISABLED = "Former"
"""A profile that cannot be used, where the profiles are of somebody's own making."""

BUILT_IN: Mapping[str, tuple[str, ...]] = {
    profile.name: profile.permissions for profile in built_in_profiles()
}
EVERY_PERMISSION = BUILT_IN["Full Access"]
OWN: Sequence[Mapping[str, tuple[str, ...]]] = (
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
"""Profiles of people's own making; whose they are matters."""

LOCKS: Sequence[Mapping[str, bool]] = (
    {},
    {},
    {"input": False, "privacy-mode": False},
    {"clipboard": True, "recording": False, "view": True},
)
CASTS = (
    ("Ada", "Bob", "Cid"),
    ("Ada", "Bob", "Dora"),
    ("Ada", "Dora", "Cid"),
    ("Ada", "Bob", "Cid", "Dora"),
)


Cells = tuple[tuple[str, ...], ...]
"""A data table, row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the scenario, or a data table with it."""

    kind: str
    """`given`, `when` or `then`."""
    text: str
    table: Cells = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one person was cast as, each a small number; zero is the plainest."""

    version: int
    shape: int
    contacts: int
    extras: int

    def plainer(self) -> Iterator["Part"]:
        """The same with less to say of it."""
        locks = self.extras % len(LOCKS)
        plain = {
            "version": (0, len(NEW)),
            "shape": (0, self.shape % 2, self.shape - self.shape % 2),
            "contacts": (0, 4 + self.contacts % 4, 8 + self.contacts % 4),
            "extras": (0, locks, self.extras - locks),
        }
        for name, numbers in plain.items():
            for number in numbers:
                if number < getattr(self, name):
                    yield replace(self, **{name: number})


@dataclass(frozen=True, slots=True, kw_only=True)
class Participants:
    """Who takes part, and as what; without what the target has declined."""

    parts: Mapping[str, Part]
    """By name, in the order of the stage."""
    locks: bool
    tiles: bool

    def world(self) -> ModelState:
        """Everybody, with nothing done so far."""
        figures = {name: self._figure(name) for name in self.parts}
        return ModelState(figures=figures, every_permission=EVERY_PERMISSION)

    def plainer(self) -> Iterator["Participants"]:
        """Castings that take fewer words: without somebody, or with plainer people."""
        for name, part in self.parts.items():
            rest = {one: self.parts[one] for one in self.parts if one != name}
            if rest:
                yield replace(self, parts=rest)
            for plain in part.plainer():
                yield replace(self, parts={**self.parts, name: plain})

    def with_usual_profiles(self) -> "Participants":
        """Everybody with the profiles of every client."""
        parts = {
            name: replace(part, extras=part.extras % len(LOCKS))
            for name, part in self.parts.items()
        }
        return replace(self, parts=parts)

    def swapped(self, one: str, other: str) -> "Participants":
        """The two with each other's names."""
        names = {one: other, other: one}
        parts = {names.get(name, name): part for name, part in self.parts.items()}
        ordered = {name: parts[name] for name in KNOWN if name in parts}
        return replace(self, parts=ordered)

    def _figure(self, name: str) -> ModelParticipant:
        part, names = self.parts[name], tuple(self.parts)
        version = VERSIONS[part.version % len(VERSIONS)]
        major, minor, patch = (int(number) for number in version.split("."))
        own, locked = divmod(part.extras, len(LOCKS))
        profiles = {0: OWN[0], 1: OWN[1]}.get(own - 2, BUILT_IN)
        platform = PLATFORMS[part.shape // 2 % len(PLATFORMS)]
        return ModelParticipant(
            name=name,
            version=(major, minor, patch),
            platform=platform,
            portable=part.shape % 2 == 1,
            contacts=_contacts(name, part.contacts, names) if self.tiles else {},
            locks=LOCKS[locked] if self.locks else {},
            profiles={key: frozenset(value) for key, value in profiles.items()},
            own_profiles=profiles is not BUILT_IN,
        )


def cast(
    company: int, parts: Sequence[Part], *, locks: bool, tiles: bool
) -> Participants:
    """A company of the stage with these parts."""
    names = CASTS[company % len(CASTS)]
    by_name = dict(zip(names, parts, strict=False))
    return Participants(parts=by_name, locks=locks, tiles=tiles)


def _contacts(
    name: str, number: int, names: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Nobody, one, all the others, or one here and all there: four ways each."""
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


def givens(world: ModelState) -> Iterator[Line]:
    """The sentences that declare everybody."""
    figures = world.figures.values()
    for figure in figures:
        version = ".".join(str(number) for number in figure.version)
        on = "" if figure.windows else f" on {figure.platform}"
        yield given(f"{figure.name} uses version {version}{on}")
    for figure in figures:
        if figure.portable:
            yield given(f"{figure.name} has a portable client")
        for list_, contacts in figure.contacts.items():
            for contact in contacts:
                yield given(f"{contact} is in {figure.name}'s {list_}")
        if figure.own_profiles:
            yield _profiles(figure)
        for permission, allowed in figure.locks.items():
            value = "allowed" if allowed else "denied"
            yield given(f'{figure.name}\'s client locks "{permission}" as {value}')


def given(text: str) -> Line:
    """A Given without a table."""
    return Line(kind="given", text=text)


def _profiles(figure: ModelParticipant) -> Line:
    rows = [
        (name, ", ".join(p for p in EVERY_PERMISSION if p in permissions), "yes")
        for name, permissions in figure.profiles.items()
    ]
    former = (DISABLED, "view, restart", "no")
    table = (("name", "permissions", "enabled"), *rows, former)
    text = f"{figure.name} has the permission profiles"
    return Line(kind="given", text=text, table=table)


def id_of(name: str) -> str:
    """The ID of one of the people."""
    return KNOWN[name][0]


def alias_of(figure: ModelParticipant) -> str | None:
    """The alias; None at a portable client."""
    return None if figure.portable else KNOWN[figure.name][1]
