"""The rules for verdicts, from the end of a scenario to that of the run."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.adapters import messages as wire
from invitelab.adapters.base import (
    ADAPTER_FAULT,
    DECLINED_METHOD,
    METHOD_NOT_FOUND,
    AdapterError,
    Json,
    Limits,
)
from invitelab.adapters.handshake import Capability
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.outcomes import (
    ExpectationFailed,
    Inconclusive,
    NotApplicable,
)
from invitelab.conformance.execution.verdicts import (
    WORST_FIRST,
    Conclusion,
    conclude,
    counts,
    judge,
    judge_clause,
    totals,
)
from invitelab.conformance.features.clauses import Clause
from invitelab.errors import (
    Blame,
    CannotStartError,
    ClockLiedError,
    CrashError,
    ExitCode,
    FaultError,
    HangError,
    HarnessError,
    InvitelabError,
    MalformedError,
    MethodMissingError,
)
from invitelab.formats.run import (
    LEFT_OUT,
    ClauseRecord,
    Header,
    Level,
    RunVerdict,
    ScenarioRecord,
    Verdict,
)

Judge = Callable[..., Engine]

REQUIRED, INTERPRETATION = ("EXPIRY-1",), ("EXPIRY-6",)
LEVELS: dict[tuple[str, ...], Level] = {
    REQUIRED: Level.REQUIRED,
    INTERPRETATION: Level.INTERPRETATION,
}


# One scenario


def test_what_ends_well_passes() -> None:
    """There is no message."""
    judged = judge(None, REQUIRED, in_setup=False)
    assert (Verdict.PASS, None, None, None) == (
        judged.verdict,
        judged.message,
        judged.kind,
        judged.blame,
    )


@pytest.mark.parametrize(
    ("clauses", "verdict"),
    [
        (REQUIRED, Verdict.FAIL),
        (INTERPRETATION, Verdict.DEVIATION),
        (INTERPRETATION + REQUIRED, Verdict.FAIL),
    ],
)
def test_what_is_not_observed_breaks_the_clause(
    clauses: tuple[str, ...], verdict: Verdict
) -> None:
    """A required clause fails; an interpretation deviates."""
    judged = judge(ExpectationFailed("no session"), clauses, in_setup=False)
    assert (verdict, "no session", None) == (
        judged.verdict,
        judged.message,
        judged.kind,
    )


@pytest.mark.parametrize("clauses", LEVELS)
def test_a_given_that_does_not_hold_is_an_error_of_the_setup(
    clauses: tuple[str, ...],
) -> None:
    """The clause was never reached, whatever its level."""
    judged = judge(ExpectationFailed("refused"), clauses, in_setup=True)
    assert (Verdict.ERROR, "setup", Blame.IMPLEMENTATION) == (
        judged.verdict,
        judged.kind,
        judged.blame,
    )


@pytest.mark.parametrize("clauses", LEVELS)
@pytest.mark.parametrize("in_setup", [True, False])
def test_a_declared_method_that_is_missing_fails(
    clauses: tuple[str, ...], *, in_setup: bool
) -> None:
    """At any level and in any step: it was promised."""
    judged = judge(MethodMissingError("no"), clauses, in_setup=in_setup)
    assert (Verdict.FAIL, "missing-method", Blame.IMPLEMENTATION) == (
        judged.verdict,
        judged.kind,
        judged.blame,
    )


@pytest.mark.parametrize("in_setup", [True, False])
@pytest.mark.parametrize(
    ("error", "kind", "blame"),
    [
        (CrashError("x"), "crash", Blame.IMPLEMENTATION),
        (HangError("x"), "hang", Blame.IMPLEMENTATION),
        (MalformedError("x"), "protocol", Blame.ADAPTER),
        (FaultError("x", rpc_code=ADAPTER_FAULT), "fault", Blame.ADAPTER),
        (HarnessError("x"), "harness", Blame.HARNESS),
        (CannotStartError("x"), "harness", Blame.ADAPTER),
    ],
    ids=lambda value: type(value).__name__,
)
def test_trouble_is_an_error_with_a_blame(
    error: InvitelabError, kind: str, blame: Blame, *, in_setup: bool
) -> None:
    """It satisfies no clause, and is no deviation."""
    judged = judge(error, INTERPRETATION, in_setup=in_setup)
    assert (Verdict.ERROR, "x", kind, blame) == (
        judged.verdict,
        judged.message,
        judged.kind,
        judged.blame,
    )


def test_an_unexpected_exception_is_our_bug() -> None:
    """The message names the exception's type."""
    judged = judge(KeyError("i1"), REQUIRED, in_setup=False)
    assert (Verdict.ERROR, "KeyError: 'i1'", Blame.HARNESS) == (
        judged.verdict,
        judged.message,
        judged.blame,
    )


@pytest.mark.parametrize("in_setup", [True, False])
def test_what_was_declined_is_not_applicable(*, in_setup: bool) -> None:
    """With the reason that was given."""
    declined = NotApplicable(Capability.TILES, "no contact lists")
    judged = judge(declined, REQUIRED, in_setup=in_setup)
    assert (Verdict.NOT_APPLICABLE, "tiles is declined: no contact lists") == (
        judged.verdict,
        judged.message,
    )


@pytest.mark.parametrize("in_setup", [True, False])
def test_what_the_clock_cannot_tell_is_inconclusive(*, in_setup: bool) -> None:
    """With the reason."""
    judged = judge(Inconclusive("too coarse"), REQUIRED, in_setup=in_setup)
    assert (Verdict.INCONCLUSIVE, "too coarse") == (judged.verdict, judged.message)


def test_a_bad_line_is_quoted_from_its_beginning() -> None:
    """The author has to find it in the output."""
    error = MalformedError("a line that is not JSON", line="hello" + "!" * 300)
    message = judge(error, REQUIRED, in_setup=False).message
    assert message is not None
    assert message.startswith("a line that is not JSON: hello!!")
    assert len(message) < 300


# One clause


def scenario(
    verdict: Verdict,
    clauses: tuple[str, ...] = REQUIRED,
    *,
    kind: str | None = None,
    blame: Blame | None = None,
) -> ScenarioRecord:
    """Make the record of a scenario."""
    return ScenarioRecord(
        feature="features/a.feature",
        line=1,
        title="A title",
        clauses=clauses,
        level=LEVELS[clauses],
        verdict=verdict,
        kind=kind,
        blame=blame,
        message="what happened",
    )


def clause(clauses: tuple[str, ...] = REQUIRED) -> Clause:
    """Make a clause."""
    return Clause(id=clauses[0], level=LEVELS[clauses], text="A text.", section="")


def judged_clauses(*scenarios: ScenarioRecord) -> list[ClauseRecord]:
    """Judge both clauses."""
    return [judge_clause(clause(name), scenarios) for name in LEVELS]


def test_a_clause_is_as_good_as_its_worst_scenario() -> None:
    """Pair by pair, and the order of the scenarios does not matter."""
    for place, worse in enumerate(WORST_FIRST):
        for better in WORST_FIRST[place:]:
            for pair in ((worse, better), (better, worse)):
                records = [scenario(verdict) for verdict in pair]
                assert worse is judge_clause(clause(), records).verdict


def test_every_verdict_has_a_rank() -> None:
    """A clause whose scenarios ran has a verdict."""
    assert set(Verdict) == set(WORST_FIRST)


def test_a_clause_without_scenarios_is_untested() -> None:
    """Not passed."""
    record = judge_clause(clause(), [scenario(Verdict.PASS, INTERPRETATION)])
    assert (None, 0, 0) == (record.verdict, record.passed, record.scenarios)


def test_a_clause_counts_its_own_scenarios() -> None:
    """Passed, of all that cite it."""
    records = [
        scenario(Verdict.PASS),
        scenario(Verdict.FAIL),
        scenario(Verdict.PASS),
        scenario(Verdict.PASS, INTERPRETATION),
    ]
    record = judge_clause(clause(), records)
    assert (2, 3) == (record.passed, record.scenarios)


def test_a_clause_does_not_count_what_is_not_applicable() -> None:
    """Two of two, and not two of three."""
    records = [scenario(Verdict.PASS), scenario(Verdict.NOT_APPLICABLE)]
    record = judge_clause(clause(), records)
    assert (1, 1) == (record.passed, record.scenarios)


# The run

HEADER = Header(harness="invitelab 0", suite="0", target="t", clock="virtual")


def concluded(
    *scenarios: ScenarioRecord,
    declined: Mapping[str, str] | None = None,
    problem: InvitelabError | None = None,
    selected_all: bool = True,
) -> Conclusion:
    """Conclude from these scenarios and the two clauses they cite."""
    return conclude(
        scenarios,
        judged_clauses(*scenarios),
        header=HEADER.model_copy(update={"declined": dict(declined or {})}),
        problem=problem,
        selected_all=selected_all,
    )


PASS = scenario(Verdict.PASS)


def test_a_run_in_which_everything_passes_is_conformant() -> None:
    """With nothing to add."""
    expected = Conclusion(verdict=RunVerdict.CONFORMANT, exit_code=ExitCode.CONFORMANT)
    assert expected == concluded(PASS)


def test_conformity_names_what_was_declined() -> None:
    """In the order of the alphabet."""
    end = concluded(
        PASS,
        scenario(Verdict.NOT_APPLICABLE, INTERPRETATION),
        declined={"tiles": "none", "email": "none"},
    )
    assert (RunVerdict.CONFORMANT, "declined: email, tiles") == (
        end.verdict,
        end.reason,
    )


@pytest.mark.parametrize("verdict", [Verdict.DEVIATION, Verdict.INCONCLUSIVE])
def test_an_interpretation_does_not_cost_conformity(verdict: Verdict) -> None:
    """It is reported, and no failure."""
    assert RunVerdict.CONFORMANT is (
        concluded(PASS, scenario(verdict, INTERPRETATION)).verdict
    )


def test_conformity_names_deviations() -> None:
    """The clauses are named, although the verdict is CONFORMANT."""
    end = concluded(
        PASS, scenario(Verdict.DEVIATION, INTERPRETATION), declined={"tiles": "none"}
    )
    assert "declined: tiles; deviates in EXPIRY-6" == end.reason


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (PASS, False),
        (scenario(Verdict.FAIL), True),
        (scenario(Verdict.DEVIATION, INTERPRETATION), False),
        (scenario(Verdict.ERROR, kind="setup"), True),
        (scenario(Verdict.ERROR, INTERPRETATION, kind="setup"), False),
        (scenario(Verdict.ERROR, INTERPRETATION, kind="crash"), True),
        (
            scenario(
                Verdict.ERROR, INTERPRETATION, kind="protocol", blame=Blame.ADAPTER
            ),
            True,
        ),
    ],
)
def test_what_counts_stops_a_run_that_stops_early(
    record: ScenarioRecord, *, expected: bool
) -> None:
    """And nothing else does, or a broken implementation would seem right in part."""
    assert expected is counts(record)


def test_nothing_selected_is_invalid() -> None:
    """Nothing has passed."""
    end = concluded(selected_all=False)
    assert (RunVerdict.INVALID, ExitCode.INVALID, "nothing was selected") == (
        end.verdict,
        end.exit_code,
        end.reason,
    )


@pytest.mark.parametrize(
    ("problem", "code", "blame"),
    [
        (ClockLiedError("it moved"), ExitCode.INVALID, Blame.ADAPTER),
        (
            CannotStartError("it moved", blame=Blame.ENVIRONMENT),
            ExitCode.INVALID,
            Blame.ENVIRONMENT,
        ),
        (HarnessError("it moved"), ExitCode.HARNESS, Blame.HARNESS),
    ],
)
def test_a_problem_of_the_run_makes_it_invalid(
    problem: InvitelabError, code: ExitCode, blame: Blame
) -> None:
    """Whatever was judged before."""
    end = concluded(PASS, scenario(Verdict.FAIL), problem=problem)
    assert (RunVerdict.INVALID, code, "it moved", blame) == (
        end.verdict,
        end.exit_code,
        end.reason,
        end.blame,
    )


def test_an_error_of_the_adapters_makes_the_run_invalid() -> None:
    """Even beside a failure: it may have caused it."""
    bad = scenario(Verdict.ERROR, INTERPRETATION, kind="protocol", blame=Blame.ADAPTER)
    end = concluded(scenario(Verdict.FAIL), bad)
    assert (RunVerdict.INVALID, ExitCode.INVALID, Blame.ADAPTER) == (
        end.verdict,
        end.exit_code,
        end.blame,
    )


def test_an_error_of_ours_is_our_bug_before_all_others() -> None:
    """Exit 70."""
    theirs = scenario(Verdict.ERROR, kind="protocol", blame=Blame.ADAPTER)
    ours = scenario(Verdict.ERROR, kind="harness", blame=Blame.HARNESS)
    end = concluded(theirs, ours)
    assert (RunVerdict.INVALID, ExitCode.HARNESS, Blame.HARNESS) == (
        end.verdict,
        end.exit_code,
        end.blame,
    )


@pytest.mark.parametrize("selected_all", [True, False])
@pytest.mark.parametrize(
    "broken",
    [
        scenario(Verdict.FAIL),
        scenario(Verdict.ERROR, kind="setup", blame=Blame.IMPLEMENTATION),
        scenario(Verdict.ERROR, kind="crash", blame=Blame.IMPLEMENTATION),
        scenario(
            Verdict.ERROR, INTERPRETATION, kind="crash", blame=Blame.IMPLEMENTATION
        ),
        scenario(
            Verdict.ERROR, INTERPRETATION, kind="hang", blame=Blame.IMPLEMENTATION
        ),
        scenario(
            Verdict.FAIL,
            INTERPRETATION,
            kind="missing-method",
            blame=Blame.IMPLEMENTATION,
        ),
    ],
    ids=lambda record: f"{record.level}-{record.kind or record.verdict}",
)
def test_what_is_broken_is_named(broken: ScenarioRecord, *, selected_all: bool) -> None:
    """By its clause, in a partial run too; an interpretation with the kind."""
    end = concluded(PASS, broken, broken, selected_all=selected_all)
    (id_,) = broken.clauses
    expected = id_ if broken.level is Level.REQUIRED else f"{broken.kind} in {id_}"
    assert (RunVerdict.NON_CONFORMANT, ExitCode.NON_CONFORMANT, expected) == (
        end.verdict,
        end.exit_code,
        end.reason,
    )


def test_an_interpretation_that_could_not_be_set_up_is_no_failure() -> None:
    """Another interpretation may be the cause."""
    error = scenario(
        Verdict.ERROR, INTERPRETATION, kind="setup", blame=Blame.IMPLEMENTATION
    )
    assert RunVerdict.CONFORMANT is concluded(PASS, error).verdict


def test_a_filtered_run_is_partial() -> None:
    """However well it went; it is no failure either."""
    end = concluded(PASS, selected_all=False)
    assert (RunVerdict.PARTIAL, ExitCode.CONFORMANT) == (end.verdict, end.exit_code)


def other(verdict: Verdict, kind: str | None = None) -> ScenarioRecord:
    """Make the record of a scenario of a second required clause."""
    record = scenario(verdict, kind=kind)
    return record.model_copy(update={"clauses": ("EXPIRY-2",)})


def of_part(*records: ScenarioRecord) -> Conclusion:
    """Conclude from a part of the suite, with three clauses."""
    second = Clause(id="EXPIRY-2", level=Level.REQUIRED, text="A text.", section="")
    clauses = [*judged_clauses(*records), judge_clause(second, records)]
    return conclude(records, clauses, header=HEADER, problem=None, selected_all=False)


LEFT = other(Verdict.NOT_RUN, LEFT_OUT)


@pytest.mark.parametrize(
    ("records", "open_"),
    [
        ([scenario(Verdict.INCONCLUSIVE)], "EXPIRY-1"),
        ([PASS, other(Verdict.INCONCLUSIVE)], "EXPIRY-2"),
        ([PASS, other(Verdict.BLOCKED)], "EXPIRY-2"),
        ([scenario(Verdict.INCONCLUSIVE, INTERPRETATION)], *INTERPRETATION),
        ([scenario(Verdict.ERROR, INTERPRETATION, kind="setup")], *INTERPRETATION),
        ([LEFT], "EXPIRY-2"),
    ],
    ids=["only", "required", "blocked", "interpretation", "setup", "left-out"],
)
def test_what_was_selected_and_not_decided_leaves_a_part_open(
    records: list[ScenarioRecord], open_: str
) -> None:
    """Required clauses always, others where nothing of the selection was decided."""
    end = of_part(*records)
    assert (RunVerdict.INCONCLUSIVE, ExitCode.INCONCLUSIVE, open_) == (
        end.verdict,
        end.exit_code,
        end.reason,
    )


@pytest.mark.parametrize(
    "records",
    [
        [PASS, scenario(Verdict.INCONCLUSIVE, INTERPRETATION)],
        [PASS, LEFT],
        [scenario(Verdict.NOT_APPLICABLE)],
        [scenario(Verdict.DEVIATION, INTERPRETATION)],
    ],
    ids=["interpretation", "left-out", "not-applicable", "deviation"],
)
def test_what_was_decided_is_enough_for_a_part(records: list[ScenarioRecord]) -> None:
    """And what cannot be, or was left out, is open on purpose."""
    end = of_part(*records)
    assert (RunVerdict.PARTIAL, ExitCode.CONFORMANT) == (end.verdict, end.exit_code)


@pytest.mark.parametrize(
    "records",
    [
        [PASS, scenario(Verdict.INCONCLUSIVE)],
        [PASS, scenario(Verdict.NOT_RUN)],
        [scenario(Verdict.PASS, INTERPRETATION)],
    ],
    ids=["inconclusive", "not-run", "untested"],
)
def test_a_required_clause_that_is_open_leaves_the_run_open(
    records: list[ScenarioRecord],
) -> None:
    """It is named."""
    end = concluded(*records)
    assert (RunVerdict.INCONCLUSIVE, ExitCode.INCONCLUSIVE, "EXPIRY-1") == (
        end.verdict,
        end.exit_code,
        end.reason,
    )


def test_a_run_in_which_nothing_applies_is_invalid() -> None:
    """A target that declines everything is not conformant."""
    end = concluded(scenario(Verdict.NOT_APPLICABLE), declined={"direct": "none"})
    assert (RunVerdict.INVALID, ExitCode.INVALID, "nothing was applicable") == (
        end.verdict,
        end.exit_code,
        end.reason,
    )


def test_all_denominators_are_counted() -> None:
    """By level and by verdict; a clause that is not applicable is in none of them."""
    records = [
        scenario(Verdict.PASS),
        scenario(Verdict.PASS),
        scenario(Verdict.NOT_APPLICABLE, INTERPRETATION),
    ]
    assert {
        "clauses": 2,
        "required": 1,
        "required passed": 1,
        "interpretation": 0,
        "interpretation passed": 0,
        "blocked": 0,
        "not applicable": 1,
        "untested": 0,
        "scenarios": 3,
        "runs": 3,
        "scenarios pass": 2,
        "scenarios not-applicable": 1,
    } == totals(records, judged_clauses(*records))


def test_what_was_not_run_counts_as_untested() -> None:
    """Beside what nothing cites."""
    records = [scenario(Verdict.NOT_RUN)]
    counted = totals(records, judged_clauses(*records))
    assert (2, 1, 1) == (
        counted["untested"],
        counted["required"],
        counted["interpretation"],
    )


KINDS: tuple[tuple[Verdict, str | None, Blame | None], ...] = (
    (Verdict.PASS, None, None),
    (Verdict.FAIL, None, None),
    (Verdict.DEVIATION, None, None),
    (Verdict.INCONCLUSIVE, None, None),
    (Verdict.NOT_APPLICABLE, None, None),
    (Verdict.NOT_RUN, None, None),
    (Verdict.ERROR, "crash", Blame.IMPLEMENTATION),
    (Verdict.ERROR, "setup", Blame.IMPLEMENTATION),
    (Verdict.ERROR, "protocol", Blame.ADAPTER),
    (Verdict.ERROR, "harness", Blame.HARNESS),
)
some_scenarios = st.lists(
    st.sampled_from(
        [
            scenario(verdict, clauses, kind=kind, blame=blame)
            for verdict, kind, blame in KINDS
            for clauses in LEVELS
            if verdict is not Verdict.DEVIATION or clauses is INTERPRETATION
        ]
    ),
    max_size=5,
)


@given(some_scenarios, st.booleans())
def test_conformant_is_said_of_whole_runs_without_a_failure_only(
    records: list[ScenarioRecord],
    selected_all: bool,  # noqa: FBT001 - Hypothesis gives it by position
) -> None:
    """Whatever the scenarios: required ones have passed, and nothing was left out."""
    end = concluded(*records, selected_all=selected_all)
    required = {r.verdict for r in records if r.level is Level.REQUIRED}
    if end.verdict is RunVerdict.CONFORMANT:
        assert selected_all
        assert required
        assert required <= {Verdict.PASS, Verdict.NOT_APPLICABLE}
    if end.exit_code is ExitCode.CONFORMANT:
        assert end.verdict in {RunVerdict.CONFORMANT, RunVerdict.PARTIAL}
        assert Verdict.FAIL not in {record.verdict for record in records}


# The same with an implementation


class Answers(Reference):
    """The reference, with one method that does something else."""

    def __init__(self, method: str, instead: Callable[[], Json]) -> None:
        super().__init__()
        self.method = method
        self.instead = instead

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Ask the reference unless it is that method."""
        if method == self.method:
            return self.instead()
        return super().request(method, params)


def end_of(engine: Engine) -> Conclusion:
    """Give the conclusion of an engine that has finished."""
    assert engine.conclusion is not None
    return engine.conclusion


def verdicts(engine: Engine) -> set[tuple[Verdict, str | None]]:
    """Collect the verdicts of the scenarios and their kinds."""
    return {(record.verdict, record.kind) for record in engine.scenarios}


def crash() -> Json:
    """Die, as far as a Python object can."""
    raise RuntimeError


def hang() -> Json:
    """Never answer."""
    while True:
        pass


def test_a_crash_is_no_proof_that_something_cannot_be_done(judge: Judge) -> None:
    """A target that dies of an accept has started no session, and satisfies nothing."""
    engine = judge(Answers("invitation.accept", crash), "EXPIRY-2")
    assert {(Verdict.ERROR, "crash")} == verdicts(engine)
    assert RunVerdict.NON_CONFORMANT is end_of(engine).verdict


def test_a_hang_that_this_machine_explains_shows_nothing() -> None:
    """It stood still itself: neither a failure, nor one of the implementation."""
    error = HangError("no answer", blame=Blame.ENVIRONMENT)
    judged = judge(error, REQUIRED, in_setup=False)
    assert (Verdict.INCONCLUSIVE, "hang", Blame.ENVIRONMENT) == (
        judged.verdict,
        judged.kind,
        judged.blame,
    )


def test_a_hang_is_no_proof_that_something_cannot_be_done(judge: Judge) -> None:
    """Nor has it."""
    adapter = Answers("popup.dismiss", hang)
    engine = judge(adapter, "ANSWER-4", limits=Limits(call_s=0.2))
    assert {(Verdict.ERROR, "hang")} == verdicts(engine)
    assert RunVerdict.NON_CONFORMANT is end_of(engine).verdict


def test_a_refusal_in_the_setup_is_no_failure_of_the_clause(judge: Judge) -> None:
    """It blocks the scenario; the clause of the operation breaks the run."""
    adapter = Answers("invitation.send", lambda: {"refused": {}})
    engine = judge(adapter, "PENDING-1")
    assert {(Verdict.BLOCKED, None)} == verdicts(engine)
    reason = "DIRECT-5, TILE-1; 1 clause could not be tried because of that"
    assert reason == end_of(engine).reason


@pytest.mark.parametrize("code", [METHOD_NOT_FOUND, DECLINED_METHOD])
def test_a_declared_method_that_does_not_exist_fails(judge: Judge, code: int) -> None:
    """Although its clause is an interpretation."""

    def missing() -> Json:
        raise AdapterError(code, "what?")

    engine = judge(Answers("popup.dismiss", missing), "ANSWER-4")
    assert {(Verdict.FAIL, "missing-method")} == verdicts(engine)
    assert RunVerdict.NON_CONFORMANT is end_of(engine).verdict


def test_an_error_is_no_refusal(judge: Judge) -> None:
    """DIRECT-3 wants a refusal; a fault of the adapter's makes the run invalid."""

    def fault() -> Json:
        raise AdapterError(ADAPTER_FAULT, "no idea")

    engine = judge(Answers("invitation.send", fault), "DIRECT-3")
    assert {(Verdict.ERROR, "fault")} == verdicts(engine)
    assert (RunVerdict.INVALID, Blame.ADAPTER) == (
        end_of(engine).verdict,
        end_of(engine).blame,
    )


class Declining(Reference):
    """The reference without some of its capabilities."""

    def __init__(self, *declined: Capability) -> None:
        super().__init__()
        self.declined = {capability.value for capability in declined}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Know no method of what is declined, and show nothing of it."""
        capability = wire.METHODS[method].capability
        if capability is not None and capability.value in self.declined:
            raise AdapterError(DECLINED_METHOD, method)
        answer = super().request(method, params)
        assert isinstance(answer, dict)
        if method == "initialize":
            answer["capabilities"] = [
                name.value for name in Capability if name.value not in self.declined
            ]
            answer["declines"] = [
                {"capability": name, "reason": f"without {name}"}
                for name in sorted(self.declined)
            ]
        if method == "client.view" and "popup" in self.declined:
            rows = answer["notifications"]
            assert isinstance(rows, list)
            answer["notifications"] = [
                row
                for row in rows
                if isinstance(row, dict) and row["surface"] != "popup"
            ]
        return answer


@pytest.mark.parametrize(
    "declined",
    [
        [Capability.DIRECT],
        [Capability.TILES],
        [Capability.POPUP, Capability.PRESENCE, Capability.PROFILE_EDIT],
        [Capability.EMAIL, Capability.MENU, Capability.SESSION_PERMISSIONS],
    ],
    ids="-".join,
)
def test_a_declined_capability_makes_its_clauses_not_applicable(
    directly: Judge, declined: list[Capability]
) -> None:
    """The rest is judged as ever, and the verdict says what was declined."""
    engine = directly(Declining(*declined))
    expected = f"declined: {', '.join(sorted(declined))}"
    assert (RunVerdict.CONFORMANT, expected) == (
        end_of(engine).verdict,
        end_of(engine).reason,
    )
    assert {(Verdict.PASS, None), (Verdict.NOT_APPLICABLE, None)} == verdicts(engine)
    reasons = {r.message for r in engine.scenarios if r.verdict is not Verdict.PASS}
    assert {f"{name} is declined: without {name}" for name in declined} == reasons


def test_a_target_that_declines_everything_is_not_conformant(directly: Judge) -> None:
    """Nothing could be judged."""
    engine = directly(Declining(*Capability))
    assert (RunVerdict.INVALID, "nothing was applicable") == (
        end_of(engine).verdict,
        end_of(engine).reason,
    )
