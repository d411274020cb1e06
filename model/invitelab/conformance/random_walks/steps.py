"""Steps as texts: runs one in a scenario context, by the definition that it matches."""

import re

from pytest_bdd.steps import StepFunctionContext

from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.features.steps.registry import definition_of
from invitelab.conformance.random_walks.participants import Cells

QUOTED = re.compile('"[^"]*"')

_known: dict[tuple[str, str], StepFunctionContext] = {}
"""Definitions by the type of a step and its text without what is quoted.

Addresses and names of profiles are other ones in every walk, and the definition of a
step is looked for among all of them.
"""


def run_step(context: ScenarioContext, kind: str, text: str, table: Cells = ()) -> None:
    """Run one step; raises what the step raises."""
    definition = _definition_of(kind, text)
    arguments: dict[str, object] = dict(definition.parser.parse_arguments(text) or {})
    if table:
        arguments["datatable"] = [list(row) for row in table]
    definition.step_func(context=context, **arguments)


def _definition_of(kind: str, text: str) -> StepFunctionContext:
    key = (kind, QUOTED.sub("", text))
    known = _known.get(key)
    if known is None or not known.parser.is_matching(text):
        _known[key] = known = definition_of(kind, text)
    return known
