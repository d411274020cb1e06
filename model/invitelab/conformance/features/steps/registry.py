"""Step definitions of this package, and the look-up of the one that matches a step."""

import inspect
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


_own: dict[tuple[object, ...], StepFunctionContext] = {}
"""Definitions of a user's own, by where each stands."""


def add_own(definition: StepFunctionContext) -> None:
    """Add a step definition of a user's own; one of the same place is replaced."""
    code = getattr(definition.step_func, "__code__", None)
    place = (
        (code.co_filename, code.co_firstlineno) if code else definition.step_func,
        definition.type,
        definition.parser.name,
    )
    _own[place] = definition
    definition_of.cache_clear()


def place_of(definition: StepFunctionContext) -> tuple[str, int]:
    """The file and the line where the function of a definition begins.

    Of one that a decorator has wrapped, that of the function within.
    """
    function = inspect.unwrap(definition.step_func)
    code = getattr(function, "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code else ("", 0)


def forget_own() -> None:
    """Have the definitions of this package alone again."""
    _own.clear()
    definition_of.cache_clear()


def own_definitions() -> tuple[StepFunctionContext, ...]:
    """The step definitions of a user's own."""
    return tuple(_own.values())


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
        for definition in (*definitions(), *own_definitions())
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
