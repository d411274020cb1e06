#!/usr/bin/env python3
"""How long the whole suite takes on other implementations, and with how much memory.

    python benchmarks/implementations.py

Each row is one `invitelab check` from start to verdict. Memory is the largest sum of
the resident sets of the command, of everything it started, and so on, looked at twice a
second. The peer of every row is the reference in process, of the same run. Needs
Node.js, a JDK and Debian's faketime; takes about six minutes, most of which are waits.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

assert sys.platform != "win32", "it needs POSIX"

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "implementations"
LOOK_S = 0.5
PAGE = os.sysconf("SC_PAGE_SIZE")


class Cost(NamedTuple):
    """What one command took."""

    wall_s: float
    memory_mb: float
    verdict: str


def resident_mb(first: int) -> float:
    """The memory of a process and its descendants, by /proc."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for path in Path("/proc").iterdir():
        if not path.name.isdigit():
            continue
        try:
            stat = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(path.name)] = int(stat[1])
        pages[int(path.name)] = int(stat[21])
    family = {first}
    while more := {pid for pid, up in parents.items() if up in family} - family:
        family |= more
    return sum(pages.get(pid, 0) for pid in family) * PAGE / 1e6


def cost(target: str, *options: str) -> Cost:
    """Check one target."""
    argv = [sys.executable, "-m", "invitelab", "check", target, "--quiet", *options]
    start_s = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            argv,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as child,
    ):
        memory_mb = 0.0
        while child.poll() is None:
            memory_mb = max(memory_mb, resident_mb(child.pid))
            time.sleep(LOOK_S)
        wall_s = time.monotonic() - start_s
        assert child.stdout is not None
        verdict = child.stdout.read().splitlines()[-1]
    return Cost(wall_s, memory_mb, verdict)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as classes:
        sources = [str(path) for path in (EXAMPLES / "java").glob("*.java")]
        argv = ["javac", "-d", classes, *sources]
        subprocess.run(argv, check=True)
        java = f"cmd:java -Xmx64m -XX:+UseSerialGC -cp {classes} Main"
        asyncio = f"cmd:{sys.executable} {EXAMPLES / 'python-asyncio' / 'main.py'}"
        rows = (
            ("reference, in process", "reference", ()),
            (
                "reference, stdio",
                f"cmd:{sys.executable} -m invitelab serve --stdio",
                (),
            ),
            ("Node.js, virtual", f"cmd:node {EXAMPLES / 'node' / 'main.js'}", ()),
            ("asyncio, jump", asyncio, ("--clock", "jump")),
            ("asyncio, real", asyncio, ()),
            ("Java, real", java, ()),
        )
        peer_s = 0.0
        print(f"{'target':24} {'wall s':>7} {'ratio':>7} {'MB':>5}  verdict")
        for name, target, options in rows:
            took = cost(target, *options)
            peer_s = peer_s or took.wall_s
            ratio = took.wall_s / peer_s
            print(
                f"{name:24} {took.wall_s:7.1f} {ratio:6.2f}x {took.memory_mb:5.0f}"
                f"  {took.verdict}",
                flush=True,
            )


if __name__ == "__main__":
    main()
