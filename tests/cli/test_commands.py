"""Every command has help, and reports a mistake in one sentence."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import invitelab as package
from invitelab.cli import commands, main
from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.lint import count
from invitelab.errors import ExitCode
from invitelab.resources import scenario_files, scenarios_dir

Command = Callable[..., subprocess.CompletedProcess[str]]

KEYS = "scenarios/README.md tells every key with its unit and default"
A_REPORT = (
    "name a folder that invitelab check, simulate, sweep, compare, prove or learn has"
    " written"
)
A_RUN = "name a folder that invitelab simulate has written, or its results.json"
SHIPPED = (
    "those that ship: all_hands, exhausted_relay, expiry_storm, flash_crowd, million,"
    " support_desk, trace_replay, unreliable_network, unusual_day, version_migration;"
    " or give the path of a file"
)
FORMS = (
    "a target is reference, py:module:factory, cmd:COMMAND LINE, -- COMMAND LINE, "
    "tcp://host:port or http://host:port/path"
)


# Help


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("name", ["", *commands.commands])
def test_every_command_has_help(
    capsys: pytest.CaptureFixture[str], name: str, option: str
) -> None:
    """With a usage line and a sentence."""
    assert 0 == main([name, option] if name else [option])
    out, err = capsys.readouterr()
    usage, _, sentence, *_ = out.splitlines()
    assert usage.startswith(f"Usage: invitelab {name}".rstrip())
    assert sentence.endswith((".", ":", ","))
    assert "" == err


def test_the_commands_are_complete() -> None:
    """And sorted by name."""
    assert [
        "adapter",
        "check",
        "clauses",
        "compare",
        "coverage",
        "demo",
        "diff",
        "docs",
        "explain",
        "features",
        "import",
        "learn",
        "probe",
        "profile",
        "prove",
        "replay",
        "report",
        "runs",
        "scenarios",
        "schedule",
        "schema",
        "serve",
        "simulate",
        "sweep",
        "trend",
    ] == list(commands.commands)


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    """It is printed with the name of the program."""
    assert 0 == main(["--version"])
    told = capsys.readouterr().out
    assert told.startswith(f"invitelab, version {package.__version__} (")


def test_without_a_command_help_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The exit code is 2."""
    assert ExitCode.USAGE == main([])
    assert capsys.readouterr().out.startswith("Usage: invitelab")


# Mistakes


@pytest.mark.parametrize(
    ("words", "code", "sentence", "hint"),
    [
        (["nope"], 2, "No such command 'nope'.", "try --help"),
        (["check"], 2, "no target is given", FORMS),
        (
            ["check", "reference", "cmd:a b", "--", "a", "b"],
            2,
            "cmd:a b is named twice",
            "--repeat 2 runs a target twice",
        ),
        (
            ["check", "reference", "cmd:a", "--baseline", "known.toml"],
            2,
            "a baseline belongs to one implementation, and several are named",
            "check each separately",
        ),
        (
            ["check", "reference", "cmd:a", "--clock", "system"],
            2,
            "--clock system needs a Python object, reference is none",
            "use it with a target behind py:",
        ),
        (
            ["check", "reference", "--tags", "@NOPE"],
            2,
            "--tags names @NOPE, and there is no such tag",
            "an example: --tags '@EXPIRY-2 or @EXPIRY-3'",
        ),
        (["check", "--"], 2, "cmd: names no command", FORMS),
        (["check", "acme"], 2, "'acme' is not a target", FORMS),
        (
            ["check", "Reference"],
            2,
            "'Reference' is not a target",
            "did you mean reference?",
        ),
        (
            ["check", "cdm:./adapter"],
            2,
            "'cdm:./adapter' is not a target",
            "did you mean cmd:./adapter?",
        ),
        (["check", "cmd:"], 2, "cmd: names no command", FORMS),
        (
            ["check", "cmd:'"],
            2,
            "cmd:' is no command line: No closing quotation",
            "quote as for a shell",
        ),
        (
            ["check", "py:acme"],
            2,
            "py:acme names no module and factory",
            "py:acme.adapter:create calls create() of acme/adapter.py",
        ),
        (
            ["check", "reference", "--clause", "ANSWER-9"],
            2,
            "there is no clause ANSWER-9",
            (
                "some that exist: ANSWER-1, ANSWER-2, ANSWER-3, ANSWER-4, ANSWER-5,"
                " ANSWER-6"
            ),
        ),
        (
            ["check", "reference", "--scenario", "Control goes one way"],
            3,
            "nothing is selected: no scenario is titled 'Control goes one way'",
            "the nearest is: Control goes one way only",
        ),
        (
            ["check", "reference", "--clause"],
            2,
            "Option '--clause' requires an argument.",
            "try --help",
        ),
        (["check", "reference", "--zzz"], 2, "No such option '--zzz'.", "try --help"),
        (
            ["clauses", "NOPE"],
            2,
            "there is no clause NOPE",
            "some that exist: PLATFORM-1, PLATFORM-2, PLATFORM-3, EMAIL-1, EMAIL-2",
        ),
        (["serve"], 2, "no transport is given", "invitelab serve --stdio"),
        (
            ["simulate", "suport_desk"],
            2,
            "there is no scenario 'suport_desk'",
            f"the nearest is support_desk; {SHIPPED}",
        ),
        (
            ["sweep", "???"],
            2,
            "one --set needs several values to sweep, or two, but none has",
            "invitelab sweep support_desk --set relay.servers=1..8",
        ),
        (["simulate", "???"], 2, "there is no scenario '???'", SHIPPED),
        (["simulate", "nope.toml"], 2, "nope.toml does not exist", KEYS),
        (["simulate", "."], 2, ". is a folder, not a file", KEYS),
        (
            ["simulate", "support_desk", "--set", "relay.servers"],
            2,
            "--set 'relay.servers' is not PATH=VALUE",
            "--set relay.servers=4",
        ),
        (
            ["simulate", "support_desk", "--replications", "0"],
            2,
            "Invalid value for '--replications': 0 is not in the range 1<=x<=1000.",
            "try --help",
        ),
        (
            ["simulate", "support_desk", "--seed", "-1"],
            2,
            f"Invalid value for '--seed': -1 is not in the range 0<=x<={2**63 - 1}.",
            "try --help",
        ),
        (["compare", "a", "b"], 2, "a does not exist", A_RUN),
        (["compare", ".", "."], 2, ". holds no results.json", A_RUN),
        (["report", "nope"], 2, "nope does not exist", A_REPORT),
    ],
    ids=lambda value: "" if isinstance(value, str | int) else str(value),
)
def test_a_mistake_gives_one_sentence_and_a_hint(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    words: list[str],
    code: int,
    sentence: str,
    hint: str,
) -> None:
    """On stderr, with the exit code; nothing is started and nothing is written."""
    monkeypatch.chdir(tmp_path)
    assert code == main(words)
    out, err = capsys.readouterr()
    first, second = err.splitlines()
    assert (f"invitelab: {sentence}", f"  hint: {hint}") == (first.rstrip(), second)
    assert "" == out
    assert [] == list(tmp_path.iterdir())


def test_a_bug_in_invitelab_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 70: 1 would say that the target is not conformant."""

    def break_down(*_: object, **__: object) -> int:
        raise RuntimeError("a bug")

    monkeypatch.setattr("invitelab.cli.support.run_check.check_targets", break_down)
    assert ExitCode.HARNESS == main(["demo"])
    assert "Traceback" not in capsys.readouterr().err


def test_an_interrupt_has_an_exit_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a traceback."""

    def interrupt(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("invitelab.cli.support.run_check.check_targets", interrupt)
    assert ExitCode.INTERRUPTED == main(["demo"])
    assert "invitelab: interrupted" == capsys.readouterr().err.strip()


# Clauses


def test_clauses_lists_every_clause(capsys: pytest.CaptureFixture[str]) -> None:
    """With its level, the number of its scenarios and its text; totals come last."""
    assert 0 == main(["clauses"])
    title, *rows, total = capsys.readouterr().out.splitlines()
    assert ["clause", "level", "scenarios", "what"] == title.split()[:4]
    assert [*load()] == [row.split()[0] for row in rows]
    for row, clause in zip(rows, load().values(), strict=True):
        _, level, scenarios, text = row.split(maxsplit=3)
        assert clause.level.value == level
        assert int(scenarios) > 0
        assert clause.text == text.strip()
    assert f"79 clauses, {count()} scenarios" == total


@pytest.mark.parametrize("typed", ["EXPIRY-6", "expiry-6"])
def test_clauses_shows_one_in_full(
    capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    """With its interpretation and its scenarios; the ID may be in lower case."""
    assert 0 == main(["clauses", typed])
    out = capsys.readouterr().out
    assert "EXPIRY-6   interpretation\n" in out
    assert f"{load()['EXPIRY-6'].text}\n" in out
    assert "section   Direct invitation\n" in out
    assert "policy    lifetime_is_half_open: an interpretation; Policy" in out
    assert "At the tick and after it an invitation cannot be accepted (2 rows)" in out


# Scenarios


def test_scenarios_lists_those_that_ship(capsys: pytest.CaptureFixture[str]) -> None:
    """With title and summary."""
    assert 0 == main(["scenarios"])
    title, *rows = capsys.readouterr().out.splitlines()
    assert ["scenario", "title", "summary"] == title.split()
    assert [path.stem for path in scenario_files()] == [row.split()[0] for row in rows]
    (desk,) = (row for row in rows if row.startswith("support_desk"))
    assert "Monday morning at a support desk" in desk
    assert desk.strip().endswith("among 20,000 clients of four major versions.")


def test_scenarios_prints_its_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """So that a scenario can be copied and changed."""
    assert 0 == main(["scenarios", "--path"])
    assert f"{scenarios_dir()}\n" == capsys.readouterr().out


# Schemas


@pytest.mark.parametrize("what", ["adapter", "run", "scenario", "results"])
def test_schema_prints_a_json_schema(
    capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """It is valid by the meta-schema."""
    assert 0 == main(["schema", what])
    document = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["$defs"]


def test_the_default_schema_is_that_of_the_adapter_protocol(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Authors of adapters need it."""
    assert 0 == main(["schema"])
    assert "client.view" in json.loads(capsys.readouterr().out)["methods"]


# As a process


def test_a_mistake_in_a_process_gives_the_same(
    invitelab: Command, tmp_path: Path
) -> None:
    """Exit code, sentence and hint, without a traceback."""
    result = invitelab("check", "acme", cwd=tmp_path)
    expected = f"invitelab: 'acme' is not a target\n  hint: {FORMS}\n"
    assert (ExitCode.USAGE, "", expected) == (
        result.returncode,
        result.stdout,
        result.stderr,
    )


def test_no_help_imports_heavy_modules() -> None:
    """Neither pytest nor rich nor the simulation, for any command."""
    heavy = {"matplotlib", "numpy", "pydantic", "pytest", "rich", "simpy"}
    code = (
        "import sys; from invitelab.cli import commands, main;"
        "[main([name, '--help']) for name in commands.commands];"
        f"print({heavy} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "set()" == result.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", ["schema", "clauses"])
def test_a_closed_pipe_is_no_error(
    started: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
    name: str,
) -> None:
    """As with `| head -1`: no message, and exit code 0."""
    with started(name, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "" == process.stderr.read()
    assert 0 == process.returncode
