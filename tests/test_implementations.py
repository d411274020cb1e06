"""Implementations that share nothing with the reference, judged by the same suite.

All of them run in one go, side by side, as a user would run them: those in real time
wait together.
"""

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from invitelab.formats.run import Footer, Run, Verdict, read

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "implementations"
TIMEOUT_S = 420

NODE = ("node", str(FOLDER / "node" / "main.js"))
ASYNCIO = (sys.executable, str(FOLDER / "python-asyncio" / "main.py"))
JAVA = ("java", "-Xmx64m", "-XX:+UseSerialGC", "-cp", "{classes}", "Main")

REFERENCE = ("reference",)
INDEPENDENT = {
    "node": NODE,
    "node, which refuses what comes too late": (*NODE, "--stale", "refused"),
    "java": JAVA,
    "python-asyncio": ASYNCIO,
}
CONFORMANT = INDEPENDENT | {"the reference beside them": REFERENCE}
BROKEN: Mapping[tuple[str, ...], set[str]] = {
    (*NODE, "--break", "alias-left-out"): {"NOTIFY-4", "TILE-5"},
    (*NODE, "--break", "menu-everywhere"): {"PLATFORM-1", "PLATFORM-3", "DIRECT-9"},
    (*NODE, "--break", "popup-only-rejects"): {"NOTIFY-5"},
    (*JAVA, "--break", "email-without-link"): {"EMAIL-3", "EMAIL-11"},
    (*JAVA, "--break", "locks-ignored"): {"SESSION-6", "SESSION-8"},
    (*JAVA, "--break", "sessions-cut"): {
        *("EXPIRY-5", "SESSION-5", "SESSION-6", "SESSION-10"),
    },
    (*ASYNCIO, "--break", "popup-top-right"): {"NOTIFY-2", "PENDING-7"},
    (*ASYNCIO, "--break", "lock-forgotten"): {"SESSION-6"},
    (*ASYNCIO, "--break", "second-accept-starts-again"): {"ANSWER-3"},
}
"""Each mistake, and the clauses that its README says it breaks."""

REAL_TIME = {"EXPIRY-6"}
"""About the tick itself, which no real clock can show."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, ...], Run]:
    """One run of the suite on every implementation, compiled where needed."""
    classes = tmp_path_factory.mktemp("classes")
    sources = sorted(str(path) for path in (FOLDER / "java").glob("*.java"))
    compile_java = ["javac", "-d", str(classes), *sources]
    subprocess.run(compile_java, check=True, timeout=120)
    commands = [*INDEPENDENT.values(), *BROKEN]
    targets = [
        f"cmd:{shlex.join(command)}".replace("{classes}", str(classes))
        for command in commands
    ]
    output = tmp_path_factory.mktemp("side-by-side")
    argv = [sys.executable, "-m", "invitelab", "check", "--quiet", "--output"]
    subprocess.run(
        [*argv, str(output), *targets, "reference"],
        check=False,
        timeout=TIMEOUT_S,
        stdout=subprocess.DEVNULL,
    )
    found = [read(path) for path in output.glob("*/run.jsonl")]
    by_target = {run.header.target: run for run in found}
    assert (output / "report.html").exists()
    return {
        command: by_target[target]
        for command, target in zip(
            (*commands, REFERENCE), (*targets, "reference"), strict=True
        )
    }


def end_of(run: Run) -> Footer:
    """Footer of a run, which has one."""
    assert run.footer is not None
    return run.footer


def red(run: Run) -> set[str]:
    """Clauses that fail, err or deviate."""
    bad = {Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION}
    return {clause.clause for clause in run.clauses if clause.verdict in bad}


@pytest.mark.parametrize("name", CONFORMANT)
def test_an_implementation_is_conformant(
    runs: Mapping[tuple[str, ...], Run], name: str
) -> None:
    """In every language, on every clock."""
    run = runs[CONFORMANT[name]]
    assert ("CONFORMANT", None) == (end_of(run).verdict, end_of(run).reason)
    assert set[str]() == red(run)
    undecided = {c.clause for c in run.clauses if c.verdict is not Verdict.PASS}
    assert (REAL_TIME if run.header.clock == "real" else set()) == undecided


@pytest.mark.parametrize("command", BROKEN, ids=lambda command: " ".join(command[-2:]))
def test_each_defect_breaks_exactly_its_clauses(
    runs: Mapping[tuple[str, ...], Run], command: tuple[str, ...]
) -> None:
    """Those that the README of the implementation names."""
    assert BROKEN[command] == red(runs[command])
