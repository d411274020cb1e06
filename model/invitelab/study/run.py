"""Many replications: in this process or in several, with the same bytes as a result."""

import hashlib
import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing.sharedctypes import Synchronized
from typing import Any

from invitelab.results import Results
from invitelab.study.assemble import Subject, assemble
from invitelab.study.figures import judged
from invitelab.study.measurement import Measurement
from invitelab.study.objectives import decided
from invitelab.study.replication import Job, StoppedError, replicate
from invitelab.world.scenario import Scenario, Trace
from invitelab.world.scenario_file import Loaded
from invitelab.world.trace_file import read_trace

MORE_AT_ONCE = 2
"""Replications that follow while an objective is undecided; no matter how many run."""

LOOK_S = 0.1
"""How often the progress of other processes is looked at."""

Progress = Callable[[int, int], None]
"""Told how much world time is done and how much there is, in microseconds."""

INTERRUPTED = "it was interrupted"


def simulate(
    loaded: Loaded,
    *,
    seed: int | None = None,
    replications: int | None = None,
    workers: int = 1,
    progress: Progress = lambda _done_us, _all_us: None,
) -> Results:
    """Run a scenario; KeyboardInterrupt ends it with what there is, marked incomplete.

    Raises UsageError where the scenario's trace cannot be read or its helpers do not
    exist, and KeyboardInterrupt where there is nothing yet to report.
    """
    scenario = loaded.scenario
    if replications is not None:
        most = scenario.max_replications
        scenario = scenario.model_copy(
            update={
                "replications": replications,
                "max_replications": None if most is None else max(most, replications),
            }
        )
    seed = scenario.seed if seed is None else seed
    trace = _trace(loaded)

    def jobs(first: int, count: int) -> list[Job]:
        return [
            Job(scenario=scenario, seed=seed, number=number, trace=trace)
            for number in range(first, first + count)
        ]

    subject = Subject(
        scenario=scenario, name=loaded.name, digest=_digest(loaded), seed=seed
    )
    batches = _Batches(scenario, workers, progress)
    done, incomplete = batches.run(jobs)
    if not done:
        raise KeyboardInterrupt
    return assemble(subject, done, incomplete=incomplete)


def _trace(loaded: Loaded) -> Sequence[int]:
    arrivals = loaded.scenario.arrivals
    if not isinstance(arrivals, Trace):
        return ()
    return read_trace(loaded.folder / arrivals.file)


def _digest(loaded: Loaded) -> str:
    """Names the scenario as it was written: a short sha256 of its text."""
    text = loaded.text.replace("\r\n", "\n")
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class _Batches:
    """Replications until the objectives are decided, or there are enough."""

    def __init__(self, scenario: Scenario, workers: int, progress: Progress) -> None:
        self._scenario = scenario
        self._workers = workers
        self._progress = progress
        self._done: list[Measurement] = []

    def run(
        self, jobs: Callable[[int, int], list[Job]]
    ) -> tuple[list[Measurement], str]:
        """All measurements in their order, and why some are missing."""
        most = self._scenario.max_replications or self._scenario.replications
        wanted = self._scenario.replications
        try:
            while len(self._done) < wanted:
                todo = jobs(len(self._done), wanted - len(self._done))
                self._done += self._batch(todo, wanted)
                if not decided(judged(self._scenario, self._done)):
                    wanted = min(most, wanted + MORE_AT_ONCE)
        except _PartlyError as partly:
            self._done += partly.done
            return self._whole_ones(), INTERRUPTED
        return self._done, ""

    def _whole_ones(self) -> list[Measurement]:
        """Those that came to their end; if there are none, the first that began."""
        end_us = self._scenario.end_us
        ordered = sorted(self._done, key=lambda one: one.number)
        whole = [one for one in ordered if one.reached_us >= end_us]
        begun = [one for one in ordered if one.reached_us > 0]
        return whole or begun[:1]

    def _batch(self, todo: list[Job], wanted: int) -> list[Measurement]:
        before_us = len(self._done) * self._scenario.end_us
        all_us = wanted * self._scenario.end_us

        def tell(reached_us: int) -> None:
            self._progress(before_us + reached_us, all_us)

        if self._workers == 1 or len(todo) == 1:
            return _one_by_one(todo, tell)
        return _side_by_side(todo, self._workers, tell)


class _PartlyError(Exception):
    """An interruption, with what was measured until then."""

    def __init__(self, done: list[Measurement]) -> None:
        super().__init__()
        self.done = done


def _one_by_one(todo: list[Job], tell: Callable[[int], None]) -> list[Measurement]:
    """In this process. An interruption stops the world between two slices."""
    done: list[Measurement] = []
    stop = _Interruption()
    for place, job in enumerate(todo):
        before_us = place * job.scenario.end_us

        def watch(reached_us: int, before_us: int = before_us) -> None:
            stop.check()
            tell(before_us + reached_us)

        with stop:
            done.append(replicate(job, watch))
        if stop.asked:
            raise _PartlyError(done)
    return done


class _Interruption:
    """Turns Ctrl-C into a question that is asked between two slices of time."""

    def __init__(self) -> None:
        self.asked = False
        self._before: Any = None

    def __enter__(self) -> None:
        """From here on Ctrl-C only asks; where we may not listen it stays as it is."""
        try:
            self._before = signal.signal(signal.SIGINT, self._ask)
        except ValueError:  # not the main thread
            self._before = None

    def __exit__(self, *_error: object) -> None:
        """As it was before."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def check(self) -> None:
        """Raise StoppedError once somebody has asked."""
        if self.asked:
            raise StoppedError

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True


# Several processes. Each has its place on a shared board for how far it has come.

_board: "Any" = None
_stop: "Synchronized[int] | None" = None


def _set_up(board: "Any", stop: "Synchronized[int]") -> None:
    """In a worker: the board, and no ear for Ctrl-C, which is the parent's to hear."""
    global _board, _stop  # noqa: PLW0603 - a process's own, set once when it begins
    _board, _stop = board, stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(place: int, job: Job) -> Measurement:
    def watch(reached_us: int) -> None:
        _board[place] = reached_us
        if _stop is not None and _stop.value:
            raise StoppedError

    return replicate(job, watch)


def _side_by_side(
    todo: list[Job], workers: int, tell: Callable[[int], None]
) -> list[Measurement]:
    """In several processes, each started afresh: a fork would copy half a world."""
    context = multiprocessing.get_context("spawn")
    board = context.Array("q", len(todo))
    stop = context.Value("b", 0)
    interrupted = False
    pool = ProcessPoolExecutor(
        min(workers, len(todo)), context, _set_up, (board, stop)
    )
    with pool:
        futures = [pool.submit(_work, place, job) for place, job in enumerate(todo)]
        left: set[Future[Measurement]] = set(futures)
        while left:
            try:
                _, left = wait(left, LOOK_S, FIRST_COMPLETED)
                tell(sum(board))
            except KeyboardInterrupt:
                interrupted, stop.value = True, 1
                for future in futures:
                    future.cancel()
                left = {future for future in left if not future.cancelled()}
    done = [future.result() for future in futures if not future.cancelled()]
    if interrupted:
        raise _PartlyError(done)
    return done
