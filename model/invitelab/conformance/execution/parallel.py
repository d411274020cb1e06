"""Scenarios in real time, all at once: the suite takes as long as its longest wait.

Every scenario that waits has a thread, the others share a few. A target that says
`parallel` is one process with many scenarios open; any other gets a process a thread,
at most three of them starting at a time. One that can be opened only once is asked
scenario after scenario, however long that takes.
"""

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

from invitelab.adapters.base import Limits
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.conformance.execution.scenario_runner import Ready, not_run, run_scenario
from invitelab.conformance.features.gherkin import Pickle, key_of
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
"""Threads for scenarios that do not wait."""

STARTING = 3
"""Processes that may be starting at the same time."""

MOST_ROUNDS = 12
"""How often a scenario is begun again because others have ended the target."""

PATIENCE_S = 1.0
"""How long a call may go on once nobody wants its answer any more."""

CLOSING_S = 8.0
"""How long it may take until every thread has stopped its target."""

PASSED_SINCE = re.compile(r"(\d+) (seconds|milliseconds) have passed since")
MS_PER = {"seconds": 1000, "milliseconds": 1}


def wait_ms(pickle: Pickle) -> int:
    """How long the scenario's longest wait is."""
    waits = [
        int(found[1]) * MS_PER[found[2]]
        for step in pickle.scenario.steps
        if (found := PASSED_SINCE.search(step.name))
    ]
    return max(waits, default=0)


class Host(Protocol):
    """Where targets come from."""

    def shared(self) -> Ready | None:
        """The one target of all, started again if it has died; None: no more."""
        ...

    def own(self, *, again: bool, alone: bool = False) -> Ready | None:
        """A target for one thread, again after a crash; None: it cannot be had.

        `alone` is for a second try of one scenario.
        """
        ...


class ParallelRunner:
    """Plays scenarios in threads; results are asked for one by one.

    `tell` is told after each how many have ended, and how many of those that do not
    wait have not: at zero the machine has little to do until the waits are over.
    """

    def __init__(
        self,
        host: Host,
        pickles: Iterable[Pickle],
        *,
        parallel: bool,
        serial: bool,
        tell: Callable[[int, int], None],
    ) -> None:
        self._host = host
        self._tell = tell
        self._serial = serial
        self._parallel = parallel or serial
        self._tokens = iter(range(1, 1 << 30))
        self._tasks: SimpleQueue[Pickle] = SimpleQueue()
        self._starting = threading.Semaphore(STARTING)
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._drivers: set[Driver] = set()
        """Of targets that somebody may be calling."""
        self._results: dict[object, Future[ScenarioRecord]] = {}
        distinct = list({key_of(pickle): pickle for pickle in pickles}.values())
        # The longest waits begin first, but where all others would wait for them.
        for pickle in sorted(distinct, key=wait_ms, reverse=not serial):
            self._results[key_of(pickle)] = Future()
            self._tasks.put(pickle)
        self._unhurried = sum(not wait_ms(pickle) for pickle in distinct)
        """How many that do not wait are still to come."""
        waiting = len(distinct) - self._unhurried
        count = 1 if serial else min(waiting + HELPERS, len(distinct))
        self._threads = [
            threading.Thread(target=self._work, daemon=True) for _ in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def result(self, pickle: Pickle) -> ScenarioRecord:
        """Wait for a scenario's record."""
        return self._results[key_of(pickle)].result()

    def knows(self, pickle: Pickle) -> bool:
        """Whether it is among those that are played."""
        return key_of(pickle) in self._results

    def close(self) -> None:
        """Begin nothing more, and see to it that no target is left. Never raises.

        Whoever still waits has to be woken before. A target that does not stop, or is
        in a call, is killed after PATIENCE_S; the whole takes CLOSING_S more at most.
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
        """Whether something was still to come; it never will."""
        unfinished = any(not future.done() for future in self._results.values())
        while (pickle := self._next()) is not None:
            self._results[key_of(pickle)].set_exception(_interrupted())
        return unfinished

    def _next(self) -> Pickle | None:
        with suppress(Empty):
            return self._tasks.get_nowait()
        return None

    def _work(self) -> None:
        """Take scenarios until there are none."""
        own: Ready | None = None
        while (pickle := self._next()) is not None:
            own = self._settle(pickle, own)
        if own is not None:
            self._stop(own)

    def _settle(self, pickle: Pickle, own: Ready | None) -> Ready | None:
        """Play it, and set its result whatever happens; the target to play on with."""
        future = self._results[key_of(pickle)]
        try:
            if not self._parallel and (own is None or not own.driver.running):
                own = self._start_own(again=own is not None)
            future.set_result(self._play(pickle, own))
        except BaseException as error:  # noqa: BLE001 - it is raised where it is asked for
            future.set_exception(error)
        with self._lock, suppress(OSError):  # no progress to see, but a result
            done = sum(other.done() for other in self._results.values())
            self._unhurried -= not wait_ms(pickle)
            self._tell(done, self._unhurried)
        return own

    def _start_own(self, *, again: bool, alone: bool = False) -> Ready | None:
        with self._starting:
            if self._over.is_set():
                raise _interrupted()
            return self._noted(self._host.own(again=again, alone=alone))

    def _noted(self, ready: Ready | None) -> Ready | None:
        """The same; whoever closes knows of its driver."""
        if ready is not None:
            with self._lock:
                self._drivers.add(ready.driver)
        return ready

    def _stop(self, own: Ready) -> None:
        own.driver.stop()
        with self._lock:
            self._drivers.discard(own.driver)

    def _play(self, pickle: Pickle, own: Ready | None) -> ScenarioRecord:
        for _ in range(MOST_ROUNDS):
            if self._over.is_set():
                raise _interrupted()
            target = self._noted(self._host.shared()) if self._parallel else own
            if target is None:
                return not_run(pickle)
            try:
                record = run_scenario(pickle, target, self._token())
            except LostError:
                continue
            if record.kind == CrashError.kind:
                return self._once_more(pickle, record)
            return record
        return not_run(pickle)

    def _once_more(self, pickle: Pickle, record: ScenarioRecord) -> ScenarioRecord:
        """After a crash, alone; the crash stands."""
        alone: ScenarioRecord | None = None
        with suppress(InvitelabError):
            target = self._alone()
            if target is not None:
                try:
                    alone = run_scenario(pickle, target, self._token())
                finally:
                    if not self._serial:
                        self._stop(target)
        return after_crash(record, alone)

    def _alone(self) -> Ready | None:
        """A target that nobody else calls.

        The one of all, where that is asked scenario after scenario: it may be a server
        that takes no second connection.
        """
        return (
            self._host.shared()
            if self._serial
            else self._start_own(again=True, alone=True)
        )

    def _token(self) -> str:
        with self._lock:
            return f"k{next(self._tokens):x}"


def _interrupted() -> InterruptedRunError:
    return InterruptedRunError("the run was ended before the scenario")


def _join(threads: Sequence[threading.Thread], seconds: float) -> None:
    """Wait until all have ended, but no longer than that."""
    end_s = monotonic_s() + seconds
    for thread in threads:
        thread.join(max(0.0, end_s - monotonic_s()))


def after_crash(record: ScenarioRecord, alone: ScenarioRecord | None) -> ScenarioRecord:
    """The record of a crash, with what running the scenario alone has shown of it.

    The crash stands: what passes only when alone does not pass.
    """
    if alone is None or alone.verdict is Verdict.NOT_RUN:
        note = "and could not be run again"
    elif alone.kind == CrashError.kind:
        note = "again when run alone"
    else:
        note = "but not when run alone"
    return record.model_copy(update={"message": f"{record.message}; {note}"})
