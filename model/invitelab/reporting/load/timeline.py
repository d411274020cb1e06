"""The sampled invitations as trace events, which Perfetto and Chrome can show.

An invitation is an asynchronous slice with an instant for each moment; faults are
slices of a row of their own; pending invitations and the utilisation of the relay are
counters. Times are microseconds of virtual time. The format is the "Trace Event Format"
of the Chromium project.
"""

import json
from collections.abc import Iterator

from invitelab.formats.results import InvitationTrace, Results
from invitelab.reporting.common.formatting import clean

Event = dict[str, object]
RELAY = "relay utilisation"
TRACES, WORLD = 1, 2
"""Process ids: a viewer groups rows by them."""


def timeline(results: Results) -> str:
    """The JSON document, ending in a newline."""
    events = [
        _name(TRACES, f"sampled invitations of {results.name}"),
        _name(WORLD, "the world"),
        *_faults(results),
        *_counters(results),
        *(event for trace in results.traces for event in _trace(trace)),
    ]
    document = {"displayTimeUnit": "ms", "traceEvents": events}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _name(process: int, name: str) -> Event:
    return {
        "ph": "M",
        "name": "process_name",
        "pid": process,
        "tid": 0,
        "args": {"name": clean(name)},
    }


def _faults(results: Results) -> Iterator[Event]:
    for fault in results.faults:
        yield {
            "ph": "X",
            "name": clean(fault.label),
            "cat": clean(fault.kind),
            "pid": WORLD,
            "tid": 1,
            "ts": fault.at_us,
            "dur": fault.until_us - fault.at_us,
        }


def _counters(results: Results) -> Iterator[Event]:
    for window in results.windows:
        for name, value in (
            ("pending", window.pending),
            (RELAY, window.relay_utilisation),
            ("offered per second", window.offered),
        ):
            if name == RELAY and not results.is_simulated:
                continue
            yield {
                "ph": "C",
                "name": name,
                "pid": WORLD,
                "tid": 0,
                "ts": window.at_us,
                "args": {name: value},
            }


def _trace(trace: InvitationTrace) -> Iterator[Event]:
    if not trace.moments:
        return
    times = [moment.at_us for moment in trace.moments]
    common: Event = {
        "cat": "invitation",
        "id": str(trace.number),
        "pid": TRACES,
        "tid": trace.number,
    }
    whole = {**common, "name": f"invitation {trace.number}: {trace.outcome.value}"}
    who = {"inviter": clean(trace.inviter), "recipient": clean(trace.recipient)}
    yield {**whole, "ph": "b", "ts": min(times), "args": who}
    for moment in sorted(trace.moments, key=lambda one: one.at_us):
        yield {
            **common,
            "ph": "n",
            "name": clean(f"{moment.side}: {moment.kind}"),
            "ts": moment.at_us,
            "args": {"detail": clean(moment.detail)},
        }
    yield {**whole, "ph": "e", "ts": max(times)}
