"""`--format`: one document on stdout, whatever happens, and it fits its schema."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from invitelab.cli import main
from invitelab.cli.support import run_simulation
from invitelab.errors import ExitCode, RunError
from invitelab.formats.command_output import OUTPUTS

WRONG = "py:invitelab.proof.mutants:typed_id_is_a_number"
Capture = pytest.CaptureFixture[str]


def document(words: list[str], capsys: Capture, *, code: int = 0) -> Any:  # noqa: ANN401
    """Run a command; its one document, which fits the published schema."""
    assert code == main([*words, "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert 0 == main(["schema", words[0]])
    validator = jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out))
    validator.validate(found)  # pyright: ignore[reportUnknownMemberType]  # its stubs
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(found | {"made": "up"})  # pyright: ignore[reportUnknownMemberType]
    assert (1, words[0], code) == (
        found["format"],
        found["command"],
        found["exit_code"],
    )
    return found


@pytest.fixture
def desks(scenario: Path, capsys: Capture) -> Path:
    """Folders `a` and `b` with simulations of the tiny scenario."""
    for name, words in {"a": [], "b": ["--set", "relay.service.mean=100ms"]}.items():
        more = ["--replications", "3", "--output", name, *words]
        assert 0 == main(["simulate", scenario.name, "-q", *more])
    capsys.readouterr()
    return scenario


def test_a_check_is_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """With verdict, clauses, and a command for what failed."""
    monkeypatch.chdir(tmp_path)
    found = document(["check", WRONG, "--clause", "DIRECT-5"], capsys, code=1)
    (target,) = found["targets"]
    assert ("NON-CONFORMANT", WRONG, 1) == (
        target["verdict"],
        target["target"],
        target["exit_code"],
    )
    (failure,) = target["failures"]
    assert ("fail", ["DIRECT-5"]) == (failure["verdict"], failure["clauses"])
    assert failure["repeat"].startswith(f"invitelab check {WRONG} --scenario ")
    verdicts = {one["clause"]: one["verdict"] for one in target["clauses"]}
    assert ("fail", None) == (verdicts["DIRECT-5"], verdicts["EMAIL-1"])
    assert Path(target["report"]).exists()


def test_clauses_are_a_document(capsys: Capture) -> None:
    """All of them, or one, each with the scenarios that cite it."""
    whole = document(["clauses"], capsys)
    assert 79 == len(whole["clauses"])
    (one,) = document(["clauses", "expiry-6"], capsys)["clauses"]
    assert one in whole["clauses"]
    assert (["lifetime_is_half_open"], "interpretation") == (
        one["policy"],
        one["level"],
    )
    assert {"feature", "line", "title", "rows"} == one["scenarios"][0].keys()


def test_a_simulation_is_a_document(scenario: Path, capsys: Capture) -> None:
    """With objectives and delays; results.json beside the report has the rest."""
    found = document(["simulate", scenario.name], capsys)
    simulation = found["simulation"]
    assert ("MET", 3, 2) == (
        simulation["verdict"],
        simulation["seed"],
        simulation["replications"],
    )
    assert ["expiry_lag"] == [one["metric"] for one in simulation["objectives"]]
    assert simulation["attempts"] > 0
    assert sum(simulation["outcomes"].values()) <= simulation["attempts"]
    stored = json.loads(Path("reports/load/tiny/results.json").read_text("utf-8"))
    assert stored["outcomes"] == simulation["outcomes"]
    assert simulation["repeat"].startswith("invitelab simulate tiny.toml")


def test_a_dry_run_is_a_document(scenario: Path, capsys: Capture) -> None:
    """In the schema of the same command."""
    found = document(["simulate", scenario.name, "--dry-run"], capsys)
    assert 60 == found["plan"]["attempts"]
    words = ["sweep", scenario.name, "--set", "relay.servers=1..2", "--dry-run"]
    plan = document(words, capsys)["plan"]
    assert [60, 60] == [one["plan"]["attempts"] for one in plan["points"]]
    assert not Path("reports").exists()


def test_a_sweep_is_a_document(scenario: Path, capsys: Capture) -> None:
    """With a simulation for each value."""
    words = ["sweep", scenario.name, "--set", "relay.servers=1..2"]
    found = document([*words, "--replications", "2"], capsys)
    assert ["1", "2"] == [one["value"] for one in found["points"]]
    assert {"MET"} == {one["simulation"]["verdict"] for one in found["points"]}


@pytest.mark.slow
def test_a_comparison_is_a_document(desks: Path, capsys: Capture) -> None:
    """With the differences, the objectives of both runs, and the gates."""
    assert desks.exists()
    words = ["compare", "a", "b", "--fail-if", "notify_delay p50 +10%"]
    found = document(words, capsys, code=1)
    comparison = found["comparison"]
    assert ["fails"] == [one["verdict"] for one in comparison["gates"]]
    assert ["expiry_lag"] == [one["b"]["metric"] for one in comparison["objectives"]]
    assert found["text"].startswith("FAILED - 1 of 1 gate fails")


def test_every_command_with_a_format_has_a_schema(capsys: Capture) -> None:
    """And each option is on each of them."""
    for name in OUTPUTS:
        assert 0 == main([name, "--help"])
        assert "--format [text|json|markdown|github]" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["json", "markdown", "github"])
def test_an_error_is_a_document(name: str, capsys: Capture) -> None:
    """On stderr it is what it always is."""
    assert ExitCode.USAGE == main(["check", "acme", "--format", name])
    out, err = capsys.readouterr()
    assert "'acme' is not a target" in out
    assert "invitelab: 'acme' is not a target" == err.splitlines()[0]
    if name == "json":
        found = document(["check", "acme"], capsys, code=2)
        assert "'acme' is not a target" == found["error"]["message"]
        assert found["error"]["hint"]


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError(28, "No space left on device"), 2, "the system reports: No space"),
        (ValueError("x"), 70, "this is our bug: ValueError: x"),
        (RunError("lost", hint="again"), 3, "lost"),
    ],
)
def test_whatever_goes_wrong_is_a_document(
    error: BaseException,
    code: int,
    message: str,
    *,
    scenario: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    """With its exit code: there is always exactly one on stdout."""

    def failing(*_words: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(run_simulation, "simulate", failing)
    found = document(["simulate", scenario.name], capsys, code=code)
    assert found["error"]["message"].startswith(message)


@pytest.mark.slow
def test_text_for_people_is_on_stderr(scenario: Path, capsys: Capture) -> None:
    """The same that would be on stdout, and a print of anybody as well."""
    assert 0 == main(["simulate", scenario.name])
    as_text = capsys.readouterr().out
    assert 0 == main(["simulate", scenario.name, "--format", "markdown"])
    out, err = capsys.readouterr()
    assert out.startswith("# Hardly anybody\n")
    assert as_text in err
    assert "![" not in out, "there is no folder of pictures"


MARKDOWN = {
    "check": ["check", WRONG, "--clause", "DIRECT-5"],
    "clauses": ["clauses"],
    "compare": ["compare", "a", "b", "--fail-if", "missed"],
    "sweep": ["sweep", "tiny.toml", "--set", "relay.servers=1,2"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown_begins_with_a_heading_and_has_a_table(
    name: str, desks: Path, capsys: Capture
) -> None:
    """Ready for a comment."""
    assert desks.exists()
    main([*MARKDOWN[name], "--format", "markdown"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("# ")
    assert any(line.startswith("|---|") for line in lines)


@pytest.mark.slow
def test_a_missed_objective_is_marked_in_its_file(
    scenario: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    """At the line of the objective; the report is added to the summary."""
    text = scenario.read_text("utf-8") + (
        '[[objectives]]\nmetric = "notify_delay"\nquantile = 0.5\nat_most = "1ms"\n'
    )
    scenario.write_text(text, encoding="utf-8")
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert 1 == main(["simulate", scenario.name, "--format", "github"])
    verdict, missed = capsys.readouterr().out.splitlines()
    assert verdict.startswith("::error title=invitelab simulate tiny::MISSED")
    line = text.splitlines().index('metric = "notify_delay"')
    assert missed.startswith(f"::error file=tiny.toml,line={line},title=missed%3A 50 ")
    assert summary.read_text("utf-8").startswith("# Hardly anybody\n")


@pytest.mark.slow
def test_a_gate_is_an_annotation(desks: Path, capsys: Capture) -> None:
    """Of the level of its verdict."""
    assert desks.exists()
    words = ["--fail-if", "notify_delay p50 +10%", "--fail-if", "missed"]
    assert 1 == main(["compare", "a", "b", *words, "--format", "github"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("::error title=gate fails%3A notify_delay p50 +10%25::")
    assert any(line.startswith("::notice title=gate holds%3A missed") for line in lines)


@pytest.mark.slow
def test_the_program_prints_nothing_else(
    invitelab: Callable[..., Any], tmp_path: Path
) -> None:
    """In a process of its own, where children write to the same stdout."""
    words = ("check", "reference", "--clause", "EMAIL-1", "--format", "json")
    ran = invitelab(*words, cwd=tmp_path)
    assert "PARTIAL" == json.loads(ran.stdout)["targets"][0]["verdict"]
    assert ran.stderr.splitlines()[-1].startswith("PARTIAL")
