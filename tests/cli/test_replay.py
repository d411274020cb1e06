"""`invitelab replay`: from a stored check to FIXED, or still failing."""

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.errors import ExitCode
from invitelab.formats.run import Header, Level, ScenarioRecord, Verdict, dump

Command = Callable[..., subprocess.CompletedProcess[str]]

MUTANT = "py:invitelab.proof.mutants:typed_id_is_a_number"
TITLE = "An ID names the recipient"


@pytest.fixture(scope="module")
def checked(invitelab: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a check with one failure of two scenarios."""
    folder = tmp_path_factory.mktemp("checked")
    words = ["check", MUTANT, "--clause", "DIRECT-5", "--output", "out", "--trace"]
    result = invitelab(*words, cwd=folder)
    assert ExitCode.NON_CONFORMANT == result.returncode
    (folder / "stdout").write_text(result.stdout, encoding="utf-8")
    return folder / "out"


def test_a_check_traces_its_failures(checked: Path) -> None:
    """The bytes follow the command that repeats the failure."""
    lines = (checked.parent / "stdout").read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("  repro"))
    assert lines[at + 1].startswith("  trace   3 calls, ")
    sent, received = lines[at + 4 : at + 6]
    assert '0.000 s > {"jsonrpc":"2.0","id":' in sent
    assert '"method":"invitation.send"' in sent
    assert ' ms < {"jsonrpc":"2.0","id":' in received
    assert "invalid-address" in received


def test_a_check_keeps_the_bytes_beside_its_report(checked: Path) -> None:
    """The page opens to those of the failure."""
    assert (checked / "exchanges.jsonl").is_file()
    page = (checked / "report.html").read_text(encoding="utf-8")
    assert 1 == page.count("Raw exchanges: 3 calls, ")


def test_what_still_fails_exits_with_1(
    checked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The target is that of the run; the only failure need not be named."""
    assert ExitCode.NON_CONFORMANT == main(["replay", str(checked)])
    *_, calls, last = capsys.readouterr().out.splitlines()
    assert "calls     3 calls, and each was answered as before" == calls
    assert last.startswith("STILL FAILING: expected the attempt to succeed")


@pytest.mark.parametrize("words", [["reference"], ["--target", "reference"]])
def test_what_is_fixed_exits_with_0(
    checked: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """With the first answer that differs."""
    command = ["replay", str(checked), "--scenario", TITLE, "--timeout", "off", *words]
    assert ExitCode.CONFORMANT == main(command)
    lines = capsys.readouterr().out.splitlines()
    assert "target    reference" == lines[0]
    assert "the first difference is the answer of call 2, invitation.send" in lines[3]
    assert "refused" in lines[4]
    assert '"ok"' in lines[5]
    assert lines[-1].startswith("FIXED: it passes now; before: expected the attempt")


def test_replay_can_trace(checked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every call, in both directions."""
    main(["replay", str(checked), "reference", "--trace"])
    lines = capsys.readouterr().out.splitlines()
    assert 4 == sum(" > {" in line for line in lines)
    assert 4 == sum(" < {" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scenario", "Nobody"], 'the run has no scenario "Nobody"'),
        (["reference", "--target", "reference"], "the target is given twice"),
        (["--timeout", "soon"], "--timeout: "),
        (["nonsense"], "'nonsense' is not a target"),
    ],
)
def test_a_mistake_is_one_sentence(
    checked: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    """With a hint, and the exit code of a mistake."""
    assert ExitCode.USAGE == main(["replay", str(checked), *words])
    told, hint = capsys.readouterr().err.splitlines()
    assert told.startswith(f"invitelab: {message}")
    assert hint.startswith("  hint: ")


def test_a_wrong_title_gets_the_nearest(
    checked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A part of it, in any case, is enough."""
    words = " ".join(TITLE.split()[:3]).upper()
    assert ExitCode.USAGE == main(["replay", str(checked), "--scenario", words])
    _, hint = capsys.readouterr().err.splitlines()
    assert f"  hint: the nearest is --scenario {shlex.quote(TITLE)}" == hint


def test_a_name_without_a_run_gets_those_that_have_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `runs` tells it."""
    monkeypatch.chdir(tmp_path)
    folder = Path("reports/check/perly/2026-11-30T18-22-05Z")
    folder.mkdir(parents=True)
    (folder / "run.jsonl").touch()
    assert ExitCode.USAGE == main(["replay", "pearly"])
    assert [
        "invitelab: no run of pearly is stored",
        "  hint: there are runs of: perly",
    ] == capsys.readouterr().err.splitlines()


def test_titles_in_a_hint_can_be_pasted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whole, and quoted for a shell."""
    titles = ["Nobody's else, although that is a long title for one", "$HOME"]
    header = Header(harness="h", suite="s", target="reference")
    records = [
        ScenarioRecord(
            feature="features/a.feature",
            line=1,
            title=title,
            clauses=("A-1",),
            level=Level.REQUIRED,
            verdict=Verdict.FAIL,
        )
        for title in titles
    ]
    text = "".join(f"{dump(one)}\n" for one in (header, *records))
    (tmp_path / "run.jsonl").write_text(text, encoding="utf-8")
    assert ExitCode.USAGE == main(["replay", str(tmp_path)])
    _, hint = capsys.readouterr().err.splitlines()
    pasted = shlex.split(hint.removeprefix("  hint: "))
    assert ["--scenario", f"{titles[0]};", "--scenario", titles[1]] == pasted


def test_a_run_without_bytes_is_told(
    checked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An older invitelab has written it."""
    (tmp_path / "run.jsonl").write_bytes((checked / "run.jsonl").read_bytes())
    assert ExitCode.USAGE == main(["replay", str(tmp_path)])
    assert "exchanges.jsonl does not exist" in capsys.readouterr().err
