"""Cucumber Messages: valid, complete, and never a PASSED that was none."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from cucumber_messages import (  # type: ignore[import-untyped]  # it has no marker
    Envelope,
    message_converter,
)
from cucumber_messages import (  # pyright: ignore[reportMissingTypeStubs]  # as above
    TestStepResultStatus as Status,
)

from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.reporting.conformance.messages import messages

Envelopes = list[dict[str, dict[str, Any]]]


def lines(run: Run) -> Envelopes:
    """Write and read."""
    text = messages(run)
    assert text is not None
    return [json.loads(line) for line in text.splitlines()]


def statuses(run: Run) -> Iterator[list[Status]]:
    """How the steps of each test case ended."""
    steps: list[Status] = []
    for line in lines(run):
        envelope: Envelope = message_converter.from_dict(line, Envelope)
        if envelope.test_step_finished is not None:
            steps.append(envelope.test_step_finished.test_step_result.status)
        if envelope.test_case_finished is not None:
            yield steps
            steps = []


def with_verdict(run: Run, verdict: Verdict) -> Run:
    """Change the verdict of the first scenario that did not pass; keep only that."""
    record = next(one for one in run.scenarios if one.verdict is not Verdict.PASS)
    changed = record.model_copy(update={"verdict": verdict})
    return run.model_copy(update={"scenarios": (changed,)})


def test_the_official_package_reads_every_line(late: Run) -> None:
    """And writes the same again: no field is missing, misspelt or unknown."""
    for line in lines(late):
        envelope: Envelope = message_converter.from_dict(line, Envelope)
        assert line == message_converter.to_dict(envelope)


def test_everything_is_shown_once(late: Run) -> None:
    """In the order that readers expect."""
    kinds = [next(iter(line)) for line in lines(late)]
    counted = Counter(kinds)
    steps = sum(len(record.steps) for record in late.scenarios)
    scenarios = len(late.scenarios)
    assert {
        "meta": 1,
        "source": 2,
        "gherkinDocument": 2,
        "pickle": scenarios,
        "stepDefinition": 1,
        "testRunStarted": 1,
        "testCase": scenarios,
        "testCaseStarted": scenarios,
        "testStepStarted": steps,
        "testStepFinished": steps,
        "testCaseFinished": scenarios,
        "testRunFinished": 1,
    } == {kind: n for kind, n in counted.items() if kind != "attachment"}
    assert ("meta", "testRunFinished") == (kinds[0], kinds[-1])


def test_every_reference_leads_somewhere(late: Run) -> None:
    """A test case to its pickle, a step to the pickle's step."""
    pickles: dict[object, list[str]] = {}
    for line in lines(late):
        for kind, body in line.items():
            envelope: Envelope = message_converter.from_dict(line, Envelope)
            if kind == "pickle" and envelope.pickle is not None:
                steps = [step.id for step in envelope.pickle.steps]
                pickles[body["id"]] = steps
            if envelope.test_case is not None:
                meant = [step.pickle_step_id for step in envelope.test_case.test_steps]
                assert pickles[envelope.test_case.pickle_id] == meant


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.FAIL, Status.failed),
        (Verdict.ERROR, Status.failed),
        (Verdict.DEVIATION, Status.pending),
        (Verdict.INCONCLUSIVE, Status.pending),
        (Verdict.NOT_APPLICABLE, Status.skipped),
    ],
)
def test_a_verdict_is_the_status_of_the_step_that_decided(
    late: Run, verdict: Verdict, status: Status
) -> None:
    """Those before it have passed, and the message has our own word."""
    changed = with_verdict(late, verdict)
    (steps,) = statuses(changed)
    assert [Status.passed] * (len(steps) - 1) == steps[:-1]
    assert status is steps[-1]
    (last,) = (line for line in lines(changed) if f"'{verdict.value}: " in str(line))
    assert "testStepFinished" in last


def test_a_known_failure_is_pending(late: Run) -> None:
    """It fails nothing, and the message names its issue."""
    failing = with_verdict(late, Verdict.FAIL)
    record = failing.scenarios[0].model_copy(update={"known": "#12"})
    known = failing.model_copy(update={"scenarios": (record,)})
    (steps,) = statuses(known)
    assert Status.pending is steps[-1]
    assert any("known: #12; fail: " in str(line) for line in lines(known))


def test_the_clock_starts_when_the_run_did(late: Run) -> None:
    """Every instant is later by that, and no duration is."""
    began = datetime(2026, 11, 29, 4, 42, 29, tzinfo=UTC)
    text = messages(late, began)
    assert text is not None
    earlier, later = lines(late), [json.loads(line) for line in text.splitlines()]
    moved = 0
    for before, after in zip(earlier, later, strict=True):
        ((kind, was),) = before.items()
        now = after[kind]
        if "timestamp" in was:
            old, new = was.pop("timestamp"), now.pop("timestamp")
            assert new["seconds"] - old["seconds"] == began.timestamp()
            moved += 1
        assert was == now, kind
    assert moved > len(late.scenarios)


def test_what_was_not_run_is_skipped(late: Run) -> None:
    """From its first step."""
    record: ScenarioRecord = late.scenarios[0]
    steps = tuple(
        step.model_copy(update={"status": "not-reached", "exchanges": ()})
        for step in record.steps
    )
    missing = record.model_copy(update={"verdict": Verdict.NOT_RUN, "steps": steps})
    run = late.model_copy(update={"scenarios": (missing,)})
    assert [[Status.skipped] * len(steps)] == list(statuses(run))


def instant(line: Mapping[str, Mapping[str, object]]) -> float | None:
    """When it happened, in seconds; None where a line has no time."""
    for body in line.values():
        match body.get("timestamp"):
            case {"seconds": int(seconds), "nanos": int(nanos)}:
                return seconds + nanos / 1e9
            case _:
                pass
    return None


def test_time_never_runs_back(late: Run) -> None:
    """From 0, and as long as the scenarios took in the protocol's time."""
    instants = [at for line in lines(late) if (at := instant(line)) is not None]
    assert sorted(instants) == instants
    assert 0 == instants[0]
    assert instants[-1] > 120


def test_exchanges_and_stderr_are_attached(late: Run) -> None:
    """To the step in which it was."""
    record = next(one for one in late.scenarios if one.verdict is Verdict.FAIL)
    noisy = record.model_copy(update={"stderr": "no licence"})
    found = [
        line["attachment"]
        for line in lines(late.model_copy(update={"scenarios": (noisy,)}))
        if "attachment" in line
    ]
    assert "t=0.000 s  Ada invitation.send " in str(found[0]["body"])
    assert ("no licence", "stderr.txt", found[-2]["testStepId"]) == (
        found[-1]["body"],
        found[-1]["fileName"],
        found[-1]["testStepId"],
    )


def test_equal_runs_are_equal_lines(late: Run) -> None:
    """There is no clock on the wall."""
    assert messages(late) == messages(late)


def test_a_run_of_another_suite_has_no_messages(mixed: Run) -> None:
    """Its features are not here."""
    assert messages(mixed) is None


def test_success_is_the_runs(late: Run, right: Run) -> None:
    """As its exit code is."""
    for run, success in ((late, False), (right, True)):
        assert success is lines(run)[-1]["testRunFinished"]["success"]
