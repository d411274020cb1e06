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

from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.gherkin import pickles
from invitelab.formats.run import Run, ScenarioRecord, Verdict, read
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
    known: dict[object, list[str]] = {}
    for line in lines(late):
        for kind, body in line.items():
            envelope: Envelope = message_converter.from_dict(line, Envelope)
            if kind == "pickle" and envelope.pickle is not None:
                steps = [step.id for step in envelope.pickle.steps]
                known[body["id"]] = steps
            if envelope.test_case is not None:
                meant = [step.pickle_step_id for step in envelope.test_case.test_steps]
                assert known[envelope.test_case.pickle_id] == meant


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


# Drawn values


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a run of stories that were told with other values, one of them twice."""
    path = tmp_path_factory.mktemp("drawn") / "run.jsonl"
    engine = Engine(DirectTarget(Reference()), path, seed=1)
    for clause in ("SESSION-1", "SESSION-2"):
        for pickle in pickles(clause):
            engine.run(pickle)
    engine.finish(selected_all=False)
    run = read(path)
    besides = run.scenarios[0].model_copy(update={"besides": True})
    return run.model_copy(update={"scenarios": (*run.scenarios, besides)})


def test_every_step_that_was_run_is_one_of_its_pickle(drawn: Run) -> None:
    """With its text and its table, and its id is of no other scenario."""
    assert any(step.drawn for record in drawn.scenarios for step in record.steps)
    told = lines(drawn)
    cases = [line["testCase"] for line in told if "testCase" in line]
    steps = {step["id"]: step for case in cases for step in case["testSteps"]}
    begun = [
        line["testStepStarted"]["testStepId"]
        for line in told
        if "testStepStarted" in line
    ]
    assert list(steps) == begun
    found = [line["pickle"] for line in told if "pickle" in line]
    assert len(found) == len({pickle["id"] for pickle in found})
    by_id = {step["id"]: step for pickle in found for step in pickle["steps"]}
    expected = [step for record in drawn.scenarios for step in record.steps]
    shown = [by_id[steps[id_]["pickleStepId"]] for id_ in begun]
    assert [step.text for step in expected] == [step["text"] for step in shown]
    assert [list(map(list, step.table)) for step in expected] == [
        cells_of(step) for step in shown
    ]


def cells_of(step: Mapping[str, Any]) -> list[list[str]]:
    """Give the table of a step of a pickle."""
    rows = step.get("argument", {}).get("dataTable", {}).get("rows", [])
    return [[cell["value"] for cell in row["cells"]] for row in rows]


def test_a_drawn_step_belongs_to_one_that_is_written(drawn: Run) -> None:
    """At its line, and has a type of its own."""
    told = lines(drawn)
    trees = [str(line["gherkinDocument"]) for line in told if "gherkinDocument" in line]
    for line in told:
        for step in line.get("pickle", {}).get("steps", ()):
            assert any(f"'id': '{step['astNodeIds'][0]}'" in tree for tree in trees)
            known = {"has invited": "Context", "has exactly": "Outcome"}
            type_ = next((known[word] for word in known if word in step["text"]), None)
            assert type_ in {None, step["type"]}


def test_the_official_package_reads_drawn_steps(drawn: Run) -> None:
    """As any others."""
    for line in lines(drawn):
        envelope: Envelope = message_converter.from_dict(line, Envelope)
        assert line == message_converter.to_dict(envelope)


def test_a_step_at_no_line_of_a_feature_is_not_shown(drawn: Run) -> None:
    """Any program may have written the run."""
    first, *others = drawn.scenarios
    step = first.steps[0].model_copy(update={"line": 1})
    foreign = first.model_copy(update={"steps": (step, *first.steps[1:])})
    run = drawn.model_copy(update={"scenarios": (foreign, *others)})
    assert len(others) == sum("testCase" in line for line in lines(run))
