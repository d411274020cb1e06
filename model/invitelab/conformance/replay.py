"""A scenario of a stored run, played into a target once more, alone, and judged again.

The same values, identities and tokens are drawn, so the same lines are sent as long as
the target answers as it did; where it answers otherwise, the scenario goes on with what
the target has answered now.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Reachable
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.exchange_lines import exchanges_of
from invitelab.conformance.execution.scenario_runner import Ready, run_scenario
from invitelab.conformance.factors.cast import Row
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import RunPlan, whole_suite
from invitelab.conformance.factors.table import Value, factors
from invitelab.conformance.features.gherkin import Pickle, key_of, pickles
from invitelab.conformance.random_walks.gherkin_writer import parsed
from invitelab.errors import InvitelabError, UsageError
from invitelab.formats.exchange_differences import Difference, first_difference
from invitelab.formats.exchanges import Played
from invitelab.formats.run import Header, ScenarioRecord, Verdict
from invitelab.formats.walk_text import WALK
from invitelab.inputs.validation import shown
from invitelab.resources import own_feature_files

BAD = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.BLOCKED, Verdict.DEVIATION})


class Outcome(StrEnum):
    """What has become of a scenario."""

    FIXED = "FIXED"
    STILL_FAILING = "STILL FAILING"
    FAILS_NOW = "FAILS NOW"
    PASSES = "PASSES"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A scenario before and now."""

    before: ScenarioRecord
    now: ScenarioRecord
    played: Played
    """Its calls now."""
    difference: Difference | None
    """The first call that went otherwise; None where all went alike."""

    @property
    def outcome(self) -> Outcome:
        """What has become of it."""
        failed, fails = self.before.verdict in BAD, self.now.verdict in BAD
        if fails:
            return Outcome.STILL_FAILING if failed else Outcome.FAILS_NOW
        if self.now.verdict is not Verdict.PASS:
            return Outcome.UNDECIDED
        return Outcome.FIXED if failed else Outcome.PASSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A scenario of a stored run, with its calls; `folder` is that of the run."""

    header: Header
    record: ScenarioRecord
    played: Played
    folder: Path


def replay(target: Reachable, recorded: Recorded, limits: Limits) -> Replayed:
    """Start the target, play the scenario, and stop it.

    Raises UsageError where the scenario does not exist any more, and what keeps the
    target from being used.
    """
    header, played = recorded.header, recorded.played.scenario
    pickle, row = _pickle(recorded), _row(recorded.record)
    depth = Depth(header.depth) if header.depth else Depth.QUICK
    plan = RunPlan(seed=header.seed, depth=depth, rows={key_of(pickle): (row,)})
    # Any other clock is chosen by what the target declares.
    chosen = ClockKind(header.clock) if header.clock in {"system", "jump"} else None
    engine = Engine(target, None, limits, clock=chosen, seed=header.seed, plan=plan)
    try:
        ready = _ready(engine)
        _, _, token = played.token.rpartition("-")
        now = run_scenario(pickle, ready, token, row, draw=played.draw)
    finally:
        engine.close()
    calls = exchanges_of(now)
    return Replayed(
        before=recorded.record,
        now=now,
        played=calls,
        difference=first_difference(recorded.played.calls, calls.calls),
    )


def _ready(engine: Engine) -> Ready:
    """The started target. Raises why it cannot be used."""
    ready = engine.shared()
    if ready is None:
        problem = engine.problem
        assert isinstance(problem, InvitelabError), "there is a reason"
        raise problem
    return replace(ready, keeps_traffic=True)


def _pickle(recorded: Recorded) -> Pickle:
    """The scenario of a record, as the suite has it today. Raises UsageError."""
    record = recorded.record
    if record.feature == WALK:
        return _walk(recorded)
    everything = (*whole_suite(), *pickles(paths=own_feature_files()))
    alike = [one for one in everything if one.scenario.name == record.title]
    for one in alike:
        if one.example == record.example:
            return one
    msg = f"the suite has no scenario {shown(record.title)} any more"
    if alike:
        msg = f"{shown(record.title)} has no row {record.example} any more"
    raise UsageError(msg, hint="the run is of another suite: run the check again")


def _walk(recorded: Recorded) -> Pickle:
    """The scenario that a random walk has found. Raises UsageError."""
    file = recorded.folder / Path(WALK).name
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        msg = f"{file}, which has the walk, cannot be read"
        raise UsageError(msg, hint="run the check again") from error
    return Pickle(scenario=parsed(text), example=recorded.record.example)


def _row(record: ScenarioRecord) -> Row:
    """The values of a record. Raises UsageError for one that there is no more."""
    return {factor: _value(factor, name) for factor, name in record.values.items()}


def _value(factor: str, name: str) -> Value:
    for one in factors().get(factor, ()):
        if one.name == name:
            return one
    msg = f"the suite has no value {shown(f'{factor}: {name}')} any more"
    raise UsageError(msg, hint="the run is of another suite: run the check again")
