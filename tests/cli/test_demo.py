"""`invitelab demo`: a check and a simulation, and the paths of their reports.

The gate runs it with the support desk that ships.
"""

from pathlib import Path

import pytest

from invitelab import resources
from invitelab.cli import main
from invitelab.errors import ExitCode


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
    assert {
        "CONFORMANT, clock virtual (proven), seed 0",
        "MET - 1 of 1 objective met",
    } <= set(lines)
    for line in lines[-2:]:
        assert Path(line.split()[-1]).is_file()
    assert ["the check", "the simulation"] == [
        line.rpartition("  ")[0].strip() for line in lines[-2:]
    ]
