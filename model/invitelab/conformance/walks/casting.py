"""Who takes part in a walk, and the Givens that say so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from invitelab.conformance.people import KNOWN, LISTS, built_in_profiles
from invitelab.conformance.walks.model import Figure, World

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


def cast(company: int, parts: Sequence[Part], *, locks: bool, tiles: bool) -> World:
    """Everybody, as the numbers say; without what the target has declined."""
    names = CASTS[company % len(CASTS)]
    figures = {
        name: _figure(name, part, names, locks=locks, tiles=tiles)
        for name, part in zip(names, parts, strict=False)
    }
    return World(figures=figures, every_permission=EVERY_PERMISSION)


def _figure(
    name: str, part: Part, names: Sequence[str], *, locks: bool, tiles: bool
) -> Figure:
    version = VERSIONS[part.version % len(VERSIONS)]
    major, minor, patch = (int(number) for number in version.split("."))
    own, locked = divmod(part.extras, len(LOCKS))
    profiles = {0: OWN[0], 1: OWN[1]}.get(own - 2, BUILT_IN)
    platform = PLATFORMS[part.shape // 2 % len(PLATFORMS)]
    return Figure(
        name=name,
        version=(major, minor, patch),
        platform=platform,
        portable=part.shape % 2 == 1,
        contacts=_contacts(name, part.contacts, names) if tiles else {},
        locks=LOCKS[locked] if locks else {},
        profiles={key: frozenset(value) for key, value in profiles.items()},
        own_profiles=profiles is not BUILT_IN,
    )


def _contacts(
    name: str, number: int, names: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Some of the others, in some of the lists; zero is nobody in none."""
    if number == 0:
        return {}
    others = [other for other in names if other != name]
    if number % 2 == 0:
        others.reverse()
    lists = [*LISTS]
    first = lists[number // 2 % len(lists)]
    second = lists[(number // 2 + 1) % len(lists)]
    if number // 8 == 0:
        return {first: tuple(others)}
    return {first: tuple(others[:1]), second: tuple(others)}


def givens(world: World) -> Iterator[Line]:
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


def _profiles(figure: Figure) -> Line:
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


def alias_of(figure: Figure) -> str | None:
    """The alias; None at a portable client."""
    return None if figure.portable else KNOWN[figure.name][1]
