"""The plan of a run of the whole suite: the rows of every scenario."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final, TypeVar

from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.handshake import Initialized
from invitelab.conformance.factors.cast import PLAIN, Cast, Row
from invitelab.conformance.factors.plan import Depth, Plot, plan
from invitelab.conformance.factors.story import Story, read
from invitelab.conformance.factors.table import Value, factors
from invitelab.conformance.features.gherkin import Pickle, key_of, pickles

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


def out_of_reach(answer: Initialized, terms: Terms) -> frozenset[Value]:
    """The values that a target cannot be given, by its capabilities and its clock."""
    declined = {entry.capability.value for entry in answer.declines}
    return without(declined, virtual=terms.exact)


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
    return tuple(pickles())


@lru_cache(maxsize=1)
def _places() -> Mapping[Key, int]:
    return {key_of(one): place for place, one in enumerate(whole_suite())}


def place_of(pickle: Pickle) -> int:
    """The place of a scenario in the suite, from 0; others are behind it."""
    return _places().get(key_of(pickle), len(_places()))


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
