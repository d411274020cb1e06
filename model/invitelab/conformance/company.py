"""Scenarios in real time, all at once: the suite takes as long as its longest wait.

Every scenario that waits has a thread, the others share a few. A target that says
`parallel` is one process with many scenarios open; any other gets a process a thread,
at most three of them starting at a time. One that can be opened only once is asked
scenario after scenario, however long that takes.
"""

import re
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Protocol

from invitelab.conformance.performance import Ready, not_run, play
from invitelab.conformance.pickles import Pickle
from invitelab.errors import CrashError, InvitelabError, LostError
from invitelab.records import ScenarioRecord, Verdict

HELPERS = 16
"""Threads for scenarios that do not wait."""

STARTING = 3
"""Processes that may be starting at the same time."""

MOST_ROUNDS = 12
"""How often a scenario is begun again because others have ended the target."""

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


def key_of(pickle: Pickle) -> tuple[str, int, str | None]:
    """What tells a scenario from all others."""
    scenario = pickle.scenario
    return scenario.feature.filename, scenario.line_number, pickle.example


class Host(Protocol):
    """Where targets come from."""

    def shared(self) -> Ready | None:
        """The one target of all, started again if it has died; None: no more."""
        ...

    def own(self, *, again: bool) -> Ready | None:
        """A target for one thread alone, again after a crash; None: no more."""
        ...


class Company:
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
        self._parallel = parallel or serial
        self._tokens = iter(range(1, 1 << 30))
        self._tasks: SimpleQueue[Pickle] = SimpleQueue()
        self._starting = threading.Semaphore(STARTING)
        self._lock = threading.Lock()
        self._results: dict[object, Future[ScenarioRecord]] = {}
        waiting = 0
        for pickle in sorted(pickles, key=wait_ms, reverse=True):
            self._results[key_of(pickle)] = Future()
            self._tasks.put(pickle)
            waiting += wait_ms(pickle) > 0
        self._unhurried = len(self._results) - waiting
        """How many that do not wait are still to come."""
        threads = 1 if serial else min(waiting + HELPERS, len(self._results))
        for _ in range(threads):
            threading.Thread(target=self._work, daemon=True).start()

    def result(self, pickle: Pickle) -> ScenarioRecord:
        """Wait for a scenario's record."""
        return self._results[key_of(pickle)].result()

    def knows(self, pickle: Pickle) -> bool:
        """Whether it is among those that are played."""
        return key_of(pickle) in self._results

    def _work(self) -> None:
        """Take scenarios until there are none."""
        own: Ready | None = None
        while True:
            try:
                pickle = self._tasks.get_nowait()
            except Empty:
                break
            if not self._parallel and (own is None or not own.driver.running):
                own = self._start_own(again=own is not None)
            self._settle(pickle, own)
        if own is not None:
            own.driver.stop()

    def _start_own(self, *, again: bool) -> Ready | None:
        with self._starting:
            return self._host.own(again=again)

    def _settle(self, pickle: Pickle, own: Ready | None) -> None:
        """Play it, and set its result whatever happens."""
        future = self._results[key_of(pickle)]
        try:
            future.set_result(self._play(pickle, own))
        except BaseException as error:  # noqa: BLE001 - it is raised where it is asked for
            future.set_exception(error)
        with self._lock:
            done = sum(other.done() for other in self._results.values())
            self._unhurried -= not wait_ms(pickle)
            self._tell(done, self._unhurried)

    def _play(self, pickle: Pickle, own: Ready | None) -> ScenarioRecord:
        for _ in range(MOST_ROUNDS):
            target = self._host.shared() if self._parallel else own
            if target is None:
                return not_run(pickle)
            try:
                record = play(pickle, target, self._token())
            except LostError:
                continue
            if record.kind == CrashError.kind:
                return self._once_more(pickle, record)
            return record
        return not_run(pickle)

    def _once_more(self, pickle: Pickle, record: ScenarioRecord) -> ScenarioRecord:
        """After a crash, alone; the crash stands."""
        alone: ScenarioRecord | None = None
        target = self._start_own(again=True)
        if target is not None:
            try:
                alone = play(pickle, target, self._token())
            except InvitelabError:
                alone = None
            target.driver.stop()
        return after_crash(record, alone)

    def _token(self) -> str:
        with self._lock:
            return f"k{next(self._tokens):x}"


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
