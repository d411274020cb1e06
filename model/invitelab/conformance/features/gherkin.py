"""The scenarios as they are run, outlines filled in row by row: Gherkin's pickles."""

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_bdd.feature import get_feature
from pytest_bdd.parser import Scenario, ScenarioTemplate

from invitelab.resources import feature_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickle:
    """One scenario to run; `example` tells the rows of an outline apart."""

    scenario: Scenario
    example: str | None


def pickles(clause: str | None = None) -> Iterator[Pickle]:
    """Every scenario of this installation, or those that cite one clause."""
    for path in feature_files():
        feature = get_feature(str(path.parent), path.name)
        for template in feature.scenarios.values():
            if clause in {None, *template.tags}:
                yield from _rows(template)


def _rows(template: ScenarioTemplate) -> Iterator[Pickle]:
    rows = [row for table in template.examples for row in table.as_contexts()]
    for values in rows or [{}]:
        yield render(template, values)


def render(template: ScenarioTemplate, values: dict[str, str]) -> Pickle:
    """A scenario with the values of one row; none where it is no outline."""
    return Pickle(
        scenario=template.render(values), example=", ".join(values.values()) or None
    )


def key_of(pickle: Pickle) -> tuple[str, int, str | None]:
    """What tells a scenario from all others."""
    scenario = pickle.scenario
    return scenario.feature.filename, scenario.line_number, pickle.example
