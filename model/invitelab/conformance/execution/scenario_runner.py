"""One scenario on one target: from a pickle to its record."""

from dataclasses import dataclass
from pathlib import Path

from invitelab.adapters import messages
from invitelab.adapters.clocks.base import ClockDriver
from invitelab.adapters.driver import Driver, ScenarioSession
from invitelab.conformance.execution import verdicts
from invitelab.conformance.execution.recorder import MOST_SHOWN, Trace
from invitelab.conformance.execution.required_capabilities import lacking
from invitelab.conformance.execution.scenario_context import ScenarioContext, SetUp
from invitelab.conformance.execution.step_runner import never_reached, run_steps
from invitelab.conformance.execution.verdicts import Judgement
from invitelab.conformance.features.clauses import level_of
from invitelab.conformance.features.gherkin import Pickle
from invitelab.errors import InterruptedRunError, LostError, one_line
from invitelab.formats.run import ScenarioRecord
from invitelab.safe_text import escaped, escaped_lines

MAX_MESSAGE = 1000
"""Characters of a message that reports show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A target that has answered, and whose clock is known."""

    driver: Driver
    answer: messages.Initialized
    keeper: ClockDriver
    silent: bool = False
    """Whether records may do without what was said."""


def play(pickle: Pickle, ready: Ready, token: str) -> ScenarioRecord:
    """Run the scenario under that token, and judge it.

    Raises LostError when another scenario has ended the target meanwhile, and
    InterruptedRunError when nobody waits for the result any more.
    """
    trace = Trace(silent=ready.silent)
    missing = lacking(pickle, ready.answer)
    if missing is not None:
        clauses = tuple(sorted(pickle.scenario.tags))
        judged = verdicts.judge(missing, clauses, in_setup=False)
        return record(pickle, judged, trace)
    lane = ScenarioSession(ready.driver)
    set_up = SetUp(
        lane=lane,
        target=ready.answer,
        terms=ready.keeper.terms,
        clock=ready.keeper.clock(lane, token),
    )
    ended = run_steps(pickle.scenario, ScenarioContext(set_up, token, trace))
    if isinstance(ended.error, LostError | InterruptedRunError):
        raise ended.error
    judged = verdicts.judge(
        ended.error,
        tuple(sorted(pickle.scenario.tags)),
        in_setup=ended.step_type == "given",
    )
    stderr = escaped_lines(ready.driver.stderr, MOST_SHOWN) if judged.kind else ""
    return record(pickle, judged, trace, stderr)


def not_run(pickle: Pickle) -> ScenarioRecord:
    """The record of a scenario that nothing became of."""
    return record(pickle, verdicts.NOT_RUN, Trace())


def sentence(text: str) -> str:
    """Foreign text as reports show it: on one line, escaped, not too long."""
    return escaped(one_line(text), MAX_MESSAGE)


def record(
    pickle: Pickle, judged: Judgement, trace: Trace, stderr: str = ""
) -> ScenarioRecord:
    """Everything that is kept of a scenario."""
    scenario = pickle.scenario
    clauses = tuple(sorted(scenario.tags))
    steps = trace.records()
    return ScenarioRecord(
        feature=f"features/{Path(scenario.feature.filename).name}",
        line=scenario.line_number,
        title=scenario.name,
        example=pickle.example,
        clauses=clauses,
        level=level_of(clauses),
        verdict=judged.verdict,
        kind=judged.kind,
        blame=judged.blame,
        message=sentence(judged.message or "") or None,
        absent=judged.absent,
        steps=(*steps, *never_reached(scenario, len(steps))),
        stderr=stderr,
    )
