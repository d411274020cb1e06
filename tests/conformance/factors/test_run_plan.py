"""The plan of a run: the same for the same seed, and within reach of the target."""

from pathlib import Path

import pytest

from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.handshake import Capability, Initialized
from invitelab.conformance.factors.cast import PLAIN, Row
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import (
    NO_PLAN,
    RunPlan,
    default_depth,
    in_drawn_order,
    leaning,
    make_plan,
    out_of_reach,
    place_of,
    planned,
    story_of,
    whole_suite,
    without,
)
from invitelab.conformance.factors.table import Value, factors
from invitelab.conformance.features.gherkin import Pickle, feature, key_of, render

EXACT = Terms(kind=ClockKind.VIRTUAL, resolution_ms=1, settle_ms=0)
VALUES = {str(value): value for values in factors().values() for value in values}


@pytest.fixture
def foreign(tmp_path: Path) -> Pickle:
    """Write a scenario that the suite does not have."""
    path = tmp_path / "mine.feature"
    path.write_text("Feature: F\n  Scenario: S\n    Given Ada is here\n", "utf-8")
    (template,) = feature(path).scenarios.values()
    return render(template, {})


def names(plan: RunPlan) -> dict[object, list[dict[str, str]]]:
    """Give the rows of every scenario, by the names of their values."""
    return {
        key: [{factor: value.name for factor, value in row.items()} for row in rows]
        for key, rows in plan.rows.items()
    }


def values_of(plan: RunPlan) -> set[Value]:
    """Give all values of a plan."""
    rows = [row for rows in plan.rows.values() for row in rows]
    return {value for row in rows for value in row.values()}


# Plans


def test_a_plan_has_rows_for_every_scenario_of_the_suite(foreign: Pickle) -> None:
    """And the plain one for any other."""
    plan = make_plan(0, Depth.QUICK)
    assert {key_of(pickle) for pickle in whole_suite()} == set(plan.rows)
    for pickle in whole_suite():
        assert plan.rows[key_of(pickle)] is plan.rows_of(pickle)
        assert plan.rows_of(pickle)
    assert [PLAIN] == list(plan.rows_of(foreign))


def test_the_same_arguments_make_the_same_plan() -> None:
    """Another seed makes another one."""
    made = [
        names(planned.__wrapped__(seed, Depth.QUICK, frozenset[Value]()))
        for seed in (3, 3, 4)
    ]
    assert made[0] == made[1]
    assert made[0] != made[2]
    plan = make_plan(3, Depth.QUICK)
    assert (3, Depth.QUICK) == (plan.seed, plan.depth)


def test_without_a_plan_everything_is_as_it_is_written() -> None:
    """Once."""
    assert [PLAIN] * len(whole_suite()) == [
        row for pickle in whole_suite() for row in NO_PLAN.rows_of(pickle)
    ]


def test_a_cast_is_that_of_scenario_seed_and_place_in_the_plan() -> None:
    """The rows of an outline have casts of their own."""
    plan = make_plan(6, Depth.QUICK)
    one, other, *_ = (pickle for pickle in whole_suite() if pickle.example)
    assert one.scenario.name == other.scenario.name
    asked = [
        (of, pickle, draw)
        for of in (plan, NO_PLAN)
        for pickle in (one, other)
        for draw in (0, 1)
    ]
    tokens = [of.cast(pickle, PLAIN, draw).token("c") for of, pickle, draw in asked]
    assert len(asked) == len(set(tokens))
    assert tokens[0] == plan.cast(one, PLAIN, 0).token("c")


def test_a_cast_has_the_shapes_of_its_row() -> None:
    """For who invites and who is invited in that story."""
    pickle = next(one for one in whole_suite() if story_of(one).recipient == "Bob")
    zero = VALUES["recipient's ID: leading zero"]
    cast = NO_PLAN.cast(pickle, {zero.factor: zero}, 0)
    assert ["0", False] == [
        cast.identity("Bob").id[0],
        cast.identity("Ada").id[0] == "0",
    ]


# What a target cannot be given


def test_nothing_is_left_out_for_a_target_that_can_do_all() -> None:
    """In virtual time."""
    assert frozenset[Value]() == without((), virtual=True)


@pytest.mark.parametrize("capability", Capability)
def test_a_declined_capability_leaves_out_what_needs_it(capability: Capability) -> None:
    """And nothing else; each factor keeps its first value."""
    left_out = without({capability.value}, virtual=True)
    assert {value.needs for value in left_out} <= {capability}
    assert {v for v in VALUES.values() if v.needs is capability} == left_out
    assert left_out.isdisjoint({values[0] for values in factors().values()})


def test_a_real_clock_leaves_out_what_takes_long_or_leans() -> None:
    """What leans might need a second run, with the same waits."""
    left_out = without((), virtual=False)
    names = ("start: after a day", "locks: both", "history: expired")
    assert {VALUES[name] for name in names} <= left_out
    assert {True} == {one.virtual or one.leans is not None for one in left_out}
    rest = set(VALUES.values()) - left_out
    assert {False} == {one.virtual or one.leans is not None for one in rest}


@pytest.mark.parametrize(
    ("kind", "settle_ms", "depth"),
    [
        (ClockKind.VIRTUAL, 0, Depth.STANDARD),
        (ClockKind.SYSTEM, 0, Depth.STANDARD),
        (ClockKind.VIRTUAL, 80, Depth.QUICK),
        (ClockKind.JUMP, 0, Depth.QUICK),
        (ClockKind.REAL, 0, Depth.QUICK),
    ],
)
def test_the_clock_decides_how_much_is_tried(
    kind: ClockKind, settle_ms: int, depth: Depth
) -> None:
    """Rows that wait are for time that passes at once."""
    terms = Terms(kind=kind, resolution_ms=1, settle_ms=settle_ms)
    assert depth is default_depth(terms)
    answer = declining()
    assert without((), virtual=terms.exact) == out_of_reach(answer, terms)


def declining(*capabilities: Capability) -> Initialized:
    """Make the answer of a target that declines these capabilities."""
    return Initialized.model_validate(
        {
            "protocol": 1,
            "implementation": {"name": "acme", "version": "1"},
            "clock": "virtual",
            "capabilities": [c.value for c in Capability if c not in capabilities],
            "declines": [
                {"capability": c.value, "reason": "too hard"} for c in capabilities
            ],
        }
    )


def test_a_plan_keeps_to_what_the_target_can_be_given() -> None:
    """Whatever the seed."""
    left_out = out_of_reach(declining(Capability.ALIAS, Capability.POPUP), EXACT)
    assert VALUES["way to invite: icon by alias"] in left_out
    for seed in range(3):
        used = values_of(make_plan(seed, Depth.QUICK, left_out))
        assert used.isdisjoint(left_out)
        assert len(used) > len(VALUES) // 3


def test_some_leaning_values_excuse_refusals_only() -> None:
    """Where nothing was refused they are no excuse."""
    chosen = (
        "history: session the other way",
        "bystander: pending with the inviter",
        "profile: custom",
    )
    row: Row = {VALUES[name].factor: VALUES[name] for name in chosen}
    strict, other = VALUES[chosen[0]], VALUES[chosen[1]]
    assert [strict, other] == list(leaning(row))
    assert [other] == list(leaning(row, refused=False))


# Orders


def test_every_scenario_has_its_place(foreign: Pickle) -> None:
    """In the order of the files; what is not of the suite is behind it."""
    assert [*range(len(whole_suite()))] == [place_of(one) for one in whole_suite()]
    assert len(whole_suite()) == place_of(foreign)


def test_an_order_is_drawn_from_the_seed() -> None:
    """All are there, and each seed has an order of its own."""
    orders = [in_drawn_order(range(100), seed) for seed in (0, 0, 1, 2)]
    assert [[*range(100)]] * 4 == [sorted(order) for order in orders]
    assert orders[0] == orders[1]
    assert 4 == len({tuple(order) for order in (*orders, [*range(100)])})


def test_a_story_is_read_once() -> None:
    """With the clauses that it is told for."""
    pickle = whole_suite()[0]
    assert story_of(pickle) is story_of(pickle)
    assert frozenset(pickle.scenario.tags) == story_of(pickle).clauses
