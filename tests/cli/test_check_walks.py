"""`invitelab check --walks`: what is printed, stored, and the exit code."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.errors import ExitCode
from invitelab.formats.run import read
from invitelab.formats.walk_text import WALK

Command = Callable[..., subprocess.CompletedProcess[str]]

WRONG = "py:invitelab.proof.mutants:profile_ignored"
SOME = ("--clause", "NOTIFY-1", "--walks", "60")


@pytest.mark.slow
def test_a_finding_is_printed_and_stored_and_counts(
    invitelab: Command, tmp_path: Path
) -> None:
    """As a feature to paste, and as a transcript with the command that repeats it."""
    result = invitelab("check", WRONG, *SOME, "--output", "there", cwd=tmp_path)
    assert ExitCode.NON_CONFORMANT == result.returncode
    feature = (tmp_path / "there" / "walk.feature").read_text("utf-8")
    assert feature in result.stdout
    assert "@SESSION-2" in feature
    lines = result.stdout.splitlines()
    assert "walks   60 with seed 0: one finding, about SESSION-2" in lines
    (again,) = (line for line in lines if line.startswith("  repro"))
    repeated = ["--clause", "SESSION-2", "--walks", "60", "--seed", "0"]
    words = ["repro", "invitelab", "check", WRONG, *repeated]
    assert words == shlex.split(again)
    run = read(tmp_path / "there" / "run.jsonl")
    assert WALK == run.scenarios[-1].feature
    page = (tmp_path / "there" / "report.html").read_text("utf-8")
    assert "random walks" in page


@pytest.mark.slow
def test_without_a_finding_there_is_no_feature(
    invitelab: Command, tmp_path: Path
) -> None:
    """That of an earlier run is removed."""
    invitelab("check", WRONG, *SOME, "--output", "there", cwd=tmp_path)
    found = invitelab("check", "reference", *SOME, "--output", "there", cwd=tmp_path)
    assert ExitCode.CONFORMANT == found.returncode
    (walks,) = (one for one in found.stdout.splitlines() if one.startswith("walks "))
    assert walks.startswith("walks   60 with seed 0: 1,620 moves of ")
    assert walks.endswith("; nothing was found")
    assert not (tmp_path / "there" / "walk.feature").exists()


@pytest.mark.slow
def test_a_target_without_walks_is_reported_with_the_reason(
    invitelab: Command, tmp_path: Path
) -> None:
    """The verdict of the suite stands."""
    target = f"cmd:{sys.executable} -m invitelab serve --stdio --latency 800ms"
    words = ("check", target, "--clause", "EMAIL-1", "--walks", "5", "-q")
    result = invitelab(*words, cwd=tmp_path)
    assert ExitCode.CONFORMANT == result.returncode
    assert result.stdout.startswith("walks   none: walks need effects within 1000 ms")


@pytest.mark.parametrize(
    "words",
    [["--walks", "-1"], ["--seed", "x"], ["--seed", "-1"], ["--seed", "1" * 40]],
)
def test_a_mistake_gives_one_sentence(
    invitelab: Command, tmp_path: Path, words: list[str]
) -> None:
    """Before anything is run."""
    result = invitelab("check", "reference", *words, cwd=tmp_path)
    assert ExitCode.USAGE == result.returncode
    assert 1 == result.stderr.count("invitelab: ")
    assert [] == list(tmp_path.iterdir())
    assert "Traceback" not in result.stderr
