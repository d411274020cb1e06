"""Search: walks on a target until one has a finding."""

from collections.abc import Callable
from dataclasses import dataclass

from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.counterexamples import (
    Counterexample,
    counterexample_of,
)
from invitelab.conformance.random_walks.findings import Finding, TargetEnded
from invitelab.conformance.random_walks.generator import DrawnWalk
from invitelab.conformance.random_walks.gherkin_writer import gherkin
from invitelab.conformance.random_walks.moves.base import WAITING
from invitelab.conformance.random_walks.reached import Reached, Reaching
from invitelab.conformance.random_walks.shrinking import shrunk
from invitelab.conformance.random_walks.stories import Story
from invitelab.errors import CallError, UsageError
from invitelab.world.product import current_product


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkResult:
    """Result of the walks; without counterexample and error nothing was found."""

    examples: int
    """Number of walks that were requested."""
    seed: int
    started: int
    """Number of walks that were started, up to the one with the finding."""
    reached: Reached
    stories: tuple[Story, ...] = ()
    """What happened in the walks over the required clauses, to be told again."""
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
    whose time a walk cannot know. With a real one no move waits: such a walk takes
    little more than the settling time of each move.
    """
    _check_clock(ready.clock_driver.terms)
    started = 0
    reaching = Reaching()
    stories: list[Story] = []
    problem: Finding | TargetEnded | None = None
    with_interpretations = False
    while started < examples and not _is_final(problem):
        drawn = DrawnWalk(ready, seed=seed, number=started, reaching=reaching)
        started += 1
        progress(started)
        finding = _problem_of(drawn)
        if drawn.story is not None and not drawn.with_interpretations:
            stories.append(drawn.story)
        if problem is None or _is_final(finding):
            problem, with_interpretations = finding, drawn.with_interpretations
    shrink = shrink and ready.clock_driver.terms.kind is not ClockKind.REAL
    if shrink and isinstance(problem, Finding):
        problem = shrunk(problem, ready, with_interpretations=with_interpretations)
    return WalkResult(
        examples=examples,
        seed=seed,
        started=started,
        reached=reaching.result(),
        stories=tuple(stories),
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
    finding = drawn.finding
    otherwise = current_product().otherwise_by_clause
    return None if finding is None or finding.check.clause in otherwise else finding


WALKABLE = {ClockKind.VIRTUAL, ClockKind.SYSTEM, ClockKind.REAL}
"""Clocks on which a walk knows the time, or takes so little of it in real time that no
invitation comes near to its end."""

MOST_SETTLING_MS = 1000
"""How long effects may take to show."""


def _check_clock(terms: Terms) -> None:
    if not (terms.kind in WALKABLE and terms.notices):
        msg = f"walks need a clock that is known, and this one is {terms.kind.value}"
    elif terms.settle_ms > MOST_SETTLING_MS:
        most = f"{MOST_SETTLING_MS} ms"
        msg = f"walks need effects within {most}, and these take {terms.settle_ms} ms"
    else:
        return
    hint = f"give the adapter a virtual clock, and settle_ms {MOST_SETTLING_MS} at most"
    raise UsageError(msg, hint=hint)


def _unfinished_scenario(ended: TargetEnded) -> str:
    """Write the moves that ended the target, under the clause of the last one."""
    moves = ended.history.moves
    clause = moves[-1].clause if moves else WAITING
    return gherkin("What a walk has ended in", clause, ended.history.all_lines())
