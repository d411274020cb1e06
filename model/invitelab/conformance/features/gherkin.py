"""The scenarios of the feature files as they are run: Gherkin's pickles.

A pickle is a scenario with the values of one row of an outline filled in. Cucumber's
own parser (gherkin-official) is the only one that reads the files, in
`formats.feature`: its tree is what lint checks and what Cucumber Messages hold, and
pytest-bdd's objects, which the step definitions need, are built from it here.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from invitelab.formats.feature import feature_text
from invitelab.resources import all_feature_files

if TYPE_CHECKING:
    from pytest_bdd.parser import Feature, Scenario, ScenarioTemplate, Step


ENGLISH = "en"
"""The language of the features that ship."""

_spoken: "WeakKeyDictionary[Step, str]" = WeakKeyDictionary()
"""The original words of the steps that were translated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickle:
    """One scenario to run; `example` is the row of an outline, None elsewhere."""

    scenario: "Scenario"
    example: str | None


def feature(path: Path) -> "Feature":
    """A feature file as pytest-bdd's object; HarnessError when it is not Gherkin.

    pytest-bdd keeps every feature that it has read in `pytest_bdd.feature.features`,
    by path. Features are built here first, so that its `scenario()` finds them there
    and does not parse the file again.
    """
    # Imports pytest, which the parent process of a check does without.
    from pytest_bdd.feature import features  # noqa: PLC0415
    from pytest_bdd.gherkin_parser import GherkinDocument  # noqa: PLC0415
    from pytest_bdd.parser import FeatureParser  # noqa: PLC0415

    class Built(FeatureParser):
        """Takes the tree that there is."""

        def _parse_feature_file(self) -> GherkinDocument:
            return GherkinDocument.from_dict(dict(feature_text(path).tree))

    parser = Built(str(path.parent), path.name)
    if parser.abs_filename not in features:
        built = features[parser.abs_filename] = parser.parse()
        for template in built.scenarios.values():
            rule = template.rule.tags if template.rule is not None else set[str]()
            template.tags |= built.tags | rule
    return features[parser.abs_filename]


def pickles(
    clause: str | None = None, *, paths: Iterable[Path] | None = None
) -> Iterator[Pickle]:
    """Every scenario of these feature files, or those that cite one clause.

    `paths` None: of all files, a user's own included.
    """
    for path in all_feature_files() if paths is None else paths:
        for template in feature(path).scenarios.values():
            if clause in {None, *template.tags}:
                yield from _rows(template)


def _rows(template: "ScenarioTemplate") -> Iterator[Pickle]:
    rows = [row for table in template.examples for row in table.as_contexts()]
    for values in rows or [{}]:
        yield render(template, values)


def render(template: "ScenarioTemplate", values: dict[str, str]) -> Pickle:
    """A scenario with the values of one row; empty where it is no outline."""
    scenario = template.render(values)
    if scenario.feature.language != ENGLISH:
        steps = [
            _translated(step, scenario.feature.language) for step in scenario.steps
        ]
        scenario = replace(scenario, steps=steps)
    return Pickle(scenario=scenario, example=", ".join(values.values()) or None)


def _translated(step: "Step", language: str) -> "Step":
    """The step in the words of this suite; the same where no phrase is known for it."""
    # Imports the steps, which import most of this package.
    from invitelab.conformance.features.translation import translated  # noqa: PLC0415

    text = translated(language, step.type, step.name)
    if text is None:
        return step
    other = copy(step)
    other.name = text
    _spoken[other] = step.name
    return other


def spoken(step: "Step") -> str:
    """The words of a step as its feature has them, in whatever language."""
    return _spoken.get(step, step.name) if _spoken else step.name


def key_of(pickle: Pickle) -> tuple[str, int, str | None]:
    """The identity of a pickle: file, line and row."""
    scenario = pickle.scenario
    return scenario.feature.filename, scenario.line_number, pickle.example
