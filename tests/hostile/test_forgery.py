"""A run that a target has forged has no effect."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from invitelab.errors import ExitCode
from invitelab.processes.tree import HAS_PROC

FORGER = Path(__file__).with_name("forger.py")

pytestmark = pytest.mark.skipif(not HAS_PROC, reason="it looks into /proc")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Check the forger; gives the folder with what was said, stored and tried."""
    folder = tmp_path_factory.mktemp("forger")
    command = [sys.executable, str(FORGER), str(folder / "log")]
    words = [f"cmd:{shlex.join(command)}", "--clause=PENDING-2"]
    result = subprocess.run(
        [
            *(sys.executable, "-m", "invitelab", "check", *words),
            f"--output={folder / 'stored'}",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    (folder / "code").write_text(str(result.returncode), encoding="utf-8")
    (folder / "out").write_text(result.stdout, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_a_forged_run_changes_no_verdict(attacked: Path) -> None:
    """What is printed, stored and returned is what the judge has seen."""
    footer = json.loads(
        (attacked / "stored" / "run.jsonl").read_bytes().splitlines()[-1]
    )
    last = (attacked / "out").read_text("utf-8").splitlines()[-1]
    assert last.startswith("NON-CONFORMANT (PENDING-2)")
    assert (str(int(ExitCode.NON_CONFORMANT)), "NON-CONFORMANT") == (
        (attacked / "code").read_text("utf-8"),
        footer["verdict"],
    )


def test_nothing_of_the_judge_leads_to_the_records(attacked: Path) -> None:
    """Neither its command line nor its environment; no descriptor takes the forgery."""
    log = (attacked / "log").read_text("utf-8").splitlines()
    judge = next(line for line in log if line.startswith("saw "))
    assert "PENDING-2" in judge
    assert ".jsonl" not in judge
    wrote = [Path(line.removeprefix("wrote ")) for line in log if "wrote " in line]
    # The copy in the user's folder can be found, and is written anew in the end.
    assert {attacked / "stored" / "run.jsonl"} == {
        path for path in wrote if path.name.endswith(".jsonl")
    }


def test_the_link_cannot_be_opened_again(attacked: Path) -> None:
    """What is a socket in the judge, or in the command, stays closed to others."""
    log = (attacked / "log").read_text("utf-8").splitlines()
    assert not [line for line in log if line.startswith("wrote socket:")]
