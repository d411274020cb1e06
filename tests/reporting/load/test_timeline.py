"""The timeline: trace events with matching begin and end."""

import json
from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from pydantic import BaseModel, ConfigDict

from invitelab.formats.results import Results
from invitelab.reporting.load.timeline import timeline

NEEDED: Mapping[str, set[str]] = {
    "M": {"name", "pid", "tid", "args"},
    "X": {"name", "cat", "pid", "tid", "ts", "dur"},
    "C": {"name", "pid", "tid", "ts", "args"},
    "b": {"name", "cat", "id", "pid", "tid", "ts", "args"},
    "n": {"name", "cat", "id", "pid", "tid", "ts", "args"},
    "e": {"name", "cat", "id", "pid", "tid", "ts"},
}


class Event(BaseModel):
    """One event as the format has it; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", strict=True)

    ph: str
    name: str
    pid: int
    tid: int
    ts: int = 0
    dur: int = 0
    cat: str = ""
    id: str = ""
    args: dict[str, object] = {}


def events(results: Results) -> list[Event]:
    """Read the document."""
    document = json.loads(timeline(results))
    assert {"displayTimeUnit", "traceEvents"} == set(document)
    return [Event.model_validate(event) for event in document["traceEvents"]]


@pytest.mark.parametrize("name", ["steady", "spike", "nothing", "short"])
def test_every_event_is_one_of_the_format(
    make_results: Callable[[str], Results], name: str
) -> None:
    """With all that its phase needs."""
    for event in events(make_results(name)):
        assert NEEDED[event.ph] <= event.model_fields_set
        assert event.ts >= 0
        assert event.dur >= 0


def test_every_trace_begins_and_ends_once(steady: Results) -> None:
    """Its moments lie between, and no id is used twice."""
    found = events(steady)
    begins = {event.id: event for event in found if event.ph == "b"}
    ends = {event.id: event for event in found if event.ph == "e"}
    assert {str(trace.number) for trace in steady.traces} == set(begins) == set(ends)
    assert {1} == set(Counter(e.id for e in found if e.ph == "b").values())
    for moment in (event for event in found if event.ph == "n"):
        assert begins[moment.id].ts <= moment.ts <= ends[moment.id].ts


def test_faults_are_slices_of_their_length(
    make_results: Callable[[str], Results],
) -> None:
    """With the name that the charts use."""
    results = make_results("spike")
    assert [(f.label, f.at_us, f.until_us - f.at_us) for f in results.faults] == [
        (event.name, event.ts, event.dur)
        for event in events(results)
        if event.ph == "X"
    ]
