"""A scenario is run with every row, and one record says what its failure needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

import pytest

from invitelab.adapters.target import Target
from invitelab.conformance.execution import row_runner
from invitelab.conformance.execution.row_runner import RowRunner
from invitelab.conformance.factors.cast import PLAIN, Row
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import RunPlan, whole_suite
from invitelab.conformance.factors.table import factors
from invitelab.conformance.features.gherkin import Pickle, key_of
from invitelab.errors import Blame
from invitelab.formats.run import Level, RunVerdict, ScenarioRecord, Verdict
from invitelab.proof.suite_run import run_suite

VALUES = {str(value): value for values in factors().values() for value in values}
ONE, OTHER, *_ = whole_suite()

ZERO = "recipient's ID: leading zero"
DOT = "recipient's alias: dot"
PHONE = "recipient's platform: Android"
PENDING = "bystander: pending with the inviter"
REJECTED = "history: rejected"
OTHER_WAY = "history: session the other way"
LATE = "when: just before the end"

PASSED = ScenarioRecord(
    feature="features/direct.feature",
    line=1,
    title="It works",
    clauses=("DIRECT-5",),
    level=Level.REQUIRED,
    verdict=Verdict.PASS,
)
FAILED = PASSED.model_copy(update={"verdict": Verdict.FAIL, "message": "it does not"})
BLOCKED = PASSED.model_copy(
    update={"verdict": Verdict.BLOCKED, "blocked_by": "ANSWER-1"}
)
SETUP = PASSED.model_copy(
    update={
        "verdict": Verdict.ERROR,
        "kind": "setup",
        "blame": Blame.IMPLEMENTATION,
    }
)
CRASH = SETUP.model_copy(update={"kind": "crash"})

Outcome = Callable[[frozenset[str]], ScenarioRecord]


def row_of(*names: str) -> Row:
    """Give the row with the values of these names."""
    return {VALUES[name].factor: VALUES[name] for name in names}


@dataclass(slots=True)
class Fake:
    """Runs nothing: what a row ends with is a function of its values."""

    outcome: Outcome
    tried: list[tuple[frozenset[str], int, bool]] = field(
        default_factory=list[tuple[frozenset[str], int, bool]]
    )
    """The values of each attempt, its place in the plan, and whether it was terse."""

    def __call__(
        self, pickle: Pickle, row: Row, *, draw: int, terse: bool = False
    ) -> ScenarioRecord:
        """Note the attempt."""
        values = frozenset(map(str, row.values()))
        self.tried.append((values, draw, terse))
        record = self.outcome(values)
        if terse and record.verdict is Verdict.PASS:
            return record.model_copy(update={"title": ""})
        return record.model_copy(update={"example": pickle.example})

    @property
    def rows(self) -> list[frozenset[str]]:
        """The values of each attempt."""
        return [values for values, _, _ in self.tried]


def runner(
    outcome: Outcome, rows: Sequence[Row], *, brief: bool = False
) -> tuple[RowRunner, Fake]:
    """Make one that runs two scenarios with these rows."""
    plan = RunPlan(
        seed=0,
        depth=Depth.STANDARD,
        rows={key_of(pickle): rows for pickle in (ONE, OTHER)},
    )
    fake = Fake(outcome)
    return RowRunner(plan=plan, attempt=fake, brief=brief), fake


def fails_with(*names: str, record: ScenarioRecord = FAILED) -> Outcome:
    """Fail with all of these values, and pass otherwise."""
    return lambda values: record if values.issuperset(names) else PASSED


# Without a failure


def test_a_scenario_is_run_with_every_row() -> None:
    """The record is that of the first one; of the others no steps are needed."""
    rows = [row_of(ZERO), row_of(DOT), PLAIN]
    running, fake = runner(fails_with("never"), rows)
    tried = running.run(ONE)
    assert [
        (frozenset({ZERO}), 0, False),
        (frozenset({DOT}), 1, True),
        (frozenset(), 2, True),
    ] == fake.tried
    assert () == tried.besides
    found = tried.record
    assert (Verdict.PASS, 3, 0, ()) == (
        found.verdict,
        found.runs,
        found.failed_runs,
        found.needed,
    )
    assert {"recipient's ID": "leading zero"} == found.values
    assert 0 == running.reductions


def test_an_undecided_row_is_no_pass() -> None:
    """The worst verdict of all rows is the scenario's."""
    late = PASSED.model_copy(update={"verdict": Verdict.INCONCLUSIVE})
    running, _ = runner(fails_with(LATE, record=late), [PLAIN, row_of(LATE)])
    found = running.run(ONE).record
    assert (Verdict.INCONCLUSIVE, 2, 0) == (
        found.verdict,
        found.runs,
        found.failed_runs,
    )


def test_what_was_not_run_is_not_tried_again() -> None:
    """The target is gone."""
    gone = PASSED.model_copy(update={"verdict": Verdict.NOT_RUN})
    running, fake = runner(lambda _: gone, [PLAIN, row_of(ZERO)])
    assert Verdict.NOT_RUN is running.run(ONE).record.verdict
    assert 1 == len(fake.tried)


# What a failure needs


def test_a_failure_is_reduced_to_the_values_that_it_needs() -> None:
    """By runs of the same place in the plan, so of the same people."""
    rows = [row_of(DOT), row_of(ZERO, DOT, LATE), row_of(ZERO)]
    running, fake = runner(fails_with(ZERO), rows)
    found = running.run(ONE).record
    assert (Verdict.FAIL, "it does not") == (found.verdict, found.message)
    assert ((ZERO,), {"recipient's ID": "leading zero"}) == (found.needed, found.values)
    assert (3, 2) == (found.runs, found.failed_runs)
    assert [frozenset(), frozenset({DOT, LATE})] == fake.rows[3:5]
    assert {1} == {draw for _, draw, _ in fake.tried[3:]}
    assert running.reductions == len(fake.tried) - 3


def test_all_values_that_it_needs_are_kept() -> None:
    """In the order of the row."""
    running, _ = runner(fails_with(LATE, ZERO), [row_of(ZERO, DOT, LATE)])
    assert (ZERO, LATE) == running.run(ONE).record.needed


def test_the_row_that_needs_the_fewest_values_is_shown() -> None:
    """Two values may together do what another one does alone."""

    def outcome(values: frozenset[str]) -> ScenarioRecord:
        together = {LATE, DOT} <= values
        return FAILED if together or ZERO in values else PASSED

    running, _ = runner(outcome, [row_of(LATE, DOT), PLAIN, row_of(ZERO)])
    found = running.run(ONE).record
    assert ((ZERO,), 3, 2) == (found.needed, found.runs, found.failed_runs)


def test_one_value_is_few_enough() -> None:
    """No other row is reduced then."""
    running, fake = runner(fails_with(ZERO), [row_of(ZERO), row_of(ZERO, DOT)])
    assert (ZERO,) == running.run(ONE).record.needed
    assert {0} == {draw for _, draw, _ in fake.tried[2:]}


def test_a_failure_that_needs_no_value_is_shown_without_any() -> None:
    """After one run of the story as it is written."""
    running, fake = runner(lambda _: FAILED, [row_of(ZERO, DOT), row_of(LATE)])
    found = running.run(ONE).record
    assert ((), {}, 2, 2) == (
        found.needed,
        found.values,
        found.runs,
        found.failed_runs,
    )
    assert [frozenset()] == fake.rows[2:]


def test_another_failure_is_no_reduction() -> None:
    """Verdict and kind have to stay."""

    def outcome(values: frozenset[str]) -> ScenarioRecord:
        return FAILED if ZERO in values else SETUP

    running, _ = runner(outcome, [row_of(ZERO, DOT)])
    found = running.run(ONE).record
    assert (Verdict.FAIL, None, (ZERO,)) == (found.verdict, found.kind, found.needed)


def test_a_set_up_that_fails_is_reduced_too() -> None:
    """It costs no restart."""
    running, _ = runner(fails_with(DOT, record=SETUP), [row_of(ZERO, DOT)])
    found = running.run(ONE).record
    assert ("setup", (DOT,)) == (found.kind, found.needed)


def test_what_others_needed_is_tried_first() -> None:
    """An implementation that loses a value fails with it everywhere."""
    row = row_of(DOT, LATE, "profile: custom", ZERO)
    running, fake = runner(fails_with(DOT, ZERO), [row])
    running.run(ONE)
    before = len(fake.tried)
    assert (DOT, ZERO) == running.run(OTHER).record.needed
    whole, plain, known, *rest = fake.rows[before:]
    assert (frozenset(), frozenset({DOT, ZERO})) == (plain, known)
    assert len(whole) == len(row)
    assert [frozenset({ZERO}), frozenset({DOT})] == rest


def test_reductions_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the whole run; then the record has more values than it needs."""
    monkeypatch.setattr(row_runner, "MOST_REDUCTIONS", 2)
    running, fake = runner(fails_with(ZERO), [row_of(DOT, LATE, ZERO)])
    assert (LATE, ZERO) == running.run(ONE).record.needed
    assert (DOT, LATE, ZERO) == running.run(OTHER).record.needed
    assert (2, 4) == (running.reductions, len(fake.tried))


# What leans on an interpretation


def test_a_failure_by_a_leaning_value_is_a_deviation_of_that_interpretation() -> None:
    """The scenario passes without it; the deviation is a record beside."""
    rows = [row_of(ZERO, PENDING), row_of(DOT)]
    running, fake = runner(fails_with(PENDING), rows)
    tried = running.run(ONE)
    assert (Verdict.PASS, 0, ()) == (
        tried.record.verdict,
        tried.record.failed_runs,
        tried.record.needed,
    )
    assert {"recipient's ID": "leading zero"} == tried.record.values
    (found,) = tried.besides
    assert (("PENDING-7",), Level.INTERPRETATION, Verdict.DEVIATION, True) == (
        found.clauses,
        found.level,
        found.verdict,
        found.besides,
    )
    assert ("it does not", (PENDING,)) == (found.message, found.needed)
    assert {"recipient's ID", "bystander"} == set(found.values)
    assert [frozenset({ZERO, PENDING}), frozenset({ZERO})] == fake.rows[:2]


def test_a_failure_that_does_not_come_again_is_not_that_of_a_value() -> None:
    """Something is left from an earlier scenario, which is wrong in any reading."""
    calls = count()
    running, _ = runner(
        lambda _: FAILED if next(calls) == 0 else PASSED, [row_of(PENDING)]
    )
    tried = running.run(ONE)
    assert (Verdict.FAIL, ()) == (tried.record.verdict, tried.besides)
    assert str(tried.record.message).endswith("depends on what was run before")


@pytest.mark.parametrize("record", [FAILED, SETUP, BLOCKED])
def test_however_it_fails_with_a_leaning_value_it_is_a_deviation(
    record: ScenarioRecord,
) -> None:
    """Nobody is to blame for another reading."""
    running, _ = runner(fails_with(PENDING, record=record), [row_of(PENDING)])
    tried = running.run(ONE)
    assert Verdict.PASS is tried.record.verdict
    (found,) = tried.besides
    assert (Verdict.DEVIATION, None, None, None, record.message) == (
        found.verdict,
        found.kind,
        found.blame,
        found.blocked_by,
        found.message,
    )


def test_a_deviation_does_not_speak_of_the_clause_that_would_have_blocked() -> None:
    """What was refused with the value is what deviates."""
    blocked = BLOCKED.model_copy(
        update={"message": "blocked by ANSWER-1: Bob's reject was refused"}
    )
    running, _ = runner(fails_with(PENDING, record=blocked), [row_of(PENDING)])
    (found,) = running.run(ONE).besides
    assert "Bob's reject was refused" == found.message


def test_a_failure_without_the_leaning_value_is_the_scenarios_own() -> None:
    """It is shown without the value."""
    running, _ = runner(fails_with(ZERO), [row_of(ZERO, PENDING)])
    tried = running.run(ONE)
    assert (Verdict.FAIL, (ZERO,), ()) == (
        tried.record.verdict,
        tried.record.needed,
        tried.besides,
    )


@pytest.mark.parametrize(
    ("cause", "clause"), [(PENDING, "PENDING-7"), (PHONE, "PLATFORM-2")]
)
def test_of_several_leaning_values_the_one_that_suffices_is_named(
    cause: str, clause: str
) -> None:
    """Whichever comes first in the row."""
    running, _ = runner(fails_with(cause), [row_of(PHONE, PENDING, ZERO)])
    (found,) = running.run(ONE).besides
    assert ((clause,), (cause,)) == (found.clauses, found.needed)


def test_of_two_that_suffice_the_first_is_named() -> None:
    """And not one that has nothing to do with it."""

    def outcome(values: frozenset[str]) -> ScenarioRecord:
        return PASSED if values.isdisjoint({PHONE, PENDING}) else FAILED

    running, _ = runner(outcome, [row_of("locks: both", PHONE, PENDING)])
    (found,) = running.run(ONE).besides
    assert ("PLATFORM-2",) == found.clauses


def test_of_two_that_fail_together_one_is_named() -> None:
    """Without it the scenario passes."""
    running, _ = runner(fails_with(PHONE, PENDING), [row_of(PHONE, PENDING)])
    (found,) = running.run(ONE).besides
    assert ("PLATFORM-2",) == found.clauses


@pytest.mark.parametrize(
    ("refusals", "verdict", "besides"),
    [(1, Verdict.PASS, 1), (0, Verdict.FAIL, 0)],
)
def test_some_values_excuse_refusals_only(
    refusals: int, verdict: Verdict, besides: int
) -> None:
    """Another effect is wrong in any reading."""
    record = FAILED.model_copy(update={"refusals": refusals})
    running, _ = runner(fails_with(OTHER_WAY, record=record), [row_of(OTHER_WAY)])
    tried = running.run(ONE)
    assert (verdict, besides) == (tried.record.verdict, len(tried.besides))


# What a drawn Given stops


def test_what_a_drawn_given_blocks_is_tried_without_it() -> None:
    """The clause of that Given is shown beside, and the scenario is judged."""
    rows = [row_of(ZERO, REJECTED), row_of(DOT)]
    running, fake = runner(fails_with(REJECTED, record=BLOCKED), rows)
    tried = running.run(ONE)
    assert [frozenset({ZERO, REJECTED}), frozenset({ZERO})] == fake.rows[:2]
    found = tried.record
    assert (Verdict.PASS, None, 2, 0) == (
        found.verdict,
        found.blocked_by,
        found.runs,
        found.failed_runs,
    )
    (blocked,) = tried.besides
    assert (Verdict.BLOCKED, "ANSWER-1", True, PASSED.clauses) == (
        blocked.verdict,
        blocked.blocked_by,
        blocked.besides,
        blocked.clauses,
    )


def test_what_blocks_first_is_reduced_to_the_values_that_it_needs() -> None:
    """Once for each clause that blocks; a brief run reduces nothing."""
    rows = [row_of(ZERO, REJECTED), row_of(DOT, REJECTED)]
    running, _ = runner(fails_with(REJECTED, record=BLOCKED), rows)
    first, second = running.run(ONE).besides
    assert (tuple(row_of(REJECTED)), (REJECTED,)) == (
        tuple(first.values),
        first.needed,
    )
    assert (set(row_of(DOT, REJECTED)), ()) == (set(second.values), second.needed)
    running, _ = runner(fails_with(REJECTED, record=BLOCKED), rows, brief=True)
    assert {()} == {one.needed for one in running.run(ONE).besides}
    assert 0 == running.reductions


def test_a_row_that_blocks_does_not_hide_one_that_passes() -> None:
    """The record has its steps, though the row was not the first."""
    running, fake = runner(fails_with(ZERO, record=BLOCKED), [row_of(ZERO), PLAIN])
    found = running.run(ONE).record
    assert (Verdict.PASS, "It works", 2, 1) == (
        found.verdict,
        found.title,
        found.runs,
        found.failed_runs,
    )
    assert (frozenset(), 1, False) == fake.tried[-1]


def test_a_scenario_that_is_blocked_by_every_row_is_blocked() -> None:
    """By its own Given."""
    running, _ = runner(lambda _: BLOCKED, [row_of(ZERO, REJECTED), row_of(DOT)])
    tried = running.run(ONE)
    assert (Verdict.BLOCKED, 2, 2, ()) == (
        tried.record.verdict,
        tried.record.runs,
        tried.record.failed_runs,
        tried.record.needed,
    )
    assert {"ANSWER-1"} == {one.blocked_by for one in tried.besides}


@pytest.mark.parametrize(
    "record",
    [
        PASSED.model_copy(update={"verdict": Verdict.NOT_APPLICABLE}),
        FAILED.model_copy(update={"kind": "missing-method"}),
    ],
)
def test_what_a_drawn_given_needs_is_not_asked_of_the_scenario(
    record: ScenarioRecord,
) -> None:
    """A capability or a method that only the value needs."""
    running, _ = runner(fails_with(REJECTED, record=record), [row_of(REJECTED)])
    tried = running.run(ONE)
    assert (Verdict.PASS, ()) == (tried.record.verdict, tried.besides)


# What ends the rows


def test_a_crash_ends_the_rows() -> None:
    """Each would cost a restart; it is neither reduced nor excused."""
    rows = [PLAIN, row_of(PENDING), row_of(DOT)]
    running, fake = runner(fails_with(PENDING, record=CRASH), rows)
    tried = running.run(ONE)
    assert (Verdict.ERROR, "crash", 2, 1) == (
        tried.record.verdict,
        tried.record.kind,
        tried.record.runs,
        tried.record.failed_runs,
    )
    assert (2, 0, ()) == (len(fake.tried), running.reductions, tried.besides)
    assert {"bystander": "pending with the inviter"} == tried.record.values


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.DEVIATION])
def test_a_brief_run_ends_at_the_first_failure(verdict: Verdict) -> None:
    """As it was, without a look for what it needs."""
    record = FAILED.model_copy(update={"verdict": verdict})
    rows = [PLAIN, row_of(ZERO, DOT), row_of(LATE)]
    running, fake = runner(fails_with(ZERO, record=record), rows, brief=True)
    found = running.run(ONE).record
    assert (verdict, (), 2, 1) == (
        found.verdict,
        found.needed,
        found.runs,
        found.failed_runs,
    )
    assert (2, 0) == (len(fake.tried), running.reductions)


def test_a_brief_run_goes_on_after_a_block() -> None:
    """Another row may show more."""
    running, _ = runner(
        fails_with(ZERO, record=BLOCKED), [row_of(ZERO), PLAIN], brief=True
    )
    assert Verdict.PASS is running.run(ONE).record.verdict


# In a new process


@dataclass(slots=True)
class Fresh:
    """Runs nothing in new processes: each ends with the same record."""

    record: ScenarioRecord | None
    begun: int = 0

    def __call__(
        self,
        pickle: Pickle,  # noqa: ARG002 - the interface's
        row: Row,  # noqa: ARG002
        *,
        draw: int,  # noqa: ARG002
    ) -> ScenarioRecord | None:
        """Count the process."""
        self.begun += 1
        return self.record


def test_a_failure_that_a_new_process_does_not_have_is_not_that_of_a_value() -> None:
    """Timers or names of an earlier scenario are still there: wrong in any reading."""
    running, _ = runner(fails_with(PENDING), [row_of(PENDING)])
    running.anew = Fresh(PASSED)
    tried = running.run(ONE)
    assert (Verdict.FAIL, ()) == (tried.record.verdict, tried.besides)
    assert "in a new process it passes" in str(tried.record.message)


@pytest.mark.parametrize("record", [FAILED, BLOCKED, CRASH, None])
def test_a_failure_that_a_new_process_has_too_is_that_of_the_value(
    record: ScenarioRecord | None,
) -> None:
    """So is one of a target of which no second process can be started."""
    running, _ = runner(fails_with(PENDING), [row_of(PENDING)])
    running.anew = Fresh(record)
    assert [("PENDING-7",)] == [one.clauses for one in running.run(ONE).besides]


def test_few_processes_are_started_for_a_value() -> None:
    """A target with another reading fails with it in nearly every scenario."""
    rows = [row_of(PENDING)] * (2 * row_runner.MOST_ANEW)
    running, _ = runner(fails_with(PENDING), rows)
    fresh = running.anew = Fresh(FAILED)
    running.run(ONE)
    assert row_runner.MOST_ANEW == fresh.begun


@pytest.mark.slow
def test_what_an_earlier_scenario_leaves_is_a_failure() -> None:
    """Whatever interpretation it looks like, as here that of PENDING-7."""
    engine = run_suite(
        Target.parse("py:leftovers:Leftovers"), silent=False, depth=Depth.STANDARD
    )
    assert engine.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is engine.conclusion.verdict
    told = [str(record.message) for record in engine.scenarios]
    assert any("in a new process it passes" in message for message in told)
