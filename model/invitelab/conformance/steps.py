"""Steps of your own, for features of your own: what a `steps.py` imports.

    from invitelab.conformance.steps import ScenarioContext, given, person, phrase

    @given(phrase(f"{person('name')} is at lunch"))
    def at_lunch(context: ScenarioContext, name: str) -> None:
        "The client leaves the network."
        perform(context, "when", f"{name} goes offline")

A step is called with the context and with what its pattern captures, all of it by
name; `datatable`, a list of rows of cells, is the table below it. It returns when what
it says holds, and raises ExpectationFailed with a sentence where it does not. It may
not be a coroutine, and gets no fixtures: a step also runs in threads outside pytest's.
"""

from collections.abc import Callable
from typing import Literal, TypeVar

from pytest_bdd.parsers import StepParser, get_parser
from pytest_bdd.steps import StepFunctionContext

from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.execution.own_steps import call_step
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.features.people import Person
from invitelab.conformance.features.steps.phrases import (
    LIST,
    NAME,
    NUMBER,
    person,
    phrase,
)
from invitelab.conformance.features.steps.registry import add_own, definition_of

__all__ = [
    "LIST",
    "NAME",
    "NUMBER",
    "ExpectationFailed",
    "Person",
    "ScenarioContext",
    "given",
    "perform",
    "person",
    "phrase",
    "then",
    "when",
]

StepFunction = TypeVar("StepFunction", bound=Callable[..., None])
Decorator = Callable[[StepFunction], StepFunction]
StepType = Literal["given", "when", "then"]


def given(text: str | StepParser) -> Callable[[StepFunction], StepFunction]:
    """Define a step of what must have worked before; `text` is its words, or `phrase`.

    A failure there is an error of the set-up, and the clause was never reached.
    """
    return _defines("given", text)


def when(text: str | StepParser) -> Callable[[StepFunction], StepFunction]:
    """Define a step of what is tried; `text` is its words, or made by `phrase`."""
    return _defines("when", text)


def then(text: str | StepParser) -> Callable[[StepFunction], StepFunction]:
    """Define a step of what is seen; `text` is its words, or made by `phrase`."""
    return _defines("then", text)


def _defines(
    type_: StepType, text: str | StepParser
) -> Callable[[StepFunction], StepFunction]:
    def define(function: StepFunction) -> StepFunction:
        parser = get_parser(text)
        add_own(StepFunctionContext(type=type_, step_func=function, parser=parser))
        return function

    return define


def perform(context: ScenarioContext, type_: StepType, text: str) -> None:
    """Carry out another step, one of this suite or of your own, by its words.

    Raises HarnessError where the words are no step, and what that step raises: in a
    step of your own the first is a mistake of that step.
    """
    definition = definition_of(type_, text)
    arguments = definition.parser.parse_arguments(text) or {}
    call_step(definition, context=context, **arguments)
