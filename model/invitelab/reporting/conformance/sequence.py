"""The content of a sequence diagram: operations, views, deadlines and the failure.

Marks are in the order of time. Successive views of one step that show the same are one
mark. The end of an invitation is marked whether or not anything was done then.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from invitelab.formats.exchange_text import label, refusal_reason
from invitelab.formats.run import Exchange, ScenarioRecord, StepRecord
from invitelab.protocol.policy import LIFETIME_US
from invitelab.protocol.values import US_PER_MS
from invitelab.reporting.common.scene import Kind, Mark, Scene, shortened

LIFETIME_MS = LIFETIME_US // US_PER_MS
LOOKS = frozenset({"client.view", "client.menu"})


def scene(record: ScenarioRecord, lifetime_ms: int = LIFETIME_MS) -> Scene:
    """The content of the diagram of a scenario; without exchanges it has no marks.

    `lifetime_ms` is that of an invitation.
    """
    happened = [mark for step in record.steps for mark in _step(step)]
    if not happened:
        return Scene(people=(), marks=(), later=None)
    last_ms = max(mark.at_ms for mark in happened)
    deadlines = list(_deadlines(record.steps, lifetime_ms))
    near = [mark for mark in deadlines if mark.at_ms <= 2 * last_ms]
    far = [mark for mark in deadlines if mark.at_ms > 2 * last_ms]
    happened += _closing(record, last_ms)
    # Sorting is stable: at its tick an invitation has ended before any exchange.
    marks = sorted([*near, *happened], key=lambda mark: mark.at_ms)
    return Scene(
        people=_people(happened),
        marks=tuple(shortened(marks)),
        later=far[-1] if far else None,
    )


def _step(step: StepRecord) -> Iterator[Mark]:
    """The marks of one step; equal views are one mark, at the last instant."""
    marks: list[Mark] = []
    for exchange in step.exchanges:
        if exchange.client is None:
            continue
        mark = _mark(exchange, exchange.client)
        same = _same_look(marks, mark)
        if same is not None:
            marks.remove(same)
            mark = replace(mark, times=same.times + 1)
        marks.append(mark)
    yield from marks


def _same_look(marks: Sequence[Mark], mark: Mark) -> Mark | None:
    """The same view of the same person, if there were only views in between."""
    for earlier in reversed(marks):
        if mark.kind is not Kind.LOOK or earlier.kind is not Kind.LOOK:
            return None
        if earlier.source == mark.source:
            return earlier if earlier.words == mark.words else None
    return None


def _mark(exchange: Exchange, client: str) -> Mark:
    kind = Kind.LOOK if exchange.method in LOOKS else Kind.ACT
    words = label(exchange)
    if exchange.outcome == "refused":
        words = f"{words}: refused, {refusal_reason(exchange)}"
    if exchange.outcome == "broken":
        words = f"{words}: {exchange.reason}"
    return Mark(
        at_ms=exchange.at_ms,
        kind=kind,
        words=words,
        source=client,
        target=exchange.other if kind is Kind.ACT else None,
        outcome=exchange.outcome,
    )


def _deadlines(steps: Iterable[StepRecord], lifetime_ms: int) -> Iterator[Mark]:
    """The end of each invitation that was sent."""
    for step in steps:
        for exchange in step.exchanges:
            if exchange.method == "invitation.send" and exchange.outcome == "ok":
                name = exchange.result.get("invitation")
                yield Mark(
                    at_ms=exchange.at_ms + lifetime_ms,
                    kind=Kind.DEADLINE,
                    words=f"{lifetime_ms // 1000} s since {name} was sent",
                )


def _closing(record: ScenarioRecord, at_ms: int) -> Iterator[Mark]:
    """What was absent, and the failure."""
    absent = record.absent
    if absent is not None:
        yield Mark(
            at_ms=at_ms,
            kind=Kind.ABSENT,
            words=f"no {absent.what}",
            source=absent.source,
            target=absent.target,
        )
    if record.message:
        kind = f"{record.kind}: " if record.kind else ""
        yield Mark(at_ms=at_ms, kind=Kind.TROUBLE, words=f"{kind}{record.message}")


def _people(marks: Iterable[Mark]) -> tuple[str, ...]:
    ends = (end for mark in marks for end in (mark.source, mark.target))
    return tuple(dict.fromkeys(end for end in ends if end is not None))
