"""What is only known of a run on an implementation, as sentences and tables."""

from collections.abc import Iterator

from invitelab.formats.results import Results
from invitelab.formats.target_run import (
    BesideReference,
    FindingExample,
    TargetFinding,
    TargetRun,
)
from invitelab.reporting.common.formatting import (
    clean,
    duration,
    grouped,
    instant,
    listed,
    plural,
)
from invitelab.reporting.load.tables import Table

MOST_FINDINGS = 5
"""The findings that a terminal tells."""


def target_lines(results: Results) -> Iterator[str]:
    """What was played, what was judged, and how it went beside the reference."""
    run = results.target
    if run is None:
        return
    if run.problem is not None:
        yield f"the run could not go on: {clean(run.problem)}"
    yield played_line(run)
    yield judged_line(run)
    if run.beside is not None:
        yield beside_line(run.beside)
        yield from _difference_lines(run)
    if run.lateness is not None:
        late = run.lateness
        yield (
            f"the harness was late by {duration(late.p50_us)} (p50), "
            f"{duration(late.p99_us)} (p99), {duration(late.max_us)} at most"
        )
    if run.restarts:
        yield (
            f"the target ended {plural(run.restarts, 'time')} and was started again: "
            f"{plural(run.lost, 'pending invitation')} lost with it"
        )


def played_line(run: TargetRun) -> str:
    """`40 rooms of up to 500 clients on 1 connection, virtual clock`."""
    looks = ""
    if run.poll_us:
        looks = f"; views are looked at every {duration(run.poll_us)}"
    return (
        f"{plural(run.rooms, 'room')} of up to {plural(run.room_clients, 'client')} "
        f"on {plural(run.connections, 'connection')}, {run.clock} clock{looks}; "
        f"not applied: {listed(run.not_applied)}"
    )


def judged_line(run: TargetRun) -> str:
    """How many invitations were judged, and which clauses were broken."""
    text = f"{plural(run.judged, 'invitation')} judged: "
    if not run.broken:
        text += "no required clause was broken"
    else:
        text += listed(
            f"{one.clause} {plural(one.count, 'time')}" for one in run.broken
        )
        text += " broken"
    deviations = [one.clause for one in run.findings if one.level != "required"]
    if deviations:
        text += f"; deviations: {listed(deviations)}"
    return text


def beside_line(beside: BesideReference) -> str:
    """`15,123 attempts: 15,123 as with the reference`."""
    text = (
        f"{plural(beside.attempts, 'attempt')}: {grouped(beside.equal)} as with the "
        "reference"
    )
    if beside.interpretations:
        text += (
            f", {grouped(beside.explained)} with "
            f"{listed(beside.interpretations)} read otherwise"
        )
    return text


def _difference_lines(run: TargetRun) -> Iterator[str]:
    beside = run.beside
    if beside is None or beside.first is None or not run.unexplained:
        return
    first = beside.first
    yield f"first difference: attempt {first.attempt} in room {first.room}"
    yield f"  target     {_course(first.target)}"
    yield f"  reference  {_course(first.reference)}"


def _course(texts: tuple[str, ...]) -> str:
    return clean("; ".join(texts)) or "nothing"


def finding_line(one: TargetFinding) -> str:
    """`EXPIRY-2, 3 times: at 2 min 1 s, room 4, attempt 17: ...`."""
    example = one.examples[0] if one.examples else None
    told = f": {example_text(example)}" if example is not None else ""
    return f"{one.clause}, {plural(one.count, 'time')}{told}"


def example_text(one: FindingExample) -> str:
    """Where and when it was, and what was observed."""
    attempt = "" if one.attempt is None else f", attempt {one.attempt}"
    return f"at {instant(one.at_us)}, room {one.room}{attempt}: {clean(one.what)}"


def target_verdict(run: TargetRun) -> str:
    """What is wrong with the target in a few words; empty where nothing is."""
    parts: list[str] = []
    if run.broken:
        parts.append(f"breaks {listed(one.clause for one in run.broken)}")
    if run.unexplained:
        parts.append(
            f"{plural(run.unexplained, 'attempt')} not as with the reference, "
            "by no interpretation"
        )
    if run.failed:
        parts.append(f"{plural(run.failed, 'call')} failed")
    if run.problem is not None:
        parts.append("the target could not be used any more")
    elif not run.usable:
        parts.append(f"{plural(run.lost, 'invitation')} lost with the target")
    return "; ".join(parts)


def operations_table(run: TargetRun) -> Table:
    """How long the calls took."""
    return Table(
        columns=("operation", "calls", "p50", "p99", "longest", "failed"),
        rows=tuple(
            (
                one.method,
                grouped(one.count),
                _time(one.p50_us),
                _time(one.p99_us),
                _time(one.max_us),
                ", ".join(f"{count} {kind}" for kind, count in one.errors.items())
                or "0",
            )
            for one in run.operations
        ),
    )


def _time(value_us: int | None) -> str:
    return "-" if value_us is None else duration(value_us)


def findings_table(run: TargetRun) -> Table:
    """What was broken, with the first example of each."""
    return Table(
        columns=("clause", "level", "times", "the first of them"),
        rows=tuple(
            (
                one.clause,
                one.level,
                grouped(one.count),
                example_text(one.examples[0]) if one.examples else "",
            )
            for one in run.findings
        ),
        text_columns=(0, 1, 3),
    )
