"""`invitelab demo`: a check and a simulation, and the paths of their reports."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab import resources
from invitelab.cli import main
from invitelab.errors import ExitCode

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.slow
def test_the_demo_checks_and_simulates(
    scenario: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With a smaller support desk; both reports are named at the end."""
    (scenario.parent / "README.md").touch()
    scenario.rename(scenario.parent / "support_desk.toml")
    monkeypatch.setattr(resources, "scenarios_dir", lambda: scenario.parent)
    assert ExitCode.CONFORMANT == main(["demo"])
    lines = capsys.readouterr().out.splitlines()
    assert {"CONFORMANT, clock virtual (proven)", "MET - 1 of 1 objective met"} <= set(
        lines
    )
    for line in lines[-2:]:
        assert Path(line.split()[-1]).is_file()
    assert ["the check", "the simulation"] == [
        line.rpartition("  ")[0].strip() for line in lines[-2:]
    ]


@pytest.mark.slow
def test_the_demo_succeeds(invitelab: Command, tmp_path: Path) -> None:
    """With the support desk that ships."""
    result = invitelab("demo", cwd=tmp_path)
    assert ExitCode.CONFORMANT == result.returncode
    assert (tmp_path / "reports" / "load" / "support_desk" / "report.html").is_file()
