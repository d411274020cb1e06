"""Replications go on while a promise is open, and stop when it is decided."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.formats.results import ObjectiveVerdict, Results
from invitelab.study.measurement import Measurement
from invitelab.study.plan import Plan, digest, plan
from invitelab.world.scenario.file import Loaded, load
from invitelab.world.scenario.schema import Scenario

Make = Callable[[Mapping[str, object]], Loaded]
Measured = Callable[..., Measurement]

HALF = {"metric": "accepted", "at_least": 0.5}


@pytest.fixture
def planned(tiny: Make) -> Callable[..., Plan]:
    """Make a plan that promises half of the invitations to be accepted."""

    def make(replications: int, most: int | None = None) -> Plan:
        changes: dict[str, object] = {
            "replications": replications,
            "objectives": [HALF],
        }
        changes |= {} if most is None else {"max_replications": most}
        return plan(tiny(changes), seed=None, replications=None)

    return make


def finish(made: Plan, measured: Measured, accepted: list[int]) -> Results:
    """Run a plan: replication i accepts accepted[i] of a hundred."""
    todo = made.begin()
    for count in accepted:
        job = todo.pop(0)
        todo += made.add(measured(job.number, count))
    assert not todo
    assert made.results is not None
    return made.results


# When enough is known


@pytest.mark.parametrize(
    ("verdict", "accepted"),
    [(ObjectiveVerdict.MET, [70, 70]), (ObjectiveVerdict.MISSED, [30, 30])],
)
def test_a_plan_stops_when_its_promise_is_decided(
    planned: Callable[..., Plan],
    measured: Measured,
    verdict: ObjectiveVerdict,
    accepted: list[int],
) -> None:
    """Whether met or missed; no more replications are run."""
    results = finish(planned(2, most=9), measured, accepted)
    assert (verdict, 2, True) == (
        results.verdict,
        len(results.replications),
        results.complete,
    )


def test_a_plan_goes_on_while_its_promise_is_open(
    planned: Callable[..., Plan], measured: Measured
) -> None:
    """Two replications are added at a time."""
    results = finish(planned(2, most=9), measured, [58, 62, 60, 60])
    assert ObjectiveVerdict.MET is results.verdict
    assert [0, 1, 2, 3] == [one.number for one in results.replications]


@pytest.mark.parametrize(("expected", "most"), [(2, None), (2, 2), (3, 3), (5, 5)])
def test_a_plan_ends_where_it_has_to(
    planned: Callable[..., Plan],
    measured: Measured,
    expected: int,
    most: int | None,
) -> None:
    """Decided or not."""
    results = finish(planned(2, most), measured, [30, 80, 20, 75, 40][:expected])
    assert ObjectiveVerdict.UNDECIDED is results.verdict
    assert expected == len(results.replications)


def test_the_order_of_completion_changes_nothing(
    planned: Callable[..., Plan], measured: Measured
) -> None:
    """The results are in the order of numbers."""
    counts = [61, 66, 63]
    forward, backward = planned(3), planned(3)
    for number in (0, 1, 2):
        forward.add(measured(number, counts[number]))
    for number in (2, 0, 1):
        backward.add(measured(number, counts[number]))
    assert forward.results is not None
    assert forward.results == backward.results


# What is asked for


def test_a_number_on_the_command_line_is_exact(tiny: Make, measured: Measured) -> None:
    """Decided or not; the results have the planned number."""
    loaded = tiny({"max_replications": 9, "objectives": [HALF]})
    made = plan(loaded, seed=None, replications=2)
    results = finish(made, measured, [30, 80])
    assert ObjectiveVerdict.UNDECIDED is results.verdict
    assert 2 == results.replications_planned
    assert "max_replications" not in results.scenario


@pytest.mark.parametrize(("expected", "seed"), [(3, None), (0, 0), (42, 42)])
def test_a_seed_goes_before_the_scenarios(
    tiny: Make, measured: Measured, expected: int, seed: int | None
) -> None:
    """In the jobs, in the results and in the scenario that these hold."""
    made = plan(tiny({}), seed=seed, replications=1)
    (job,) = made.begin()
    assert expected == job.seed
    results = finish(made, measured, [50])
    assert (expected, expected) == (results.seed, results.scenario["seed"])


@pytest.fixture
def traced(text: str, tmp_path: Path) -> Callable[[str], Path]:
    """Give a way to a scenario of 20 seconds that replays a trace."""

    def write(rows: str) -> Path:
        path = tmp_path / "traced.toml"
        scenario = text.replace('"poisson"', '"trace"')
        scenario = scenario.replace('rate = "3/s"', 'file = "t.csv"')
        path.write_text(scenario, encoding="utf-8")
        (tmp_path / "t.csv").write_text(rows, encoding="utf-8")
        return path

    return write


def test_a_trace_is_read_with_the_plan(traced: Callable[[str], Path]) -> None:
    """So that a mistake in it is reported before anything runs."""
    path = traced("at_s\n2\n1\n")
    job, *_ = plan(load(path), seed=None, replications=None).begin()
    assert [1_000_000, 2_000_000] == job.trace
    traced("at_s\nnoon\n")
    with pytest.raises(UsageError, match=r"t\.csv:2"):
        plan(load(path), seed=None, replications=None)


def test_a_row_after_the_scenarios_duration_is_refused(
    traced: Callable[[str], Path],
) -> None:
    """As a stage that is too long is."""
    path = traced("at_s\n1\n20\n")
    with pytest.raises(UsageError, match=r"t\.csv:3"):
        plan(load(path), seed=None, replications=None)


def test_rows_after_a_changed_duration_are_left_out_and_counted(
    traced: Callable[[str], Path], measured: Measured
) -> None:
    """The results have their number."""
    path = traced("at_s\n1\n9\n10\n19\n")
    shorter = load(path, {"duration": "10s"})
    results = finish(plan(shorter, seed=None, replications=1), measured, [50])
    assert 2 == results.trace_rows_left_out


def test_a_digest_names_every_value(tiny: Make, scenario: Scenario) -> None:
    """Of the scenario and of its trace."""
    same = digest(tiny({}).scenario, ())
    other = digest(tiny({"relay.servers": 2}).scenario, ())
    assert digest(scenario, ()) == same
    assert 4 == len({same, other, digest(scenario, (1,)), digest(scenario, (2,))})
    assert 12 == len(same)


# After an interruption


def cut_off(one: Measurement, reached_us: int) -> Measurement:
    """Make a replication that was interrupted."""
    one.reached_us = reached_us
    return one


def test_only_whole_replications_are_reported(
    planned: Callable[..., Plan], measured: Measured
) -> None:
    """As long as there is one; the results are marked incomplete."""
    made = planned(3)
    assert [] == made.add(cut_off(measured(0), 9_000_000))
    assert [] == made.add(measured(1))
    results = made.partial()
    assert results is not None
    assert (False, False) == (results.complete, results.cut_off)
    assert [1] == [one.number for one in results.replications]


def test_half_a_replication_is_better_than_none(
    planned: Callable[..., Plan], measured: Measured
) -> None:
    """The first of them, with how far it came."""
    made = planned(3)
    made.add(cut_off(measured(2), 99_000_000))
    made.add(cut_off(measured(0), 9_000_000))
    results = made.partial()
    assert results is not None
    assert (True, 9_000_000) == (results.cut_off, results.reached_us)
    assert [0] == [one.number for one in results.replications]


def test_nothing_is_reported_of_what_never_began(
    planned: Callable[..., Plan], measured: Measured
) -> None:
    """A replication that reached nothing has measured nothing."""
    made = planned(3)
    made.add(cut_off(measured(0), 0))
    assert made.partial() is None
