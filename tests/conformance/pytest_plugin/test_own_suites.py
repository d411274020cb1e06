"""A user's own suites: several at once, marked, spread over processes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from invitelab.formats.run import RunVerdict, read

Pytest = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[..., None]

EARLY = ("-p", "invitelab.conformance.plugin")
ONE = ("-k", "an_id_names_the_recipient")
"""One scenario that the reference passes."""

EXPIRES = "a_changed_invitation_runs_out_too"
POLICY = "from invitelab.protocol.policy import Policy\n"
IMPORT = "from invitelab.conformance.suite import *\n"
FIXTURE = """\
import pytest
from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants import alias_missing

@pytest.fixture{options}
def implementation({arguments}):
    return {value}
"""


def fixture(value: str = "Reference()", arguments: str = "", options: str = "") -> str:
    """Write a fixture for the implementation under test."""
    return FIXTURE.format(value=value, arguments=arguments, options=options)


@pytest.fixture
def run_pytest(tmp_path: Path) -> Pytest:
    """Run pytest in an empty folder, without any plugin but pytest-bdd and xdist."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-p", "pytest_bdd.plugin"]
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        return subprocess.run(
            [*command, "-p", "xdist", "-p", "no:cacheprovider", "-rA", *arguments],
            cwd=tmp_path,
            env=kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a module of tests, or a conftest.py."""

    def put(name: str, *texts: str) -> None:
        (tmp_path / f"{name}.py").write_text("".join(texts), encoding="utf-8")

    return put


def verdicts(result: subprocess.CompletedProcess[str]) -> list[str]:
    """Give the verdicts, in the order of their lines."""
    lines = result.stdout.splitlines()
    starts = [line.split()[1] for line in lines if line.startswith("invitelab: ")]
    return [word for word in starts if word in set(RunVerdict)]


# Spread over processes

ONE_PROCESS = "a target is judged by one process: leave out -n"


@pytest.mark.parametrize(
    "option",
    [pytest.param("--walks=20", marks=pytest.mark.slow), "--run-file=run.jsonl"],
)
def test_what_one_process_gives_is_not_asked_of_several(
    run_pytest: Pytest, write: Write, option: str
) -> None:
    """Random walks and the run file need one process."""
    write("test_acme", IMPORT, fixture())
    result = run_pytest(*EARLY, *ONE, option, "-n", "2")
    assert pytest.ExitCode.USAGE_ERROR == result.returncode, result.stdout
    assert f"ERROR: {ONE_PROCESS}\n" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((), id="import"),
        pytest.param(EARLY, id="plugin", marks=pytest.mark.slow),
        pytest.param(
            (*EARLY, "--pyargs", "invitelab.conformance"),
            id="features",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_scenarios_are_not_spread_over_processes(
    run_pytest: Pytest, write: Write, arguments: tuple[str, ...]
) -> None:
    """A worker refuses them when it collects, in one sentence."""
    write("conftest", fixture())
    if not arguments or arguments == EARLY:
        write("test_acme", IMPORT)
    result = run_pytest(*arguments, *ONE, "-n", "2")
    assert pytest.ExitCode.TESTS_FAILED == result.returncode, result.stdout
    assert ONE_PROCESS in result.stdout
    assert "passed" not in result.stdout
    assert "Traceback" not in result.stdout + result.stderr


@pytest.mark.slow
def test_other_tests_are_spread_as_ever(run_pytest: Pytest, write: Write) -> None:
    """The plugin refuses scenarios, and nothing else."""
    write("test_mine", "def test_one(): pass\ndef test_two(): pass\n")
    result = run_pytest(*EARLY, "-n", "2")
    assert pytest.ExitCode.OK == result.returncode, result.stdout
    assert "2 passed" in result.stdout


def test_one_process_of_xdist_is_none(run_pytest: Pytest, write: Write) -> None:
    """With -n 0 everything is as without it."""
    write("test_acme", IMPORT, fixture())
    result = run_pytest(*EARLY, *ONE, "--run-file=run.jsonl", "-n", "0")
    assert pytest.ExitCode.OK == result.returncode, result.stdout
    assert ["PARTIAL"] == verdicts(result)


# Several at once


@pytest.mark.slow
def test_two_suites_with_one_target_are_each_judged_whole(
    run_pytest: Pytest, write: Write
) -> None:
    """Each has run every scenario once."""
    write("test_one", IMPORT, fixture("'reference'"))
    write("test_two", IMPORT, fixture("'reference'"))
    result = run_pytest(*EARLY, "--depth=quick")
    assert pytest.ExitCode.OK == result.returncode, result.stdout
    assert ["CONFORMANT", "CONFORMANT"] == verdicts(result)


@pytest.fixture
def server() -> Iterator[str]:
    """Serve the reference over TCP, to one connection at a time."""
    command = [sys.executable, "-m", "invitelab", "serve", "--tcp", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
        process.terminate()


def test_two_suites_share_a_server(
    run_pytest: Pytest, write: Write, server: str
) -> None:
    """It takes one connection; its scenarios are run once, and are in both suites."""
    write("test_one", IMPORT, fixture(f"{server!r}"))
    write("test_two", IMPORT, fixture(f"{server!r}"))
    result = run_pytest(*EARLY, *ONE, "--run-file=run.jsonl")
    assert pytest.ExitCode.OK == result.returncode, result.stdout
    assert "2 passed" in result.stdout
    assert ["PARTIAL"] == verdicts(result)


def test_every_implementation_has_a_run_file_of_its_own(
    run_pytest: Pytest, write: Write, tmp_path: Path
) -> None:
    """Its path is printed with the verdict."""
    options = "(params=[Reference, alias_missing])"
    write("test_acme", IMPORT, fixture("request.param()", "request", options))
    result = run_pytest(*EARLY, *ONE, "--run-file=run.jsonl")
    ends = [read(tmp_path / name).footer for name in ("run.jsonl", "run-2.jsonl")]
    assert verdicts(result) == [end.verdict for end in ends if end is not None]
    assert 2 == len(verdicts(result))
    assert "\n  run.jsonl\n" in result.stdout
    assert "\n  run-2.jsonl\n" in result.stdout


def test_what_any_parameter_makes_is_an_implementation_of_its_own(
    run_pytest: Pytest, write: Write
) -> None:
    """Also with the same class, and for a parameter of another fixture."""
    write(
        "test_acme",
        IMPORT,
        POLICY,
        fixture("Reference(policy=Policy(lifetime_us=lifetime))", "lifetime"),
        "@pytest.fixture(params=[120_000_000, 10**12])\n",
        "def lifetime(request):\n    return request.param\n",
    )
    result = run_pytest("-k", EXPIRES)
    assert pytest.ExitCode.TESTS_FAILED == result.returncode, result.stdout
    assert "1 failed, 1 passed" in result.stdout
    assert ["PARTIAL", "NON-CONFORMANT"] == verdicts(result)


# Whose implementation, and whose options


def test_a_conftest_says_what_is_tested(run_pytest: Pytest, write: Write) -> None:
    """Also in pytest's root directory, where a late plugin would override it."""
    write("conftest", fixture())
    write("test_acme", IMPORT)
    result = run_pytest(*ONE)
    assert pytest.ExitCode.OK == result.returncode, result.stdout
    assert ["PARTIAL"] == verdicts(result)


def test_a_suite_without_the_fixture_fails_with_a_sentence(
    run_pytest: Pytest, write: Write
) -> None:
    """In a sentence, not in a list of fixtures."""
    write("test_acme", IMPORT)
    result = run_pytest(*ONE)
    assert pytest.ExitCode.TESTS_FAILED == result.returncode
    sentence = "no implementation: define the fixture, here or in a conftest.py"
    assert sentence in result.stdout
    assert "available fixtures" not in result.stdout


def test_an_invalid_target_fails_with_a_sentence(
    run_pytest: Pytest, write: Write
) -> None:
    """With the hint, without a traceback."""
    write("test_acme", IMPORT, fixture("'tcp://nowhere'"))
    result = run_pytest(*ONE)
    assert pytest.ExitCode.TESTS_FAILED == result.returncode
    assert "UsageError" not in result.stdout
    assert "E   " not in result.stdout


OPTIONS = """\
def pytest_addoption(parser):
    parser.addoption("--target", default="staging")
    parser.addoption("--level", default="smoke")
    parser.addoption("--walks", default="-1")
"""


def test_options_of_the_same_name_are_not_ours(
    run_pytest: Pytest, write: Write
) -> None:
    """A plugin that is loaded late has no options."""
    write("conftest", OPTIONS)
    write("test_acme", IMPORT, fixture())
    result = run_pytest(*ONE)
    assert pytest.ExitCode.OK == result.returncode, result.stdout + result.stderr
    assert ["PARTIAL"] == verdicts(result)


# Marked

LIVES_ON = "Reference(policy=Policy(lifetime_us=10**12))"
MARKING = """\
import pytest

def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.{mark})
"""


XFAILED = [
    (LIVES_ON, "xfail(reason='later')", 0, "1 xfailed", "NON-CONFORMANT"),
    (LIVES_ON, "xfail(strict=True)", 0, "1 xfailed", "NON-CONFORMANT"),
    (LIVES_ON, "xfail(False, reason='x')", 1, "1 failed", "NON-CONFORMANT"),
    (LIVES_ON, "xfail(raises=OSError)", 1, "1 failed", "NON-CONFORMANT"),
    ("Reference()", "xfail(reason='later')", 0, "1 xpassed", "PARTIAL"),
    ("Reference()", "xfail(strict=True)", 1, "1 failed", "PARTIAL"),
]


@pytest.mark.parametrize(
    ("implementation", "mark", "code", "reported", "verdict"),
    [XFAILED[0], *(pytest.param(*row, marks=pytest.mark.slow) for row in XFAILED[1:])],
)
def test_a_users_own_xfail_goes_by_pytests_rules(
    run_pytest: Pytest,
    write: Write,
    *,
    implementation: str,
    mark: str,
    code: int,
    reported: str,
    verdict: str,
) -> None:
    """And the verdict is what it would be without."""
    write("conftest", MARKING.format(mark=mark))
    write("test_acme", IMPORT, POLICY, fixture(implementation))
    result = run_pytest("-k", EXPIRES)
    assert (code, [verdict]) == (result.returncode, verdicts(result)), result.stdout
    assert reported in result.stdout.splitlines()[-1]


def test_an_imported_test_can_be_marked(run_pytest: Pytest, write: Write) -> None:
    """By its name, as a test of one's own."""
    name = f"test_expiry_{EXPIRES}"
    mark = f"\n{name} = pytest.mark.xfail(reason='known to us')({name})\n"
    write("test_acme", IMPORT, POLICY, fixture(LIVES_ON), mark)
    result = run_pytest("-k", EXPIRES)
    assert pytest.ExitCode.OK == result.returncode, result.stdout
    assert "known to us" in result.stdout
    assert ["NON-CONFORMANT"] == verdicts(result)


@pytest.mark.parametrize(
    ("words", "code"),
    [pytest.param((), 0, marks=pytest.mark.slow), ((*EARLY, "--walks=20"), 1)],
)
def test_a_suite_that_is_skipped_has_no_verdict(
    run_pytest: Pytest, write: Write, words: tuple[str, ...], code: int
) -> None:
    """Requested random walks that did not run fail the session."""
    write("conftest", MARKING.format(mark="skip(reason='later')"))
    write("test_acme", IMPORT, fixture())
    result = run_pytest(*words, *ONE)
    assert code == result.returncode, result.stdout
    no_verdict = "no verdict (none of 1 scenarios was run in this process)"
    assert f"invitelab: {no_verdict}" in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "option", "verdict"),
    [
        ("reference", "--deselect=features/expiry.feature", "PARTIAL"),
        ("py:invitelab.proof.mutants:alias_missing", "-x", "NON-CONFORMANT"),
    ],
)
def test_what_was_not_run_is_not_conformant(
    run_pytest: Pytest, target: str, option: str, verdict: str
) -> None:
    """In whatever way it was deselected."""
    features = ("--pyargs", "invitelab.conformance")
    words = (f"--target={target}", "--depth=quick", option)
    result = run_pytest(*EARLY, *features, *words)
    assert [verdict] == verdicts(result)


BROKEN = """\
import pytest

@pytest.fixture(autouse=True)
def database(request):
    assert "alias" not in request.node.name
"""


def test_what_fails_beside_a_run_is_no_success(
    run_pytest: Pytest, write: Write
) -> None:
    """The exit code of a partial run does not hide an error of a fixture."""
    write("conftest", BROKEN)
    features = ("--pyargs", "invitelab.conformance", "-k", "names")
    result = run_pytest(*EARLY, *features, "--target=reference")
    assert ["PARTIAL"] == verdicts(result)
    assert pytest.ExitCode.TESTS_FAILED == result.returncode
