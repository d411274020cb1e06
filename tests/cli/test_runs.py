"""The loop: what failed is run again, and stored runs are listed and compared."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.errors import ExitCode
from invitelab.world.product import SPECIFIED, use_product

Command = Callable[..., subprocess.CompletedProcess[str]]

WRONG = "acme=py:invitelab.proof.mutants:typed_id_is_a_number"


@pytest.fixture(scope="module")
def folder(invitelab: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which a wrong implementation was checked, then a right one."""
    made = tmp_path_factory.mktemp("loop")
    wrong = invitelab("check", WRONG, "--clause", "DIRECT-5", "-q", cwd=made)
    assert ExitCode.NON_CONFORMANT == wrong.returncode
    right = invitelab("check", "acme=reference", "--failed", "-q", cwd=made)
    assert ExitCode.CONFORMANT == right.returncode
    first, second, *_ = right.stdout.splitlines()
    assert "failed  1 scenario in the last run: only these are run" == first
    assert "1 scenario: 1 pass" == second
    return made


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in that folder."""
    monkeypatch.chdir(folder)
    return folder


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """Run a command that succeeds; what it prints."""
    assert 0 == main(words)
    return capsys.readouterr().out.splitlines()


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_nothing_is_run_where_nothing_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The scenario passed when it was last run, though it failed before."""
    expected = ["failed  nothing, when it was last run: nothing is run"]
    assert expected == told(capsys, "check", "acme=reference", "--failed")


def test_the_runs_of_a_target_are_listed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The newest first, by time, verdict and numbers."""
    store, newest, oldest = told(capsys, "runs", "acme")
    assert "reports/check/acme" == Path(store).as_posix()
    assert newest.split()[1:5] == ["PARTIAL", "1", "scenario:", "1"]
    assert "NON-CONFORMANT  2 scenarios: 1 pass, 1 fail" in oldest
    assert {newest.split()[0], oldest.split()[0], "latest"} == {
        path.name for path in (here / store).iterdir() if path.is_dir()
    }
    assert told(capsys, "runs") == told(capsys, "runs", "acme")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [[], ["acme"], ["acme=cmd:anything"]])
def test_the_last_two_runs_are_compared(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Without a name those of the target that was checked last."""
    lines = told(capsys, "diff", *words)
    assert any("x  fail   ok pass   better" in line for line in lines)
    assert "NO WORSE (better: DIRECT-5)" == lines[-1]


def test_a_run_is_compared_with_the_last_one(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last one itself is compared with nothing."""
    oldest = min((here / "reports" / "check" / "acme").glob("20*"))
    assert "NO WORSE (better: DIRECT-5)" == told(capsys, "diff", str(oldest), "-q")[-1]
    link = here / "reports" / "check" / "acme" / "latest"
    assert ExitCode.USAGE == main(["diff", str(link)])
    assert "is the last run of its target" in capsys.readouterr().err


def test_a_trend_is_printed_and_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line a clause that did not always pass, one column a run."""
    lines = told(capsys, "trend", "acme")
    assert lines[0].endswith(
        "Better than before: DIRECT-5 holds (The inviter can name the recipient by ID)."
    )
    assert ["DIRECT-5", "x", "ok", "better"] == lines[3].split()
    page = here / "reports" / "check" / "acme" / "trend.html"
    assert f"report  {page.relative_to(here)}" == lines[-1]
    text = page.read_text(encoding="utf-8")
    assert "<title>Trend of acme " in text
    (last,) = told(capsys, "trend", "acme", "--by", "version")[3:4]
    assert not last.startswith("DIRECT-5")  # both were the same version


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["runs", "nobody"], "no run of nobody is stored", "there are runs of: acme"),
        (["trend", "nobody"], "no run of nobody is stored", "there are runs of: acme"),
        (["diff", "nobody"], "nobody does not exist", "name a folder that invitelab"),
        (
            ["check", "reference", "cmd:x", "--failed"],
            "--failed is for one target, and several are named",
            "check each separately",
        ),
        (
            ["check", "reference", "cmd:x", "--name", "a"],
            "--name is for one target, and several are given",
            "name each: a=reference ...",
        ),
        (
            ["check", "a=reference", "a=cmd:x"],
            "two targets are called a",
            "give each a name of its own",
        ),
        (
            ["check", "reference", "--name", "latest"],
            "'latest' is no name for a target",
            "a name has letters",
        ),
    ],
)
def test_a_mistake_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str, hint: str
) -> None:
    """With a hint, before anything is run."""
    assert ExitCode.USAGE == main(words)
    told, hinted = capsys.readouterr().err.splitlines()
    assert f"invitelab: {message}" == told
    assert hinted.startswith(f"  hint: {hint}")


def test_without_a_run_there_is_nothing_to_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is no mistake; to compare nothing is one."""
    monkeypatch.chdir(tmp_path)
    assert ["no run is stored in reports/check; invitelab check stores one"] == told(
        capsys, "runs"
    )
    assert ExitCode.USAGE == main(["diff"])
    assert "no run is stored here" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.usefixtures("scratch")
def test_a_trend_is_by_one_profile(capsys: pytest.CaptureFixture[str]) -> None:
    """That of the last run; the others are counted, and no change is seen in them."""
    Path("five.toml").write_text('name = "Five"\nlifetime = "5min"\n')
    clause = ("--clause", "EXPIRY-1", "-q")
    try:
        assert 0 == main(["check", "reference", *clause])
        assert 0 == main(["check", "reference", "--profile", "five.toml", *clause])
    finally:
        use_product(SPECIFIED)
    capsys.readouterr()
    lines = told(capsys, "trend", "reference")
    assert lines[0].startswith("There is one run so far: ")
    assert "1 run was judged by another profile" in lines
