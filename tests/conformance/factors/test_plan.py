"""The plan of a run covers what it promises, and is the same for the same seed."""

from collections.abc import Sequence
from itertools import combinations

import pytest

from invitelab.conformance.factors.openness import agree, open_values
from invitelab.conformance.factors.plan import Depth, Plot, Row, plan
from invitelab.conformance.factors.story import read
from invitelab.conformance.factors.table import Value, factors
from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import pickles

Rows = list[list[Row]]


@pytest.fixture(scope="module")
def plots() -> list[Plot]:
    """Read every scenario of the features."""
    return [
        Plot(
            clauses=tuple(sorted(pickle.scenario.tags)),
            story=read([step.name for step in pickle.scenario.steps]),
        )
        for pickle in pickles()
    ]


@pytest.fixture(scope="module", params=[0, 1])
def standard(plots: list[Plot], request: pytest.FixtureRequest) -> Rows:
    """Plan two runs."""
    return plan(plots, seed=request.param)


def left_open(plots: Sequence[Plot]) -> set[tuple[str, Value]]:
    """Clauses, and the values that some story of theirs leaves open."""
    return {
        (clause, value)
        for plot in plots
        for values in open_values(plot.story).values()
        for value in values
        for clause in plot.clauses
    }


def test_every_value_leans_on_an_interpretation() -> None:
    """What a value leans on is no required clause."""
    leaning = {
        value.leans for values in factors().values() for value in values if value.leans
    }
    assert {"interpretation"} == {load()[clause].level.value for clause in leaning}


def test_every_value_is_open_somewhere(plots: list[Plot]) -> None:
    """A value that no story leaves room for could as well be left out."""
    everything = {value for values in factors().values() for value in values}
    assert everything == {value for _, value in left_open(plots)}


def test_every_story_is_told(plots: list[Plot], standard: Rows) -> None:
    """Once at least, with a value for each factor that it leaves open."""
    for plot, rows in zip(plots, standard, strict=True):
        assert rows
        for row in rows:
            assert set(row) <= set(open_values(plot.story))
            values = list(row.values())
            for value in values:
                others = {other.factor: other for other in values if other != value}
                assert agree(others, value)


def test_every_clause_meets_every_value(plots: list[Plot], standard: Rows) -> None:
    """That one of its stories leaves open."""
    met = {
        (clause, value)
        for plot, rows in zip(plots, standard, strict=True)
        for row in rows
        for value in row.values()
        for clause in plot.clauses
    }
    assert set() == left_open(plots) - met


def test_every_pair_occurs(plots: list[Plot], standard: Rows) -> None:
    """That any story leaves open, and whose values go together."""
    possible = {
        frozenset((one, other))
        for plot in plots
        for ones, others in combinations(open_values(plot.story).values(), 2)
        for one in ones
        for other in others
        if agree({one.factor: one}, other)
    }
    occur = {
        frozenset(two)
        for rows in standard
        for row in rows
        for two in combinations(row.values(), 2)
    }
    assert len(possible) > 5000
    assert set() == possible - occur


def test_quick_tells_every_story_once(plots: list[Plot]) -> None:
    """And has every value somewhere."""
    rows = plan(plots, depth=Depth.QUICK)
    assert {1} == {len(entry) for entry in rows}
    used = {value for entry in rows for row in entry for value in row.values()}
    assert used == {value for values in factors().values() for value in values}


def test_a_seed_plans_the_same_and_another_does_not(plots: list[Plot]) -> None:
    """The plan is a function of its arguments."""
    assert plan(plots, seed=5) == plan(plots, seed=5)
    assert plan(plots, seed=5) != plan(plots, seed=6)
