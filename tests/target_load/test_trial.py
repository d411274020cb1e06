"""How many mutants of required clauses a thorough run finds, without any feature."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest

from invitelab.adapters.base import Limits, Transport
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.formats.run import Level
from invitelab.formats.specification import load
from invitelab.proof.conforming_variants import VARIANTS
from invitelab.proof.mutants import MUTANTS
from invitelab.protocol.policy import Knob, Policy, knobs
from invitelab.target_load.part import Part
from invitelab.target_load.trial import Trial, Trials
from invitelab.world.scenario import file

SCENARIO = Path(__file__).parents[2] / "scenarios" / "unusual_day.toml"
REQUIRED = frozenset(id_ for id_, one in load().items() if one.level is Level.REQUIRED)
OF_REQUIRED = [one.name for one in MUTANTS.values() if one.clause in REQUIRED]
ALL, SOME, FEW = 50, 22, 4
"""Numbers of rooms: all that there are, and less."""
SHARE = 0.9
"""The share of the mutants of required clauses that has to be found."""


@cache
def trials_of(rooms: int) -> Trials:
    """Trials with that number of rooms, whose runs of the reference are kept."""
    scenario = file.load(SCENARIO).scenario
    part = Part(
        scenario=scenario, seed=scenario.seed, thorough=True, rooms=range(rooms)
    )
    return Trials(part, REQUIRED)


def mutant(name: str) -> DirectTarget:
    """Make a mutant."""
    return DirectTarget(MUTANTS[name].make())


def otherwise(knob: Knob) -> DirectTarget:
    """Make the reference with another interpretation."""
    return DirectTarget(Reference(policy=replace(Policy(), **{knob.name: False})))


def tried(name: str) -> tuple[str, bool]:
    """A mutant's name, and whether it is found."""
    return name, trials_of(ALL).on(partial(mutant, name)).is_found


def missed(names: Sequence[str]) -> list[str]:
    """The mutants that are not found, tried on two processes."""
    with ProcessPoolExecutor(2) as workers:
        return [name for name, is_found in workers.map(tried, names) if not is_found]


def test_the_reference_is_right() -> None:
    """The reference breaks nothing, and differs from itself in nothing."""
    assert Trial() == trials_of(FEW).on(lambda: DirectTarget(Reference()))


class Watched(DirectTarget):
    """Counts how many of its kind are open."""

    opened = 0
    closed = 0

    def open(self, limits: Limits) -> Transport:
        """Open it."""
        Watched.opened += 1
        return super().open(limits)

    def close(self) -> None:
        """Close it."""
        Watched.closed += 1


@pytest.mark.slow
@pytest.mark.parametrize("made", [Reference, MUTANTS["switches-toggle"].make])
def test_every_target_is_closed(made: Callable[[], Reference]) -> None:
    """Whether a trial ends early or tries them all, nothing goes on running."""
    Watched.opened = Watched.closed = 0
    trials_of(FEW).on(lambda: Watched(made()))
    assert 0 < Watched.opened == Watched.closed


@pytest.mark.parametrize(
    "name",
    [
        "first-second-is-a-double-click",
        "profile-of-one-letter",
        "no-pop-up-after-a-return",
        "requests-by-alias-lost",
        "expired-shown-again",
        "switches-toggle",
    ],
)
def test_a_rare_defect_is_found(name: str) -> None:
    """Each of these shows only where few people ever are."""
    assert trials_of(SOME).on(partial(mutant, name)).is_found


def test_other_interpretations_are_no_failures() -> None:
    """Several of them, each by itself, break no required clause."""
    for knob in list(knobs())[::8]:
        found = trials_of(1).on(partial(otherwise, knob))
        assert not found.is_found, knob.name


@pytest.mark.slow  # fifty runs, a minute on two processes
def test_nine_in_ten_mutants_are_found() -> None:
    """A thorough run finds at least 90 % of the mutants of required clauses.

    A sixth of them is tried here, all by `benchmarks/target_load.py --mutants`.
    """
    names = OF_REQUIRED[::6]
    left = missed(names)
    assert len(left) <= (1 - SHARE) * len(names), left


@pytest.mark.slow  # a run for each, with up to a hundred of the reference
@pytest.mark.parametrize("knob", list(knobs()), ids=str)
def test_no_interpretation_is_a_failure(knob: Knob) -> None:
    """It breaks no required clause, and explains what differs."""
    assert not trials_of(FEW).on(partial(otherwise, knob)).is_found


@pytest.mark.slow  # a whole day for each, two of them over slow connections
@pytest.mark.parametrize("name", VARIANTS)
def test_no_conforming_variant_is_a_failure(name: str) -> None:
    """It breaks nothing, and goes as the reference does where that is compared."""
    assert not trials_of(SOME).on(VARIANTS[name].reach).is_found
