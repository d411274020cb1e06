"""The features of this installation as Cucumber's own parser reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from gherkin.ast_builder import AstBuilder
from gherkin.parser import Parser
from gherkin.parser_types import (
    Envelope,
    Feature,
    Rule,
    RuleEnvelope,
    Scenario,
    ScenarioEnvelope,
)
from gherkin.pickles.compiler import (
    Compiler,
    GherkinDocumentWithURI,
    Pickle,
)
from gherkin.stream.id_generator import IdGenerator

from invitelab.resources import feature_files

Row = tuple[int, str]
"""The line and the values of the example: they tell scenarios of a file apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One feature: its text, its tree, and its scenarios with outlines filled in."""

    uri: str
    source: str
    tree: GherkinDocumentWithURI
    pickles: Mapping[Row, Pickle]


def documents() -> Iterator[Document]:
    """Every feature, in order; ids are numbers that count through all of them."""
    ids = IdGenerator()
    parser = Parser(AstBuilder(ids))
    compiler = Compiler(ids)
    for path in feature_files():
        source = path.read_text(encoding="utf-8")
        uri = f"features/{path.name}"
        tree: GherkinDocumentWithURI = {**parser.parse(source), "uri": uri}
        rows = _rows(tree)
        pickles = {
            rows[tuple(pickle["astNodeIds"])]: pickle
            for pickle in compiler.compile(tree)
        }
        yield Document(uri=uri, source=source, tree=tree, pickles=pickles)


def _rows(tree: GherkinDocumentWithURI) -> Mapping[tuple[str, ...], Row]:
    """The scenario and the row of an outline behind the ids that a pickle names."""
    found: dict[tuple[str, ...], Row] = {}
    for scenario in _scenarios(tree["feature"]):
        line = scenario["location"]["line"]
        found[scenario["id"],] = (line, "")
        for table in scenario["examples"]:
            for row in table["tableBody"]:
                values = ", ".join(cell["value"] for cell in row["cells"])
                found[scenario["id"], row["id"]] = (line, values)
    return found


def _scenarios(parent: Feature | Rule) -> Iterator[Scenario]:
    for child in parent["children"]:
        if _holds_rule(child):
            yield from _scenarios(child["rule"])
        if _holds_scenario(child):
            yield child["scenario"]


def _holds_rule(child: Envelope) -> TypeGuard[RuleEnvelope]:
    return "rule" in child


def _holds_scenario(child: Envelope) -> TypeGuard[ScenarioEnvelope]:
    return "scenario" in child
