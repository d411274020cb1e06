"""Step definitions of this package, and the look-up of the one that matches a step."""

from functools import cache

from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from invitelab.conformance.features.steps import (
    answers,
    invitations,
    observations,
    offers,
    parties,
    sessions,
    time,
)
from invitelab.errors import HarnessError

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


@cache
def definitions() -> tuple[StepFunctionContext, ...]:
    """All step definitions of `STEP_MODULES`."""
    ours = {module.__name__ for module in STEP_MODULES}
    return tuple(
        definition
        for definition in step_function_context_registry.values()
        if definition.step_func.__module__ in ours
    )


def matching(step_type: str, text: str) -> list[StepFunctionContext]:
    """Every definition that a step of that type and text matches."""
    return [
        definition
        for definition in definitions()
        if definition.type in {None, step_type} and definition.parser.is_matching(text)
    ]


@cache
def definition_of(step_type: str, text: str) -> StepFunctionContext:
    """The only definition of a step. Raises HarnessError unless exactly one matches."""
    found = matching(step_type, text)
    if len(found) != 1:
        names = ", ".join(one.step_func.__name__ for one in found) or "nothing"
        msg = f'the step "{text}" ({step_type}) is defined by {names}'
        raise HarnessError(msg)
    return found[0]
