"""The participants of one walk, drawn: who they are, and what clients they have.

Numbers are drawn with `random.Random.random` only, after seeding with a text: for that
alone Python guarantees the same sequence in every version. Each walk has a generator of
its own, so that it depends neither on the number of walks nor on the other walks.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from invitelab.conformance.factors.identities import (
    Identities,
    IdShape,
    NameShape,
    NamespaceShape,
    Shape,
)
from invitelab.conformance.factors.table import factors
from invitelab.conformance.features.people import LISTS
from invitelab.conformance.random_walks.participants import (
    ALL_PERMISSIONS,
    BUILT_IN,
    PLAIN_VERSION,
    WINDOWS,
    Contacts,
    Participants,
    ParticipantSpec,
    Profiles,
)

Choice = TypeVar("Choice")

GROUPS = (
    ("Ada", "Bob", "Cid"),
    ("Ada", "Bob", "Dora"),
    ("Ada", "Cid", "Dora"),
    ("Ada", "Bob", "Cid", "Dora"),
    ("Ada", "Bob", "Cid", "Dora", "Eve"),
)
"""Who takes part; mostly three, since each of them is observed after every move."""

OLD_AMONG = (3, 11)
"""Of eleven participants in walks over the required clauses, three are too old."""

OFF_WINDOWS = ("macOS", "Linux", "Android", "iOS")
PLATFORMS = (WINDOWS,) * 28 + OFF_WINDOWS

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NOT_ASCII = "äçéîñößøłğαβжяあ猫"
LONGEST_NAME = 64


class Draws(random.Random):  # noqa: S311 - reproducible, not secret
    """Random numbers of one walk: a function of the seed and the number of the walk."""

    def __init__(self, seed: int, number: int, purpose: str = "") -> None:
        super().__init__()
        self.seed(f"{seed}:{number}{purpose}", version=2)

    def random(self) -> float:
        """Draw a number from 0 to 1; all others are made of such numbers."""
        return super().random()

    def below(self, bound: int) -> int:
        """Draw a number from 0 to `bound` - 1, uniformly."""
        return int(self.random() * bound)

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """Draw one of the choices."""
        return choices[self.below(len(choices))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The participants of a walk, and the values of factors that they have."""

    participants: Participants
    values: frozenset[str]


def draw(draws: Draws, *, with_interpretations: bool) -> Drawn:
    """Draw a group of participants; with interpretations no client is too old."""
    names = draws.one_of(GROUPS)
    identities = Identities(draws)
    profile_names = tuple(_profile_names(draws))
    specs: dict[str, ParticipantSpec] = {}
    values = set[str]()
    for name in names:
        shape = draw_shape(draws)
        identity = identities.draw(shape)
        profiles, told = _profiles(draws, profile_names)
        specs[name] = spec = ParticipantSpec(
            version=_version(draws, old=not with_interpretations),
            platform=draws.one_of(PLATFORMS),
            portable=draws.below(4) == 0,
            contacts=_contacts(draws, tuple(one for one in names if one != name)),
            profiles=profiles,
            locks=_locks(draws),
            id=identity.id,
            alias=identity.alias,
        )
        values.update(told)
        values.update(_values(spec, shape))
    return Drawn(participants=Participants(specs=specs), values=frozenset(values))


def _values(spec: ParticipantSpec, shape: Shape) -> Iterator[str]:
    """The values of a participant, as a report names them."""
    yield f"ID: {shape.id.value}"
    if not spec.portable:
        yield f"alias: {shape.name.value}"
        yield f"namespace: {shape.namespace.value}"
    yield f"portable: {'yes' if spec.portable else 'no'}"
    yield f"version: {spec.version}"
    yield f"platform: {spec.platform}"
    yield from (f"tile in: {list_}" for list_, _ in spec.contacts)
    yield f"locks: {'none' if not spec.locks else 'some'}"
    profile = {name for name, _ in spec.profiles}
    yield f"profiles: {'custom' if profile else 'built in'}"


# Identities.


def draw_shape(draws: Draws) -> Shape:
    """Draw what an identity is to look like."""
    return Shape(
        id=draws.one_of(tuple(IdShape)),
        name=draws.one_of(tuple(NameShape)),
        namespace=draws.one_of(tuple(NamespaceShape)),
    )


# Clients.


@cache
def _versions() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The versions that can send direct invitations, and those that cannot."""
    new = tuple(value.name for value in factors()["inviter's version"])
    old = tuple(value.name for value in factors()["older version"])
    return new, old


def _version(draws: Draws, *, old: bool) -> str:
    new, older = _versions()
    some, all_ = OLD_AMONG
    if draws.below(all_) < some and old:
        return draws.one_of(older)
    return draws.one_of((PLAIN_VERSION, *new))


def _contacts(draws: Draws, others: Sequence[str]) -> Contacts:
    """Contacts: none, one, all others, or one in a list and all in all other lists."""
    lists = [*LISTS]
    first = draws.one_of(lists)
    one = draws.one_of(others)
    match draws.below(4):
        case 0:
            return ()
        case 1:
            return ((first, (one,)),)
        case 2:
            return ((first, tuple(reversed(others))),)
        case _:
            rest = tuple((list_, tuple(others)) for list_ in lists if list_ != first)
            return ((first, (one,)), *rest)


def _locks(draws: Draws) -> tuple[tuple[str, bool], ...]:
    """Locks: none for half of the clients, up to four for the others."""
    if draws.below(2):
        return ()
    amount = 1 + draws.below(4)
    names = {draws.one_of(ALL_PERMISSIONS): bool(draws.below(2)) for _ in range(amount)}
    return tuple((name, names[name]) for name in ALL_PERMISSIONS if name in names)


# Profiles.


def _profile_names(draws: Draws) -> Iterator[str]:
    """Names of custom profiles, of two shapes; no two are the same."""
    yield _word(draws, 7).capitalize()
    match draws.below(7):
        case 6:
            yield f"{_word(draws, 3)}-{_word(draws, 2)} ({_word(draws, 1)}.?)+"
        case 5:
            yield _word(draws, LONGEST_NAME, NOT_ASCII)
        case 4:
            yield str(draws.below(10))
        case 0:
            yield f"{_word(draws, 5)} {_word(draws, 4)}"
        case 1:
            yield _word(draws, 5, NOT_ASCII)
        case 2:
            yield _word(draws, 1)
        case _:
            yield _word(draws, LONGEST_NAME)


def _word(draws: Draws, length: int, letters: str = LETTERS) -> str:
    return "".join(draws.one_of(letters) for _ in range(length))


def _profiles(draws: Draws, names: Sequence[str]) -> tuple[Profiles, set[str]]:
    """Profiles of a client: half of them are the built-in ones."""
    if draws.below(2):
        return (), set()
    told = set[str]()
    profiles: list[tuple[str, tuple[str, ...]]] = []
    for name in ("Default", *names[: 1 + draws.below(len(names))]):
        permissions, said = _permissions(draws)
        profiles.append((name, permissions))
        told |= {f"permissions: {said}", f"name of a profile: {_shape_of(name)}"}
    return tuple(profiles), told


def _permissions(draws: Draws) -> tuple[tuple[str, ...], str]:
    match draws.below(8):
        case 0:
            return (), "none"
        case 1:
            return ALL_PERMISSIONS, "all"
        case 2:
            return (draws.one_of(ALL_PERMISSIONS),), "one"
        case _:
            some = tuple(name for name in ALL_PERMISSIONS if draws.below(2))
            return some or BUILT_IN["Screen Sharing"], "some"


def _shape_of(name: str) -> str:
    if name.isdigit():
        return "a number"
    ascii_ = "" if name.isascii() else "not ASCII"
    if len(name) == LONGEST_NAME:
        return ", ".join(filter(None, (f"{LONGEST_NAME} characters", ascii_)))
    if len(name) == 1:
        return "1 character"
    if ascii_ or "(" in name:
        return ascii_ or "signs"
    return "spaces" if " " in name else "letters"
