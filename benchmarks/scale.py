#!/usr/bin/env python3
"""The engines at scale, beside other ways to simulate the same workload.

    python benchmarks/scale.py [--quick]

Contenders have the conversation of `support_desk`: peers (`peers/`) for as many
invitations as the engines send. Each is measured in a process of its own, in turns, in
CPU time. Nothing is printed unless outcomes and mean delays agree. Then follow growth
with the number of invitations and of those pending, worker processes, and the report.

The whole takes about 15 minutes of CPU and renews `benchmarks/scale.png`; --quick takes
about three, on smaller sizes, and draws `build/scale.png`.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent / "lib"))

from agreement import UnlikeError
from contest import (
    Contest,
    Size,
    alone,
    check,
    compile_core,
    contenders,
    contest,
    table,
)
from figures import Figures
from picture import draw, machine

HERE = Path(__file__).resolve().parent
SENT = 0.78
"""The share of attempts that become invitations; the others are emails or refused."""

LINES = {
    "salabim": "salabim",
    "naive": "SimPy",
    "heapq": "heapq",
    "events": "events",
    "cohorts": "cohorts",
}
"""The contenders of the picture; Ciw has messages alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much is measured; storms are in tenths of about 100,000 pending."""

    sizes: Sequence[Size]
    invitations: Mapping[str, Sequence[int]]
    storms: Mapping[str, Sequence[int]]
    million: bool
    picture: Path


QUICK = Extent(
    sizes=(Size(attempts=2_000, rounds=2), Size(attempts=10_000, rounds=1)),
    invitations={"events": (10**3, 10**4), "cohorts": (10**3, 10**4, 10**5, 10**6)},
    storms={"events": (1,), "cohorts": (1, 10)},
    million=False,
    picture=HERE.parent / "build" / "scale.png",
)
WHOLE = Extent(
    sizes=(
        Size(attempts=2_000, rounds=5),
        Size(attempts=10_000, rounds=3),
        Size(attempts=50_000, rounds=2),
    ),
    invitations={
        "events": (10**3, 10**4, 10**5),
        "cohorts": (10**3, 10**4, 10**5, 10**6, 10**7),
    },
    storms={"events": (1, 10), "cohorts": (1, 10, 40)},
    million=True,
    picture=HERE / "scale.png",
)


def growth(extent: Extent) -> dict[str, list[Figures]]:
    """Whole replications of more and more invitations."""
    return {
        name: [alone(name, round(size / SENT), 1) for size in sizes]
        for name, sizes in extent.invitations.items()
    }


def growth_table(found: Mapping[str, Sequence[Figures]]) -> Iterator[str]:
    """CPU and memory by the number of invitations."""
    yield "| engine | invitations sent | CPU s | us each | peak MB |"
    yield "|---|---|---|---|---|"
    for name, ones in found.items():
        for one in ones:
            each = one.cpu_s / one.sent * 1e6
            cells = f"{one.sent:,} | {one.cpu_s:.2f} | {each:,.1f}"
            yield f"| {name} | {cells} | {one.peak_bytes / 1e6:,.0f} |"


def pending_table(extent: Extent) -> Iterator[str]:
    """Memory by the number of invitations pending at the same moment."""
    yield "| engine | pending at once | CPU s | grew by MB | bytes each |"
    yield "|---|---|---|---|---|"
    for name, sizes in extent.storms.items():
        for tenths in sizes:
            yield pending_row(name, alone(f"{name}, storm", tenths, 1))
    if extent.million:
        yield pending_row("cohorts, `million`", alone("cohorts, million", 0, 1))


def pending_row(name: str, one: Figures) -> str:
    """One number of pending invitations."""
    cells = f"{one.pending:,} | {one.cpu_s:.1f} | {one.grown_bytes / 1e6:,.0f}"
    return f"| {name} | {cells} | {one.grown_bytes / one.pending:,.0f} |"


def workers_table() -> Iterator[str]:
    """The same study in one process and in two."""
    yield "| four replications | processes | wall s | CPU s |"
    yield "|---|---|---|---|"
    for engine in ("events", "cohorts"):
        for processes in (1, 2):
            one = alone(f"{engine}, workers", processes, 1)
            yield f"| {engine} | {processes} | {one.wall_s:.2f} | {one.cpu_s:.2f} |"


def lines(
    contests: Sequence[Contest], grown: Mapping[str, Sequence[Figures]]
) -> dict[str, list[tuple[float, float]]]:
    """The points of the picture; engines have those of `growth`."""
    found: dict[str, list[tuple[float, float]]] = {}
    for name, label in LINES.items():
        if name in grown:
            found[label] = [(one.sent, one.cpu_s) for one in grown[name]]
        elif name in contests[0].found:
            found[label] = [
                (one.sent, one.cpu_s(name)) for one in contests if name in one.found
            ]
    return found


def section(title: str, rows: Iterator[str]) -> None:
    """Print a heading and its rows, all of them at once."""
    text = "\n".join(rows)
    print(f"\n{title}\n\n{text}", flush=True)


def measure(extent: Extent) -> None:
    """Measure everything and print it."""
    names = contenders()
    compile_core()
    print(machine())
    contests = [contest(size, names) for size in extent.sizes]
    agreed = [
        "| | invitations | accepted | rejected | cancelled | expired |",
        f"|{'---|' * 6}",
    ]
    agreed += check(contests)
    section(f"Outcomes at {extent.sizes[-1].attempts:,} attempts", iter(agreed))
    section("Times as fast as naive.py: median (least to most)", table(contests))
    grown = growth(extent)
    section("Growth with the number of invitations", growth_table(grown))
    section("Growth with those that are pending", pending_table(extent))
    section("Worker processes", workers_table())
    print(f"\nthe whole report: {alone('report', 0, 1).cpu_s:.2f} s of CPU")
    extent.picture.parent.mkdir(exist_ok=True)
    draw(lines(contests, grown), extent.picture)
    print(f"the picture: {extent.picture.relative_to(HERE.parent)}")


def main() -> int:
    """Measure; the exit code is 1 if the contenders did different things."""
    parser = argparse.ArgumentParser(description="Compare the engines with peers.")
    parser.add_argument("--quick", action="store_true", help="about three minutes")
    extent = QUICK if parser.parse_args().quick else WHOLE
    try:
        measure(extent)
    except UnlikeError as error:
        print(f"scale.py: {error}", file=sys.stderr)
        print("  hint: times of different work cannot be compared", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
