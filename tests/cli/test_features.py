"""`invitelab features`, and `check --features`, from the command line."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.conformance.features.lint import count
from invitelab.conformance.features.own import forget_everything
from invitelab.errors import ExitCode
from invitelab.formats.run import Verdict, read
from invitelab.resources import feature_files

Command = Callable[..., subprocess.CompletedProcess[str]]

FEATURE = """\
Feature: Five
  @FIVE-1 @night
  Scenario: It is still pending
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    Then Bob sees the invitation from Ada

  @FIVE-1
  Scenario: Nobody sees it
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    Then Bob sees no invitation
"""
CLAUSES = '[[clause]]\nid = "FIVE-1"\nlevel = "required"\ntext = "Five."\n'


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Go to a folder with features of one's own in `own`."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "five.feature").write_text(FEATURE, encoding="utf-8")
    (folder / "clauses.toml").write_text(CLAUSES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield folder
    forget_everything()


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Give what was printed."""
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


# list


def test_every_scenario_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """With its place; outlines say how many rows they have."""
    assert ExitCode.CONFORMANT == main(["features", "list"])
    head, *rest, last = lines(capsys)
    assert ["place", "tags", "title"] == head.split()
    assert f"{count(feature_files())} scenarios in {len(feature_files())} files" == last
    rows = [int(n) for n in re.findall(r"\((\d+) rows\)", "\n".join(rest))]
    assert count(feature_files()) == len(rest) - len(rows) + sum(rows)


def test_ones_own_are_listed_behind_them(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clause takes its own alone."""
    assert 0 == main(["features", "list", "--features", str(own), "--clause", "five-1"])
    assert [
        ["own/five.feature:3", "FIVE-1 night", "It is still pending"],
        ["own/five.feature:9", "FIVE-1", "Nobody sees it"],
    ] == [re.split("  +", line) for line in lines(capsys)[1:-1]]


# show


def test_a_scenario_is_shown_in_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    """By its title, its clause or its file."""
    assert 0 == main(["features", "show", "An ID names the recipient"])
    shown = lines(capsys)
    assert "# features/direct.feature" == shown[0]
    assert "    Scenario: An ID names the recipient" in shown
    assert 1 == sum("Scenario" in line for line in shown)
    main(["features", "show", "expiry-6"])
    assert 3 == sum("Scenario" in line for line in lines(capsys))
    main(["features", "show", "tiles.feature"])
    assert {"# features/tiles.feature"} == {
        line for line in lines(capsys) if line.startswith("# ")
    }


def test_every_scenario_is_shown(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those of one's own as well."""
    assert 0 == main(["features", "show", "--features", str(own)])
    shown = lines(capsys)
    assert "# own/five.feature" in shown
    files = [line for line in shown if line.startswith("# ")]
    assert len(feature_files()) + 1 == len(files)


def test_an_unknown_name_gets_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And prints nothing else."""
    assert ExitCode.USAGE == main(["features", "show", "An ID name the recipient"])
    captured = capsys.readouterr()
    assert "" == captured.out
    assert "hint: the nearest is: An ID names the recipient" in captured.err


# lint and steps


def test_features_are_checked_without_a_target(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The suite's, or one's own."""
    assert 0 == main(["features", "lint"])
    total, files = count(feature_files()), len(feature_files())
    assert [f"{total} scenarios in {files} files: no mistakes"] == lines(capsys)
    assert 0 == main(["features", "lint", str(own)])
    assert ["2 scenarios in 1 file: no mistakes"] == lines(capsys)


def test_mistakes_are_told_with_their_place(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By lint and by check alike, before a target is started."""
    text = FEATURE.replace("Bob sees no", "Bob seas no")
    (own / "five.feature").write_text(text, encoding="utf-8")
    expected = "own/five.feature:12: there is no step 'Bob seas no invitation'"
    assert ExitCode.USAGE == main(["features", "lint", "own"])
    captured = capsys.readouterr()
    assert captured.out.startswith(expected)
    assert "" == captured.err
    forget_everything()
    assert ExitCode.USAGE == main(["check", "cmd:none", "--features=own"])
    captured = capsys.readouterr()
    assert expected in captured.err
    assert "" == captured.out


def test_steps_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """In English, or as the phrases of another language."""
    assert 0 == main(["features", "steps"])
    assert any("accepts|rejects" in line for line in lines(capsys))
    assert 0 == main(["features", "steps", "--language", "de"])
    assert "{p} offline geht" in lines(capsys)


# check


@pytest.mark.slow
def test_check_runs_them_beside_the_suite(own: Path, invitelab: Command) -> None:
    """The selection is from both, and the command to repeat names the folder."""
    arguments = ["--features=own", "--clause=FIVE-1", "--clause=EXPIRY-6"]
    result = invitelab("check", "reference", *arguments, cwd=own.parent)
    assert ExitCode.NON_CONFORMANT == result.returncode, result.stderr
    out = result.stdout
    assert " with own, clock virtual" in out
    assert "5 runs" not in out
    assert "6 scenarios: 5 pass, 1 fail" in out
    assert "NON-CONFORMANT (FIVE-1), clock virtual (proven), seed 0" in out
    repro = "invitelab check reference --features own --scenario 'Nobody sees it'"
    assert repro in out
    folder = own.parent / "reports" / "check" / "reference/latest"
    run = read(folder / "run.jsonl")
    assert "own" == run.header.features
    own_ones = [one for one in run.scenarios if "FIVE-1" in one.clauses]
    assert [Verdict.PASS, Verdict.FAIL] == [one.verdict for one in own_ones]
    assert {"own/five.feature"} == {one.feature for one in own_ones}
    messages = (folder / "messages.ndjson").read_text(encoding="utf-8")
    assert '"uri":"own/five.feature"' in messages


@pytest.mark.slow
def test_a_report_is_made_again_without_them(own: Path, invitelab: Command) -> None:
    """The record says enough."""
    invitelab("check", "reference", "--features=own", "--tags=@night", cwd=own.parent)
    folder = own.parent / "reports" / "check" / "reference/latest"
    before = (folder / "report.html").read_bytes()
    result = invitelab("report", str(folder), cwd=own.parent)
    assert ExitCode.CONFORMANT == result.returncode, result.stderr
    assert before == (folder / "report.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["check", "cmd:none", "--features", "x", "--features=own"],
            "--features is given 2 times, and takes one",
        ),
        (
            ["features", "list", "--features", "own", "--features", "own"],
            "--features is given 2 times, and takes one",
        ),
        (
            ["features", "lint", "own", "--features", "own"],
            "a folder is named twice, as PATH and by --features",
        ),
    ],
)
@pytest.mark.usefixtures("own")
def test_one_folder_is_taken(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """None of several is left out in silence."""
    assert ExitCode.USAGE == main(arguments)
    assert sentence in capsys.readouterr().err


@pytest.mark.usefixtures("own")
def test_the_folder_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the command line has precedence."""
    monkeypatch.setenv("INVITELAB_FEATURES_LINT_FEATURES", "own")
    assert 0 == main(["features", "lint"])
    assert ["2 scenarios in 1 file: no mistakes"] == lines(capsys)
    assert ExitCode.USAGE == main(["features", "lint", "--features", "nowhere"])
    assert "nowhere does not exist" in capsys.readouterr().err
