"""Checks of the features that pytest-bdd does not make, before anything runs.

pytest-bdd accepts two scenarios of one title (it drops the first), a mistyped first
keyword (it becomes a description), an Examples table without rows (it runs once, and
passes), a step that two definitions match (the last one wins) and an `async` step (it
is never awaited). Two rules are our own: every scenario is under the rule of its
clause, and is tagged with existing clauses of one level.
"""

import difflib
import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invitelab.conformance.features.clauses import Clause
from invitelab.errors import Blame, RunError
from invitelab.formats.feature import feature_text
from invitelab.resources import all_feature_files

if TYPE_CHECKING:
    from pytest_bdd.steps import StepFunctionContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A scenario as it is written. `rows` is 1 where it has no Examples."""

    path: Path
    line: int
    title: str
    tags: tuple[str, ...]
    rule: str
    rows: int
    steps: int
    described: bool
    empty_examples: tuple[int, ...]


def outlines(path: Path) -> list[Outline]:
    """All scenarios of a feature file. Raises HarnessError when it is not Gherkin."""
    feature: Any = feature_text(path).tree.get("feature")
    if feature is None:
        return []
    return list(_walk(path, feature["children"], "", _names(feature["tags"])))


def _names(tags: Sequence[Any]) -> tuple[str, ...]:
    return tuple(tag["name"].removeprefix("@") for tag in tags)


def _walk(
    path: Path, children: Sequence[Any], rule: str, tags: tuple[str, ...]
) -> Iterator[Outline]:
    """The scenarios below a feature or a rule, with the tags that they inherit."""
    for child in children:
        if "rule" in child:
            inner = child["rule"]
            below = (*tags, *_names(inner["tags"]))
            yield from _walk(path, inner["children"], inner["name"], below)
        elif "scenario" in child:
            yield _outline(path, child["scenario"], rule, tags)


def _outline(
    path: Path,
    found: Any,  # noqa: ANN401 - the parser's
    rule: str,
    inherited: tuple[str, ...],
) -> Outline:
    bodies = [table.get("tableBody", []) for table in found["examples"]]
    return Outline(
        path=path,
        line=found["location"]["line"],
        title=found["name"],
        tags=(*inherited, *_names(found["tags"])),
        rule=rule.split(" ", 1)[0],
        rows=sum(len(body) for body in bodies) if bodies else 1,
        steps=len(found["steps"]),
        described=bool(found["description"].strip()),
        empty_examples=tuple(
            table["location"]["line"]
            for table in found["examples"]
            if not table.get("tableBody")
        ),
    )


def find_title(title: str) -> str:
    """The same title. Raises RunError, with a similar title, if no scenario has it."""
    files = all_feature_files()
    titles = [outline.title for path in files for outline in outlines(path)]
    if title in titles:
        return title
    near = difflib.get_close_matches(title, titles, n=1, cutoff=0.3)
    hint = f"the nearest is: {near[0]}" if near else "`invitelab clauses ID` lists them"
    msg = f"nothing is selected: no scenario is titled {title!r}"
    raise RunError(msg, hint=hint, blame=Blame.ENVIRONMENT)


def count(paths: Iterable[Path] | None = None) -> int:
    """Number of scenarios in these files; each row of an outline is one.

    `paths` None: in all feature files, a user's own included.
    """
    files = all_feature_files() if paths is None else paths
    return sum(outline.rows for path in files for outline in outlines(path))


def problems(scenarios: Sequence[Outline], clauses: dict[str, Clause]) -> Iterator[str]:
    """A sentence for each mistake, with file and line."""
    seen: dict[str, Outline] = {}
    for scenario in scenarios:
        where = f"{scenario.path.name}:{scenario.line}"
        earlier = seen.setdefault(scenario.title, scenario)
        if earlier is not scenario:
            yield (
                f"{where}: the title {scenario.title!r} is taken by "
                f"{earlier.path.name}:{earlier.line}"
            )
        yield from (f"{where}: {text}" for text in shape(scenario))
        yield from (f"{where}: {text}" for text in _tags(scenario, clauses))


def shape(scenario: Outline) -> Iterator[str]:
    """A sentence for each mistake in how a scenario is written, without its place."""
    if not scenario.title:
        yield "the scenario has no title"
    if not scenario.steps:
        yield "the scenario has no steps"
    if scenario.described:
        yield "text between the title and the steps: a mistyped keyword?"
    for line in scenario.empty_examples:
        yield f"the Examples of line {line} have no row"


def _tags(scenario: Outline, clauses: dict[str, Clause]) -> Iterator[str]:
    if not scenario.tags:
        yield "the scenario cites no clause"
    for tag in scenario.tags:
        if tag not in clauses:
            yield f"there is no clause {tag}"
    if scenario.tags and scenario.rule not in scenario.tags:
        yield f"it cites {', '.join(scenario.tags)} under the rule {scenario.rule!r}"
    levels = {clauses[tag].level for tag in scenario.tags if tag in clauses}
    if len(levels) > 1:
        yield "it cites a required clause and an interpretation at once"


def step_problems(
    steps: Sequence[tuple[str, str, str]], known: "Sequence[StepFunctionContext]"
) -> Iterator[str]:
    """A sentence for each step (where, type, text) without exactly one definition.

    And one for each definition in `known` that is a coroutine function.
    """
    for definition in known:
        if inspect.iscoroutinefunction(definition.step_func):
            yield f"the step {definition.step_func.__name__} is async: never awaited"

    @cache  # the rows of an outline share most of their steps
    def matching(kind: str, text: str) -> tuple[str, ...]:
        return tuple(
            definition.step_func.__name__
            for definition in known
            if definition.type in {None, kind} and definition.parser.is_matching(text)
        )

    for where, kind, text in steps:
        matches = matching(kind, text)
        if not matches:
            yield f"{where}: no definition for {kind} {text!r}"
        elif len(matches) > 1:
            yield f"{where}: {kind} {text!r} is defined by {', '.join(matches)}"
