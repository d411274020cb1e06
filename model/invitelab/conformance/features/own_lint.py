"""Mistakes in features of a user's own, each as one sentence with file and line.

A scenario of the suite stands below the rule of its clause and cites nothing else. Of
a user's own only this is asked: it cites a clause, its title is its own, and its steps
are known; other tags are free.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_bdd.exceptions import GherkinParseError

from invitelab.conformance.features.clauses import Clause, cited, load
from invitelab.conformance.features.gherkin import ENGLISH, feature, pickles, spoken
from invitelab.conformance.features.lint import Outline, outlines, shape, step_problems
from invitelab.conformance.features.people_lint import people_mistakes, table_mistake
from invitelab.conformance.features.step_lint import (
    definition_mistakes,
    shipped_steps,
)
from invitelab.conformance.features.steps.registry import matching, own_definitions
from invitelab.conformance.features.syntax_lint import syntax_mistake
from invitelab.conformance.features.translation import translation_of
from invitelab.errors import HarnessError, one_line
from invitelab.formats.feature import feature_text
from invitelab.resources import all_feature_files, feature_label
from invitelab.safe_text import printable

CLAUSE_LIKE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+")
_GROUP = re.compile(r"\(\?P<(\w+?)_?>(?:[^()]|\([^()]*\))*\)")


def mistakes(
    files: Sequence[Path],
    clauses: Mapping[str, Clause],
    *,
    whole: bool,
    steps: bool = True,
) -> Iterator[str]:
    """A sentence for each mistake in these files, without their `steps` if so asked.

    `clauses` are those beside them; if the folder is `whole`, each needs a scenario.
    """
    unreadable = [text for path in files for text in _unreadable(path)]
    if unreadable:
        yield from unreadable
        return
    scenarios = [outline for path in files for outline in outlines(path)]
    yield from _titles(scenarios)
    for scenario in scenarios:
        where = f"{feature_label(scenario.path)}:{scenario.line}"
        yield from (f"{where}: {text}" for text in shape(scenario))
        yield from (f"{where}: {text}" for text in _tags(scenario))
    yield from step_mistakes(files) if steps else ()
    used = {tag for scenario in scenarios for tag in scenario.tags}
    for id_ in clauses if whole else ():
        if id_ not in used:
            yield f"clauses.toml: no scenario is tagged @{id_}"


def _unreadable(path: Path) -> Iterator[str]:
    """A sentence for each reason why a file cannot be run at all."""
    label = feature_label(path)
    try:
        tree: Any = feature_text(path).tree.get("feature")
    except (OSError, UnicodeDecodeError) as error:
        yield printable(f"{label}: it cannot be read: {one_line(str(error))}")
        return
    except HarnessError as error:
        line, words = syntax_mistake(error.__cause__, path.read_text("utf-8-sig"))
        yield printable(f"{label}:{line}: {words}")
        return
    if tree is None or not outlines(path):
        yield f"{label}:1: the feature has no scenario"
        return
    language = tree["language"]
    if language != ENGLISH and translation_of(language) is None:
        yield (
            f"{label}:1: there are no phrases for the language {language!r}: write "
            f"phrases.{language}.toml beside it"
        )
        return
    try:
        feature(path)
    except GherkinParseError as error:
        yield printable(f"{label}:{error.line}: {one_line(error.message)}")


def _titles(scenarios: Sequence[Outline]) -> Iterator[str]:
    """Titles that an earlier scenario has, of the suite or of one's own."""
    here = {scenario.path for scenario in scenarios}
    others = [path for path in all_feature_files() if path not in here]
    taken = {one.title: one for path in others for one in outlines(path)}
    for scenario in scenarios:
        earlier = taken.setdefault(scenario.title, scenario)
        if scenario.title and earlier is not scenario:
            yield (
                f"{feature_label(scenario.path)}:{scenario.line}: the title "
                f"{scenario.title!r} is taken by "
                f"{feature_label(earlier.path)}:{earlier.line}"
            )


def _tags(scenario: Outline) -> Iterator[str]:
    clauses = cited(scenario.tags)
    unknown = [
        tag for tag in scenario.tags if tag not in load() and CLAUSE_LIKE.fullmatch(tag)
    ]
    for tag in unknown:
        near = difflib.get_close_matches(tag, load(), n=1)
        hint = f"the nearest is @{near[0]}, or add it to clauses.toml" if near else ""
        yield f"there is no clause @{tag}: {hint or 'add it to clauses.toml'}"
    if not clauses and not unknown:
        yield "the scenario cites no clause: tag it with one, such as @EXPIRY-2"
    if len({load()[id_].level for id_ in clauses}) > 1:
        yield "it cites a required clause and an interpretation at once"


def step_mistakes(files: Iterable[Path]) -> Iterator[str]:
    """A sentence for each step of these files that is not defined exactly once."""
    yield from step_problems((), own_definitions())
    yield from definition_mistakes()
    for path in files:
        yield from _steps(path)


# --- Steps -----------------------------------------------------------------------


def _steps(path: Path) -> Iterator[str]:
    """Steps without one definition, tables and people that do not fit; each once."""
    label, told = feature_label(path), set[str]()
    for pickle in pickles(paths=[path]):
        language = pickle.scenario.feature.language
        for step in pickle.scenario.steps:
            found = matching(step.type, step.name)
            where = f"{label}:{step.line_number}"
            table = table_mistake(step, found[0]) if len(found) == 1 else None
            if table is not None and where not in told:
                yield printable(f"{where}: {table}")
                told.add(where)
            if len(found) == 1 or where in told:
                continue
            told.add(where)
            words = spoken(step)
            if found:
                names = " and ".join(one.step_func.__name__ for one in found)
                yield f"{where}: the step {words!r} is defined by {names}"
            else:
                yield f"{where}: {_unknown(step.type, words, language)}"
        for line, text in people_mistakes(pickle):
            sentence = f"{label}:{line}: {text}"
            if sentence not in told:
                told.add(sentence)
                yield sentence


def _unknown(step_type: str, words: str, language: str) -> str:
    """That a step is not known, with the nearest one that is."""
    other = next(
        (kind for kind in ("given", "when", "then") if matching(kind, words)), None
    )
    if other is not None:
        return f"{words!r} is a step of {other.title()}, not of {step_type.title()}"
    ours = shipped_steps(step_type) if language == ENGLISH else _phrases(language)
    known = [*ours, *_own_steps(step_type)]
    near = difflib.get_close_matches(words, known, n=1, cutoff=0.4)
    hint = (
        f"the nearest known is {near[0]!r}"
        if near
        else "see `invitelab features steps`"
    )
    return f"there is no step {words!r}: {hint}"


def _own_steps(step_type: str) -> Iterator[str]:
    """The patterns of one's own steps, with the names of their groups in braces."""
    for one in own_definitions():
        if one.type == step_type:
            yield _GROUP.sub(r"{\1}", one.parser.name)


def _phrases(language: str) -> Iterator[str]:
    """The phrases of a language, as the tables have them."""
    translation = translation_of(language) if language != ENGLISH else None
    yield from (one.text for one in (translation.phrases if translation else ()))
