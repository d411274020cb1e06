#!/usr/bin/env python3
"""CPU of the simulated world beside plain SimPy, and memory of a pending invitation.

    python benchmarks/load.py [INVITATIONS]

The world runs `support_desk` long enough for so many attempts to invite; the peer
(`peers/naive.py`) has the same conversation for as many invitations as the world sent
directly. Both are measured in turns, in processes of their own, in CPU time: the peer
with the garbage collector on, and with it off, as it is in the world.

Memory is measured on `expiry_storm`: all clients are created first, so that what grows
until the arrivals end is the pending invitations and what their timers need.
"""

import contextlib
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.values import US_PER_S
from invitelab.reporting.load.files import write_load_report
from invitelab.study.run import simulate
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.scenario.file import load
from invitelab.world.scenario.parts import Poisson

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
PEERS = Path(__file__).resolve().parent / "peers"
INVITATIONS = 100_000
ROUNDS = 3

STORM_S = 120
"""Less than two minutes: no invitation has expired, so unanswered ones are pending."""


class Count(Instrument):
    """What the peer counts too."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.ends: Counter[str] = Counter()

    def happened(self, at_us: int, fact: Fact) -> None:
        """Count ends."""
        del at_us
        if fact.kind in {FactKind.SENT, FactKind.ENDED}:
            self.ends[str(fact.state)] += 1


class DoneError(Exception):
    """Raised at the instant at which enough has happened."""


def world(attempts: int) -> dict[str, float]:
    """Run the world; CPU seconds, invitations sent directly, events."""
    path = SCENARIOS / "support_desk.toml"
    arrivals = load(path).scenario.arrivals
    assert isinstance(arrivals, Poisson), "the scenario has a constant rate"
    rate = arrivals.expected(US_PER_S)
    scenario = load(path, {"duration": f"{round(attempts / rate)}s"}).scenario
    count = Count()
    begin = time.process_time()
    busy = LoadWorld(scenario, instruments=[count])
    busy.run()
    seconds = time.process_time() - begin
    sent = count.ends["None"]
    return {"seconds": seconds, "sent": sent, "events": busy.env.events}


def peer(sent: int, *, collector: bool, acknowledged: bool = True) -> dict[str, float]:
    """Run the peer; CPU seconds and invitations."""
    sys.path.insert(0, str(PEERS))
    import naive  # noqa: PLC0415 - a script in a folder beside this one
    from workload import Workload  # noqa: PLC0415 - as naive

    if not collector:
        gc.disable()
    begin = time.process_time()
    naive.simulate(Workload(invitations=sent, acknowledged=acknowledged))
    return {"seconds": time.process_time() - begin, "sent": sent}


def pending_memory() -> dict[str, float]:
    """Fill a world with pending invitations; how many, and bytes for each."""
    changes = {"duration": f"{STORM_S}s", "warm_up": "0s"}
    scenario = load(SCENARIOS / "expiry_storm.toml", changes).scenario
    busy = LoadWorld(scenario)
    for index in range(scenario.population.clients):
        busy.directory.client(index)

    def watch(reached_us: int) -> None:
        if reached_us >= (STORM_S - 1) * US_PER_S:
            raise DoneError

    gc.collect()
    before = resident_bytes()
    with contextlib.suppress(DoneError):
        busy.run(watch)
    pending = len(busy.services.host_timers)
    return {"pending": pending, "bytes": (resident_bytes() - before) / pending}


def resident_bytes() -> int:
    """The memory this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def report() -> dict[str, float]:
    """Draw and write the whole report of a run; CPU seconds, imports included."""
    results = simulate(load(SCENARIOS / "support_desk.toml"), replications=2)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        write_load_report(Path(folder), results, {})
        return {"seconds": time.process_time() - begin}


TASKS: dict[str, Callable[[int], dict[str, float]]] = {
    "world": world,
    "peer": lambda sent: peer(sent, collector=True),
    "peer, collector off": lambda sent: peer(sent, collector=False),
    "peer, short form": lambda sent: peer(sent, collector=True, acknowledged=False),
    "pending": lambda _: pending_memory(),
    "report": lambda _: report(),
}


def alone(task: str, size: int) -> dict[str, float]:
    """Run a task in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--task", task, str(size)],
        capture_output=True,
        check=True,
        text=True,
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main(attempts: int) -> None:
    """Measure in turns and print the table."""
    rounds: dict[str, list[float]] = {}
    sent = 0
    for _ in range(ROUNDS):
        ours = alone("world", attempts)
        sent = int(ours["sent"])
        rounds.setdefault("world", []).append(ours["seconds"] / sent * 1e6)
        for name in ("peer", "peer, collector off", "peer, short form"):
            figures = alone(name, sent)
            rounds.setdefault(name, []).append(figures["seconds"] / sent * 1e6)
    print(f"{attempts:,} attempts, {sent:,} sent directly, {ROUNDS} rounds in turns")
    print("microseconds of CPU for each invitation sent directly\n")
    mine = statistics.median(rounds["world"])
    for name, values in rounds.items():
        median = statistics.median(values)
        spread = f"({min(values):.0f} to {max(values):.0f})"
        print(f"{name:20} {median:6.0f} {spread:14} {median / mine:5.2f} x the world")
    heavy = alone("pending", 0)
    print(
        f"\n{heavy['pending']:,.0f} pending at once: {heavy['bytes']:,.0f} bytes each"
    )
    print(f"the whole report: {alone('report', 0)['seconds']:.2f} s of CPU")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--task"]:
        print(json.dumps(TASKS[sys.argv[2]](int(sys.argv[3]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else INVITATIONS)
