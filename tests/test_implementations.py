"""Implementations that share nothing with the reference, judged by the same suite."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

NODE = Path(__file__).parents[1] / "examples" / "implementations" / "node" / "main.js"

pytestmark = pytest.mark.slow


def check(folder: Path, *options: str) -> dict[str, object]:
    """Run the suite against the Node.js implementation; the footer of the run."""
    argv = [sys.executable, "-m", "invitelab", "check", "--quiet", "--output"]
    subprocess.run(
        [*argv, str(folder), "--", "node", str(NODE), *options],
        check=False,
        timeout=120,
        stdout=subprocess.DEVNULL,
    )
    last = (folder / "run.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    footer: dict[str, object] = json.loads(last)
    return footer


@pytest.mark.parametrize("stale", ["ok", "refused"])
def test_an_independent_implementation_is_conformant(
    tmp_path: Path, stale: str
) -> None:
    """Whether it refuses what comes too late, or says ok and does nothing."""
    footer = check(tmp_path, "--stale", stale)
    assert ("CONFORMANT", None) == (footer["verdict"], footer["reason"])


@pytest.mark.parametrize(
    ("mistake", "clause"),
    [
        ("late-expiry", "EXPIRY-2"),
        ("modify-forgotten", "SESSION-3"),
        ("reject-keeps-popup", "ANSWER-1"),
    ],
)
def test_its_mistakes_are_named_by_their_clause(
    tmp_path: Path, mistake: str, clause: str
) -> None:
    """Each switch that breaks it makes the clause it breaks red."""
    footer = check(tmp_path, "--break", mistake)
    assert footer["verdict"] == "NON-CONFORMANT"
    assert clause in str(footer["reason"]).split(", ")
