"""Search: walks on a target until one has a finding."""

from collections.abc import Callable
from dataclasses import dataclass

from invitelab.adapters.clocks.base import Terms
from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_runner import Ready, run_steps
from invitelab.conformance.random_walks.executor import Finding, TargetEnded
from invitelab.conformance.random_walks.generator import DrawnWalk
from invitelab.conformance.random_walks.gherkin_writer import feature, gherkin, parsed
from invitelab.conformance.random_walks.moves.base import WAITING
from invitelab.conformance.random_walks.shrinking import shrunk
from invitelab.errors import CallError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """The finding of the shortest walk, as a scenario."""

    clause: str
    expected: str
    """The Then that did not hold, or the When that could not be run."""
    message: str
    """What was observed instead."""
    scenario: str
    """Tag, title and steps, indented to be pasted below a rule of a feature."""
    confirmed: bool
    """Whether the scenario, run again on its own, fails at its last step."""

    @property
    def feature(self) -> str:
        """A feature with this scenario only."""
        return feature(self.scenario)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkResult:
    """Result of the walks; without counterexample and error nothing was found."""

    examples: int
    """Number of walks that were requested."""
    seed: int
    started: int
    """Number of walks that were started, up to the one with the finding."""
    counterexample: Counterexample | None = None
    target_error: CallError | None = None
    """How the target ended; None: it did not."""
    unfinished_scenario: str | None = None
    """The scenario that ended the target, without a last check."""


def walk(
    ready: Ready,
    *,
    examples: int,
    seed: int,
    shrink: bool = True,
    progress: Callable[[int], None] = lambda _: None,
) -> WalkResult:
    """Make up to `examples` walks, until a required clause is broken.

    Otherwise the first deviation of any walk is the finding. The finding is shrunk.
    `progress` is called with the number of walks started. Raises UsageError for a clock
    that does not stand still between calls: a walk has to know the exact time.
    """
    _check_clock(ready.clock_driver.terms)
    started = 0
    problem: Finding | TargetEnded | None = None
    with_interpretations = False
    while started < examples and not _is_final(problem):
        drawn = DrawnWalk(ready, seed=seed, number=started)
        started += 1
        progress(started)
        finding = _problem_of(drawn)
        if problem is None or _is_final(finding):
            problem, with_interpretations = finding, drawn.with_interpretations
    if shrink and isinstance(problem, Finding):
        problem = shrunk(problem, ready, with_interpretations=with_interpretations)
    return WalkResult(
        examples=examples,
        seed=seed,
        started=started,
        counterexample=counterexample_of(problem, ready)
        if isinstance(problem, Finding)
        else None,
        target_error=_target_error(problem),
        unfinished_scenario=_unfinished_scenario(problem)
        if isinstance(problem, TargetEnded)
        else None,
    )


def _is_final(finding: Finding | TargetEnded | None) -> bool:
    """Whether no more severe finding is possible."""
    return isinstance(finding, TargetEnded) or (
        finding is not None and finding.required
    )


def _target_error(problem: Finding | TargetEnded | None) -> CallError | None:
    """How the target ended; None: it did not."""
    ended = problem.ended if isinstance(problem, Finding) else problem
    return None if ended is None else ended.error


def _problem_of(drawn: DrawnWalk) -> Finding | TargetEnded | None:
    """Make the walk, and give its finding or the end of the target, if any."""
    try:
        drawn.make()
    except TargetEnded as ended:
        return ended
    return drawn.finding


def _check_clock(terms: Terms) -> None:
    if terms.exact and terms.notices:
        return
    msg = f"walks need a clock that stands still, and this one is {terms.kind.value}"
    if terms.settle_ms:
        msg = f"walks need effects at once, and these take {terms.settle_ms} ms to show"
    hint = "give the adapter a virtual clock, and settle_ms 0"
    raise UsageError(msg, hint=hint)


def counterexample_of(finding: Finding, ready: Ready) -> Counterexample:
    """Write the finding as the most readable scenario that still fails at its end."""
    clause = finding.check.clause
    title = f"What a walk has found about {clause}"
    scenarios = [
        gherkin(title, clause, lines)
        for lines in finding.history.renderings(finding.check)
    ]
    confirmed = (
        scenario
        for number, scenario in enumerate(scenarios)
        if _fails_at_the_end(scenario, ready, f"w-{number}")
    )
    readable = next(confirmed, None)
    return Counterexample(
        clause=clause,
        expected=finding.check.text,
        message=finding.message,
        scenario=readable or scenarios[-1],
        confirmed=readable is not None,
    )


def _fails_at_the_end(scenario: str, ready: Ready, token: str) -> bool:
    """Whether only the last step fails, and it is not a Given."""
    trace = Trace()
    read = parsed(feature(scenario))
    ended = run_steps(read, ScenarioContext(ready.set_up(token), token, trace))
    whole = len(trace.records()) == len(read.steps)
    return (
        isinstance(ended.error, ExpectationFailed)
        and whole
        and ended.step_type != "given"
    )


def _unfinished_scenario(ended: TargetEnded) -> str:
    """Write the moves that ended the target, under the clause of the last one."""
    moves = ended.history.moves
    clause = moves[-1].clause if moves else WAITING
    return gherkin("What a walk has ended in", clause, ended.history.all_lines())
