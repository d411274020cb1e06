"""Features of a user's own in the user's own pytest: steps, tags, marks, verdicts."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.conformance.features.lint import count
from invitelab.conformance.pytest_plugin.scenario_items import area_of
from invitelab.formats.run import Run, Verdict, read
from invitelab.resources import feature_files

Pytest = Callable[..., subprocess.CompletedProcess[str]]

FEATURE = """\
Feature: Five
  @EXPIRY-1 @night
  Scenario: It is still pending
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    Then Bob is happy

  @FIVE-1 @xfail
  Scenario: Nobody sees it
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    Then Bob sees no invitation
"""
CLAUSES = '[[clause]]\nid = "FIVE-1"\nlevel = "required"\ntext = "Five."\n'
MODULE = """\
import pytest
from invitelab.conformance.steps import ScenarioContext, person, phrase, then
from invitelab.conformance.suite import {names}

scenarios("features/five.feature")

@then(phrase(f"{{person('name')}} is happy"))
def happy(context: ScenarioContext, name: str) -> None:
    "Everybody is who has an invitation."
    context.seen_by(name)

@pytest.fixture
def implementation():
    return "reference"
"""


@pytest.fixture
def run_pytest(tmp_path: Path) -> Pytest:
    """Run pytest in a folder with a module and its features."""
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "five.feature").write_text(FEATURE, encoding="utf-8")
    (folder / "clauses.toml").write_text(CLAUSES, encoding="utf-8")

    def run(
        *arguments: str, names: str = "scenarios"
    ) -> subprocess.CompletedProcess[str]:
        module = MODULE.format(names=names)
        (tmp_path / "test_five.py").write_text(module, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "pytest_bdd.plugin"]
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        return subprocess.run(
            [
                *(*command, "-p", "invitelab.conformance.plugin", "-rA"),
                *("-p", "no:cacheprovider", "--strict-markers", *arguments),
            ],
            cwd=tmp_path,
            env=kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def run_of(folder: Path) -> Run:
    """Read what a session has recorded."""
    return read(folder / "run.jsonl")


def test_own_scenarios_are_tests_of_their_module(
    run_pytest: Pytest, tmp_path: Path
) -> None:
    """An own step is found there, xfail is respected, and the verdict is told."""
    result = run_pytest("--run-file=run.jsonl")
    assert pytest.ExitCode.OK == result.returncode, result.stdout
    assert "1 passed, 1 xfailed" in result.stdout
    assert "invitelab: NON-CONFORMANT (FIVE-1)" in result.stdout
    run = run_of(tmp_path)
    verdicts = {one.title: one.verdict for one in run.scenarios}
    assert {"It is still pending": Verdict.PASS, "Nobody sees it": Verdict.FAIL} == (
        verdicts
    )
    assert "features/five.feature" == run.header.features
    assert "FIVE-1" in {clause.clause for clause in run.clauses}


@pytest.mark.parametrize(
    ("expression", "outcome"),
    [
        ("EXPIRY", "1 passed, 1 deselected"),
        ("FIVE", "1 deselected, 1 xfailed"),
        ("night", "1 passed, 1 deselected"),
        ("EXPIRY-1", "1 passed, 1 deselected"),
        ("NOTIFY", "2 deselected"),
    ],
)
def test_clauses_areas_and_tags_are_markers(
    run_pytest: Pytest, expression: str, outcome: str
) -> None:
    """Known ones, even where unknown markers are mistakes."""
    result = run_pytest("-m", expression)
    assert outcome in result.stdout, result.stdout
    assert "Warning" not in result.stdout


def test_scenarios_of_the_suite_have_markers_too(run_pytest: Pytest) -> None:
    """Beside those of one's own: all of an area, and no other."""
    result = run_pytest("-m", "EXPIRY", "--collect-only", "-q", names="*")
    lines = [line for line in result.stdout.splitlines() if "::" in line]
    assert all("expiry" in line or "five" in line for line in lines), lines
    assert any("test_five_it_is_still_pending" in line for line in lines)
    collected = f"/{count(feature_files()) + 2} tests collected"
    assert collected in result.stdout
    assert "EXPIRY" == area_of("EXPIRY-2")


@pytest.mark.slow
def test_a_module_with_both_is_judged_whole(run_pytest: Pytest, tmp_path: Path) -> None:
    """Every scenario of the suite and of one's own makes a whole run."""
    result = run_pytest("--run-file=run.jsonl", "--depth=quick", names="*")
    assert pytest.ExitCode.OK == result.returncode, result.stdout[-2000:]
    run = run_of(tmp_path)
    assert run.footer is not None
    assert run.footer.whole
    assert count(feature_files()) + 2 == len(run.scenarios)


def test_a_mistake_is_told_where_the_module_is_collected(
    run_pytest: Pytest, tmp_path: Path
) -> None:
    """With its place, and without a traceback."""
    text = FEATURE.replace("is happy", "is hapy")
    (tmp_path / "features" / "five.feature").write_text(text, encoding="utf-8")
    result = run_pytest()
    assert pytest.ExitCode.USAGE_ERROR == result.returncode
    expected = (
        "features/five.feature:6: there is no step 'Bob is hapy': the nearest known is "
        "'{name} is happy'"
    )
    assert f"ERROR: {expected}\n" == f"{result.stderr.strip()}\n"
    text = FEATURE.replace("EXPIRY-1", "EXPIRY-99")
    (tmp_path / "features" / "five.feature").write_text(text, encoding="utf-8")
    result = run_pytest()
    assert pytest.ExitCode.INTERRUPTED == result.returncode
    assert "features/five.feature:3: there is no clause @EXPIRY-99" in result.stdout
    assert "Traceback" not in result.stdout
