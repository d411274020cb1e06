"""Implementations that share nothing with the reference, judged by the same suite.

Those of a language run in one go, side by side, as a user would run them: those in real
time wait together.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from invitelab.adapters.base import Json, Limits
from invitelab.adapters.target import Target
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.errors import ExitCode
from invitelab.formats.results import Outcome, Results
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
from invitelab.proof.suite_run import run_suite

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "implementations"
TIMEOUT_S = 600

NODE = ("node", str(FOLDER / "node" / "main.js"))
ASYNCIO = (sys.executable, str(FOLDER / "python-asyncio" / "main.py"))
JAVA = ("java", "-Xmx64m", "-XX:+UseSerialGC", "-cp", "{classes}", "Main")
# By `env`, and so in a check of its own: its telephones start before others are timed.
SIP = ("env", sys.executable, str(FOLDER / "sip" / "adapter.py"))

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

SIP_DEVIATIONS = {"DIRECT-8", "PENDING-7", "PENDING-8", "PRESENCE-1", "REFUSE-3"}
"""Interpretations that the telephones do not share; their README says why."""

REAL_TIME = {"EXPIRY-6"}
"""About the tick itself, which no real clock can show."""

TELEPHONES = FOLDER / "sip" / "forty_telephones.toml"
LOADED = ("--set", "duration=20s")
"""So much of the load on the telephones as takes two and a half minutes."""
LOAD_DEVIATIONS = {"ANSWER-5", "PENDING-7"}
"""What comes of a telephone that answers neither of two calls; its README says why."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def load_run(
    runs: Mapping[tuple[str, ...], Run],
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[tuple["subprocess.Popen[bytes]", Path]]:
    """A load on the telephones, after the checks: beside it they were too late."""
    del runs
    output = tmp_path_factory.mktemp("load")
    argv = [sys.executable, "-m", "invitelab", "simulate", str(TELEPHONES), *LOADED]
    target = ["--target", f"cmd:{shlex.join(SIP)}", "--output", str(output), "--quiet"]
    with subprocess.Popen([*argv, *target], stdout=subprocess.DEVNULL) as process:
        try:
            yield process, output
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, ...], Run]:
    """One run of the suite on every implementation, compiled where needed."""
    classes = tmp_path_factory.mktemp("classes")
    sources = sorted(str(path) for path in (FOLDER / "java").glob("*.java"))
    compile_java = ["javac", "-d", str(classes), *sources]
    subprocess.run(compile_java, check=True, timeout=120)
    targets = {
        command: f"cmd:{shlex.join(command)}".replace("{classes}", str(classes))
        for command in (*INDEPENDENT.values(), *BROKEN, SIP)
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


def test_a_telephone_system_is_conformant(
    runs: Mapping[tuple[str, ...], Run],
) -> None:
    """Kamailio and baresip keep each required clause that applies to telephones."""
    run = runs[SIP]
    assert "CONFORMANT" == end_of(run).verdict, end_of(run).reason
    assert SIP_DEVIATIONS == red(run)
    undecided = {c.clause for c in run.clauses if c.verdict is Verdict.INCONCLUSIVE}
    assert REAL_TIME == undecided
    page = (FOLDER / "sip" / "README.md").read_text(encoding="utf-8")
    assert SIP_DEVIATIONS == set(re.findall(r"(?m)^\| ([A-Z]+-\d+) \|", page))
    assert f"CONFORMANT ({end_of(run).reason}), clock real" in page
    totals = end_of(run).totals
    counted = [f"{totals[f'scenarios {one}']} {one}" for one in ("pass", "deviation")]
    assert f"{totals['scenarios']} scenarios: {', '.join(counted)}, " in page


def test_a_telephone_system_takes_a_load(
    load_run: tuple["subprocess.Popen[bytes]", Path],
) -> None:
    """Every invitation is judged, and what deviates has its reason on the page."""
    process, output = load_run
    assert ExitCode.CONFORMANT == process.wait(TIMEOUT_S)
    results = Results.model_validate_json((output / "results.json").read_bytes())
    assert results.complete
    run = results.target
    assert run is not None
    assert (0, 0, 0, ()) == (run.lost, run.restarts, run.failed, run.broken)
    assert run.judged == run.invitations == results.attempts >= 5
    assert 0 == results.outcomes[Outcome.PENDING]
    assert LOAD_DEVIATIONS >= {one.clause for one in run.findings}
    page = (FOLDER / "sip" / "README.md").read_text(encoding="utf-8")
    assert LOAD_DEVIATIONS == set(re.findall(r"(?m)^\| `([A-Z]+-\d+)` \|", page))


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
