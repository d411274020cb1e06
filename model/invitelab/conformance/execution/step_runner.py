"""Runs the steps of one scenario on a stage.

pytest-bdd parses the features and matches each sentence to its definition; the steps
are called here rather than through its fixtures, because a step needs nothing but the
stage, because a scenario must be able to run outside pytest's own thread, and because
its look-up of fixtures took more time than the target did.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pytest_bdd.parser import Scenario, Step
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.features.steps import (
    answers,
    invitations,
    observations,
    offers,
    parties,
    sessions,
    time,
)
from invitelab.errors import HarnessError, InvitelabError
from invitelab.formats.run import StepRecord

STEP_MODULES = (
    parties,
    invitations,
    answers,
    time,
    observations,
    sessions,
    offers,
)
"""Importing them defines the steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a scenario ended: with what error, in which kind of step."""

    error: Exception | None
    step_type: str


def run_steps(scenario: Scenario, stage: ScenarioContext) -> Ended:
    """Run every step until one does not hold, then close the scenario."""
    step_type = "given"
    error: Exception | None = None
    for step in scenario.steps:
        step_type = step.type
        stage.trace.begin(
            step.keyword, step.name, step.line_number, stage.now_ms, table=_table(step)
        )
        error = _attempt(step, stage)
        stage.trace.end("passed" if error is None else "failed")
        if error is not None:
            break
    return Ended(error=_close(stage, error), step_type=step_type)


def _table(step: Step) -> tuple[tuple[str, ...], ...]:
    """The data table of a step; empty where there is none."""
    rows = step.datatable.raw() if step.datatable is not None else ()
    return tuple(tuple(str(cell) for cell in row) for row in rows)


def _attempt(step: Step, stage: ScenarioContext) -> Exception | None:
    """One step; whatever it raises is an outcome, judged later."""
    try:
        _call(step, stage)
    except Exception as error:  # noqa: BLE001 - a verdict is made of any of them
        return error
    return None


def _close(stage: ScenarioContext, error: Exception | None) -> Exception | None:
    """A scenario that cannot even be closed has not passed."""
    try:
        stage.end()
    except InvitelabError as late:
        return error or late
    return error


def _call(step: Step, stage: ScenarioContext) -> None:
    definition = definition_of(step.type, step.name)
    arguments: dict[str, object] = dict(
        definition.parser.parse_arguments(step.name) or {}
    )
    if step.datatable is not None:
        arguments["datatable"] = step.datatable.raw()
    definition.step_func(stage=stage, **arguments)


@cache
def definition_of(step_type: str, text: str) -> StepFunctionContext:
    """The one definition of a step; HarnessError unless there is exactly one."""
    found = matching(step_type, text)
    if len(found) != 1:
        names = ", ".join(context.step_func.__name__ for context in found) or "nothing"
        msg = f"the step {text!r} ({step_type}) is defined by {names}"
        raise HarnessError(msg)
    return found[0]


def matching(step_type: str, text: str) -> list[StepFunctionContext]:
    """Every definition of ours that a step of that type and text matches."""
    return [
        context
        for context in definitions()
        if context.type in {None, step_type} and context.parser.is_matching(text)
    ]


@cache
def definitions() -> tuple[StepFunctionContext, ...]:
    """The step definitions of this package."""
    ours = {module.__name__ for module in STEP_MODULES}
    return tuple(
        context
        for context in step_function_context_registry.values()
        if context.step_func.__module__ in ours
    )


def never_reached(scenario: Scenario, begun: int) -> Iterator[StepRecord]:
    """The steps behind the one that did not hold."""
    for step in scenario.steps[begun:]:
        yield StepRecord(
            keyword=step.keyword,
            text=step.name,
            line=step.line_number,
            at_ms=0,
            status="not-reached",
            table=_table(step),
        )
