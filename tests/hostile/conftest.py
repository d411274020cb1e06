"""Judging what is hostile: its verdict, its reports, and whether anything is left."""

import shlex
import sys
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from invitelab.adapters.base import Limits
from invitelab.adapters.driver import Reachable
from invitelab.adapters.target import Target
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import Pickle, pickles
from invitelab.formats.run import Run, read
from invitelab.processes.tree import HAS_PROC
from invitelab.reporting.conformance.files import write_run

FAKES = Path(__file__).with_name("fakes.py")
TITLE = "The inviter cancels a pending invitation"
"""A short scenario that every fake can answer; in it the defects show."""

DIRTY = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of what moves a cursor, turns text around or ends a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A run of one scenario, or more, as it was read back, and what it left behind."""

    run: Run
    folder: Path
    took_s: float
    left: list[str]


def command(defect: str, mark: str) -> list[str]:
    """Give the command line of a target with a defect, which its children keep."""
    return [sys.executable, str(FAKES), defect, mark]


def target(defect: str, mark: str) -> Target:
    """Give the target of that command line."""
    return Target.parse(f"cmd:{shlex.join(command(defect, mark))}")


def new_mark() -> str:
    """Give a word that no other command line has."""
    return uuid.uuid4().hex


def processes(mark: str) -> Iterator[str]:
    """Name the processes, not yet ended, that have the mark in their command line."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            state = (folder / "stat").read_bytes().rpartition(b")")[2].split()[0]
        except OSError:
            continue
        if mark.encode() in words and state not in {b"Z", b"X"}:
            yield f"{folder.name} {words.decode(errors='replace')}"


@cache
def every_pickle() -> tuple[Pickle, ...]:
    """Parse the features once."""
    return tuple(pickles())


def judge(
    reachable: Reachable,
    folder: Path,
    *,
    limits: Limits | None = None,
    wanted: Callable[[Pickle], bool] = lambda pickle: pickle.scenario.name == TITLE,
    mark: str = "no such process",
) -> Judged:
    """Judge by the scenarios that are wanted, and write every report."""
    folder.mkdir(exist_ok=True)
    run_file = folder / "raw.jsonl"
    start_s = time.monotonic()
    engine = Engine(reachable, run_file, limits, plan=NO_PLAN)
    for pickle in every_pickle():
        if wanted(pickle):
            engine.run(pickle)
    engine.finish(selected_all=False)
    took_s = time.monotonic() - start_s
    left = list(processes(mark)) if HAS_PROC else []
    run = read(run_file)
    write_run(folder, run, run_file.read_text(encoding="utf-8"), {})
    return Judged(run=run, folder=folder, took_s=took_s, left=left)


def dirt(text: str) -> list[str]:
    """Name the characters that a report must not have, beside the end of a line."""
    return sorted(
        {
            f"U+{ord(char):04X}"
            for char in text
            if char != "\n" and unicodedata.category(char) in DIRTY
        }
    )


@pytest.fixture(scope="session", autouse=True)
def _no_summary() -> Iterator[None]:
    """Keep what is hostile out of the summary of the job that runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        yield


@pytest.fixture(scope="session")
def judge_it() -> Callable[..., Judged]:
    """Judge a target; see `judge`."""
    return judge


@pytest.fixture(scope="session")
def judge_defects(
    judge_defect: Callable[[str, Limits], Judged],
) -> Callable[[Mapping[str, Limits]], Mapping[str, Judged]]:
    """Judge targets with defects, within limits and several at once."""

    def judge_all(defects: Mapping[str, Limits]) -> Mapping[str, Judged]:
        with ThreadPoolExecutor(8) as pool:
            return dict(
                zip(
                    defects,
                    pool.map(judge_defect, defects, defects.values()),
                    strict=True,
                )
            )

    return judge_all


@pytest.fixture(scope="session")
def judge_defect(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, Limits], Judged]:
    """Judge a target with a defect, within limits."""
    tmp_path_factory.getbasetemp()  # made here: threads that judge would race for it

    def judge_one(defect: str, limits: Limits) -> Judged:
        mark = new_mark()
        folder = tmp_path_factory.mktemp(defect)
        return judge(target(defect, mark), folder, limits=limits, mark=mark)

    return judge_one


@pytest.fixture(scope="session")
def find_dirt() -> Callable[[str], list[str]]:
    """Name what must not be in a report; see `dirt`."""
    return dirt


@pytest.fixture(scope="session")
def faulty_command() -> Callable[[str, str], list[str]]:
    """Give the command line of a target with a defect; see `command`."""
    return command


@pytest.fixture(scope="session")
def living() -> Callable[[str], list[str]]:
    """Name the processes with a mark; see `processes`."""
    return lambda mark: list(processes(mark))
