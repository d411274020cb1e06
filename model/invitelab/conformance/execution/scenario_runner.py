"""Runs one scenario on one target: from a pickle to its record.

pytest-bdd parses the features and matches each sentence to its definition. The steps
are called here rather than through pytest-bdd's fixtures: a step needs nothing but the
scenario context, scenarios also run in threads outside pytest's own, and the fixture
look-up took more time than the target did.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from pytest_bdd.parser import Scenario, Step

from invitelab.adapters import handshake
from invitelab.adapters.clocks.base import ClockDriver
from invitelab.adapters.clocks.virtual import VirtualClockDriver
from invitelab.adapters.driver import Driver
from invitelab.adapters.handshake import Capability
from invitelab.adapters.scenario_session import ScenarioSession
from invitelab.adapters.target import Target
from invitelab.adapters.traffic import Traffic
from invitelab.conformance.execution import verdicts
from invitelab.conformance.execution.exchange_lines import ScenarioTraffic
from invitelab.conformance.execution.measures import Measures
from invitelab.conformance.execution.outcomes import NotApplicable
from invitelab.conformance.execution.own_steps import (
    call_step,
    of_own_text,
    own_traceback,
)
from invitelab.conformance.execution.recorder import MOST_SHOWN, Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_state import SetUp
from invitelab.conformance.execution.verdicts import Judgement
from invitelab.conformance.factors.cast import PLAIN, Row
from invitelab.conformance.factors.retelling import DrawnStep, retold
from invitelab.conformance.factors.run_plan import NO_PLAN, RunPlan, place_of, story_of
from invitelab.conformance.features.clauses import cited, level_of
from invitelab.conformance.features.gherkin import Pickle, key_of, spoken
from invitelab.conformance.features.retiming import retimed
from invitelab.conformance.features.steps.registry import definition_of
from invitelab.errors import HangError, InterruptedRunError, InvitelabError, LostError
from invitelab.formats.run import Level, ScenarioRecord, StepRecord, Verdict
from invitelab.resources import feature_label
from invitelab.safe_text import escaped_lines
from invitelab.world.product import current_product


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A started target whose handshake is done and whose clock is known."""

    driver: Driver
    answer: handshake.Initialized
    clock_driver: ClockDriver
    plan: RunPlan = NO_PLAN
    measures: Measures = field(default_factory=Measures)
    silent: bool = False
    """Whether records may omit the exchanged messages."""
    keeps_traffic: bool = False
    """Whether records keep the bytes of their calls."""

    def set_up(self, token: str, traffic: Traffic | None = None) -> SetUp:
        """The session and clock of one scenario; `token` names it on the wire.

        Its calls are kept in `traffic`; None, as for random walks: they are not kept.
        """
        unheard = Traffic() if self.keeps_traffic else None
        session = ScenarioSession(self.driver, traffic or unheard)
        clock = self.clock_driver.clock(session, token)
        if traffic is not None:
            traffic.clock = clock
        return SetUp(
            session=session,
            target=self.answer,
            terms=self.clock_driver.terms,
            clock=clock,
            measures=self.measures,
        )


# --- A scenario ------------------------------------------------------------------


def run_scenario(
    pickle: Pickle,
    ready: Ready,
    token: str,
    row: Row = PLAIN,
    *,
    draw: int = 0,
    terse: bool = False,
) -> ScenarioRecord:
    """Run the scenario under that token with a row of values, and judge it.

    `draw` is the place of the row in the plan, by which identities are drawn. A terse
    record of a scenario that passes has no steps.

    Raises LostError when another scenario has ended the target meanwhile, and
    InterruptedRunError when the run was cancelled.
    """
    trace = Trace(silent=ready.silent)
    clauses = cited(pickle.scenario.tags)
    apart = left_to_product(clauses)
    if apart is not None:
        return record(pickle, apart, trace)
    missing = missing_capability(pickle, ready.answer)
    if missing is not None:
        judged = verdicts.judge(missing, clauses, in_setup=False)
        return record(pickle, judged, trace)
    told = retimed(retold(pickle.scenario, story_of(pickle), row))
    cast = ready.plan.cast(pickle, row, draw)
    token = f"{cast.token('k')}-{token}"
    traffic = ScenarioTraffic(token, draw) if ready.keeps_traffic else None
    context = ScenarioContext(ready.set_up(token, traffic), token, trace, cast)
    ended = run_steps(told, context)
    if isinstance(ended.error, LostError | InterruptedRunError):
        raise ended.error
    in_setup = ended.step_type == "given"
    judged = verdicts.judge(ended.error, clauses, in_setup=in_setup)
    said = own_traceback(ended.error) or ready.driver.stderr
    stderr = escaped_lines(said, MOST_SHOWN) if judged.kind else ""
    if terse and judged.verdict is Verdict.PASS:
        return _TERSE.model_copy(update={"clauses": clauses})
    made = record(pickle, judged, trace, stderr, told)
    return made if traffic is None else made.played(traffic)


def left_to_product(clauses: Sequence[str]) -> Judgement | None:
    """Why a scenario does not apply to the product that is judged by; None if it does.

    That is one of an interpretation which this product has otherwise: what its other
    reading is, no scenario of the suite can know.
    """
    product = current_product()
    for clause in clauses:
        knob = product.otherwise_by_clause.get(clause)
        if knob is not None:
            message = f"{product.name} reads {clause} otherwise: {knob} = false"
            return Judgement(verdict=Verdict.NOT_APPLICABLE, message=message)
    return None


_TERSE = ScenarioRecord(
    feature="", line=0, title="", clauses=(), level=Level.REQUIRED, verdict=Verdict.PASS
)
"""What is kept of a run that passes where another run is on record."""


def not_run(pickle: Pickle) -> ScenarioRecord:
    """The record of a scenario that never began."""
    return record(pickle, verdicts.NOT_RUN, Trace())


def record(
    pickle: Pickle,
    judged: Judgement,
    trace: Trace,
    stderr: str = "",
    told: Scenario | None = None,
) -> ScenarioRecord:
    """The record of a scenario: its verdict, its steps and what was exchanged.

    `told` is the scenario with its drawn values; None: as it is written.
    """
    scenario = told or pickle.scenario
    clauses = cited(scenario.tags)
    steps = trace.records()
    return ScenarioRecord(
        feature=feature_label(scenario.feature.filename),
        line=scenario.line_number,
        title=scenario.name,
        example=pickle.example,
        place=place_of(pickle),
        clauses=clauses,
        level=level_of(clauses),
        verdict=judged.verdict,
        kind=judged.kind,
        blame=judged.blame,
        message=verdicts.sentence(judged.message or "") or None,
        blocked_by=judged.blocked_by,
        absent=judged.absent,
        refusals=trace.refusals,
        cast=dict(trace.cast),
        steps=(*steps, *_not_reached(scenario, len(steps))),
        stderr=stderr,
    )


# --- Its steps -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a scenario ended: with which error, in which type of step."""

    error: Exception | None
    step_type: str


def run_steps(scenario: Scenario, context: ScenarioContext) -> Ended:
    """Run the steps until one fails, then close the scenario.

    Raises nothing that a step raises: the error is in the result.
    """
    step_type = "given"
    error: Exception | None = None
    for step in scenario.steps:
        step_type = step.type
        context.trace.begin(
            step.keyword,
            spoken(step),
            step.line_number,
            context.now_ms,
            table=_table(step),
            drawn=isinstance(step, DrawnStep),
        )
        error = _attempt(step, context)
        if error is not None and not isinstance(step, DrawnStep):
            error = of_own_text(error, scenario, step)
        context.trace.end("passed" if error is None else "failed")
        if error is not None:
            break
    return Ended(error=_close(context, error), step_type=step_type)


def _attempt(step: Step, context: ScenarioContext) -> Exception | None:
    """Run one step; any exception is an outcome, judged later."""
    try:
        _call(step, context)
    except Exception as error:  # noqa: BLE001 - a verdict is made of any of them
        return error
    return None


def _call(step: Step, context: ScenarioContext) -> None:
    definition = definition_of(step.type, step.name)
    arguments: dict[str, object] = dict(
        definition.parser.parse_arguments(step.name) or {}
    )
    if step.datatable is not None:
        arguments["datatable"] = step.datatable.raw()
    call_step(definition, context=context, **arguments)


def _close(context: ScenarioContext, error: Exception | None) -> Exception | None:
    """Close the scenario; one that cannot be closed has not passed.

    One whose target hung, and still runs for others, is left open.
    """
    if isinstance(error, HangError) and not error.fatal:
        return error
    try:
        context.end()
    except InvitelabError as late:
        return error or late
    return error


def _not_reached(scenario: Scenario, begun: int) -> Iterator[StepRecord]:
    """Records of the steps after the one that failed."""
    for step in scenario.steps[begun:]:
        yield StepRecord(
            keyword=step.keyword,
            text=spoken(step),
            line=step.line_number,
            at_ms=0,
            status="not-reached",
            drawn=isinstance(step, DrawnStep),
            table=_table(step),
        )


def _table(step: Step) -> tuple[tuple[str, ...], ...]:
    """The data table of a step, as rows of cells; empty where there is none."""
    rows = step.datatable.raw() if step.datatable is not None else ()
    return tuple(tuple(str(cell) for cell in row) for row in rows)


# --- Required capabilities -------------------------------------------------------
#
# Each scenario is run on the reference first, which declines nothing, to learn which
# capabilities it needs. A scenario that needs a declined capability is therefore not
# applicable from its first step, and cannot fail before the step that needs it.

_DRY_RUN = "needs"
_required: dict[object, tuple[Capability, ...]] = {}
_required_lock = threading.Lock()


def missing_capability(
    pickle: Pickle, answer: handshake.Initialized
) -> NotApplicable | None:
    """The first capability that the scenario requires and the target has declined."""
    declined = {entry.capability: entry.reason for entry in answer.declines}
    if not declined:
        return None
    for capability in required_capabilities(pickle):
        if capability in declined:
            return NotApplicable(capability, declined[capability])
    return None


def required_capabilities(pickle: Pickle) -> tuple[Capability, ...]:
    """All capabilities that a scenario requires, in the order of its steps."""
    with _required_lock:
        key = key_of(pickle)
        if key not in _required:
            set_up = _reference().set_up(_DRY_RUN)
            context = ScenarioContext(set_up, _DRY_RUN, Trace())
            run_steps(retimed(pickle.scenario), context)
            _required[key] = tuple(context.required)
        return _required[key]


@cache
def _reference() -> Ready:
    driver = Driver(Target.parse("reference"))
    answer = driver.start()
    return Ready(driver=driver, answer=answer, clock_driver=VirtualClockDriver(answer))
