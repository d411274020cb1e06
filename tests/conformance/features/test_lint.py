"""Mistakes that pytest-bdd accepts are reported, with their place."""

import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_bdd import parsers
from pytest_bdd.steps import StepFunctionContext

from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import Pickle, pickles
from invitelab.conformance.features.lint import (
    Outline,
    count,
    find_title,
    outlines,
    problems,
    step_problems,
)
from invitelab.conformance.features.steps.registry import (
    definition_of,
    definitions,
    matching,
)
from invitelab.conformance.pytest_plugin.collect import suite_problems
from invitelab.errors import ExitCode, HarnessError, RunError
from invitelab.resources import feature_files

PICKLES = list(pickles())


@pytest.fixture
def sentences(tmp_path: Path) -> Callable[..., list[str]]:
    """Lint the text of a feature, or of several."""

    def lint(*texts: str) -> list[str]:
        scenarios: list[Outline] = []
        for number, text in enumerate(texts):
            path = tmp_path / f"{'abc'[number]}.feature"
            path.write_text(textwrap.dedent(text), encoding="utf-8")
            scenarios += outlines(path)
        return list(problems(scenarios, dict(load())))

    return lint


RIGHT = """\
Feature: The two minutes
  Rule: EXPIRY-1 Until shortly before the end
    @EXPIRY-1
    Scenario: It can be accepted
      Given Ada and Bob use version 7.1.4
"""
OUTLINE = RIGHT.replace("Scenario:", "Scenario Outline:").replace("7.1.4", "<version>")


# The traps


def test_a_feature_without_a_mistake_has_no_problems(
    sentences: Callable[..., list[str]],
) -> None:
    """Nor has one whose outline has rows."""
    table = "\n      Examples:\n        | version |\n        | 7.1.4   |\n"
    assert [] == sentences(RIGHT)
    assert [] == sentences(OUTLINE + table)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "Given Ada",
            "Gievn Ada",
            "text between the title and the steps: a mistyped keyword?",
        ),
        (
            "      Given Ada and Bob use version 7.1.4\n",
            "",
            "the scenario has no steps",
        ),
        ("@EXPIRY-1", "@EXPIRY-99", "there is no clause EXPIRY-99"),
        (
            "@EXPIRY-1",
            "@EXPIRY-2",
            "it cites EXPIRY-2 under the rule 'EXPIRY-1'",
        ),
        ("  Rule: EXPIRY-1", "  Rul: EXPIRY-1", "it cites EXPIRY-1 under the rule ''"),
        (
            "@EXPIRY-1",
            "@EXPIRY-1 @EXPIRY-6",
            "it cites a required clause and an interpretation at once",
        ),
    ],
)
def test_a_mistake_gets_a_sentence_with_its_place(
    sentences: Callable[..., list[str]], old: str, new: str, sentence: str
) -> None:
    """The file and the line of the scenario."""
    assert old in RIGHT
    assert f"a.feature:4: {sentence}" in sentences(RIGHT.replace(old, new))


def test_a_scenario_without_a_tag_is_found(
    sentences: Callable[..., list[str]],
) -> None:
    """It would count for nothing."""
    untagged = RIGHT.replace("    @EXPIRY-1\n", "")
    assert ["a.feature:3: the scenario cites no clause"] == sentences(untagged)


def test_a_title_that_is_taken_is_found(sentences: Callable[..., list[str]]) -> None:
    """pytest-bdd would drop the first of the two."""
    again = RIGHT.partition("    @")
    twice = RIGHT + again[1] + again[2]
    assert [
        "a.feature:7: the title 'It can be accepted' is taken by a.feature:4"
    ] == sentences(twice)


def test_a_title_is_taken_across_files(sentences: Callable[..., list[str]]) -> None:
    """`--scenario` could not tell them apart."""
    assert [
        "b.feature:4: the title 'It can be accepted' is taken by a.feature:4"
    ] == sentences(RIGHT, RIGHT)


@pytest.mark.parametrize("table", ["", "        | version |\n"])
def test_examples_without_rows_are_found(
    sentences: Callable[..., list[str]], table: str
) -> None:
    """pytest-bdd would run it once, and it might pass."""
    text = f"{OUTLINE}\n      Examples:\n{table}"
    assert ["a.feature:4: the Examples of line 7 have no row"] == sentences(text)


def test_a_text_that_is_not_gherkin_names_the_file(tmp_path: Path) -> None:
    """And the line: here of a keyword that is mistyped behind the first one."""
    path = tmp_path / "a.feature"
    path.write_text(f"{RIGHT}      Adn Ada waits\n", encoding="utf-8")
    with pytest.raises(
        HarnessError, match=r"(?s)^a\.feature is not Gherkin: .*\(6:7\)"
    ):
        outlines(path)


def test_an_empty_file_has_no_scenarios(tmp_path: Path) -> None:
    """It is Gherkin."""
    path = tmp_path / "a.feature"
    path.write_text("", encoding="utf-8")
    assert [] == outlines(path)


# Steps


def here() -> None:
    """Be a step."""


def there() -> None:
    """Be another one."""


async def later() -> None:
    """Be an async step."""


def defined(function: Callable[..., object], text: str) -> StepFunctionContext:
    """Define a Given step."""
    return StepFunctionContext(
        type="given", step_func=function, parser=parsers.string(text)
    )


STEP = ("a.feature:5", "given", "Ada is here")


def test_a_step_with_one_definition_is_fine() -> None:
    """One and no other."""
    known = [defined(here, "Ada is here"), defined(there, "Ada is there")]
    assert [] == list(step_problems([STEP], known))


def test_a_step_that_two_definitions_match_is_found() -> None:
    """pytest-bdd would take the last one."""
    known = [defined(here, "Ada is here"), defined(there, "Ada is here")]
    expected = "a.feature:5: given 'Ada is here' is defined by here, there"
    assert [expected] == list(step_problems([STEP], known))


@pytest.mark.parametrize(
    "step",
    [
        ("a.feature:5", "given", "Ada is nowhere"),
        ("a.feature:5", "when", "Ada is here"),
    ],
)
def test_a_step_that_no_definition_matches_is_found(step: tuple[str, str, str]) -> None:
    """The words count, and so does the keyword."""
    place, kind, text = step
    expected = f"{place}: no definition for {kind} {text!r}"
    assert [expected] == list(step_problems([step], [defined(here, "Ada is here")]))


def test_an_async_step_is_found() -> None:
    """It would return a coroutine and pass."""
    expected = "the step later is async: never awaited"
    assert [expected] == list(step_problems([], [defined(later, "Ada waits")]))


def test_a_step_that_is_not_defined_is_never_run() -> None:
    """Also if lint was not run."""
    expected = r'"Ada flies" \(when\) is defined by nothing'
    with pytest.raises(HarnessError, match=expected):
        definition_of("when", "Ada flies")


# Our own features


def test_our_features_have_no_problems() -> None:
    """Neither their shape nor their steps."""
    assert [] == list(suite_problems())


BY_ROWS = {"has_come_back", "has_nothing"}
BY_WALKS = {"has_id", "has_alias"}
FOR_ONES_OWN = {"invites_through", "is_offered_further"}
"""Only a variant of the product has further entry points."""


def test_every_definition_is_used_by_a_step() -> None:
    """Some only by what rows add to a story, and by what walks write."""
    used = {
        context.step_func
        for pickle in PICKLES
        for step in pickle.scenario.steps
        for context in matching(step.type, step.name)
    }
    defined_here = {context.step_func for context in definitions()}
    unused = {function.__name__ for function in defined_here - used}
    assert BY_ROWS | BY_WALKS | FOR_ONES_OWN == unused


def title(pickle: Pickle) -> str:
    """Name a scenario and its row."""
    return f"{pickle.scenario.name} [{pickle.example}]"


def test_every_scenario_ends_by_looking() -> None:
    """A scenario without a Then holds whatever happens."""
    blind = [title(p) for p in PICKLES if p.scenario.steps[-1].type != "then"]
    assert [] == blind


def test_no_placeholder_is_left_over() -> None:
    """A column that is missing would leave <its name>, to be taken as it stands."""
    left = [
        step.name
        for pickle in PICKLES
        for step in pickle.scenario.steps
        if re.search("<[^>]*>", step.name)
    ]
    assert [] == left


@pytest.mark.parametrize("path", feature_files(), ids=lambda path: path.name)
def test_a_tag_stands_at_a_scenario(path: Path) -> None:
    """Tags at a feature, a rule or a table of examples are not evaluated."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    tags = [number for number, line in enumerate(lines) if line.startswith("@")]
    assert tags
    assert [] == [n for n in tags if not lines[n + 1].startswith("Scenario")]


# Counting


def test_the_pickles_are_those_in_the_files() -> None:
    """pytest-bdd has dropped none, and no two have one name."""
    assert count() == len(PICKLES)
    assert count() == len({title(pickle) for pickle in PICKLES})


def test_pytest_collects_every_pickle(tmp_path: Path) -> None:
    """One item a row, named after its feature and its title, in a drawn order."""
    result = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q"),
            *("-p", "pytest_bdd.plugin", "-p", "invitelab.conformance.plugin"),
            *("--pyargs", "invitelab.conformance", "--collect-only"),
            "--target=reference",
        ],
        cwd=tmp_path,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == result.returncode, result.stdout + result.stderr
    items = [line for line in result.stdout.splitlines() if "::" in line]
    assert count() == len(items)
    files = [f"features/{path.name}" for path in feature_files()]
    assert set(files) == {item.partition("::")[0] for item in items}
    assert "features/expiry.feature::An invitation can be accepted after 119 s" in (
        "\n".join(items)
    )


# Selecting by title


def test_a_title_is_found_as_it_is_written() -> None:
    """The title of an outline stands for all its rows."""
    written = "Accepting after more than two minutes starts nothing"
    assert written == find_title(written)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("Control goes one way", "the nearest is: Control goes one way only"),
        ("§", "`invitelab clauses ID` lists them"),
    ],
)
def test_an_unknown_title_selects_nothing(typed: str, hint: str) -> None:
    """The nearest one is named, where one is near."""
    with pytest.raises(RunError, match="no scenario is titled") as caught:
        find_title(typed)
    assert (ExitCode.INVALID, hint) == (caught.value.code, caught.value.hint)
