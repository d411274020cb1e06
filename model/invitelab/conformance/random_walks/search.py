"""From a target and a seed to what the walks have found."""

from collections.abc import Callable
from dataclasses import dataclass

from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.driver import ScenarioSession
from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext, SetUp
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.execution.step_runner import run_steps
from invitelab.conformance.random_walks.executor import Ended, Found
from invitelab.conformance.random_walks.generator import DrawnWalk
from invitelab.conformance.random_walks.gherkin_writer import feature, gherkin, parsed
from invitelab.conformance.random_walks.moves.invitations import WAITING
from invitelab.conformance.random_walks.shrinking import shortened
from invitelab.errors import CallError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """The shortest walk that went wrong."""

    clause: str
    expected: str
    """The Then that did not hold, or the When that could not be done."""
    message: str
    """What was found instead."""
    scenario: str
    """Tag, title and steps, indented to be pasted below a rule of a feature."""
    confirmed: bool
    """Whether the scenario, performed once more on its own, fails at its last step."""

    @property
    def feature(self) -> str:
        """A whole feature that has this scenario alone."""
        return feature(self.scenario)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkResult:
    """What came of the walks; without any of the two, nothing was found."""

    examples: int
    """How many walks were asked for."""
    seed: int
    begun: int
    """How many were begun, until one went wrong."""
    counterexample: Counterexample | None = None
    trouble: CallError | None = None
    """How the target ended, when it did."""
    story: str | None = None
    """What led to the trouble, as a scenario without an end."""


def walk(
    ready: Ready,
    *,
    examples: int,
    seed: int,
    shorten: bool = True,
    tell: Callable[[int], None] = lambda _: None,
) -> WalkResult:
    """Walk that often, until something goes wrong that the page demands.

    What was found is shortened; else the first of what a reading would excuse is.
    `tell` is told how many walks were begun. UsageError where time cannot be stopped:
    a walk has to know the instant exactly.
    """
    _refuse_unless_exact(ready.keeper.terms)
    begun = 0
    problem: Found | Ended | None = None
    went_freely = False
    while begun < examples and not _ends(problem):
        drawn = DrawnWalk(ready, seed=seed, number=begun)
        begun += 1
        tell(begun)
        found = _problem(drawn)
        if problem is None or _ends(found):
            problem, went_freely = found, drawn.freely
    if shorten and isinstance(problem, Found):
        problem = shortened(problem, ready, freely=went_freely)
    return WalkResult(
        examples=examples,
        seed=seed,
        begun=begun,
        counterexample=told(problem, ready) if isinstance(problem, Found) else None,
        trouble=_trouble(problem),
        story=_unended(problem) if isinstance(problem, Ended) else None,
    )


def _ends(found: Found | Ended | None) -> bool:
    """Whether nothing graver can be found."""
    return isinstance(found, Ended) or (found is not None and found.required)


def _trouble(problem: Found | Ended | None) -> CallError | None:
    """How the target has ended, if it has."""
    ended = problem.ended if isinstance(problem, Found) else problem
    return None if ended is None else ended.error


def _problem(drawn: DrawnWalk) -> Found | Ended | None:
    """What goes wrong in a walk, if anything does."""
    try:
        drawn.make()
    except Ended as ended:
        return ended
    return drawn.found


def _refuse_unless_exact(terms: Terms) -> None:
    if terms.exact and terms.notices:
        return
    msg = f"walks need a clock that stands still, and this one is {terms.kind.value}"
    if terms.settle_ms:
        msg = f"walks need effects at once, and these take {terms.settle_ms} ms to show"
    hint = "give the adapter a virtual clock, and settle_ms 0"
    raise UsageError(msg, hint=hint)


def told(found: Found, ready: Ready) -> Counterexample:
    """The scenario in the nicest words in which it still fails, at its last step."""
    clause = found.check.clause
    title = f"What a walk has found about {clause}"
    scenarios = [
        gherkin(title, clause, lines) for lines in found.story.versions(found.check)
    ]
    confirmed = (
        scenario
        for number, scenario in enumerate(scenarios)
        if _fails_at_the_end(scenario, ready, f"w-{number}")
    )
    nicest = next(confirmed, None)
    return Counterexample(
        clause=clause,
        expected=found.check.text,
        message=found.message,
        scenario=nicest or scenarios[-1],
        confirmed=nicest is not None,
    )


def _fails_at_the_end(scenario: str, ready: Ready, token: str) -> bool:
    """Whether everything holds but the last step, which no Given is."""
    lane = ScenarioSession(ready.driver)
    set_up = SetUp(
        lane=lane,
        target=ready.answer,
        terms=ready.keeper.terms,
        clock=ready.keeper.clock(lane, token),
    )
    trace = Trace()
    read = parsed(feature(scenario))
    ended = run_steps(read, ScenarioContext(set_up, token, trace))
    whole = len(trace.records()) == len(read.steps)
    return (
        isinstance(ended.error, ExpectationFailed)
        and whole
        and ended.step_type != "given"
    )


def _unended(ended: Ended) -> str:
    """What led to the target's end, with the clause that was about to be tried."""
    moves = ended.story.moves
    clause = moves[-1].clause if moves else WAITING
    return gherkin("What a walk has ended in", clause, ended.story.told())
