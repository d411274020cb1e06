"""What the rows of a run cover is counted, and never more than there is."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import pytest

from invitelab.conformance.factors.cast import Row
from invitelab.conformance.factors.coverage import MOST_RARE, Share, coverage
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.openness import open_values
from invitelab.conformance.factors.plan import CORE
from invitelab.conformance.factors.run_plan import (
    NO_PLAN,
    RunPlan,
    make_plan,
    story_of,
    whole_suite,
    without,
)
from invitelab.conformance.factors.table import factors
from invitelab.conformance.features.gherkin import key_of


@pytest.fixture(scope="module")
def quick() -> RunPlan:
    """Plan a quick run."""
    return make_plan(1, Depth.QUICK)


def rows_of(plan: RunPlan) -> Sequence[Row]:
    """Give all rows of a plan."""
    return [row for pickle in whole_suite() for row in plan.rows_of(pickle)]


def test_as_it_is_written_the_suite_tries_no_value() -> None:
    """Each scenario is run once."""
    found = coverage(NO_PLAN)
    count = len(whole_suite())
    assert (count, count) == (found.scenarios, found.runs)
    shares = (found.values, found.pairs, found.triples, found.by_clause)
    assert [0, 0, 0, 0] == [share.tried for share in shares]
    assert all(share.possible > 0 for share in shares)
    assert {0} == {n for use in found.factors for n in use.uses.values()}


def test_one_row_covers_its_values_and_their_sets() -> None:
    """Once each, by the clause of its scenario; of the triples only the core's."""
    pickle, row = next(
        (pickle, row)
        for pickle, row in zip(whole_suite(), firsts(), strict=True)
        if len([name for name in CORE if name in row]) == 4
    )
    plan = RunPlan(seed=0, depth=Depth.QUICK, rows={key_of(pickle): [row, row]})
    found = coverage(plan)
    assert len(whole_suite()) + 1 == found.runs
    assert len(row) == found.values.tried
    assert len([*combinations(row, 2)]) == found.pairs.tried
    assert 4 == found.triples.tried
    (clause,) = pickle.scenario.tags
    matters = [value for value in row.values() if value.matters_to(clause)]
    assert len(matters) == found.by_clause.tried
    used = {use.name: use.uses for use in found.factors}
    assert {2} == {used[name][value.name] for name, value in row.items()}


def firsts() -> Sequence[Row]:
    """Give the first row of each scenario in a quick run."""
    plan = make_plan(1, Depth.QUICK)
    return [plan.rows_of(pickle)[0] for pickle in whole_suite()]


def test_nothing_is_covered_that_is_not_possible(quick: RunPlan) -> None:
    """A quick run has every value, and not every pair."""
    found = coverage(quick)
    assert found.values.tried == found.values.possible
    assert found.pairs.tried < found.pairs.possible
    assert found.triples.tried < found.triples.possible
    assert found.by_clause.tried < found.by_clause.possible
    open_ = {
        value
        for pickle in whole_suite()
        for values in open_values(story_of(pickle)).values()
        for value in values
    }
    assert len(open_) == found.values.possible


def test_a_standard_run_covers_values_pairs_and_clauses() -> None:
    """All of them, as it promises."""
    found = coverage(make_plan(0, Depth.STANDARD))
    for share in (found.values, found.pairs, found.by_clause):
        assert share.possible == share.tried
    assert found.triples.tried < found.triples.possible
    assert all(number > 0 for _, number in found.rare)


def test_uses_are_counted_in_the_order_of_the_file(quick: RunPlan) -> None:
    """Over all rows."""
    counted = Counter(str(value) for row in rows_of(quick) for value in row.values())
    found = coverage(quick)
    assert list(factors()) == [use.name for use in found.factors]
    assert counted == Counter(
        {
            f"{use.name}: {name}": number
            for use in found.factors
            for name, number in use.uses.items()
        }
    )


def test_what_the_target_cannot_be_given_is_named(quick: RunPlan) -> None:
    """And is not possible."""
    left_out = without({"alias"}, virtual=True)
    found, whole = coverage(quick, left_out), coverage(quick)
    named = {(use.name, name) for use in found.factors for name in use.left_out}
    assert {(value.factor, value.name) for value in left_out} == named
    assert not any(set(use.uses) & set(use.left_out) for use in found.factors)
    assert found.values.possible < whole.values.possible
    assert found.pairs.possible < whole.pairs.possible
    assert found.by_clause.possible < whole.by_clause.possible
    assert found.values.tried <= found.values.possible


def test_the_rarest_pairs_are_named_with_their_number(quick: RunPlan) -> None:
    """The rarest first, and in the same order whatever the hashes are."""
    never = coverage(quick).rare
    assert [0] * MOST_RARE == [number for _, number in never]
    assert sorted(never) == list(never)
    standard = make_plan(1, Depth.STANDARD)
    counted = Counter(
        f"{one} and {other}"
        for row in rows_of(standard)
        for one, other in combinations([row[n] for n in factors() if n in row], 2)
    )
    rare = coverage(standard).rare
    fewest = sorted((number, text) for text, number in counted.items())
    assert fewest[:MOST_RARE] == [(number, text) for text, number in rare]


def test_a_share_is_told_in_words() -> None:
    """With the separators of thousands."""
    share = Share(tried=1234, possible=56789)
    assert ("1,234 of 56,789", (1234, 56789)) == (str(share), share.pair)
