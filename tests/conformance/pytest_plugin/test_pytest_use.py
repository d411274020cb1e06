"""The plugin in any folder, and the import in a user's own suite."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.errors import ExitCode

Pytest = Callable[..., subprocess.CompletedProcess[str]]

MISSING = re.compile(r"expected the alias \S+@ad, found none on the surface")
PLUGIN = ("-p", "invitelab.conformance.plugin", "--pyargs", "invitelab.conformance")
SUITE = """\
import pytest
from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants import alias_missing
from invitelab.conformance.suite import *
from invitelab.protocol.policy import Policy

@pytest.fixture{scope}
def implementation():
    return {implementation}
"""
MINE = """\
def test_mine():
    assert 1 + 1 == 2

def test_mine_too(tmp_path):
    assert tmp_path.is_dir()
"""


@pytest.fixture
def run_pytest(tmp_path: Path) -> Pytest:
    """Run pytest in an empty folder, without any plugin but pytest-bdd."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-p", "pytest_bdd.plugin"]
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        return subprocess.run(
            [*command, "-p", "no:cacheprovider", *arguments],
            cwd=tmp_path,
            env=kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def suite(tmp_path: Path) -> Callable[..., None]:
    """Write a user's own suite, beside other tests."""

    def write(name: str, implementation: str, scope: str = "") -> None:
        text = SUITE.format(implementation=implementation, scope=scope)
        (tmp_path / f"test_{name}.py").write_text(text, encoding="utf-8")
        (tmp_path / "test_mine.py").write_text(MINE, encoding="utf-8")

    return write


def last(result: subprocess.CompletedProcess[str]) -> str:
    """Give pytest's summary, without the time."""
    return result.stdout.splitlines()[-1].strip("= ").partition(" in ")[0]


# By the plugin


def test_a_negative_number_of_walks_is_refused(run_pytest: Pytest) -> None:
    """A usage error, before anything is run."""
    result = run_pytest(*PLUGIN, "--target=reference", "--walks=-5")
    assert pytest.ExitCode.USAGE_ERROR == result.returncode
    assert "ERROR: --walks: the number of walks cannot be negative" in result.stderr


def test_a_target_is_judged_by_one_process(run_pytest: Pytest) -> None:
    """A verdict needs all scenarios, so pytest-xdist is refused."""
    result = run_pytest("-p", "xdist", *PLUGIN, "--target=reference", "-n", "2")
    assert pytest.ExitCode.USAGE_ERROR == result.returncode
    assert "ERROR: a target is judged by one process: leave out -n" in result.stderr


SOME = (*PLUGIN[:2], "-k", "an_id_names_the_recipient", "--walks=20")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("implementation", "code", "reported"),
    [
        (
            "alias_missing()",
            pytest.ExitCode.TESTS_FAILED,
            "one finding, about NOTIFY-4",
        ),
        ("Reference()", pytest.ExitCode.OK, "nothing was found"),
    ],
)
def test_in_a_suite_of_ones_own_walks_count(
    run_pytest: Pytest,
    suite: Callable[..., None],
    implementation: str,
    code: int,
    reported: str,
) -> None:
    """A finding is printed as a scenario, and fails the session."""
    suite("walked", implementation)
    result = run_pytest(*SOME)
    assert code == result.returncode, result.stdout
    assert "invitelab: walks   20 with seed 0: " in result.stdout
    assert reported in result.stdout
    assert ("Scenario: What a walk has found" in result.stdout) is bool(code)


def test_a_run_that_stopped_early_has_no_walks(run_pytest: Pytest) -> None:
    """The session ends at the first failure."""
    target = "--target=py:invitelab.proof.mutants:alias_missing"
    result = run_pytest(*PLUGIN, target, "--clause=NOTIFY-4", "-x", "--walks=60")
    assert ExitCode.NON_CONFORMANT == result.returncode
    assert "walks   none: the run had stopped before" in result.stdout


@pytest.mark.slow
def test_pytest_runs_the_suite_from_anywhere(run_pytest: Pytest) -> None:
    """Exit code and last line are those of the verdict."""
    result = run_pytest(*PLUGIN, "--target=reference", "-q")
    assert 0 == result.returncode, result.stdout
    expected = "invitelab: CONFORMANT   reference, clock virtual (proven)"
    assert expected in result.stdout
    assert "" == result.stderr


def test_a_failure_has_a_transcript(run_pytest: Pytest) -> None:
    """With the steps and the command that repeats it; a deviation is no failure."""
    target = "py:invitelab.proof.mutants:alias_missing"
    clauses = ("--clause=NOTIFY-4", "--clause=TILE-5")
    result = run_pytest(*PLUGIN, f"--target={target}", *clauses, "-rx")
    assert ExitCode.NON_CONFORMANT == result.returncode
    assert "invitelab: NON-CONFORMANT (NOTIFY-4)" in result.stdout
    assert "x NOTIFY-4 required   features/notify.feature:" in result.stdout
    assert "When Ada invites Bob\n" in result.stdout
    assert MISSING.search(result.stdout)
    assert f"repro   invitelab check {target} --scenario" in result.stdout
    assert re.search(rf" - deviation: {MISSING.pattern}", result.stdout)
    assert re.search(r"4 failed, \d+ deselected, 5 xfailed", result.stdout)
    assert "Traceback" not in result.stdout + result.stderr


def test_a_run_that_does_not_count_is_no_success(run_pytest: Pytest) -> None:
    """The reason is printed, not only that everything was skipped."""
    result = run_pytest(*PLUGIN, "--target=cmd:./acme", "--clause=EXPIRY-6", "-q")
    assert ExitCode.INVALID == result.returncode
    assert "invitelab: INVALID (./acme: command not found)" in result.stdout


def test_a_suite_without_an_implementation_says_what_is_missing(
    run_pytest: Pytest,
) -> None:
    """An option or a fixture."""
    result = run_pytest(*PLUGIN, "-k", "Favorites", "-x", "-q")
    assert 1 == result.returncode
    expected = "no implementation: give --target or define the fixture"
    assert expected in result.stdout


CONFTEST = """\
import pytest
from invitelab.adapters.reference.adapter import Reference

@pytest.fixture(scope="session")
def implementation():
    return Reference()
"""


@pytest.mark.slow
def test_an_implementation_of_a_conftest_makes_one_run(
    run_pytest: Pytest, tmp_path: Path
) -> None:
    """Its scenarios come from many files."""
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    result = run_pytest(*PLUGIN, "-k", "alias")
    assert 0 == result.returncode
    assert 1 == result.stdout.count("invitelab: PARTIAL (only a part of the suite")


# By an import


@pytest.mark.slow
def test_suites_of_ones_own_are_judged_one_by_one(
    run_pytest: Pytest, suite: Callable[..., None]
) -> None:
    """One passes, one fails with its story, and the tests beside them are as before."""
    suite("right", "Reference()")
    suite("wrong", "alias_missing()")
    suite("named", '"py:invitelab.proof.mutants:alias_missing"')
    result = run_pytest("-k", "alias or mine")
    assert 1 == result.returncode
    lines = result.stdout.splitlines()
    verdicts = {line.partition(" (")[0] for line in lines if "invitelab: " in line}
    assert {"invitelab: PARTIAL", "invitelab: NON-CONFORMANT"} == verdicts
    failed = {line.split("::")[0] for line in lines if line.startswith("FAILED")}
    assert {"FAILED test_wrong.py", "FAILED test_named.py"} == failed
    assert MISSING.search(result.stdout)
    assert any(line.startswith("test_mine.py ..") for line in lines)
    assert "Traceback" not in result.stdout + result.stderr


def test_a_fixture_may_have_the_usual_scope_and_a_suite_be_strict(
    run_pytest: Pytest, suite: Callable[..., None]
) -> None:
    """As in the example of the suite's own docstring: one run, and no warning."""
    suite("acme", "Reference()")
    result = run_pytest("-k", "digits", "--strict-markers", "-Werror")
    assert (0, "") == (result.returncode, result.stderr)
    assert 1 == result.stdout.count("invitelab: PARTIAL (only a part of the suite")


def test_other_tests_are_not_disturbed(
    run_pytest: Pytest, suite: Callable[..., None]
) -> None:
    """Without scenarios the plugin prints nothing."""
    suite("acme", "Reference()")
    result = run_pytest("test_mine.py")
    assert 0 == result.returncode
    assert last(result).startswith("2 ")
    assert "invitelab" not in result.stdout


def test_two_suites_judge_two_implementations(
    run_pytest: Pytest, suite: Callable[..., None]
) -> None:
    """Each module has an implementation of its own, also of the same class."""
    suite("right", "Reference()")
    suite("wrong", "Reference(policy=Policy(lifetime_us=10**12))")
    result = run_pytest("-k", "a_changed_invitation_runs_out_too")
    assert "1 failed, 1 passed" in result.stdout
