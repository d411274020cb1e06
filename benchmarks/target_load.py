#!/usr/bin/env python3
"""How fast a scenario is played at an implementation, how late, and in what memory.

    python benchmarks/target_load.py [--mutants]

The peer is `client.view` of a client to whom nothing happens, again and again, with the
driver's checks and by nobody who looks at the answers. Speeds are calls a second of CPU
of this process, with all views and judgements; `beside` counts the comparison, in which
all attempts are made twice. With `--mutants`, which mutants of required clauses a
thorough run finds, as a table in `reports/examples/`; some minutes on two processes.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent / "lib"))

from invitelab.adapters import messages
from invitelab.adapters.driver import InProcessTarget, Reachable
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Target
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.adapters.wire_types import Empty
from invitelab.formats.results import Results
from invitelab.formats.run import Level
from invitelab.formats.specification import load
from invitelab.proof.mutants import MUTANTS
from invitelab.target_load.at_reference import SILENT
from invitelab.target_load.connection import Connection
from invitelab.target_load.part import Part
from invitelab.target_load.run import Asked, simulate_on_target, with_rooms
from invitelab.target_load.trial import Trial, Trials
from invitelab.target_load.virtual import play
from invitelab.world.scenario import file
from invitelab.world.scenario.file import Loaded
from mutant_table import page, summary

if TYPE_CHECKING:
    from invitelab.target_load.world import TargetWorld

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "scenarios"
REAL = ROOT / "examples" / "implementations" / "python-asyncio" / "main.py"
REQUIRED = frozenset(id_ for id_, one in load().items() if one.level is Level.REQUIRED)
PUBLISHED = ROOT / "reports" / "examples" / "mutants_under_load" / "report.md"
WORKERS = 2
VIEWS = 20_000
SIZES = ("1min", "4min")
"""Durations between which memory is compared."""


def desk(duration: str) -> Loaded:
    """The support desk for some minutes, in rooms of fifty."""
    changes = {
        "duration": duration,
        "warm_up": "10s",
        "population.clients": 2_500,
        "population.room": 50,
    }
    return file.load(SCENARIOS / "support_desk.toml", changes)


def calls_of(results: Results) -> int:
    """The calls that a run has made at its target."""
    assert results.target is not None
    return sum(one.count for one in results.target.operations)


def timed(work: Callable[[], int]) -> float:
    """How many calls a second of CPU some work makes."""
    begun_s = time.process_time()
    return work() / (time.process_time() - begun_s)


def alone(target: Reachable) -> int:
    """Play at a target without the comparison; the number of calls."""
    scenario = with_rooms(desk("1min").scenario)
    worlds: list[TargetWorld] = []
    connection = Connection(target)
    part = Part(scenario=scenario, seed=scenario.seed)
    play(part, connection, SILENT, REQUIRED, began=worlds.append)
    connection.close()
    return sum(one.count for one in worlds[0].calls.over_time_us.values())


def beside(target: Reachable) -> int:
    """Play at a target and at the reference; the number of calls at both."""
    return 2 * calls_of(simulate_on_target(desk("1min"), target, Asked(), REQUIRED))


def views_alone() -> int:
    """Look at one client of the reference again and again; how often."""
    connection = Connection(DirectTarget(Reference()))
    client = messages.ClientDeclaration(
        client="c1",
        id="100200300",
        alias=None,
        version="7.1.4",
        platform="windows",
        profiles=(),
    )
    begin = messages.Begin(scenario="s", clients=(client,))
    connection.calls.call("scenario.begin", begin, Empty)
    look = messages.ClientCall(scenario="s", client="c1")
    for _ in range(VIEWS):
        connection.calls.call("client.view", look, messages.View)
    connection.close()
    return VIEWS


def speeds() -> None:
    """Print calls a second, and what that is of the peer's."""
    stdio = Target.from_argv([sys.executable, "-m", "invitelab", "serve", "--stdio"])
    peer = timed(views_alone)
    print(f"{'views alone, by nobody':34} {peer:9,.0f} calls/s  1.00")
    for name, work in (
        ("reference, alone", lambda: alone(DirectTarget(Reference()))),
        ("reference, beside", lambda: beside(DirectTarget(Reference()))),
        ("py: target, alone", lambda: alone(InProcessTarget(Reference()))),
        ("py: target, beside", lambda: beside(InProcessTarget(Reference()))),
    ):
        found = timed(work)
        print(f"{name:34} {found:9,.0f} calls/s  {found / peer:.2f}")
    begun_s = time.monotonic()
    found = alone(stdio) / (time.monotonic() - begun_s)
    print(
        f"{'stdio, alone, in wall time':34} {found:9,.0f} calls/s  {found / peer:.2f}"
    )


def lateness() -> None:
    """Print how late the harness was at about 200 calls a second in real time."""
    loaded = file.load(
        SCENARIOS / "support_desk.toml",
        {
            "duration": "30s",
            "warm_up": "1s",
            "drain": "1s",
            "population.clients": 500,
            "arrivals.rate": "21/s",
        },
    )
    target = Target.from_argv([sys.executable, str(REAL)])
    results = simulate_on_target(loaded, target, Asked(), REQUIRED)
    assert results.target is not None
    assert results.target.lateness is not None
    late = results.target.lateness
    rate = calls_of(results) / 31
    print(
        f"real time, {rate:.0f} calls/s: late by {late.p50_us / 1000:.1f} ms (p50), "
        f"{late.p99_us / 1000:.1f} ms (p99), {late.max_us / 1000:.1f} ms at most"
    )


def memory() -> None:
    """Print the memory of a process for runs of two lengths."""
    for duration in SIZES:
        shown = subprocess.run(
            [sys.executable, __file__, "--memory-of", duration],
            capture_output=True,
            text=True,
            check=True,
        )
        print(f"memory, {duration}: {shown.stdout.strip()}")


def memory_of(duration: str) -> None:
    """Play alone for that time, and print the most memory of this process."""
    scenario = with_rooms(desk(duration).scenario)
    worlds: list[TargetWorld] = []
    part = Part(scenario=scenario, seed=scenario.seed)
    connection = Connection(DirectTarget(Reference()))
    play(part, connection, SILENT, REQUIRED, began=worlds.append)
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{kilobytes / 1024:.0f} MB, {worlds[0].sent_count:,} invitations")


@cache
def trials() -> Trials:
    """Trials with the day of everything unusual."""
    scenario = file.load(SCENARIOS / "unusual_day.toml").scenario
    return Trials(Part(scenario=scenario, seed=scenario.seed, thorough=True), REQUIRED)


def tried(name: str) -> Trial:
    """Try a mutant."""
    return trials().on(lambda: DirectTarget(MUTANTS[name].make()))


def mutants() -> None:
    """Write which mutants are found, and by what, and print how many."""
    some = [one for one in MUTANTS.values() if one.clause in REQUIRED]
    names = [one.name for one in some]
    with ProcessPoolExecutor(WORKERS) as workers:
        found = dict(zip(names, workers.map(tried, names), strict=True))
    told = summary(found)
    print(told)
    PUBLISHED.parent.mkdir(parents=True, exist_ok=True)
    PUBLISHED.write_text("\n".join(page(found, told)) + "\n", encoding="utf-8")
    print(f"written to {PUBLISHED.relative_to(ROOT)}")


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", action="store_true")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory_of:
        memory_of(asked.memory_of)
    elif asked.mutants:
        mutants()
    else:
        speeds()
        lateness()
        memory()


if __name__ == "__main__":
    main()
