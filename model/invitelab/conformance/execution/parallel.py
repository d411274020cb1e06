"""Runs scenarios in real time, all at once: a run takes as long as its longest wait.

Each scenario that waits has a thread of its own, the others share a few. A target that
declares `parallel` is one process with many open scenarios; any other has a process for
each thread, of which at most three start at a time. Few scenarios make their first
calls at a time (`openings`). A target that can be opened only once runs one scenario
after the other.

A scenario that unplanned time (of this machine, or of calls) has left undecided is run
once more, when fewer others are open: the second record counts, whatever it says. A
scenario with a verdict is never run again.
"""

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

from invitelab.adapters.base import Limits
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.conformance.execution.openings import LeavingClocks, Openings
from invitelab.conformance.execution.outcomes import Delayed
from invitelab.conformance.execution.scenario_runner import Ready, not_run, run_scenario
from invitelab.conformance.factors.cast import Row
from invitelab.conformance.features.gherkin import Pickle, key_of
from invitelab.conformance.features.retiming import retimed
from invitelab.conformance.features.steps.time import MS_PER
from invitelab.errors import (
    CrashError,
    InterruptedRunError,
    InvitelabError,
    LostError,
)
from invitelab.formats.run import ScenarioRecord, Verdict

if TYPE_CHECKING:
    from invitelab.adapters.driver import Driver

HELPERS = 16
"""Number of threads for scenarios that do not wait."""

STARTING = 3
"""Number of processes that may be starting at the same time."""

MOST_ROUNDS = 12
"""How often a scenario is begun, if other scenarios keep ending the target."""

PATIENCE_S = 1.0
"""Grace period for calls in flight after cancellation, in seconds."""

CLOSING_S = 8.0
"""Time limit for all threads to stop their targets, in seconds."""

PASSED = re.compile(r"(another )?(\d+) (minutes|seconds|milliseconds) have passed")


def wait_ms(pickle: Pickle) -> int:
    """About how long a scenario waits, in milliseconds.

    Waits since something overlap, and the longest counts; others are added to it.
    """
    since, more = 0, 0
    for step in retimed(pickle.scenario).steps:
        if found := PASSED.search(step.name):
            waits = int(found[2]) * MS_PER[found[3]]
            since, more = (
                (since, more + waits) if found[1] else (max(since, waits), more)
            )
    return since + more


class TargetSource(Protocol):
    """Starts the targets on which scenarios run."""

    def shared(self) -> Ready | None:
        """The target that all threads share, restarted if need be; None: none."""
        ...

    def own(self, *, again: bool, alone: bool = False) -> Ready | None:
        """A target for one thread; None if it cannot be started.

        `again` says that it replaces one that has crashed, `alone` that it is for the
        second run of one scenario.
        """
        ...


class ParallelRunner:
    """Runs scenarios in threads; `result` gives their records one by one.

    `parallel` says that the target runs many scenarios at a time, `serial` that it can
    be opened only once. `tell` is called after each scenario with the number of ended
    scenarios, and the number of those without a wait that have not ended: at zero the
    machine is idle until the waits are over. `jobs` is the most scenarios that are open
    at once; None: as many as wait, and HELPERS more.
    """

    def __init__(
        self,
        source: TargetSource,
        pickles: Iterable[Pickle],
        *,
        parallel: bool,
        serial: bool,
        tell: Callable[[int, int], None],
        jobs: int | None = None,
    ) -> None:
        self._source = source
        self._tell = tell
        self._serial = serial
        self._parallel = parallel or serial
        self._tokens = iter(range(1, 1 << 30))
        self._tasks: SimpleQueue[Pickle] = SimpleQueue()
        self._starting = threading.Semaphore(STARTING)
        self._openings = Openings()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._drivers: set[Driver] = set()
        """Drivers of the targets that are in use."""
        self._results: dict[object, Future[ScenarioRecord]] = {}
        distinct = list({key_of(pickle): pickle for pickle in pickles}.values())
        # The longest waits begin first, unless all others would wait for them.
        for pickle in sorted(distinct, key=wait_ms, reverse=not serial):
            self._results[key_of(pickle)] = Future()
            self._tasks.put(pickle)
        self._not_waiting = sum(not wait_ms(pickle) for pickle in distinct)
        """Number of scenarios without a wait that have not ended."""
        waiting = len(distinct) - self._not_waiting
        count = 1 if serial else min(waiting + HELPERS, len(distinct))
        if jobs is not None:
            count = min(count, jobs)
        self._threads = [
            threading.Thread(target=self._work, daemon=True) for _ in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def result(self, pickle: Pickle) -> ScenarioRecord:
        """Wait for the record of a scenario. Raises what its run has raised."""
        return self._results[key_of(pickle)].result()

    def knows(self, pickle: Pickle) -> bool:
        """Whether the scenario is one of those that this runner runs."""
        return key_of(pickle) in self._results

    def close(self) -> None:
        """Begin nothing more, and end every target. Never raises.

        The caller has to wake waiting threads before. A target that does not stop, or
        is in a call, is killed after PATIENCE_S; then CLOSING_S are the limit.
        """
        self._over.set()
        patience_s = PATIENCE_S if self._abandon() else Limits().call_s
        _join(self._threads, patience_s)
        if not any(thread.is_alive() for thread in self._threads):
            return
        with self._lock:
            drivers = tuple(self._drivers)
        killers = [
            threading.Thread(target=driver.kill, daemon=True) for driver in drivers
        ]
        for killer in killers:
            killer.start()
        _join([*self._threads, *killers], CLOSING_S)

    def _abandon(self) -> bool:
        """Cancel the scenarios that have not begun; whether any was unfinished."""
        unfinished = any(not future.done() for future in self._results.values())
        while (pickle := self._next()) is not None:
            self._results[key_of(pickle)].set_exception(_interrupted())
        return unfinished

    def _next(self) -> Pickle | None:
        with suppress(Empty):
            return self._tasks.get_nowait()
        return None

    def _work(self) -> None:
        """Run scenarios until the queue is empty."""
        own: Ready | None = None
        while (pickle := self._next()) is not None:
            own = self._finish(pickle, own)
        if own is not None:
            self._stop(own)

    def _finish(self, pickle: Pickle, own: Ready | None) -> Ready | None:
        """Run it, and set its result in any case. Gives the target to go on with."""
        future = self._results[key_of(pickle)]
        try:
            if not self._parallel and (own is None or not own.driver.running):
                own = self._start_own(again=own is not None)
            future.set_result(self._run(pickle, own))
        except BaseException as error:  # noqa: BLE001 - `result` raises it
            future.set_exception(error)
        with self._lock, suppress(OSError):  # progress is lost, the result is not
            done = sum(other.done() for other in self._results.values())
            self._not_waiting -= not wait_ms(pickle)
            self._tell(done, self._not_waiting)
        return own

    def _start_own(self, *, again: bool, alone: bool = False) -> Ready | None:
        with self._starting:
            if self._over.is_set():
                raise _interrupted()
            return self._in_use(self._source.own(again=again, alone=alone))

    def _in_use(self, ready: Ready | None) -> Ready | None:
        """The same target, registered so that `close` can end it."""
        if ready is not None:
            with self._lock:
                self._drivers.add(ready.driver)
        return ready

    def _stop(self, own: Ready) -> None:
        own.driver.stop()
        with self._lock:
            self._drivers.discard(own.driver)

    def _run(self, pickle: Pickle, own: Ready | None) -> ScenarioRecord:
        """Run it, and once more where a delay has left it undecided."""
        record = self._run_once(pickle, own)
        if record.kind != Delayed.kind:
            return record
        again = self._run_once(pickle, own)
        return record if again.verdict is Verdict.NOT_RUN else again

    def _run_once(self, pickle: Pickle, own: Ready | None) -> ScenarioRecord:
        for _ in range(MOST_ROUNDS):
            try:
                with self._openings.place() as leave:
                    record = self._run_in_place(pickle, own, leave)
            except LostError:
                continue
            if record.kind == CrashError.kind:
                return self._run_again(pickle, record)
            return record
        return not_run(pickle)

    def _run_in_place(
        self, pickle: Pickle, own: Ready | None, leave: Callable[[], None]
    ) -> ScenarioRecord:
        """Run it on the target as it is now; `leave` lets another scenario begin."""
        if self._over.is_set():
            raise _interrupted()
        target = self._in_use(self._source.shared()) if self._parallel else own
        if target is None:
            return not_run(pickle)
        clocks = LeavingClocks(target.clock_driver, leave)
        placed = replace(target, clock_driver=clocks)
        return run_scenario(pickle, placed, self._token(), _row(pickle, target))

    def _run_again(self, pickle: Pickle, record: ScenarioRecord) -> ScenarioRecord:
        """Run it once more after a crash, alone; the verdict stays."""
        alone: ScenarioRecord | None = None
        with suppress(InvitelabError):
            target = self._alone()
            if target is not None:
                try:
                    row = _row(pickle, target)
                    alone = run_scenario(pickle, target, self._token(), row)
                finally:
                    if not self._serial:
                        self._stop(target)
        return after_crash(record, alone)

    def _alone(self) -> Ready | None:
        """A target for one scenario.

        A serial one is the shared target: it may be a server that accepts no second
        connection.
        """
        return (
            self._source.shared()
            if self._serial
            else self._start_own(again=True, alone=True)
        )

    def _token(self) -> str:
        with self._lock:
            return f"k{next(self._tokens):x}"


def _row(pickle: Pickle, target: Ready) -> Row:
    """The only row in real time, where each costs its waits."""
    return target.plan.rows_of(pickle)[0]


def _interrupted() -> InterruptedRunError:
    return InterruptedRunError("the run was ended before the scenario")


def _join(threads: Sequence[threading.Thread], seconds: float) -> None:
    """Wait until all threads have ended, at most `seconds`."""
    end_s = monotonic_s() + seconds
    for thread in threads:
        thread.join(max(0.0, end_s - monotonic_s()))


def after_crash(record: ScenarioRecord, alone: ScenarioRecord | None) -> ScenarioRecord:
    """The record of a crash, with a note on how the scenario ended when run alone.

    The verdict stays that of the crash: passing only when run alone is no pass.
    """
    if alone is None or alone.verdict is Verdict.NOT_RUN:
        note = "and could not be run again"
    elif alone.kind == CrashError.kind:
        note = "again when run alone"
    else:
        note = "but not when run alone"
    return record.model_copy(update={"message": f"{record.message}; {note}"})
