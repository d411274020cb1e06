"""The part of results.json that is about the target, from what its worlds have kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from invitelab.formats.observed import InvitationTrace, Moment, Outcome
from invitelab.formats.target_run import (
    BesideReference,
    FindingExample,
    Lateness,
    OperationTimes,
    OperationWindow,
    TargetFinding,
    TargetRun,
)
from invitelab.protocol.observed import Observed
from invitelab.protocol.values import State
from invitelab.study.histogram import Histogram
from invitelab.study.metrics import OUTCOME_OF
from invitelab.study.traces import name_of
from invitelab.target_load.calls import Calls, windows_of
from invitelab.target_load.connection import Connection
from invitelab.target_load.findings import Example, Findings
from invitelab.target_load.world import TargetWorld
from invitelab.world.load.rooms import Rooms
from invitelab.world.scenario.schema import Scenario

Level = Literal["required", "interpretation"]

NOT_APPLIED = ("network", "relay", "faults")


def target_run(
    scenario: Scenario,
    connections: Sequence[Connection],
    worlds: Sequence[TargetWorld],
    *,
    poll_us: int,
    beside: BesideReference | None,
    late_us: Histogram,
    scenarios: Mapping[str, str],
    problem: str | None,
) -> TargetRun:
    """Put together what is known of the target.

    `scenarios` are Gherkin texts by the clause that they show broken; `problem` is why
    the run could not go on.
    """
    answer = connections[0].answer
    rooms = Rooms(scenario.population.clients, scenario.population.room)
    findings = [one.judging.findings for one in worlds]
    width_us = windows_of(scenario.end_us).width_us
    return TargetRun(
        implementation=answer.implementation.name,
        version=answer.implementation.version,
        clock=answer.clock,
        settle_us=connections[0].terms.settle_us,
        poll_us=poll_us if connections[0].terms.settle_us else 0,
        rooms=rooms.count,
        room_clients=max(rooms.room(number).size for number in range(rooms.count)),
        connections=len(connections),
        invitations=sum(one.sent_count for one in worlds),
        judged=sum(one.judged for one in findings),
        lost=sum(one.lost for one in worlds),
        restarts=sum(one.restarts for one in connections),
        not_applied=_not_applied(scenario),
        operations=_operations([one.calls for one in connections]),
        findings=_findings(findings, scenarios),
        beside=beside,
        lateness=_lateness(late_us),
        over_time=_over_time([one.calls for one in connections], width_us),
        over_time_us=width_us,
        problem=problem,
    )


def _over_time(some: Sequence[Calls], width_us: int) -> tuple[OperationWindow, ...]:
    together: dict[tuple[str, int], Histogram] = {}
    for calls in some:
        for key, took in calls.over_time_us.items():
            together.setdefault(key, Histogram()).merge(took)
    return tuple(
        OperationWindow(
            method=method,
            at_us=place * width_us,
            count=took.count,
            p50_us=_whole(took.reached(0.5)),
            p99_us=_whole(took.reached(0.99)),
            max_us=took.maximum or 0,
        )
        for (method, place), took in sorted(together.items())
    )


def _not_applied(scenario: Scenario) -> tuple[str, ...]:
    return tuple(part for part in NOT_APPLIED if part != "faults" or scenario.faults)


def _operations(some: Sequence[Calls]) -> tuple[OperationTimes, ...]:
    methods = {
        method for calls in some for method, _ in (*calls.over_time_us, *calls.errors)
    }
    return tuple(_operation(method, some) for method in sorted(methods))


def _operation(method: str, some: Sequence[Calls]) -> OperationTimes:
    took = Histogram()
    errors: Counter[str] = Counter()
    for calls in some:
        for (called, _), then in calls.over_time_us.items():
            if called == method:
                took.merge(then)
        for (failed, kind), count in calls.errors.items():
            if failed == method:
                errors[kind] += count
    return OperationTimes(
        method=method,
        count=took.count,
        errors=dict(sorted(errors.items())),
        p50_us=_whole(took.reached(0.5)),
        p99_us=_whole(took.reached(0.99)),
        max_us=took.maximum if took.count else None,
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _lateness(late_us: Histogram) -> Lateness | None:
    if not late_us.count:
        return None
    return Lateness(
        p50_us=round(late_us.quantile(0.5) or 0),
        p99_us=round(late_us.quantile(0.99) or 0),
        max_us=late_us.maximum or 0,
    )


def _findings(
    some: Sequence[Findings], scenarios: Mapping[str, str]
) -> tuple[TargetFinding, ...]:
    broken: Counter[str] = Counter()
    deviations: Counter[str] = Counter()
    examples: dict[str, list[Example]] = {}
    for one in some:
        broken.update(one.broken)
        deviations.update(one.deviations)
        for clause, kept in one.examples.items():
            examples.setdefault(clause, []).extend(kept)
    levels: tuple[tuple[Level, Counter[str]], ...] = (
        ("required", broken),
        ("interpretation", deviations),
    )
    found = [
        TargetFinding(
            clause=clause,
            level=level,
            count=count,
            examples=tuple(_example(one) for one in examples.get(clause, ())[:3]),
            scenario=scenarios.get(clause),
        )
        for level, counts in levels
        for clause, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.level != "required", one.clause)))


def _example(one: Example) -> FindingExample:
    sent = one.observed if one.observed is not None and one.observed.at_host else None
    return FindingExample(
        at_us=one.at_us,
        room=one.room,
        what=one.what,
        attempt=one.number,
        trace=None if sent is None else trace_of(one.number or 0, sent),
    )


# --- One invitation, drawn --------------------------------------------------------


def trace_of(number: int, one: Observed) -> InvitationTrace:
    """An invitation as a trace that can be drawn: clicks, and what was seen."""
    moments = [Moment(at_us=one.sent.begin_us, kind="sent", side="inviter")]
    moments += [
        Moment(
            at_us=click.span.begin_us,
            kind="clicked" if click.kind in {"accept", "reject"} else _PAST[click.kind],
            side="recipient" if click.kind in {"accept", "reject"} else "inviter",
            detail=click.kind.value if click.granted else f"{click.kind.value} refused",
        )
        for click in one.clicks
    ]
    visible = False
    for seen in one.at_guest:
        if bool(seen.value) is not visible:
            visible = not visible
            moments.append(
                Moment(
                    at_us=seen.first.end_us,
                    kind="shown" if visible else "cleared",
                    side="recipient",
                )
            )
    outcome = Outcome.PENDING
    for listed in one.at_host:
        state = None if listed.value is None else listed.value.state
        if state in {None, "pending"}:
            continue
        outcome = OUTCOME_OF[State(state)]
        moments.append(
            Moment(
                at_us=listed.first.end_us,
                kind="ended",
                side="inviter",
                detail=str(state),
            )
        )
    moments += [
        Moment(at_us=seen.first.end_us, kind="joined", side="recipient")
        for seen in one.joined
        if seen.value is not None
    ]
    return InvitationTrace(
        number=number,
        invitation=one.key,
        inviter=name_of(one.inviter),
        recipient=name_of(one.recipient),
        outcome=outcome,
        moments=tuple(sorted(moments, key=lambda moment: moment.at_us)),
    )


_PAST = {"cancel": "cancelled", "modify": "modified"}
