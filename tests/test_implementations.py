"""Implementations that share nothing with the reference, judged by the same suite.

Those of a language run in one go, side by side, as a user would run them: those in real
time wait together.
"""

import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from invitelab.adapters.base import Json, Limits
from invitelab.adapters.target import Target
from invitelab.formats.run import Footer, Level, Run, RunVerdict, Verdict, read
from invitelab.formats.specification import load
from invitelab.proof.recordings import (
    ByHistory,
    ByMethod,
    ByPosition,
    Player,
    Recording,
    recorded,
)
from invitelab.proof.suite_run import DirectTarget, run_suite

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "implementations"
TIMEOUT_S = 600

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
        *("EXPIRY-5", "PENDING-5", "ANSWER-3"),
        *("SESSION-5", "SESSION-6", "SESSION-7", "SESSION-10"),
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
    targets = {
        command: f"cmd:{shlex.join(command)}".replace("{classes}", str(classes))
        for command in (*INDEPENDENT.values(), *BROKEN)
    }
    targets[REFERENCE] = "reference"
    # A check begins the next of its targets when the last one only waits.
    programs = {command[0] for command in targets}
    groups = {
        tmp_path_factory.mktemp(Path(program).stem): [
            target for command, target in targets.items() if command[0] == program
        ]
        for program in sorted(programs - set(REFERENCE))
    }
    groups[min(groups)].append("reference")
    argv = [sys.executable, "-m", "invitelab", "check", "--quiet", "--output"]
    with ExitStack() as stack:
        checks = [
            stack.enter_context(
                subprocess.Popen([*argv, str(output), *some], stdout=subprocess.DEVNULL)
            )
            for output, some in groups.items()
        ]
        try:
            for check in checks:
                check.wait(TIMEOUT_S)
        finally:
            for check in checks:
                check.terminate()
    assert all((output / "report.html").exists() for output in groups)
    found = [read(path) for output in groups for path in output.glob("*/run.jsonl")]
    by_target = {run.header.target: run for run in found}
    return {command: by_target[target] for command, target in targets.items()}


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


class Piped:
    """Adapter that passes each call on to a command."""

    def __init__(self, command: Sequence[str]) -> None:
        target = Target.parse(f"cmd:{shlex.join(command)}")
        self.transport = target.open(Limits())

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """The answer of the command."""
        return self.transport.call(method, params, timeout_s=TIMEOUT_S)


@pytest.mark.parametrize("player", [ByHistory, ByMethod, ByPosition])
def test_a_recording_of_an_implementation_is_found_out(player: type[Player]) -> None:
    """Of the one in Node.js, with another seed: no required clause holds."""
    recording = recording_of_node()
    engine = run_suite(DirectTarget(player(recording)), seed=1)
    assert engine.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is engine.conclusion.verdict
    passed = {one.clause for one in engine.clauses if one.verdict is Verdict.PASS}
    assert set[str]() == {id_ for id_ in passed if load()[id_].level is Level.REQUIRED}


@cache
def recording_of_node() -> Recording:
    """Record a whole run on the implementation in Node.js, which conforms."""
    piped = Piped(NODE)
    try:
        return recorded(piped, seed=0)
    finally:
        piped.transport.close()
