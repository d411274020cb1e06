"""A variant of the product: what another edition of it does otherwise, as a file.

    name = "Five minutes"
    lifetime = "5min"

    [interpretations]
    modify_keeps_the_deadline = false

    [[profiles]]
    name = "Support"
    permissions = ["view", "input"]

    [[entry_points]]
    name = "tray-menu"
    like = "invitation-icon"

One product is in use in a process; without a file it is that of the specification.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from invitelab.inputs.part import Part
from invitelab.inputs.toml_errors import Mistake
from invitelab.inputs.toml_models import as_list, as_table, read_model
from invitelab.inputs.toml_positions import KeyPath
from invitelab.inputs.units import duration_text, parse_duration
from invitelab.inputs.validation import closest, shown
from invitelab.protocol.policy import LIFETIME_US, Policy, knobs
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    US_PER_MS,
    US_PER_S,
    EntryPoint,
    Permission,
)
from invitelab.world.scenario.values import Duration

HINT = "`invitelab profile new` writes a file with all keys explained"
SHORTEST_US: Final = 60 * US_PER_S
LONGEST_US: Final = 3600 * US_PER_S
MOST_NAME = 40

KNOBS: Final = tuple(knob.name for knob in knobs())

SPECIFIED_MS: Final = LIFETIME_US // US_PER_MS
NEAR_MS: Final = 20_000
"""How long before the end of the lifetime a time is near to it."""
SOON_MS: Final = 10_000
"""How long after the beginning a time is the same with any lifetime."""
FAR_MS: Final = 60_000
"""How long after the end a time is far behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherProfile:
    """A permission profile that every client has beside the built-in ones."""

    name: str
    permissions: tuple[str, ...]
    enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product: its lifetime, its interpretations, and what it has more."""

    name: str = ""
    """Empty for the product of the specification."""
    file: str = ""
    """The path of its file, as a user can give it again."""
    lifetime_us: int = LIFETIME_US
    otherwise: tuple[str, ...] = ()
    """The interpretations that are false, by the names of their knobs."""
    profiles: tuple[FurtherProfile, ...] = ()
    entry_points: tuple[tuple[str, str], ...] = ()
    """Further entry points, each with the one of the specification that it is like."""

    @property
    def lifetime_ms(self) -> int:
        """The lifetime of an invitation in milliseconds."""
        return self.lifetime_us // US_PER_MS

    @property
    def lifetime_text(self) -> str:
        """The lifetime as its file has it: `5min`."""
        return duration_text(self.lifetime_us)

    @property
    def is_specified(self) -> bool:
        """Whether it is the product of the specification."""
        return not self.name

    @cached_property
    def policy(self) -> Policy:
        """The policy of the reference as this product."""
        changed: dict[str, bool] = dict.fromkeys(self.otherwise, False)
        return replace(Policy(lifetime_us=self.lifetime_us), **changed)

    @cached_property
    def otherwise_by_clause(self) -> Mapping[str, str]:
        """By clause, the knob of each interpretation that is false."""
        return {
            knob.clause: knob.name for knob in knobs() if knob.name in self.otherwise
        }

    def retimed_ms(self, passed_ms: int) -> int:
        """A time of the suite, in milliseconds since a send, where it is with this one.

        The suite is written for two minutes. A time near their end keeps its distance
        from the end; one far behind it is left if it is far behind this one's, too; one
        before it is left, but with a shorter lifetime those after the first seconds
        come sooner, in the same order.
        """
        longer_ms = self.lifetime_ms - SPECIFIED_MS
        if passed_ms < SPECIFIED_MS - NEAR_MS:
            if longer_ms >= 0 or passed_ms <= SOON_MS:
                return passed_ms
            share = 1 + longer_ms / (SPECIFIED_MS - NEAR_MS - SOON_MS)
            return round(SOON_MS + (passed_ms - SOON_MS) * share)
        if passed_ms > SPECIFIED_MS + FAR_MS <= passed_ms - longer_ms:
            return passed_ms
        return passed_ms + longer_ms


SPECIFIED: Final = Product()
"""The product of the specification."""

_current = [SPECIFIED]


def current_product() -> Product:
    """The product that this process judges by and simulates."""
    return _current[0]


def use_product(product: Product) -> None:
    """Judge by that product, and simulate it, from now on in this process."""
    _current[0] = product


# --- The file --------------------------------------------------------------------


class _Profile(Part):
    """The keys of a permission profile."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    permissions: list[str]
    enabled: bool = True


class _EntryPoint(Part):
    """The keys of an entry point."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    like: str = EntryPoint.ICON.value


class _File(Part):
    """The keys of a file."""

    name: Annotated[str, Field(min_length=1, max_length=MOST_NAME)]
    lifetime: Duration = LIFETIME_US
    interpretations: dict[str, bool] = Field(default_factory=dict[str, bool])
    profiles: list[_Profile] = Field(default_factory=list[_Profile])
    entry_points: list[_EntryPoint] = Field(default_factory=list[_EntryPoint])


def read_product(path: Path) -> Product:
    """The product that a file describes. Raises UsageError with every mistake."""
    found = read_model(path, _File, hint=HINT, doubts=_doubts)
    here = Path.cwd()
    full = path.resolve()
    label = full.relative_to(here) if full.is_relative_to(here) else full
    return Product(
        name=found.name,
        file=label.as_posix(),
        lifetime_us=found.lifetime,
        otherwise=tuple(
            one for one in KNOBS if not found.interpretations.get(one, True)
        ),
        profiles=tuple(
            FurtherProfile(
                name=one.name, permissions=tuple(one.permissions), enabled=one.enabled
            )
            for one in found.profiles
        ),
        entry_points=tuple((one.name, one.like) for one in found.entry_points),
    )


def _doubts(document: Mapping[str, object]) -> Iterator[tuple[KeyPath, Mistake]]:
    """What is well-formed and cannot be meant."""
    yield from _name_doubts(document.get("name"))
    yield from _lifetime_doubts(document.get("lifetime"))
    for key in as_table(document.get("interpretations")):
        if key not in KNOBS:
            words = f"{key} is no interpretation: {closest(key, KNOBS)}"
            yield ("interpretations", key), Mistake(sentence=words)
    yield from _profile_doubts(_tables(document.get("profiles")))
    yield from _entry_doubts(_tables(document.get("entry_points")))


def _name_doubts(name: object) -> Iterator[tuple[KeyPath, Mistake]]:
    if isinstance(name, str) and (name != name.strip() or not name.isprintable()):
        words = f"name has blanks around it, or odd signs: {shown(name)}"
        yield ("name",), Mistake(sentence=words)


def _lifetime_doubts(text: object) -> Iterator[tuple[KeyPath, Mistake]]:
    if not isinstance(text, str):
        return
    try:
        lifetime_us = parse_duration(text)
    except ValueError:
        return  # the model tells it
    if not SHORTEST_US <= lifetime_us <= LONGEST_US:
        words = "has to be from 1min to 1h: scenarios look shortly before and after it"
        yield ("lifetime",), Mistake(sentence=f"lifetime {words}")
    elif lifetime_us % US_PER_S:
        words = "has to be a whole number of seconds"
        yield ("lifetime",), Mistake(sentence=f"lifetime {words}")


def _profile_doubts(
    tables: list[Mapping[str, object]],
) -> Iterator[tuple[KeyPath, Mistake]]:
    known = [one.value for one in Permission]
    taken = {profile.name for profile in BUILT_IN_PROFILES}
    for index, table in enumerate(tables):
        name = table.get("name")
        if name in taken:
            words = f"name {shown(name)} is taken: a client has such a profile already"
            yield ("profiles", index, "name"), Mistake(sentence=words)
        taken |= {name} if isinstance(name, str) else set()
        for place, one in enumerate(as_list(table.get("permissions"))):
            if isinstance(one, str) and one not in known:
                words = f"{one} is no permission: {closest(one, known)}"
                path = ("profiles", index, "permissions", place)
                yield path, Mistake(sentence=words)


def _entry_doubts(
    tables: list[Mapping[str, object]],
) -> Iterator[tuple[KeyPath, Mistake]]:
    known = [one.value for one in EntryPoint if one.contact_list is None]
    taken = {one.value for one in EntryPoint}
    for index, table in enumerate(tables):
        name, like = table.get("name"), table.get("like")
        if name in taken:
            words = f"name {shown(name)} is taken: there is such an entry point already"
            yield ("entry_points", index, "name"), Mistake(sentence=words)
        taken |= {name} if isinstance(name, str) else set()
        if isinstance(like, str) and like not in known:
            words = f"like {like} is no entry point of a client: {closest(like, known)}"
            yield ("entry_points", index, "like"), Mistake(sentence=words)


def _tables(value: object) -> list[Mapping[str, object]]:
    return [as_table(one) for one in as_list(value)]
