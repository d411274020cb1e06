"""The feature files, each parsed once a process, and the scenarios in them as pickles.

Cucumber's own parser (gherkin-official) is the only one that reads the text. Its tree
is what lint looks at and what Cucumber Messages hold; pytest-bdd's objects, which the
step definitions need, are built from the same tree. A pickle is a scenario as it is
run, with the values of one row of an outline filled in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gherkin.ast_builder import AstBuilder
from gherkin.errors import CompositeParserException, ParserError
from gherkin.parser import Parser
from gherkin.stream.id_generator import IdGenerator

from invitelab.errors import HarnessError
from invitelab.resources import feature_files

if TYPE_CHECKING:
    from gherkin.parser_types import GherkinDocument
    from pytest_bdd.parser import Feature, Scenario, ScenarioTemplate


# --- Text to tree ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureText:
    """A feature file and its tree. The ids in the tree are "0" to `ids - 1`."""

    path: Path
    source: str
    tree: "GherkinDocument"
    ids: int


def feature_text(path: Path) -> FeatureText:
    """A parsed feature file; the same object for every call with this path.

    Raises HarnessError when the text is not Gherkin.
    """
    return _parsed(path.resolve())


@cache
def _parsed(path: Path) -> FeatureText:
    source = path.read_text(encoding="utf-8")
    ids = IdGenerator()
    try:
        tree = Parser(AstBuilder(ids)).parse(source)
    except (ParserError, CompositeParserException) as error:
        msg = f"{path.name} is not Gherkin: {error}"
        raise HarnessError(msg) from error
    return FeatureText(path=path, source=source, tree=tree, ids=int(ids.get_next_id()))


# --- Tree to pickles -------------------------------------------------------------


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
        features[parser.abs_filename] = parser.parse()
    return features[parser.abs_filename]


def pickles(clause: str | None = None) -> Iterator[Pickle]:
    """Every scenario of this installation, or those that cite one clause."""
    for path in feature_files():
        for template in feature(path).scenarios.values():
            if clause in {None, *template.tags}:
                yield from _rows(template)


def _rows(template: "ScenarioTemplate") -> Iterator[Pickle]:
    rows = [row for table in template.examples for row in table.as_contexts()]
    for values in rows or [{}]:
        yield render(template, values)


def render(template: "ScenarioTemplate", values: dict[str, str]) -> Pickle:
    """A scenario with the values of one row; empty where it is no outline."""
    return Pickle(
        scenario=template.render(values), example=", ".join(values.values()) or None
    )


def key_of(pickle: Pickle) -> tuple[str, int, str | None]:
    """The identity of a pickle: file, line and row."""
    scenario = pickle.scenario
    return scenario.feature.filename, scenario.line_number, pickle.example
