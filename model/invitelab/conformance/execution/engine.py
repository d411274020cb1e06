"""The run of one target: starts it, proves its clock, runs scenarios, judges.

The engine writes records to its journal as it goes: the header when the target has
answered, a line for each scenario, and clauses and footer at the end. It restarts a
target that died, at most `MAX_RESTARTS` times.
"""

import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import invitelab
from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.base import ClockDriver, ClockKind
from invitelab.adapters.clocks.choice import Prepared, agree, prepare
from invitelab.adapters.driver import Driver, Reachable
from invitelab.adapters.target import Kind, Target
from invitelab.conformance.execution import verdicts
from invitelab.conformance.execution.conclusion import end, entry, noted
from invitelab.conformance.execution.journals import FileJournal, Journal
from invitelab.conformance.execution.malformations import Malformations
from invitelab.conformance.execution.parallel import ParallelRunner, after_crash
from invitelab.conformance.execution.recorder import MOST_SHOWN, MOST_TARGET
from invitelab.conformance.execution.scenario_runner import (
    Ready,
    not_run,
    run_scenario,
)
from invitelab.conformance.execution.verdicts import sentence
from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import Pickle, key_of
from invitelab.conformance.known_failures.entries import Baseline
from invitelab.errors import (
    Blame,
    CrashError,
    ExitCode,
    HandshakeError,
    HarnessError,
    InterruptedRunError,
    InvitelabError,
)
from invitelab.formats.run import (
    ClauseRecord,
    Header,
    Record,
    ScenarioRecord,
    dump,
    seal,
)
from invitelab.resources import suite_digest
from invitelab.safe_text import escaped, escaped_lines

if TYPE_CHECKING:
    from invitelab.adapters.handshake import Initialized

MAX_RESTARTS = 10


def _outlet(target: Reachable) -> str:
    """The channel of the target's answers, as messages name it."""
    served = isinstance(target, Target) and target.kind in {Kind.TCP, Kind.HTTP}
    return "the connection" if served else "stdout"


class Engine:
    """Judges one target.

    `journal` takes the records, or is the path of a run file; None keeps them in memory
    only. A silent engine keeps verdicts without the exchanged messages, which saves a
    third of its time.
    """

    def __init__(
        self,
        target: Reachable,
        journal: Path | Journal | None,
        limits: Limits | None = None,
        *,
        clock: ClockKind | None = None,
        baseline: Baseline | None = None,
        silent: bool = False,
    ) -> None:
        self.header = Header(
            harness=f"invitelab {invitelab.__version__}",
            suite=suite_digest(),
            target=escaped(target.text, MOST_TARGET),
        )
        self.scenarios: list[ScenarioRecord] = []
        self._records: dict[object, ScenarioRecord] = {}
        self.clauses: list[ClauseRecord] = []
        self.conclusion: verdicts.Conclusion | None = None
        self.answer: Initialized | None = None
        """The target's answer to the handshake; None before it."""
        self._clock = clock
        self._silent = silent
        self._baseline = baseline or Baseline()
        self._prepared = Prepared(target)
        self._malformations = Malformations(_outlet(target))
        self.driver = self._driver(target, limits)
        self._clock_driver: ClockDriver | None = None
        self._parallel_runner: ParallelRunner | None = None
        self._problem: InvitelabError | None = None
        self._restarts = 0
        self._closing = False
        self._last_blame = Blame.IMPLEMENTATION
        self._lock = threading.RLock()
        self._tokens = 0
        self._lines: list[str] = []
        self._journal = FileJournal(journal) if isinstance(journal, Path) else journal

    @property
    def problem(self) -> InvitelabError | None:
        """The error because of which nothing more can be run, or None."""
        return self._problem

    # Starting.

    def open(self) -> None:
        """Start the target and prove its clock, or set `problem`. Raises nothing."""
        with self._lock:
            if self._closing and self._problem is None:
                self._problem = InterruptedRunError("the run was ended")
            if self._problem is not None or (
                self._clock_driver and self.driver.running
            ):
                return
            try:
                if self.answer is None:
                    self._first_start()
                else:
                    self._restart(self.driver)
            except InvitelabError as error:
                self._problem = error
                self.driver.kill()
            if not self._lines:
                self._write_header()

    def _first_start(self) -> None:
        self._prepared = prepare(self._clock, self.driver.target)
        self.driver = self._driver(self._prepared.target, self.driver.limits)
        answer = self.driver.start()
        self.answer = answer
        named = answer.implementation
        self.header = self.header.model_copy(
            update={
                "implementation": escaped(f"{named.name} {named.version}".strip(), 200),
                "declined": {
                    entry.capability: escaped(entry.reason, MOST_SHOWN)
                    for entry in answer.declines
                },
            }
        )
        self._clock_driver = agree(self._clock, self._prepared, answer)
        self._describe(self._clock_driver, proven=False)
        proven = self._clock_driver.prove(self.driver)
        self._describe(self._clock_driver, proven=proven)

    def _driver(self, target: Reachable, limits: Limits | None) -> Driver:
        return Driver(target, limits, note=self._malformations.note)

    def _describe(self, clock_driver: ClockDriver, *, proven: bool) -> None:
        """Put the clock into the header."""
        terms = clock_driver.terms
        self.header = self.header.model_copy(
            update={
                "clock": terms.kind.value,
                "settle_ms": terms.settle_ms,
                "resolution_ms": terms.resolution_ms,
                "proven": proven,
            }
        )

    def _restart(self, driver: Driver) -> None:
        if self._malformations.repeated is not None:
            raise self._malformations.repeated
        self._restarts += 1
        if self._restarts > MAX_RESTARTS:
            msg = f"the target had to be started again more than {MAX_RESTARTS} times"
            raise HandshakeError(msg, blame=self._last_blame)
        self._start(driver)

    def _start(self, driver: Driver) -> None:
        """Start a target again. Raises HandshakeError if its answer has changed."""
        if driver.start() != self.answer:
            driver.kill()
            msg = "after a restart the target says something else of itself"
            raise HandshakeError(msg)

    def shared(self) -> Ready | None:
        """The target, restarted if it has died; None if it cannot be started."""
        self.open()
        if (
            self._problem is not None
            or self._clock_driver is None
            or self.answer is None
        ):
            return None
        return Ready(
            driver=self.driver,
            answer=self.answer,
            clock_driver=self._clock_driver,
            silent=self._silent,
        )

    def own(self, *, again: bool, alone: bool = False) -> Ready | None:
        """Another process of the same target; None if it cannot be started.

        `again` says that it replaces one that has crashed, `alone` that it is for the
        second run of one scenario: a failure to start then does not end the run.
        """
        ready = self.shared()
        if ready is None:
            return None
        driver = self._driver(self._prepared.target, self.driver.limits)
        try:
            if again:
                self._restart(driver)
            else:
                self._start(driver)
        except InvitelabError as error:
            with self._lock:
                self._problem = self._problem or (None if alone else error)
            return None
        return replace(ready, driver=driver)

    # Running.

    def expect(self, pickles: Iterable[Pickle]) -> None:
        """Announce the scenarios to come: in real time all of them begin now."""
        ready = self.shared()
        if ready is None or ready.clock_driver.terms.kind is not ClockKind.REAL:
            return
        target = self._prepared.target
        many = isinstance(target, Target) and target.kind in {Kind.COMMAND, Kind.PYTHON}
        parallel = ready.answer.parallel
        self._parallel_runner = ParallelRunner(
            self,
            pickles,
            parallel=parallel,
            serial=not many and not parallel,
            tell=self._tell,
        )

    def tell_walked(self, begun: int) -> None:
        """Report the number of random walks begun so far as progress."""
        self._tell(len(self.scenarios) + begun, 1)

    def _tell(self, done: int, busy: int) -> None:
        """Report how many scenarios have ended, and how many are busy."""
        if self._journal is not None:
            self._journal.progress(done, busy)

    def keep_walk(self, feature: str) -> None:
        """Pass the feature that random walks have found to the journal."""
        if self._journal is not None:
            self._journal.walk(feature)

    def run(self, pickle: Pickle) -> ScenarioRecord:
        """Run and record one scenario; after a crash once more, alone.

        A second call gives the first record: a plugin that runs failed tests again can
        neither undo a failure nor count a scenario twice.
        """
        key = key_of(pickle)
        if key not in self._records:
            self._records[key] = self.keep(self.attempt(pickle))
        return self._records[key]

    def attempt(self, pickle: Pickle) -> ScenarioRecord:
        """Run one scenario, and after a crash once more, alone. Nothing is recorded."""
        if self._parallel_runner is not None and self._parallel_runner.knows(pickle):
            return self._parallel_runner.result(pickle)
        record = self._run_once(pickle)
        if record.kind == CrashError.kind:
            return after_crash(record, self._run_once(pickle))
        return record

    def keep(self, record: ScenarioRecord) -> ScenarioRecord:
        """Add a record to the run, marked if it is a known failure."""
        record = self._baseline.marked(record)
        self.scenarios.append(record)
        self._last_blame = record.blame or self._last_blame
        self._write(record)
        return record

    def give_up(self, error: Exception) -> None:
        """Make the run INVALID, because a scenario has no record."""
        if not isinstance(error, InvitelabError):
            error = HarnessError(f"this is our bug: {type(error).__name__}: {error}")
        self._problem = self._problem or error

    def _run_once(self, pickle: Pickle) -> ScenarioRecord:
        ready = self.shared()
        if ready is None:
            return not_run(pickle)
        self._tokens += 1
        return run_scenario(pickle, ready, f"k{self._tokens:x}")

    def close(self) -> None:
        """Stop the target and all threads, and restore the time of this process."""
        self._let_go()
        self.driver.stop()

    def abort(self) -> None:
        """Kill the target: the result is not needed any more."""
        self._let_go()
        self.driver.kill()

    def _let_go(self) -> None:
        """Wake waiting threads, then end all of them; nothing is started any more."""
        with self._lock:
            self._closing = True
        clock_driver = self._clock_driver or self._prepared.clock_driver
        if clock_driver is not None:
            clock_driver.close()
        if self._parallel_runner is not None:
            self._parallel_runner.close()

    def finish(
        self, *, selected_all: bool, walks: str | None = None
    ) -> verdicts.Conclusion:
        """Stop the target, judge every clause and the run, and write the end.

        `selected_all` says that the whole suite was run, `walks` sums up random walks.
        """
        self.close()
        tolerance_ms = self._clock_driver.tolerance_ms if self._clock_driver else 0
        if not self._lines:
            self._write_header()
        self.clauses = [
            verdicts.judge_clause(clause, self.scenarios) for clause in load().values()
        ]
        for clause in self.clauses:
            self._write(clause)
        stale = self._baseline.stale(self.scenarios, selected_all=selected_all)
        footer = end(
            self.header,
            self.scenarios,
            self.clauses,
            whole=selected_all,
            problem=noted(self._problem or self._malformations.repeated),
            stale=[entry(one) for one in stale],
        ).model_copy(
            update={
                "tolerance_ms": tolerance_ms,
                "walks": None if walks is None else sentence(walks),
            }
        )
        self._write(seal(self._lines, footer))
        if self._journal is not None:
            self._journal.close()
        self.conclusion = verdicts.Conclusion(
            verdict=footer.verdict,
            exit_code=ExitCode(footer.exit_code),
            reason=footer.reason,
            blame=footer.blame,
            stale=footer.stale,
        )
        return self.conclusion

    def _write_header(self) -> None:
        if self._problem is not None:
            self.header = self.header.model_copy(
                update={
                    "problem": sentence(str(self._problem)),
                    "hint": sentence(self._problem.hint),
                    "blame": self._problem.blame,
                    "stderr": escaped_lines(self.driver.stderr, MOST_SHOWN),
                }
            )
        self._write(self.header)

    def _write(self, record: Record) -> None:
        line = dump(record)
        self._lines.append(line)
        if self._journal is not None:
            self._journal.record(line)
