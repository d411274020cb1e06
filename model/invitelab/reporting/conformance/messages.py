"""A run as Cucumber Messages: `messages.ndjson`, for any tool that reads them.

The pickle of a scenario has the steps of its recorded run. One that was drawn belongs
to the written step at its line.

One JSON object a line: the features, their scenarios, and the result of every step.
Times are those of the protocol. The first scenario begins when the run did, which is in
`provenance.json`, and each other one at the end of the one before. Without provenance
the times begin at 0, which readers show as a day in 1970.

Cucumber has fewer statuses than there are verdicts. A failure or an error is FAILED. A
deviation, an inconclusive scenario and a known failure are PENDING: they did run, did
not hold, and are no failures. A scenario that is not applicable, or was not run, is
SKIPPED. The message of the step names the verdict.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from gherkin.pickles.compiler import (
    Pickle,
    PickleArgumentDataTableEnvelope,
    PickleArgumentDataTableRow,
    PickleStep,
)

from invitelab.formats.exchange_text import answer_text, request_text
from invitelab.formats.run import (
    Exchange,
    Run,
    ScenarioRecord,
    StepRecord,
    Verdict,
)
from invitelab.formats.transcript import length_ms, seconds
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.gherkin import Document, documents
from invitelab.reporting.conformance.summary import verdict_line
from invitelab.resources import suite_digest

PROTOCOL = "34.2.0"
"""The version of Cucumber Messages that is written."""

RUN_ID = "run"
DEFINITION_ID = "definition"
MS_PER_S = 1_000
NS_PER_MS = 1_000_000
STATUSES = {
    Verdict.PASS: "PASSED",
    Verdict.FAIL: "FAILED",
    Verdict.ERROR: "FAILED",
    Verdict.DEVIATION: "PENDING",
    Verdict.INCONCLUSIVE: "PENDING",
    Verdict.BLOCKED: "PENDING",
    Verdict.NOT_APPLICABLE: "SKIPPED",
    Verdict.NOT_RUN: "SKIPPED",
}
"""The status of the step at which a scenario ended."""

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One scenario: its record, its pickle, and when it began."""

    record: ScenarioRecord
    pickle: Pickle
    number: int
    start_ms: int

    @property
    def case_id(self) -> str:
        return f"case-{self.number}"

    @property
    def started_id(self) -> str:
        return f"started-{self.number}"

    def step_id(self, index: int) -> str:
        return f"step-{self.number}-{index}"

    def times_ms(self) -> list[int]:
        """When each step begins, and last when the last one ends."""
        now = self.start_ms
        times: list[int] = []
        for step in self.record.steps:
            now = max(now, self.start_ms + step.at_ms)
            times.append(now)
        return [*times, max(now, self.start_ms + length_ms(self.record))]


def messages(run: Run, started: datetime | None = None) -> str | None:
    """The lines, each with its newline; `started` is when the run began.

    None for a run of another suite, whose features this installation does not have.
    """
    if run.header.suite != suite_digest():
        return None
    start_ms = 0 if started is None else int(started.timestamp()) * MS_PER_S
    return "".join(
        json.dumps(envelope, separators=(",", ":")) + "\n"
        for envelope in _envelopes(safe_document(run), start_ms)
    )


def _envelopes(run: Run, start_ms: int) -> Iterator[Json]:
    wanted = {record.feature for record in run.scenarios}
    features = {one.uri: one for one in documents(wanted)}
    cases = list(_cases(run, features, start_ms))
    yield {"meta": _meta(run)}
    for feature in features.values():
        source = {"uri": feature.uri, "data": feature.source, "mediaType": GHERKIN}
        yield {"source": source}
        yield {"gherkinDocument": feature.tree}
    yield from ({"pickle": case.pickle} for case in cases)
    yield {"stepDefinition": DEFINITION}
    yield {"testRunStarted": {"id": RUN_ID, "timestamp": _time(start_ms)}}
    yield from ({"testCase": _test_case(case)} for case in cases)
    end_ms = start_ms
    for case in cases:
        yield from _case(case)
        end_ms = case.times_ms()[-1]
    yield {
        "testRunFinished": {
            "testRunStartedId": RUN_ID,
            "timestamp": _time(end_ms),
            "success": run.footer is not None and run.footer.exit_code == 0,
            "message": verdict_line(run),
        }
    }


GHERKIN = "text/x.cucumber.gherkin+plain"
DEFINITION: Json = {
    "id": DEFINITION_ID,
    "pattern": {"source": "^.*$", "type": "REGULAR_EXPRESSION"},
    "sourceReference": {"uri": "invitelab.conformance.features.steps"},
}
"""Stands for all step definitions of the suite."""


NO_ARGUMENTS: Json = {"stepMatchArguments": list[Json]()}


def _meta(run: Run) -> Json:
    name, _, version = run.header.harness.partition(" ")
    # Where it ran is no part of a run; provenance.json has it.
    unknown = {"name": "not recorded"}
    return {
        "protocolVersion": PROTOCOL,
        "implementation": {"name": name, "version": version},
        "runtime": unknown,
        "os": unknown,
        "cpu": unknown,
    }


def _cases(
    run: Run, features: Mapping[str, Document], start_ms: int
) -> Iterator[_Case]:
    # Any program may have written the run: a scenario must be in the features.
    found = ((record, _told(record, features)) for record in run.scenarios)
    known = ((record, pickle) for record, pickle in found if pickle is not None)
    for number, (record, pickle) in enumerate(known, start=1):
        own = _numbered(pickle, number)
        yield _Case(record=record, pickle=own, number=number, start_ms=start_ms)
        start_ms += length_ms(record)


def _told(record: ScenarioRecord, features: Mapping[str, Document]) -> Pickle | None:
    """The pickle of the recorded run; None if its steps are at no line of a feature."""
    feature = features.get(record.feature)
    row = (record.line, record.example or "")
    if feature is None or row not in feature.pickles:
        return None
    pickle = feature.pickles[row]
    written = {feature.lines[one["astNodeIds"][0]]: one for one in pickle["steps"]}
    if not {step.line for step in record.steps} <= set(written):
        return None
    steps: list[PickleStep] = []
    for step in record.steps:
        before = steps[-1]["type"] if steps else "Unknown"
        steps.append(_told_step(step, written[step.line], before))
    return {**pickle, "steps": steps}


TYPES = {"Given": "Context", "When": "Action", "Then": "Outcome"}


def _told_step(step: StepRecord, written: PickleStep, before: str) -> PickleStep:
    """A step as it was run; `before` is the type of the one before it."""
    if not step.drawn:
        return written
    told: PickleStep = {
        "id": "",
        "astNodeIds": written["astNodeIds"],
        "type": TYPES.get(step.keyword, before),
        "text": step.text,
    }
    if step.table:
        rows: list[PickleArgumentDataTableRow] = [
            {"cells": [{"value": cell} for cell in row]} for row in step.table
        ]
        table: PickleArgumentDataTableEnvelope = {"dataTable": {"rows": rows}}
        told["argument"] = table
    return told


def _numbered(pickle: Pickle, number: int) -> Pickle:
    """The pickle with ids of its own: a scenario may be on record more than once."""
    steps = enumerate(pickle["steps"])
    own: list[PickleStep] = [
        {**step, "id": f"pickle-{number}-{index}"} for index, step in steps
    ]
    return {**pickle, "id": f"pickle-{number}", "steps": own}


def _test_case(case: _Case) -> Json:
    return {
        "id": case.case_id,
        "pickleId": case.pickle["id"],
        "testRunStartedId": RUN_ID,
        "testSteps": [
            {
                "id": case.step_id(index),
                "pickleStepId": step["id"],
                "stepDefinitionIds": [DEFINITION_ID],
                "stepMatchArgumentsLists": [NO_ARGUMENTS],
            }
            for index, step in enumerate(case.pickle["steps"])
        ],
    }


def _case(case: _Case) -> Iterator[Json]:
    times_ms = case.times_ms()
    yield {
        "testCaseStarted": {
            "id": case.started_id,
            "testCaseId": case.case_id,
            "attempt": 0,
            "timestamp": _time(times_ms[0]),
        }
    }
    ending = _ending(case.record)
    for index, step in enumerate(case.record.steps):
        began_ms, ended_ms = times_ms[index], times_ms[index + 1]
        where = {
            "testCaseStartedId": case.started_id,
            "testStepId": case.step_id(index),
        }
        yield {"testStepStarted": {**where, "timestamp": _time(began_ms)}}
        yield from _attached(case.record, step, where, is_last=index == ending)
        result = _result(case.record, step, is_last=index == ending)
        result["duration"] = _time(ended_ms - began_ms)
        finished = {"testStepResult": result, "timestamp": _time(ended_ms)}
        yield {"testStepFinished": {**where, **finished}}
    yield {
        "testCaseFinished": {
            "testCaseStartedId": case.started_id,
            "timestamp": _time(times_ms[-1]),
            "willBeRetried": False,
        }
    }


def _ending(record: ScenarioRecord) -> int:
    """The step that decided the verdict: the one that failed, else the last."""
    for index, step in enumerate(record.steps):
        if step.status == "failed":
            return index
    return len(record.steps) - 1


def _attached(
    record: ScenarioRecord, step: StepRecord, where: Json, *, is_last: bool
) -> Iterator[Json]:
    """The exchanges of a step, and at the deciding one the lines on stderr."""
    log = "\n".join(
        f"t={seconds(one.at_ms)}  {_exchange(one)}" for one in step.exchanges
    )
    if log:
        yield _attachment(log, "text/x.cucumber.log+plain", where)
    if is_last and record.stderr:
        named = {**where, "fileName": "stderr.txt"}
        yield _attachment(record.stderr, "text/plain", named)


def _exchange(one: Exchange) -> str:
    words = (one.client, one.method, request_text(one), "->", answer_text(one))
    return " ".join(word for word in words if word)


def _attachment(body: str, media_type: str, where: Json) -> Json:
    facts = {"body": body, "contentEncoding": "IDENTITY", "mediaType": media_type}
    return {"attachment": {**facts, **where}}


def _result(
    record: ScenarioRecord, step: StepRecord, *, is_last: bool
) -> dict[str, object]:
    """The status of a step; with the verdict in words where the step decided it."""
    if not is_last or record.verdict is Verdict.PASS:
        return {"status": "PASSED" if step.status == "passed" else "SKIPPED"}
    kind = f" ({record.kind})" if record.kind else ""
    message = f"{record.verdict.value}{kind}: {record.message or 'not run'}"
    if record.known is not None:
        return {"status": "PENDING", "message": f"known: {record.known}; {message}"}
    result: dict[str, object] = {"status": STATUSES[record.verdict], "message": message}
    if STATUSES[record.verdict] == "FAILED":
        result["exception"] = {
            "type": record.kind or record.verdict.value,
            "message": record.message or "",
        }
    return result


def _time(at_ms: int) -> Json:
    """An instant or a duration."""
    return {"seconds": at_ms // MS_PER_S, "nanos": at_ms % MS_PER_S * NS_PER_MS}
