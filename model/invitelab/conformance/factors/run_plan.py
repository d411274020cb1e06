"""The plan of a run of the whole suite: the rows of every scenario."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.handshake import Initialized
from invitelab.conformance.factors.cast import PLAIN, Cast, Row
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.plan import Plot, plan
from invitelab.conformance.factors.story import Story, read
from invitelab.conformance.factors.table import Value, factors
from invitelab.conformance.features.gherkin import Pickle, key_of, pickles
from invitelab.errors import UsageError
from invitelab.resources import feature_files, own_feature_files
from invitelab.world.product import current_product

Key = tuple[str, int, str | None]
Anything = TypeVar("Anything")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """Which rows each scenario is run with."""

    seed: int
    depth: Depth
    rows: Mapping[Key, Sequence[Row]]

    def rows_of(self, pickle: Pickle) -> Sequence[Row]:
        """The rows of a scenario; the plain one for a scenario that is not ours."""
        return self.rows.get(key_of(pickle), (PLAIN,))

    def cast(self, pickle: Pickle, row: Row, draw: int) -> Cast:
        """The cast of one run of a scenario; `draw` is the place of its row."""
        place = f"{pickle.scenario.name}:{pickle.example}"
        return Cast(place, seed=self.seed, draw=draw, story=story_of(pickle), row=row)


NO_PLAN: Final = RunPlan(seed=0, depth=Depth.QUICK, rows={})
"""Every scenario as it is written."""


def default_depth(terms: Terms) -> Depth:
    """The depth where none is asked for: in real time every row costs its waits."""
    return Depth.STANDARD if terms.exact else Depth.QUICK


def chosen_depth(asked: Depth | None, terms: Terms) -> Depth:
    """The depth of a run. Raises UsageError for one of too many waits."""
    depth = asked or default_depth(terms)
    if terms.kind is ClockKind.REAL and depth is not Depth.QUICK:
        msg = f"the depth {depth.value} needs virtual time: each row has its waits"
        raise UsageError(msg, hint="--depth quick tries every value once")
    return depth


def out_of_reach(answer: Initialized, terms: Terms) -> frozenset[Value]:
    """The values that a target cannot be given, by its capabilities and its clock.

    Nor is it given one that leans on an interpretation which its product has otherwise.
    """
    declined = {entry.capability.value for entry in answer.declines}
    otherwise = current_product().otherwise_by_clause
    leaning_there = frozenset(
        value
        for values in factors().values()
        for value in values
        if value.leans in otherwise
    )
    return without(declined, virtual=terms.exact) | leaning_there


def without(declined: Collection[str], *, virtual: bool) -> frozenset[Value]:
    """The values to leave out for a target that declines these capabilities.

    In real time those that lean on an interpretation are among them: to try a scenario
    once more without them would take another two minutes.
    """
    return frozenset(
        value
        for values in factors().values()
        for value in values
        if (value.needs is not None and value.needs.value in declined)
        or (not virtual and (value.virtual or value.leans is not None))
    )


def make_plan(seed: int, depth: Depth, without: Collection[Value] = ()) -> RunPlan:
    """The plan of the whole suite; the same for the same arguments.

    `without` has the values that the target cannot be given.
    """
    return planned(seed, depth, frozenset(without))


@lru_cache(maxsize=8)
def planned(seed: int, depth: Depth, without: frozenset[Value]) -> RunPlan:
    """The same, kept for the next who asks."""
    known = whole_suite()
    plots = [
        Plot(clauses=tuple(sorted(one.scenario.tags)), story=story_of(one))
        for one in known
    ]
    rows = plan(plots, seed=seed, depth=depth, without=without)
    by_key = {key_of(one): some for one, some in zip(known, rows, strict=True)}
    return RunPlan(seed=seed, depth=depth, rows=by_key)


@lru_cache(maxsize=1)
def whole_suite() -> tuple[Pickle, ...]:
    """The scenarios of the suite, parsed once a process."""
    return tuple(pickles(paths=feature_files()))


@lru_cache(maxsize=8)
def _places(own: tuple[Path, ...]) -> Mapping[Key, int]:
    everything = (*whole_suite(), *pickles(paths=own))
    return {key_of(one): place for place, one in enumerate(everything)}


def place_of(pickle: Pickle) -> int:
    """The place of a scenario in the suite, from 0; a user's own are behind it."""
    places = _places(tuple(own_feature_files()))
    return places.get(key_of(pickle), len(places))


def in_drawn_order(some: Iterable[Anything], seed: int) -> list[Anything]:
    """The same in an order of the seed: a recording of another run does not fit."""
    drawn = list(some)
    Random(f"{seed}:order").shuffle(drawn)
    return drawn


_stories: dict[Key, Story] = {}


def story_of(pickle: Pickle) -> Story:
    """The story of a scenario, read once."""
    key = key_of(pickle)
    if key not in _stories:
        scenario = pickle.scenario
        steps = [step.name for step in scenario.steps]
        _stories[key] = read(steps, scenario.tags)
    return _stories[key]


def leaning(row: Row, *, refused: bool = True) -> Sequence[Value]:
    """The values of a row that lean on an interpretation.

    Some excuse a failure only where something was refused.
    """
    return [
        value
        for value in row.values()
        if value.leans is not None and (refused or not value.strict)
    ]
