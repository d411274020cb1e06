"""The content of a sequence diagram: operations, views, deadlines and the failure.

Marks are in the order of time. Successive views of one step that show the same are one
mark. The end of an invitation is marked whether or not anything was done then.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from invitelab.formats.exchange_text import label, refusal_reason
from invitelab.formats.run import Exchange, ScenarioRecord, StepRecord
from invitelab.protocol.policy import LIFETIME_US
from invitelab.protocol.values import US_PER_MS

LIFETIME_MS = LIFETIME_US // US_PER_MS
MOST_MARKS = 40
"""Of more marks, the diagram shows those at the beginning and at the end."""

LOOKS = frozenset({"client.view", "client.menu"})


class Kind(StrEnum):
    """The kind of a mark."""

    ACT = "act"
    LOOK = "look"
    DEADLINE = "deadline"
    ABSENT = "absent"
    LEFT_OUT = "left-out"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark of the diagram; `source` and `target` are names of people."""

    at_ms: int
    kind: Kind
    words: str
    source: str | None = None
    target: str | None = None
    outcome: str = "ok"
    times: int = 1
    """How many views in a row showed the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The whole content of a diagram."""

    people: tuple[str, ...]
    """In the order in which they appear."""
    marks: tuple[Mark, ...]
    """In the order of time."""
    later: Mark | None
    """The last deadline, if it is far after the last mark."""

    @property
    def end_ms(self) -> int:
        """The instant of the last mark."""
        return self.marks[-1].at_ms if self.marks else 0


def scene(record: ScenarioRecord) -> Scene:
    """The content of the diagram of a scenario; without exchanges it has no marks."""
    happened = [mark for step in record.steps for mark in _step(step)]
    if not happened:
        return Scene(people=(), marks=(), later=None)
    last_ms = max(mark.at_ms for mark in happened)
    deadlines = list(_deadlines(record.steps))
    near = [mark for mark in deadlines if mark.at_ms <= 2 * last_ms]
    far = [mark for mark in deadlines if mark.at_ms > 2 * last_ms]
    happened += _closing(record, last_ms)
    # Sorting is stable: at its tick an invitation has ended before any exchange.
    marks = sorted([*near, *happened], key=lambda mark: mark.at_ms)
    return Scene(
        people=_people(happened),
        marks=tuple(_shortened(marks)),
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


def _deadlines(steps: Iterable[StepRecord]) -> Iterator[Mark]:
    """The end of each invitation that was sent."""
    for step in steps:
        for exchange in step.exchanges:
            if exchange.method == "invitation.send" and exchange.outcome == "ok":
                name = exchange.result.get("invitation")
                yield Mark(
                    at_ms=exchange.at_ms + LIFETIME_MS,
                    kind=Kind.DEADLINE,
                    words=f"{LIFETIME_MS // 1000} s since {name} was sent",
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


def _shortened(marks: Sequence[Mark]) -> Sequence[Mark]:
    """At most MOST_MARKS marks: of more, those at both ends."""
    left_out = len(marks) - MOST_MARKS
    if left_out <= 0:
        return marks
    half = MOST_MARKS // 2
    gap = Mark(
        at_ms=marks[half].at_ms,
        kind=Kind.LEFT_OUT,
        words=f"{left_out} more, listed below",
    )
    return [*marks[:half], gap, *marks[-half:]]
