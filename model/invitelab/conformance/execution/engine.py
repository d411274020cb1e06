"""The run of one target: starts it, proves its clock, runs scenarios, judges.

The engine writes records to its journal as it goes: the header when the target has
answered, a line for each scenario, and clauses and footer at the end. It restarts a
target that died, at most `MAX_RESTARTS` times (`restarts`).
"""

import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.base import ClockDriver, Terms
from invitelab.adapters.clocks.choice import Prepared, agree, prepare
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Driver, Reachable
from invitelab.adapters.target import starts_anew
from invitelab.conformance.execution import run_footer, run_header, verdicts
from invitelab.conformance.execution.conclusion import concluded, noted
from invitelab.conformance.execution.journals import Journal
from invitelab.conformance.execution.malformations import Malformations
from invitelab.conformance.execution.measures import Measures
from invitelab.conformance.execution.parallel import ParallelRunner, after_crash
from invitelab.conformance.execution.real_time import BOUNDLESS, RealTime
from invitelab.conformance.execution.restarts import Restarts
from invitelab.conformance.execution.row_runner import RowRunner
from invitelab.conformance.execution.run_log import RunLog
from invitelab.conformance.execution.scenario_runner import Ready, not_run, run_scenario
from invitelab.conformance.factors.cast import PLAIN, Row
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import (
    NO_PLAN,
    RunPlan,
    chosen_depth,
    make_plan,
    out_of_reach,
)
from invitelab.conformance.features.gherkin import Pickle, key_of
from invitelab.conformance.known_failures.entries import Baseline
from invitelab.errors import (
    CrashError,
    HandshakeError,
    HarnessError,
    InterruptedRunError,
    InvitelabError,
)
from invitelab.formats.exchanges import shown_besides
from invitelab.formats.run import LEFT_OUT, ClauseRecord, ScenarioRecord
from invitelab.formats.tried import Tried

if TYPE_CHECKING:
    from invitelab.adapters.handshake import Initialized
    from invitelab.conformance.factors.table import Value


class Engine:
    """Judges one target.

    `journal` takes the records, or is the path of a run file; None keeps them in memory
    only. A silent engine keeps verdicts without the exchanged messages, and ends each
    scenario at its first failure. `plan` has the rows of each scenario; None: one is
    made for the target from `seed` and `depth`, whose default the clock decides.
    `real_time` bounds what is run in real time.
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
        seed: int = 0,
        depth: Depth | None = None,
        plan: RunPlan | None = None,
        real_time: RealTime = BOUNDLESS,
    ) -> None:
        self.header = run_header.begun(target, seed)
        self._seed = seed
        self._depth = depth
        self._given_plan = plan
        self.plan = plan or NO_PLAN
        self._left_out: frozenset[Value] = frozenset()
        self._rows: RowRunner | None = None
        self._besides: dict[str, ScenarioRecord] = {}
        """The first record of what a value shows about another clause, by clause."""
        self.scenarios: list[ScenarioRecord] = []
        self._records: dict[object, ScenarioRecord] = {}
        self.clauses: list[ClauseRecord] = []
        self.conclusion: verdicts.Conclusion | None = None
        self.answer: Initialized | None = None
        """The target's answer to the handshake; None before it."""
        self._clock = clock
        self._silent = silent
        self.real_time = real_time
        self._baseline = baseline or Baseline()
        self._prepared = Prepared(target)
        self._malformations = Malformations(served=not starts_anew(target))
        self._log = RunLog(journal)
        self.driver = self._driver(target, limits)
        self._clock_driver: ClockDriver | None = None
        self._parallel_runner: ParallelRunner | None = None
        self._problem: InvitelabError | None = None
        self._measures = Measures()
        self._restarts = Restarts()
        self._closing = False
        self._lock = threading.RLock()
        self._tokens = 0

    @property
    def problem(self) -> InvitelabError | None:
        """The error because of which nothing more can be run, or None."""
        return self._problem

    @property
    def failed(self) -> bool:
        """Whether a scenario has failed that is no known failure."""
        return any(map(verdicts.counts, self.scenarios))

    # Starting.

    def open(self) -> None:
        """Start the target and prove its clock, or set `problem`. Raises nothing."""
        with self._lock:
            if self._closing and self._problem is None:
                self._problem = InterruptedRunError("the run was ended")
            ready = self._clock_driver is not None and self.driver.running
            if self._problem is not None or ready:
                return
            try:
                if self.answer is None:
                    self._first_start()
                else:
                    self._restart(self.driver)
            except InvitelabError as error:
                self._problem = error
                self.driver.kill()
            if not self._log.begun:
                self._write_header()

    def _first_start(self) -> None:
        self._prepared = prepare(self._clock, self.driver.target)
        self.driver = self._driver(self._prepared.target, self.driver.limits)
        answer = self.driver.start()
        self.answer = answer
        self.header = run_header.answered(self.header, answer)
        self._clock_driver = agree(self._clock, self._prepared, answer)
        terms = self._clock_driver.terms
        self.header = run_header.timed(self.header, terms, proven=False)
        proven = self._clock_driver.prove(self.driver)
        terms = self._clock_driver.terms  # the proof may have found out more
        self.header = run_header.timed(self.header, terms, proven=proven)
        self._make_plan(answer, terms)

    def _make_plan(self, answer: "Initialized", terms: Terms) -> None:
        """Choose the values to try. Raises UsageError for a depth of too many waits."""
        depth = chosen_depth(self._depth, terms)
        self._left_out = out_of_reach(answer, terms)
        self.plan = self._given_plan or make_plan(self._seed, depth, self._left_out)
        self.header = run_header.planned(self.header, self.plan)
        anew = self.attempt_anew if starts_anew(self._prepared.target) else None
        self._rows = RowRunner(self.plan, self.attempt, anew, brief=self._silent)

    def _driver(self, target: Reachable, limits: Limits | None) -> Driver:
        note = self._malformations.note
        return Driver(target, limits, note=note, traffic=self._log.outside)

    def _restart(self, driver: Driver) -> None:
        if self._malformations.repeated is not None:
            raise self._malformations.repeated
        self._restarts.count()
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
        if self._problem or self._clock_driver is None or self.answer is None:
            return None
        return Ready(
            driver=self.driver,
            answer=self.answer,
            clock_driver=self._clock_driver,
            plan=self.plan,
            measures=self._measures,
            silent=self._silent,
            keeps_traffic=self._log.outside is not None,
        )

    def own(self, *, again: bool, alone: bool = False) -> Ready | None:
        """Another process of the same target; None if it cannot be started.

        `again` says that it replaces one that has crashed, `alone` that it is for the
        second run of one scenario: nothing that fails there then ends the run.
        """
        ready = self.shared()
        if ready is None:
            return None
        target, limits = self._prepared.target, self.driver.limits
        driver = Driver(target, limits) if alone else self._driver(target, limits)
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
        many, parallel = starts_anew(self._prepared.target), ready.answer.parallel
        terms = ready.clock_driver.terms
        self._parallel_runner = ParallelRunner(
            self,
            (p for p in pickles if self.real_time.left_out(p, terms) is None),
            parallel=parallel,
            serial=not many and not parallel,
            tell=self._log.tell,
            jobs=self.real_time.jobs,
        )

    def tell_walked(self, begun: int) -> None:
        """Report the number of random walks begun so far as progress."""
        self._log.tell(len(self.scenarios) + begun, 1)

    def keep_walk(self, feature: str) -> None:
        """Pass the feature that random walks have found to the journal."""
        self._log.keep_walk(feature)

    def run(self, pickle: Pickle) -> ScenarioRecord:
        """Run and record one scenario with all its rows.

        A second call gives the first record: a plugin that runs failed tests again can
        neither undo a failure nor count a scenario twice.
        """
        key = key_of(pickle)
        if key not in self._records:
            self._records[key] = self.keep(self._with_rows(pickle))
        return self._records[key]

    def _with_rows(self, pickle: Pickle) -> ScenarioRecord:
        """The record of one scenario; keeps what its rows show about other clauses."""
        if self._parallel_runner is not None and self._parallel_runner.knows(pickle):
            return self._parallel_runner.result(pickle)
        self.open()
        if self._rows is None or self._clock_driver is None:
            return self.attempt(pickle)
        left_out = self.real_time.left_out(pickle, self._clock_driver.terms)
        if left_out is not None:
            return left_out
        tried = self._rows.run(pickle)
        for one in tried.besides:
            self._besides.setdefault(shown_besides(one) or "", one)
        return tried.record

    def attempt(
        self, pickle: Pickle, row: Row = PLAIN, *, draw: int = 0, terse: bool = False
    ) -> ScenarioRecord:
        """Run a scenario with one row, and after a crash once more, alone.

        Nothing is recorded. `draw` is the place of the row in the plan. A terse record
        of one that passes has no steps.
        """

        def once() -> ScenarioRecord:
            return self._run_once(pickle, row, draw=draw, terse=terse)

        record = once()
        return after_crash(record, once()) if record.kind == CrashError.kind else record

    def attempt_anew(
        self, pickle: Pickle, row: Row, *, draw: int
    ) -> ScenarioRecord | None:
        """Run it in a process of its own; None if there is none. See `attempt`."""
        ready = self.own(again=False, alone=True)
        if ready is None:
            return None
        try:
            return run_scenario(pickle, ready, self._token(), row, draw=draw)
        finally:
            ready.driver.stop()

    def _token(self) -> str:
        self._tokens += 1
        return f"{self._tokens:x}"

    def keep(self, record: ScenarioRecord) -> ScenarioRecord:
        """Add a record to the run, marked if it is a known failure."""
        record = self._baseline.marked(record)
        self.scenarios.append(record)
        self._restarts.note(record)
        self._log.write(record)
        return record

    def give_up(self, error: Exception) -> None:
        """Make the run INVALID, because a scenario has no record."""
        if not isinstance(error, InvitelabError):
            error = HarnessError(f"this is our bug: {type(error).__name__}: {error}")
        self._problem = self._problem or error

    def _run_once(
        self, pickle: Pickle, row: Row, *, draw: int, terse: bool
    ) -> ScenarioRecord:
        ready = self.shared()
        if ready is None:
            return not_run(pickle)
        return run_scenario(pickle, ready, self._token(), row, draw=draw, terse=terse)

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
        selected_all &= not any(one.kind == LEFT_OUT for one in self.scenarios)
        for one in self._besides.values():
            self.keep(one)
        self.scenarios.sort(key=lambda record: record.place)
        if not self._log.begun:
            self._write_header()
        problem = noted(self._problem or self._malformations.repeated)
        self.clauses, ended = run_footer.judged(
            self.header,
            self.scenarios,
            self._baseline,
            problem,
            selected_all=selected_all,
        )
        for clause in self.clauses:
            self._log.write(clause)
        driver, measures = self._clock_driver, self._measures
        footer = run_footer.closed(
            ended,
            driver,
            walks=walks,
            coverage=self._coverage() if selected_all and problem is None else None,
            advice=run_footer.advice(self.answer, driver, self.scenarios, measures),
        )
        self._log.end(footer)
        self.conclusion = concluded(footer)
        return self.conclusion

    def _coverage(self) -> Tried | None:
        """What the run has tried; None where nothing of it is kept."""
        silent = self._rows is None or self._silent
        return None if silent else run_footer.covered(self.plan, self._left_out)

    def _write_header(self) -> None:
        if self._problem is not None:
            self.header = run_header.stopped(
                self.header, self._problem, self.driver.stderr
            )
        self._log.write(self.header)
