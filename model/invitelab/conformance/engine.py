"""One target under judgement: started, proven, restarted, recorded.

The engine writes `run.jsonl` as it goes: the header when the target has answered, a
line per scenario, and clauses and footer at the end. It restarts a target that died, at
most `MAX_RESTARTS` times.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import invitelab
from invitelab.adapters.base import Limits
from invitelab.adapters.clocks import prove_virtual
from invitelab.adapters.driver import Driver, Reachable
from invitelab.conformance import verdicts
from invitelab.conformance.clauses import level_of, load
from invitelab.conformance.execute import never_reached, perform
from invitelab.conformance.pickles import Pickle
from invitelab.conformance.stage import Stage
from invitelab.conformance.trace import Trace, visible, visible_lines
from invitelab.errors import Blame, CrashError, HandshakeError, InvitelabError
from invitelab.records import (
    ClauseRecord,
    Footer,
    Header,
    Record,
    ScenarioRecord,
    Verdict,
    digest,
    dump,
)
from invitelab.resources import suite_digest

if TYPE_CHECKING:
    from invitelab.adapters.messages import Initialized

MAX_RESTARTS = 10
MAX_MESSAGE = 1000
"""Characters of a message that reports show."""


def _second_time(alone: ScenarioRecord) -> str:
    """What running a scenario alone has shown of its crash."""
    if alone.kind == CrashError.kind:
        return "again when run alone"
    if alone.verdict is Verdict.NOT_RUN:
        return "and could not be run again"
    return "but not when run alone"


class Engine:
    """Judges one target. `run_file` None keeps the records in memory only."""

    def __init__(
        self, target: Reachable, run_file: Path | None, limits: Limits | None = None
    ) -> None:
        self.driver = Driver(target, limits)
        self.header = Header(
            harness=f"invitelab {invitelab.__version__}",
            suite=suite_digest(),
            target=visible(target.text, 500),
        )
        self.scenarios: list[ScenarioRecord] = []
        self.clauses: list[ClauseRecord] = []
        self.conclusion: verdicts.Conclusion | None = None
        self._answer: Initialized | None = None
        self._problem: InvitelabError | None = None
        self._alive = False
        self._tokens = 0
        self._lines: list[str] = []
        self._run_file = run_file
        self._stream: TextIO | None = None

    @property
    def problem(self) -> InvitelabError | None:
        """Why nothing more can be run; None while everything can."""
        return self._problem

    def open(self) -> None:
        """Make sure that the target runs and can be trusted, or note the problem."""
        if self._problem is not None or (self._alive and self.driver.running):
            return
        try:
            if self._answer is None:
                self._first_start()
            else:
                self._restart()
            self._alive = True
        except InvitelabError as error:
            self._problem = error
            self.driver.kill()
        if not self._lines:
            self._write_header()

    def _first_start(self) -> None:
        answer = self.driver.start()
        self._answer = answer
        named = answer.implementation
        self.header = self.header.model_copy(
            update={
                "implementation": visible(f"{named.name} {named.version}".strip(), 200),
                "clock": answer.clock,
                "settle_ms": answer.settling_ms,
                "declined": {
                    entry.capability: visible(entry.reason) for entry in answer.declines
                },
            }
        )
        if answer.clock != "virtual":
            msg = "the target has a real clock, and this version drives virtual ones"
            raise HandshakeError(
                msg,
                hint='implement clock.advance and declare "clock": "virtual"',
                blame=Blame.HARNESS,
            )
        prove_virtual(self.driver)
        self.header = self.header.model_copy(update={"proven": True})

    def _restart(self) -> None:
        if self.driver.starts > MAX_RESTARTS:
            msg = f"the target was restarted {MAX_RESTARTS} times and died again"
            raise HandshakeError(msg, blame=Blame.IMPLEMENTATION)
        answer = self.driver.start()
        if answer != self._answer:
            msg = "after a restart the target says something else of itself"
            raise HandshakeError(msg)

    def run(self, pickle: Pickle) -> ScenarioRecord:
        """Run and record one scenario; after a crash once more, alone.

        The first crash stands: what passes only when alone does not pass.
        """
        record = self._run_once(pickle)
        if record.kind == CrashError.kind:
            note = _second_time(self._run_once(pickle))
            record = record.model_copy(update={"message": f"{record.message}; {note}"})
        self.scenarios.append(record)
        self._write(record)
        return record

    def _run_once(self, pickle: Pickle) -> ScenarioRecord:
        scenario, trace = pickle.scenario, Trace()
        clauses = tuple(sorted(scenario.tags))
        self.open()
        if self._problem is not None or self._answer is None:
            judged = verdicts.NOT_RUN
        else:
            self._tokens += 1
            stage = Stage(self.driver, self._answer, f"k{self._tokens:x}", trace)
            ended = perform(scenario, stage)
            in_setup = ended.step_type == "given"
            judged = verdicts.judge(ended.error, clauses, in_setup=in_setup)
        steps = trace.records()
        return ScenarioRecord(
            feature=f"features/{Path(scenario.feature.filename).name}",
            line=scenario.line_number,
            title=scenario.name,
            example=pickle.example,
            clauses=clauses,
            level=level_of(clauses),
            verdict=judged.verdict,
            kind=judged.kind,
            blame=judged.blame,
            message=visible(judged.message, MAX_MESSAGE) if judged.message else None,
            absent=judged.absent,
            steps=(*steps, *never_reached(scenario, len(steps))),
            stderr=visible_lines(self.driver.stderr) if judged.kind else "",
        )

    def finish(self, *, selected_all: bool) -> verdicts.Conclusion:
        """Stop the target, judge every clause and the run, and write the end."""
        self.driver.stop()
        if not self._lines:
            self._write_header()
        self.clauses = [
            verdicts.judge_clause(clause, self.scenarios) for clause in load().values()
        ]
        for clause in self.clauses:
            self._write(clause)
        concluded = verdicts.conclude(
            self.scenarios,
            self.clauses,
            header=self.header,
            problem=self._problem,
            selected_all=selected_all,
        )
        reason = visible(concluded.reason or "", MAX_MESSAGE) or None
        self.conclusion = replace(concluded, reason=reason)
        self._write(
            Footer(
                verdict=self.conclusion.verdict,
                reason=reason,
                blame=self.conclusion.blame,
                exit_code=self.conclusion.exit_code,
                totals=verdicts.totals(self.scenarios, self.clauses),
                sha256=digest(self._lines),
            )
        )
        if self._stream is not None:
            self._stream.close()
        return self.conclusion

    def _write_header(self) -> None:
        if self._problem is not None:
            self.header = self.header.model_copy(
                update={
                    "problem": visible(str(self._problem), MAX_MESSAGE),
                    "hint": visible(self._problem.hint, MAX_MESSAGE),
                    "blame": self._problem.blame,
                }
            )
        self._write(self.header)

    def _write(self, record: Record) -> None:
        line = dump(record)
        self._lines.append(line)
        if self._run_file is None:
            return
        if self._stream is None:
            self._stream = self._run_file.open("w", encoding="utf-8", newline="\n")
        self._stream.write(line + "\n")
        self._stream.flush()
