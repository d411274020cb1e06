"""`invitelab profile`, and what `check` says by one."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.errors import ExitCode
from invitelab.formats.run import read
from invitelab.world.product import SPECIFIED, use_product

Command = Callable[..., subprocess.CompletedProcess[str]]

FIVE = """\
name = "Five"
lifetime = "5min"
[interpretations]
modify_keeps_the_deadline = false
"""


def test_a_new_file_is_written_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is shown as what it is, and never overwritten."""
    path = tmp_path / "five.toml"
    assert ExitCode.CONFORMANT == main(["profile", "new", str(path)])
    assert f"written: {path}\n" in capsys.readouterr().out
    assert 'name = "FIVE"\n' in path.read_text(encoding="utf-8")
    assert ExitCode.USAGE == main(["profile", "new", str(path)])
    assert "exists" in capsys.readouterr().err
    assert 0 == main(["profile", "show", str(path)])
    assert "FIVE\nlifetime        2min, as specified\n" == capsys.readouterr().out


def test_what_differs_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line by line."""
    path = tmp_path / "five.toml"
    path.write_text(FIVE, encoding="utf-8")
    assert 0 == main(["profile", "show", str(path)])
    name, lifetime, otherwise = capsys.readouterr().out.splitlines()
    assert "Five" == name
    assert "lifetime        5min in place of 2min" == lifetime
    assert otherwise.startswith("otherwise       PENDING-6: A modified invitation")


@pytest.mark.parametrize("name", ['a"b', "a\\b", " "])
def test_a_name_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """In one sentence."""
    path = tmp_path / "five.toml"
    assert ExitCode.USAGE == main(["profile", "new", str(path), "--name", name])
    assert "name" in capsys.readouterr().err


CLAUSES = ("--clause=EXPIRY-1", "--clause=EXPIRY-2", "--clause=PENDING-6")


@pytest.mark.slow
def test_the_reference_is_judged_as_the_product(
    invitelab: Command, tmp_path: Path
) -> None:
    """Its verdict names the product, and so does what repeats a failure."""
    (tmp_path / "five.toml").write_text(FIVE, encoding="utf-8")
    result = invitelab(
        "check", "reference", "--profile=five.toml", *CLAUSES, cwd=tmp_path
    )
    assert ExitCode.CONFORMANT == result.returncode, result.stderr
    assert ", profile Five (five.toml): lifetime 300 s, clock virtual" in result.stdout
    last = result.stdout.splitlines()[-1]
    assert last.startswith("PARTIAL by Five (")
    run = read(tmp_path / "reports" / "check" / "reference/latest" / "run.jsonl")
    assert run.header.profile is not None
    assert ("Five", 300_000) == (
        run.header.profile.name,
        run.header.profile.lifetime_ms,
    )
    report = tmp_path / "reports" / "check" / "reference/latest" / "report.html"
    assert "profile Five (five.toml): lifetime 300 s" in report.read_text("utf-8")


@pytest.mark.slow
def test_another_product_is_not_conformant(invitelab: Command, tmp_path: Path) -> None:
    """As the reference of the specification is none of five minutes."""
    (tmp_path / "five.toml").write_text(FIVE, encoding="utf-8")
    target = "py:invitelab.adapters.reference:create"
    result = invitelab("check", target, "--profile=five.toml", *CLAUSES, cwd=tmp_path)
    assert ExitCode.NON_CONFORMANT == result.returncode, result.stderr
    assert "NON-CONFORMANT by Five (EXPIRY-1)" in result.stdout.splitlines()[-1]
    assert "--profile five.toml --scenario 'An invitation can be" in result.stdout
    assert "t=  299.000 s" in result.stdout


def test_a_mistake_in_a_profile_is_told_before_anything_runs(
    invitelab: Command, tmp_path: Path
) -> None:
    """With its place."""
    text = FIVE.replace("5min", "5h")
    (tmp_path / "five.toml").write_text(text, encoding="utf-8")
    result = invitelab("check", "cmd:none", "--profile=five.toml", cwd=tmp_path)
    assert ExitCode.USAGE == result.returncode
    assert "five.toml:2:12: lifetime has to be from 1min to 1h" in result.stderr


@pytest.mark.usefixtures("scenario")
def test_a_simulation_takes_the_same_file(capsys: pytest.CaptureFixture[str]) -> None:
    """And says how to repeat it; a target is refused."""
    Path("five.toml").write_text(FIVE, encoding="utf-8")
    try:
        main(["simulate", "tiny.toml", "--profile=five.toml", "--workers=1"])
        shown = capsys.readouterr().out
        both = ["--profile=five.toml", "--target=reference"]
        assert ExitCode.USAGE == main(["simulate", "tiny.toml", *both])
    finally:
        use_product(SPECIFIED)
    assert "(profile: Five, with a lifetime of 5min)" in shown
    assert "again    invitelab simulate tiny.toml --profile five.toml" in shown
    assert "do not go together" in capsys.readouterr().err


@pytest.mark.slow
def test_the_reference_is_served_as_the_product(
    tmp_path: Path, invitelab: Command
) -> None:
    """To any harness, over any transport."""
    (tmp_path / "five.toml").write_text(FIVE, encoding="utf-8")
    target = f"cmd:{sys.executable} -m invitelab serve --stdio --profile five.toml"
    result = invitelab("check", target, "--profile=five.toml", *CLAUSES, cwd=tmp_path)
    assert ExitCode.CONFORMANT == result.returncode, result.stdout + result.stderr
