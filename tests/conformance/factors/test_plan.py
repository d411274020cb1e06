"""The plan of a run covers what it promises, and is the same for the same seed."""

from collections.abc import Sequence
from itertools import combinations, product

import pytest

from invitelab.conformance.factors.cast import Row
from invitelab.conformance.factors.constraints import clash
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.openness import open_values
from invitelab.conformance.factors.plan import CORE, Plot, plan
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
            story=read(
                [step.name for step in pickle.scenario.steps], pickle.scenario.tags
            ),
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
                assert not any(clash(o, value) for o in values if o is not value)


def test_every_clause_meets_every_value(plots: list[Plot], standard: Rows) -> None:
    """That one of its stories leaves open, and that can matter to it."""
    met = {
        (clause, value)
        for plot, rows in zip(plots, standard, strict=True)
        for row in rows
        for value in row.values()
        for clause in plot.clauses
    }
    wanted = {(c, value) for c, value in left_open(plots) if value.matters_to(c)}
    assert len(wanted) > 1000
    assert set() == wanted - met


def test_every_pair_occurs(plots: list[Plot], standard: Rows) -> None:
    """That any story leaves open, and whose values go together."""
    possible = {
        frozenset((one, other))
        for plot in plots
        for ones, others in combinations(open_values(plot.story).values(), 2)
        for one in ones
        for other in others
        if not clash(one, other)
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


def test_deep_tries_every_triple_of_the_core(plots: list[Plot]) -> None:
    """That any story leaves open, and whose values go together."""
    possible = {
        frozenset(triple)
        for plot in plots
        for names in combinations([n for n in CORE if n in open_values(plot.story)], 3)
        for triple in product(*(open_values(plot.story)[name] for name in names))
        if not any(clash(one, other) for one, other in combinations(triple, 2))
    }
    occur = {
        frozenset(triple)
        for rows in plan(plots, depth=Depth.DEEP)
        for row in rows
        for triple in combinations([row[name] for name in CORE if name in row], 3)
    }
    assert len(possible) > 1000
    assert set() == possible - occur


def test_what_a_target_cannot_be_given_is_in_no_row(plots: list[Plot]) -> None:
    """Nor is a factor of which one value is left."""
    without = {
        value for values in factors().values() for value in values if value.virtual
    }
    rows = plan(plots, without=without)
    used = {value for entry in rows for row in entry for value in row.values()}
    assert set() == used & without
    assert "look again" not in {value.factor for value in used}


def test_a_seed_plans_the_same_and_another_does_not(plots: list[Plot]) -> None:
    """The plan is a function of its arguments."""
    assert plan(plots, seed=5) == plan(plots, seed=5)
    assert plan(plots, seed=5) != plan(plots, seed=6)
