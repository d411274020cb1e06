"""Which items of pytest are scenarios of ours, their clauses, and their markers."""

from typing import Any, cast

import pytest
from pytest_bdd.parser import ScenarioTemplate
from pytest_bdd.scenario import scenario_wrapper_template_registry

from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import Pickle, render
from invitelab.resources import is_own_feature

EXAMPLE = "_pytest_bdd_example"
"""The parameter in which pytest-bdd keeps the values of an outline's row."""


def template_of(item: pytest.Item) -> ScenarioTemplate | None:
    """The scenario of an item; None for an item that is not ours."""
    function = getattr(item, "obj", None)
    template = scenario_wrapper_template_registry.get(function) if function else None
    if template is None or not template.tags:
        return None
    if template.tags <= set(load()) or is_own_feature(template.feature.filename):
        return template
    return None


def is_own(template: ScenarioTemplate) -> bool:
    """Whether a scenario is of a user's own features."""
    return is_own_feature(template.feature.filename)


def pickle_of(item: pytest.Function, template: ScenarioTemplate) -> Pickle:
    """The scenario of an item with the values of its row."""
    call = getattr(item, "callspec", None)
    params = cast("dict[str, Any]", call.params if call else {})
    values: dict[str, str] = params.get(EXAMPLE) or {}
    return render(template, values)


# --- Markers ---------------------------------------------------------------------


def area_of(clause: str) -> str:
    """The area of a clause, a marker of its scenarios: EXPIRY of EXPIRY-2."""
    return clause.rpartition("-")[0]


def register_markers(config: pytest.Config) -> None:
    """Make the areas and the clauses known, so that `-m EXPIRY` takes their scenarios.

    For `-m "EXPIRY-2"`, pytest reads a dash as a part of the name.
    """
    ids = [*load()]
    for name in dict.fromkeys([*map(area_of, ids), *ids]):
        line = f"{name}: scenarios of the clauses {name}"
        config.addinivalue_line("markers", line)


def register_tags(config: pytest.Config, tags: frozenset[str]) -> None:
    """Make tags of own features known that are no clauses; they are markers, too."""
    for tag in sorted(tags):
        config.addinivalue_line("markers", f"{tag}: a tag of own features")


def marked(tag: str, function: object) -> object | None:
    """The function with the markers of a clause; None for a tag that is none."""
    if tag not in load():
        return None
    for name in (area_of(tag), tag):
        mark = getattr(pytest.mark, name)
        function = mark(function)
    return function
