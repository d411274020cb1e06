#!/usr/bin/env python3
"""The fate of every single-cell mutation of the state machine, as a table.

    nice python benchmarks/table_cells.py [--workers N]

The trials are made in this order, and the first that tells something is the fate:

* *decides alike*: in every case of an invitation and an event the host decides as it
  did, since what the cell says is not used there;
* *killed*: a scenario of the suite fails;
* *told apart*: a question over an alphabet of `invitelab learn` is answered otherwise;
* *breaks an invariant*: in a busy world with losses, crashes and partitions, where
  cells are reached that no adapter can ask for;
* *another history*: the facts of that world are others, though none is wrong;
* *killed by a test of the core*: nothing that an adapter or a world can do reaches the
  cell, and a test of `tests/protocol` fails;
* *equivalent*: every question of every alphabet, and every fact of those worlds, is as
  before.

Only what reaches the cell is tried: without it a mutation cannot change anything.
Results go to reports/learning/cells.md. Half an hour on two processes.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "lib"))

from anybody import anybody
from cell_trials import (
    History,
    NeverEndsError,
    Questions,
    SuiteTrial,
    ask_all,
    decisions,
    history,
)
from cells import Mutation, Place, in_force, mutations
from invitelab.learning.alphabet import find_alphabet, known
from invitelab.world.scenario.file import load
from invitelab.world.scenario.schema import Scenario

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "reports" / "learning" / "cells.md"
EXTRA = {"core": 1, "anybody": 1}
"""States more than the reference has, by alphabet; elsewhere none."""

BUSY: Mapping[str, object] = {
    "duration": "40s",
    "drain": "215s",
    "warm_up": "0s",
    "population.clients": 60,
    "population.versions": {"7.1.4": 1.0},
    "arrivals": {"kind": "poisson", "rate": "15/s"},
    "people.cancel": 0.4,
    "people.cancel_after": {"distribution": "exponential", "mean": "12s"},
    "people.modify": 0.4,
    "people.modify_after": {"distribution": "exponential", "mean": "4s"},
    "network.reorder_by": {"distribution": "uniform", "low": "0ms", "high": "5s"},
}
LATE: Mapping[str, str] = {"distribution": "uniform", "low": "90s", "high": "121s"}


def _crash(at: str, lasts: str, share: float) -> Mapping[str, object]:
    return {"kind": "crash", "at": at, "for": lasts, "share": share}


def _messages(kind: str, lasts: str, share: float) -> Mapping[str, object]:
    return {"kind": kind, "at": "0s", "for": lasts, "share": share}


WORLDS: Mapping[str, Mapping[str, object]] = {
    "bad": {
        "faults": (
            _messages("loss", "1min", 0.2),
            _messages("duplicate", "1min", 0.3),
            _messages("reorder", "1min", 0.3),
            _crash("15s", "4s", 0.4),
            {"kind": "suspend", "at": "25s", "for": "4s", "share": 0.3},
            {"kind": "partition", "at": "32s", "for": "10s", "share": 0.3},
        )
    },
    "slow": {
        "faults": (
            {"kind": "delay", "at": "0s", "for": "1min", "by": "8s"},
            _crash("25s", "60s", 0.4),
        )
    },
    "late": {
        "people.think": LATE,
        "people.cancel": 0.1,
        "people.cancel_after": LATE,
        "people.answer": {"accept": 0.4, "reject": 0.4, "ignore": 0.2},
        "faults": (
            _messages("loss", "170s", 0.3),
            _messages("reorder", "170s", 0.3),
            *(_crash(f"{at}s", "3s", 0.5) for at in (10, 26, 42, 124, 132, 140)),
            {"kind": "delay", "at": "0s", "for": "170s", "by": "3s"},
            {"kind": "suspend", "at": "100s", "for": "20s", "share": 0.3},
        ),
    },
}
"""Crowded worlds of a minute: what people and faults have otherwise in each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a mutation."""

    name: str
    fate: str
    by: str = ""
    """What has settled it."""


@cache
def suite() -> SuiteTrial:
    """The suite, with the cells that each scenario takes."""
    return SuiteTrial()


@cache
def questions() -> Sequence[Questions]:
    """The questions of each alphabet."""
    alphabets = [anybody(), *map(find_alphabet, known())]
    return [ask_all(one, EXTRA.get(one.name, 0)) for one in alphabets]


@cache
def worlds() -> Mapping[str, tuple[Scenario, History]]:
    """The busy worlds, and what happens in them with the table as it is."""
    path = ROOT / "scenarios" / "unreliable_network.toml"
    found: dict[str, tuple[Scenario, History]] = {}
    for name, changes in WORLDS.items():
        scenario = load(path, {**BUSY, **changes}).scenario
        found[name] = scenario, history(scenario)
        assert not found[name][1].broken, name
    return found


@cache
def decided() -> object:
    """What the host decides with the table as it is."""
    return decisions()


def fate(mutation: Mutation) -> Fate:
    """Try a mutation until something tells it."""
    kind, by = next(_told(mutation))
    return Fate(name=mutation.name, fate=kind, by=by)


def _told(mutation: Mutation) -> Iterator[tuple[str, str]]:
    before = decided()
    with in_force(mutation):
        alike = decisions() == before
    if alike:
        yield "decides alike", ""
    killer = suite().killer(mutation)
    if killer is not None:
        yield "killed", killer
    for one in questions():
        word = one.witness(mutation)
        if word is not None:
            names = ", ".join(one.alphabet.names(word))
            yield "told apart", f"{one.alphabet.name}: {names}"
    yield from _in_worlds(mutation)
    reach = _reach(mutation.place)
    if not reach and fails_core_tests(mutation):
        yield "killed by a test of the core", "nothing outside reaches the cell"
    yield "equivalent" if reach else "unknown", reach


def _in_worlds(mutation: Mutation) -> Iterator[tuple[str, str]]:
    others: list[str] = []
    for name, (scenario, before) in worlds().items():
        if mutation.place not in before.places:
            continue
        with in_force(mutation):
            try:
                after = history(scenario)
            except (AssertionError, LookupError, NeverEndsError) as error:
                yield "breaks an invariant", f"{name}: {type(error).__name__}"
                return
        if after.broken:
            yield "breaks an invariant", f"{name}: {', '.join(sorted(after.broken))}"
            return
        if after.facts != before.facts:
            others.append(name)
    if others:
        yield "another history", ", ".join(others)


def _reach(place: Place) -> str:
    """Where the cell was reached, with the number of questions."""
    asked = (
        f"{len(one.by_place[place]):,} of {one.count:,} {one.alphabet.name}"
        for one in questions()
        if place in one.by_place
    )
    lived = (name for name, (_, each) in worlds().items() if place in each.places)
    return "; ".join((*asked, *lived))


def fails_core_tests(mutation: Mutation) -> bool:
    """Whether a test of the host's decisions fails."""
    options = ["-q", "-x", "-W", "ignore", "-p", "no:cacheprovider"]
    path = ROOT / "tests" / "protocol" / "test_host.py"
    with in_force(mutation), redirect_stdout(StringIO()):
        return pytest.main([*options, str(path)]) == pytest.ExitCode.TESTS_FAILED


def page(fates: Sequence[Fate]) -> Iterator[str]:
    """The table in Markdown: counts, then what the suite does not kill, then it all."""
    counts = Counter(one.fate for one in fates)
    yield "# Every single-cell mutation of the state machine"
    yield ""
    yield "Made by `python benchmarks/table_cells.py`: each cell of"
    yield "`model/invitelab/protocol/table.py` with another next state, or with an"
    yield "effect left out, added, or in the place of another. What each fate means"
    yield "stands at the beginning of that program. Where nothing tells a mutation,"
    yield "it is said how many of the questions of each alphabet reach the cell, and"
    yield "which of the worlds. The reason of a refusal is no part of an answer."
    yield ""
    yield "| fate | mutations |"
    yield "|---|---|"
    yield from (f"| {kind} | {count} |" for kind, count in counts.most_common())
    yield f"| all | {len(fates)} |"
    for kind, _ in counts.most_common()[::-1]:
        yield ""
        yield f"## {kind.capitalize()}"
        yield ""
        yield "| cell and change | by |"
        yield "|---|---|"
        for one in fates:
            if one.fate == kind:
                yield f"| {one.name} | {one.by} |"


def main() -> None:
    """Try all mutations and write the page."""
    parser = argparse.ArgumentParser(description="Fates of mutations of the table")
    parser.add_argument("--workers", type=int, default=2)
    workers = parser.parse_args().workers
    all_ = list(mutations())
    fates: list[Fate] = []
    with ProcessPoolExecutor(workers) as pool:
        for place, one in enumerate(pool.map(fate, all_), start=1):
            fates.append(one)
            if place % 25 == 0:
                print(f"{place} of {len(all_)}", flush=True)
    PAGE.write_text("\n".join(page(fates)) + "\n", encoding="utf-8")
    for kind, count in Counter(one.fate for one in fates).most_common():
        print(f"{count:6,} {kind}")


if __name__ == "__main__":
    main()
