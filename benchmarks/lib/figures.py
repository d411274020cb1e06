"""The figures of one task, and how they are measured: in a process of its own.

CPU time is user and system time of the task itself, without the imports; memory is that
of the process.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

ENDS = ("accepted", "rejected", "cancelled", "expired")


@dataclass(slots=True, kw_only=True)
class Figures:
    """What a task came to.

    `sent` are the invitations, `pending` how many were pending at most at the same
    time, `peak_bytes` the most memory of the process and `grown_bytes` what of it the
    task took. `delay_s` is the mean time from sending to showing, where it is known.
    """

    sent: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    pending: int = 0
    peak_bytes: int = 0
    grown_bytes: int = 0
    delay_s: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict[str, int])


Task = Callable[[int, int], Figures]
"""Called with a size and a seed."""


def resident_bytes(key: str = "VmRSS") -> int:
    """The memory of this process, now (`VmRSS`) or at most (`VmHWM`)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(one.split()[1]) * 1024 for one in lines if one.startswith(key))


def measured(task: Task, size: int, seed: int) -> Figures:
    """Run a task and add what it cost, where it has not said so."""
    before_bytes = resident_bytes()
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    figures = task(size, seed)
    figures.cpu_s = figures.cpu_s or time.process_time() - cpu_s
    figures.wall_s = figures.wall_s or time.perf_counter() - wall_s
    figures.peak_bytes = resident_bytes("VmHWM")
    figures.grown_bytes = figures.grown_bytes or figures.peak_bytes - before_bytes
    return figures


def answer(tasks: Mapping[str, Task]) -> None:
    """Run the task of the command line, `TASK SIZE SEED`, and print its figures."""
    task, size, seed = sys.argv[1:]
    print(json.dumps(asdict(measured(tasks[task], int(size), int(seed)))))
