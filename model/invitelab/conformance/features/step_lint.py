"""Mistakes in the definitions of a user's own steps, each with file and line."""

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

from pytest_bdd.steps import StepFunctionContext

from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.steps.registry import (
    definitions,
    own_definitions,
    place_of,
)
from invitelab.resources import feature_files, own_file_label
from invitelab.safe_text import printable


def definition_mistakes() -> Iterator[str]:
    """A sentence for each mistake in a definition of a user's own."""
    for one in own_definitions():
        file, line = place_of(one)
        for words in (*_taken(one), *_parameters(one)):
            yield printable(f"{own_file_label(file)}:{line}: {words}")


def _taken(own: StepFunctionContext) -> Iterator[str]:
    """That the suite has a step with these words: it would have two definitions."""
    words = own.parser.name
    if not _is_pattern(own) and any(
        one.type in {None, own.type} and one.parser.is_matching(words)
        for one in definitions()
    ):
        yield f"the suite has the step {words!r}: choose other words"
        return
    taken = (text for text in shipped_steps(own.type) if own.parser.is_matching(text))
    first = next(taken, None)
    if first is not None:
        yield f"the suite has the step {first!r}, which this one matches as well"


def _parameters(own: StepFunctionContext) -> Iterator[str]:
    """What the pattern and the parameters of its function do not have in common."""
    name = own.step_func.__name__
    regex: Any = getattr(own.parser, "regex", None)
    if regex is not None and regex.groups > len(regex.groupindex):
        yield "the pattern has a group without a name: write (?P<name>...) or (?:...)"
    groups, given = _groups(own), ("context", "datatable")
    parameters = inspect.signature(own.step_func).parameters.values()
    named = {one.name for one in parameters if one.kind not in _STARRED}
    if not any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters):
        for missing in ("context", *groups):
            if missing not in named:
                what = "is given" if missing == "context" else "captures"
                yield f"{name} has no parameter {missing!r}, which the step {what}"
    for one in parameters:
        if one.name in named - {*groups, *given} and one.default is one.empty:
            yield f"the pattern captures nothing for the parameter {one.name!r}"


_STARRED = {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}


def _groups(own: StepFunctionContext) -> tuple[str, ...]:
    """The names of what its words capture."""
    regex: Any = getattr(own.parser, "regex", None)
    if regex is not None:
        return tuple(regex.groupindex)
    parser = getattr(own.parser, "parser", None)
    return tuple(getattr(parser, "named_fields", ()))


def _is_pattern(own: StepFunctionContext) -> bool:
    """Whether its words are more than a text as it stands."""
    return hasattr(own.parser, "regex") or hasattr(own.parser, "parser")


@cache
def shipped_steps(step_type: str | None) -> tuple[str, ...]:
    """The steps of that type in the features that ship, each once."""
    steps = (
        step.name
        for pickle in pickles(paths=feature_files())
        for step in pickle.scenario.steps
        if step.type == step_type
    )
    return tuple(dict.fromkeys(steps))
