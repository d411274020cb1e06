"""Mistakes in whom the steps of a user's own features speak of, before anything runs.

A step of the suite names people, and each of them needs a client: a Given that declares
it, before the first step in which something happens. Of a user's own step nobody knows
what it declares: after one that is a Given, nothing is said here, and the run tells it.
"""

import re
from collections.abc import Iterator

from pytest_bdd.parser import Scenario, Step
from pytest_bdd.steps import StepFunctionContext

from invitelab.conformance.features.gherkin import Pickle
from invitelab.conformance.features.people import not_taking_part
from invitelab.conformance.features.steps import parties
from invitelab.conformance.features.steps.phrases import NAME
from invitelab.conformance.features.steps.registry import (
    definitions,
    matching,
    own_definitions,
)

_PEOPLE = re.compile(rf"\(\?P<(\w+)>{re.escape(NAME)}\)")
"""The groups of a pattern that are a name."""

_ENTERS = parties.enter.__name__
_IDENTIFIES = {parties.has_id.__name__, parties.has_alias.__name__}


def people_mistakes(pickle: Pickle) -> Iterator[tuple[int, str]]:
    """The line and a sentence for each mistake in the people of a scenario."""
    if pickle.scenario.description.strip():
        return  # a step with a mistyped keyword is there, as lint tells
    declared: list[str] = []
    named = _named_first(pickle.scenario)
    begun = False
    for step in pickle.scenario.steps:
        found = matching(step.type, step.name)
        own = own_definitions()
        if len(found) != 1 or (found[0] in own and step.type == "given"):
            return
        (definition,) = found
        if definition in own:
            begun = True
            continue
        function = definition.step_func
        groups = dict(definition.parser.parse_arguments(step.name) or {})
        if function.__name__ == _ENTERS:
            for name in re.findall(NAME, str(groups["names"])):
                yield from _entering(step, name, declared, begun=begun)
                declared.append(name)
            continue
        for name in _names(definition, groups):
            if name not in declared:
                words = not_taking_part(name, declared or named)
                yield step.line_number, words
        if begun and function.__name__ in _IDENTIFIES:
            late = "the step comes too late: identities are given before anything else"
            yield step.line_number, late
        begun = begun or function.__module__ != parties.__name__


def _entering(
    step: Step, name: str, declared: list[str], *, begun: bool
) -> Iterator[tuple[int, str]]:
    """What is wrong with declaring a person there."""
    if name in declared:
        yield step.line_number, f"{name} has a client already: declare each person once"
    elif begun:
        yield (
            step.line_number,
            f"{name} comes too late: everybody is declared before anything else",
        )


def _named_first(scenario: Scenario) -> list[str]:
    """The people that any step of a scenario declares, for the nearest name."""
    enters = [one for one in definitions() if one.step_func.__name__ == _ENTERS]
    return [
        name
        for step in scenario.steps
        for one in enters
        if step.type == "given" and one.parser.is_matching(step.name)
        for name in re.findall(
            NAME, str((one.parser.parse_arguments(step.name) or {})["names"])
        )
    ]


def _names(definition: StepFunctionContext, groups: dict[str, object]) -> Iterator[str]:
    """The people that a step names, each once."""
    found = (groups.get(group) for group in _PEOPLE.findall(definition.parser.name))
    yield from dict.fromkeys(name for name in found if isinstance(name, str))


def table_mistake(step: Step, definition: StepFunctionContext) -> str | None:
    """That a step lacks its table, or has one that nothing reads."""
    code = definition.step_func.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    takes = "datatable" in names
    return (
        None
        if takes == (step.datatable is not None)
        else f"the step {step.name!r} needs a table below it"
        if takes
        else f"the step {step.name!r} takes no table"
    )
