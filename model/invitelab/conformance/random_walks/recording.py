"""Walks as a part of a run: what they find is a scenario like all others.

So it has its verdict by the level of its clause, its story, its place in every report.
"""

from dataclasses import dataclass

from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.verdicts import counts
from invitelab.conformance.features.gherkin import Pickle
from invitelab.conformance.random_walks.gherkin_writer import feature, parsed
from invitelab.conformance.random_walks.search import Counterexample, WalkResult, walk
from invitelab.errors import CallError, CrashError, UsageError
from invitelab.formats.run import ScenarioRecord, Verdict, nothing_found, walk_options


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What came of the walks in a sentence, and the feature that shows it, if any."""

    says: str
    feature: str | None = None
    counts: bool = False
    """Whether it decides against the run, and is not known."""


def walk_and_record(engine: Engine, *, examples: int, seed: int) -> Walked:
    """Walk on the engine's target, and run what is found as one scenario more."""
    ready = engine.shared()
    if ready is None:
        return Walked(says="none: the target cannot be used")

    try:
        result = walk(ready, examples=examples, seed=seed, tell=engine.tell_walked)
    except UsageError as error:
        return Walked(says=f"none: {error}; {error.hint}")
    asked = f"{examples} with seed {seed}"
    if result.counterexample is not None:
        return _found(engine, result, result.counterexample, asked)
    if result.trouble is not None and result.story is not None:
        return _ended(engine, result, result.trouble, result.story)
    return Walked(says=nothing_found(examples, seed))


def _found(
    engine: Engine, result: WalkResult, counterexample: Counterexample, asked: str
) -> Walked:
    text = counterexample.feature
    record = engine.attempt(_pickle(text, result))
    if record.verdict is Verdict.PASS:
        says = f"{asked}: {counterexample.message}, and not when it was tried again"
        engine.give_up(CrashError(f"what a walk found does not stay: {says}"))
        return Walked(says=says, feature=text, counts=True)
    record = engine.keep(record)
    says = f"{asked}: something about {counterexample.clause} was found"
    if result.trouble is not None:
        engine.give_up(result.trouble)
        says += f", and then {result.trouble.kind}: {result.trouble}"
    return Walked(says=says, feature=text, counts=_counts(engine, record))


def _ended(
    engine: Engine, result: WalkResult, trouble: CallError, story: str
) -> Walked:
    """The target has ended: once more, and if it does not end again, it has once."""
    text = feature(story)
    record = engine.attempt(_pickle(text, result))
    if record.kind == trouble.kind:
        record = engine.keep(record)
    else:
        engine.give_up(trouble)
    says = f"{result.examples} with seed {result.seed}: {trouble.kind}: {trouble}"
    return Walked(says=says, feature=text, counts=_counts(engine, record))


def _counts(engine: Engine, record: ScenarioRecord) -> bool:
    return engine.problem is not None or (record.known is None and counts(record))


def _pickle(text: str, result: WalkResult) -> Pickle:
    """The scenario, with what finds it again."""
    again = walk_options(result.examples, result.seed)
    return Pickle(scenario=parsed(text), example=again)
