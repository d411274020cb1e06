"""Walks as a part of a run: a finding is recorded as a scenario.

So it has a verdict by the level of its clause, its exchanges, and a place in every
report.
"""

from dataclasses import dataclass

from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.execution.verdicts import counts
from invitelab.conformance.features.gherkin import Pickle
from invitelab.conformance.random_walks.counterexamples import Counterexample
from invitelab.conformance.random_walks.gherkin_writer import feature, parsed
from invitelab.conformance.random_walks.metamorphic import (
    Varied,
    how_many,
    metamorphic,
)
from invitelab.conformance.random_walks.search import WalkResult, walk
from invitelab.errors import CallError, CrashError, UsageError
from invitelab.formats.run import ScenarioRecord, Verdict
from invitelab.formats.walk_text import nothing_found, walk_options


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """Outcome of the walks as a sentence, with a feature that shows the finding."""

    says: str
    feature: str | None = None
    counts: bool = False
    """Whether the finding fails the run: it is no known failure."""


def walk_and_record(engine: Engine, *, examples: int, seed: int) -> Walked:
    """Walk on the engine's target, and run a finding as an additional scenario.

    Walks that nobody has asked for are not made in real time.
    """
    ready = engine.shared()
    if ready is None:
        return Walked(says="none: the target cannot be used")
    if not engine.real_time.walks and ready.clock_driver.terms.kind is ClockKind.REAL:
        return Walked(says=f"none in real time: --walks {examples} asks for short ones")
    try:
        result = walk(ready, examples=examples, seed=seed, progress=engine.tell_walked)
    except UsageError as error:
        return Walked(says=f"none: {error}; {error.hint}")
    asked = f"{examples} with seed {seed}"
    if result.counterexample is not None:
        return _record_finding(engine, result, result.counterexample, asked)
    if result.target_error is not None and result.unfinished_scenario is not None:
        return _record_end(
            engine, result, result.target_error, result.unfinished_scenario
        )
    return _tell_again(engine, ready, result, asked)


def _tell_again(engine: Engine, ready: Ready, result: WalkResult, asked: str) -> Walked:
    """Tell stories of walks again, varied: that may change nothing.

    Not in real time, where a variation that begins later would wait.
    """
    if ready.clock_driver.terms.kind is ClockKind.REAL:
        says = nothing_found(result.examples, result.seed, result.reached.says)
        return Walked(says=says)
    try:
        varied = metamorphic(
            ready, examples=result.examples, seed=result.seed, stories=result.stories
        )
    except CallError as error:
        engine.give_up(error)
        says = f"{asked}: when a walk was told again, {error.kind}: {error}"
        return Walked(says=says, counts=True)
    if varied is not None:
        return _record_difference(engine, result, varied, asked)
    told = min(how_many(result.examples), len(result.stories))
    reached = f"{result.reached.says}, {told} told again"
    return Walked(says=nothing_found(result.examples, result.seed, reached))


def _record_difference(
    engine: Engine, result: WalkResult, varied: Varied, asked: str
) -> Walked:
    """Report a difference, and record what the model finds wrong with it.

    A difference shows that something is wrong, but not which of the two stories is, nor
    in which clause: a verdict needs that, and so the scenario that shows it.
    """
    says = f"{asked}: {varied.says}"
    found = varied.counterexample
    if found is not None:
        record = engine.attempt(_pickle(found.feature, result))
        if record.verdict is not Verdict.PASS:
            record = engine.keep(record)
            says = f"{says}; that breaks {found.clause}"
            counts = _counts(engine, record)
            return Walked(says=says, feature=found.feature, counts=counts)
    return Walked(says=says, feature=varied.feature, counts=True)


def _record_finding(
    engine: Engine, result: WalkResult, counterexample: Counterexample, asked: str
) -> Walked:
    text = counterexample.feature
    record = engine.attempt(_pickle(text, result))
    if record.verdict is Verdict.PASS:
        says = f"{asked}: {counterexample.message}, and not when it was repeated"
        if not engine.failed:
            msg = f"a finding of a walk is not reproducible: {says}"
            engine.give_up(CrashError(msg))
        return Walked(says=says, feature=text, counts=True)
    record = engine.keep(record)
    says = f"{asked}: one finding, about {counterexample.clause}"
    if result.target_error is not None:
        engine.give_up(result.target_error)
        says += f", then {result.target_error.kind}: {result.target_error}"
    return Walked(says=says, feature=text, counts=_counts(engine, record))


def _record_end(
    engine: Engine, result: WalkResult, error: CallError, scenario: str
) -> Walked:
    """Repeat the scenario that ended the target; if it does not end again, give up."""
    text = feature(scenario)
    record = engine.attempt(_pickle(text, result))
    if record.kind == error.kind:
        record = engine.keep(record)
    else:
        engine.give_up(error)
    says = f"{result.examples} with seed {result.seed}: {error.kind}: {error}"
    return Walked(says=says, feature=text, counts=_counts(engine, record))


def _counts(engine: Engine, record: ScenarioRecord) -> bool:
    return engine.problem is not None or (record.known is None and counts(record))


def _pickle(text: str, result: WalkResult) -> Pickle:
    """The scenario, with the options that find it again."""
    again = walk_options(result.examples, result.seed)
    return Pickle(scenario=parsed(text), example=again)
