"""Rounds in which all contenders do the same work in turns, and their table.

A round begins with cohorts, which say how many invitations are sent; the peers send as
many. Ratios are of figures of the same round, since the load of a machine varies.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from hatch_build import compiled

from agreement import UnlikeError, check_delays, check_outcomes
from figures import Figures

HERE = Path(__file__).resolve().parent
PEERS = ("naive", "naive, no collector", "heapq", "salabim", "ciw")
LABELS = {
    "naive": "SimPy, `naive.py`",
    "naive, no collector": "the same, collector off",
    "salabim": "salabim",
    "heapq": "bare `heapq`",
    "ciw": "Ciw, messages alone",
    "events alone": "events, no instruments",
    "events": "events, a whole replication",
    "events alone, compiled": "events compiled, no instruments",
    "events, compiled": "events compiled, a whole replication",
    "cohorts alone": "cohorts, no instruments",
    "cohorts": "cohorts, a whole replication",
}
"""The contenders, in the order of the table."""

SLOW = {"salabim", "ciw"}
SLOW_ABOVE = 10_000
"""Above so many attempts, slow contenders are left out."""

ROOT = HERE.parents[1]
COMPILED = ", compiled"
BUILT = ROOT / "build" / "compiled"
"""Where the core is compiled for the contenders that end with `COMPILED`."""

NEEDED = {"salabim": "salabim", "ciw": "ciw"}
"""The packages that `make bench` installs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """So many attempts to invite, in so many rounds."""

    attempts: int
    rounds: int


@dataclass(slots=True, kw_only=True)
class Contest:
    """The figures of a size, for each contender by round."""

    size: Size
    found: dict[str, list[Figures]] = field(default_factory=dict[str, list[Figures]])

    def speeds(self, name: str) -> list[float]:
        """How many times as fast as `naive.py` it was, by round."""
        pairs = zip(self.found["naive"], self.found[name], strict=True)
        return [naive.cpu_s / one.cpu_s for naive, one in pairs]

    def cpu_s(self, name: str) -> float:
        """The median over rounds."""
        return statistics.median(one.cpu_s for one in self.found[name])

    @property
    def sent(self) -> float:
        """The invitations of a round."""
        return statistics.fmean(one.sent for one in self.found["cohorts"])

    def each_us(self, name: str) -> float:
        """CPU for each invitation."""
        return self.cpu_s(name) / self.sent * 1e6

    def peak_bytes(self, name: str) -> int:
        """The most memory of a process."""
        return max(one.peak_bytes for one in self.found[name])


def alone(task: str, size: int, seed: int) -> Figures:
    """Run a task in a process of its own."""
    script = "peer_tasks.py" if task in PEERS else "engine_tasks.py"
    name = task.removesuffix(COMPILED)
    done = subprocess.run(
        [sys.executable, HERE / script, name, str(size), str(seed)],
        env=os.environ | ({} if name == task else {"PYTHONPATH": str(BUILT)}),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    figures = Figures(**json.loads(done.stdout))
    print(f"{task}, {size:,}: {figures.cpu_s:.2f} s of CPU", file=sys.stderr)
    return figures


def contenders() -> list[str]:
    """Those that are installed; says which are not."""
    missing = [name for name, module in NEEDED.items() if find_spec(module) is None]
    for name in missing:
        print(f"scale.py: {name} is not installed, so it is left out", file=sys.stderr)
        print("  hint: `make bench` installs it", file=sys.stderr)
    return [name for name in LABELS if name not in missing]


def compile_core() -> None:
    """Make the compiled build that some contenders are; takes a minute or two."""
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    compiled(ROOT / "model", BUILT)


def contest(size: Size, names: Sequence[str]) -> Contest:
    """Measure all of them in rounds."""
    result = Contest(size=size)
    for seed in range(1, size.rounds + 1):
        first = alone("cohorts", size.attempts, seed)
        result.found.setdefault("cohorts", []).append(first)
        for name in names:
            too_slow = name in SLOW and size.attempts > SLOW_ABOVE
            if name != "cohorts" and not too_slow:
                work = first.sent if name in PEERS else size.attempts
                figures = alone(name, work, seed)
                result.found.setdefault(name, []).append(figures)
    return result


def check(contests: Sequence[Contest]) -> Iterator[str]:
    """Compare what contenders did; raises UnlikeError where their work differs."""
    for one in contests:
        _check_engines(one)
        expected = outcomes(one, "naive")
        for name in one.found:
            found = outcomes(one, name)
            if found:
                check_outcomes(name, found, expected)
            if name in PEERS:
                check_delays(name, delay(one, name), delay(one, "naive"))
            if found and one is contests[-1]:
                yield shares(LABELS[name], found)


def _check_engines(one: Contest) -> None:
    """Our engines have the same outcomes, not only the same shares."""
    same = ("cohorts", "cohorts alone", "events", "events, compiled")
    for figures in zip(*(one.found[name] for name in same), strict=True):
        if any(each.outcomes != figures[0].outcomes for each in figures):
            raise UnlikeError(f"our engines differ: {figures}")


def outcomes(one: Contest, name: str) -> Mapping[str, int]:
    """The outcomes of all rounds."""
    total = Counter[str]()
    for figures in one.found[name]:
        total.update(figures.outcomes)
    return total


def delay(one: Contest, name: str) -> tuple[float, int]:
    """The mean delay of all rounds, and of how many."""
    found = one.found[name]
    return statistics.fmean(each.delay_s for each in found), sum(
        each.sent for each in found
    )


def shares(label: str, found: Mapping[str, int]) -> str:
    """A row of outcomes."""
    total = sum(found.values())
    cells = " | ".join(f"{count / total:.1%}" for count in found.values())
    return f"| {label} | {total:,} | {cells} |"


def table(contests: Sequence[Contest]) -> Iterator[str]:
    """Times as fast as naive (median, least, most), microseconds, megabytes."""
    heads = [f"{one.size.attempts:,} attempts, {one.size.rounds} x" for one in contests]
    yield f"| | {' | '.join(heads)} | us an invitation | peak MB |"
    yield f"|---|{'---|' * (len(contests) + 2)}"
    for name, label in LABELS.items():
        ones = [one for one in contests if name in one.found]
        if ones:
            cells = [spread(one.speeds(name)) for one in ones]
            cells += [""] * (len(contests) - len(ones))
            each = " / ".join(f"{one.each_us(name):,.0f}" for one in ones)
            peak = " / ".join(f"{one.peak_bytes(name) / 1e6:.0f}" for one in ones)
            yield f"| {label} | {' | '.join(cells)} | {each} | {peak} |"


def spread(values: Sequence[float]) -> str:
    """`1.20 (1.10 to 1.30)`."""
    low, middle, high = min(values), statistics.median(values), max(values)
    digits = 1 if middle >= 10 else 2  # noqa: PLR2004 - three digits say enough
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
