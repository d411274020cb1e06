"""From a target and a seed to what the walks have found."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from unittest.mock import Mock, patch

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, core
from hypothesis.errors import Flaky
from hypothesis.internal.conjecture import providers
from hypothesis.stateful import run_state_machine_as_test

from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.driver import Lane
from invitelab.conformance.execute import perform
from invitelab.conformance.outcomes import Unmet
from invitelab.conformance.performance import Ready
from invitelab.conformance.stage import SetUp, Stage
from invitelab.conformance.trace import Trace
from invitelab.conformance.walks.machine import Machine, machine
from invitelab.conformance.walks.moves import WAITING
from invitelab.conformance.walks.shortening import shortened
from invitelab.conformance.walks.telling import feature, gherkin, parsed
from invitelab.conformance.walks.walker import Ended, Found
from invitelab.errors import CallError, UsageError

SLOWNESS = (
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
    HealthCheck.too_slow,
)
"""What Hypothesis would complain of: a target takes its time."""

STEPS = {False: 28, True: 32}
"""Moves in one walk, the casting included; by whether it goes freely."""


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
    for freely, some in ((False, examples - examples // 2), (True, examples // 2)):
        kind = machine(ready, freely=freely, tell=partial(_tell, tell, begun))
        found = _problem(kind, some, seed)
        begun += kind.begun
        if problem is None or _ends(found):
            problem, went_freely = found, freely
        if _ends(found):
            break
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


def _tell(tell: Callable[[int], None], before: int, begun: int) -> None:
    tell(before + begun)


def _ends(found: Found | Ended | None) -> bool:
    """Whether nothing graver can be found."""
    return isinstance(found, Ended) or (found is not None and found.required)


def _trouble(problem: Found | Ended | None) -> CallError | None:
    """How the target has ended, if it has."""
    ended = problem.ended if isinstance(problem, Found) else problem
    return None if ended is None else ended.error


def _problem(kind: type[Machine], examples: int, seed: int) -> Found | Ended | None:
    """What goes wrong in so many walks, if anything does."""
    if not examples:
        return None
    settings = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=STEPS[kind.freely],
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=SLOWNESS,
        verbosity=Verbosity.quiet,
    )
    hypothesis.seed(seed)(kind)
    try:
        with _reading_no_sources(), _drawing_from_nobody_elses():
            run_state_machine_as_test(kind, settings=settings)
    except (Found, Ended) as problem:
        return problem
    except Flaky:
        pass
    return kind.found


def _refuse_unless_exact(terms: Terms) -> None:
    if terms.exact and terms.notices:
        return
    msg = f"walks need a clock that stands still, and this one is {terms.kind.value}"
    if terms.settle_ms:
        msg = f"walks need effects at once, and these take {terms.settle_ms} ms to show"
    hint = "give the adapter a virtual clock, and settle_ms 0"
    raise UsageError(msg, hint=hint)


@contextmanager
def _reading_no_sources() -> Generator[None]:
    """Keep Hypothesis from looking for numbers in our sources.

    It would write them into a folder, and draw them: other walks in another version.
    """
    provider = providers.HypothesisProvider
    nothing = Mock(return_value=None)
    with patch.object(provider, "_maybe_draw_constant", nothing, create=True):
        yield


@contextmanager
def _drawing_from_nobody_elses() -> Generator[None]:
    """Keep Hypothesis from the randomness of everybody in this process.

    It would begin anew with every walk, and who draws names from it would draw them
    twice.
    """
    with patch.object(core, "deterministic_PRNG", nullcontext):
        yield


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
    lane = Lane(ready.driver)
    set_up = SetUp(
        lane=lane,
        target=ready.answer,
        terms=ready.keeper.terms,
        clock=ready.keeper.clock(lane, token),
    )
    trace = Trace()
    read = parsed(feature(scenario))
    ended = perform(read, Stage(set_up, token, trace))
    whole = len(trace.records()) == len(read.steps)
    return isinstance(ended.error, Unmet) and whole and ended.step_type != "given"


def _unended(ended: Ended) -> str:
    """What led to the target's end, with the clause that was about to be tried."""
    moves = ended.story.moves
    clause = moves[-1].clause if moves else WAITING
    return gherkin("What a walk has ended in", clause, ended.story.told())
