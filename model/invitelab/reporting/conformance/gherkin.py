"""Features, a user's own included, in the form of Cucumber Messages."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

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

from invitelab.formats.feature import feature_text
from invitelab.resources import all_feature_files, feature_label

Row = tuple[int, str]
"""The line and the values of the example: they tell scenarios of a file apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One feature: its text, its tree, and its scenarios with outlines filled in."""

    uri: str
    source: str
    tree: GherkinDocumentWithURI
    pickles: Mapping[Row, Pickle]
    lines: Mapping[str, int]
    """The line of each step by its id."""


def documents(wanted: Container[str]) -> Iterator[Document]:
    """The features with these URIs, in order; ids count through all of them.

    No other is read: to parse one takes a while.
    """
    ids = IdGenerator()
    for path in all_feature_files():
        uri = feature_label(path)
        if uri not in wanted:
            continue
        text = feature_text(path)
        # The ids of a tree begin at 0 in every file.
        new_ids = {str(number): ids.get_next_id() for number in range(text.ids)}
        tree: GherkinDocumentWithURI = _with_ids({**text.tree, "uri": uri}, new_ids)
        rows = _rows(tree)
        pickles = {
            rows[tuple(pickle["astNodeIds"])]: pickle
            for pickle in Compiler(ids).compile(tree)
        }
        lines = {
            step["id"]: step["location"]["line"]
            for scenario in _scenarios(tree["feature"])
            for step in scenario["steps"]
        }
        yield Document(
            uri=uri, source=text.source, tree=tree, pickles=pickles, lines=lines
        )


def _with_ids(node: object, new_ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """A copy of a tree in which every `id` is replaced."""
    if _is_table(node):
        return {
            key: new_ids[str(value)] if key == "id" else _with_ids(value, new_ids)
            for key, value in node.items()
        }
    if _is_list(node):
        return [_with_ids(child, new_ids) for child in node]
    return node


def _is_table(node: object) -> TypeGuard[dict[str, object]]:
    return isinstance(node, dict)


def _is_list(node: object) -> TypeGuard[list[object]]:
    return isinstance(node, list)


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
