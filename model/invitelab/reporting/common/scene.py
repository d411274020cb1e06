"""What a sequence diagram shows: who did and saw what, in the order of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_MARKS = 40
"""Of more marks, the diagram shows those at the beginning and at the end."""


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


def shortened(
    marks: Sequence[Mark], elsewhere: str = ", listed below"
) -> Sequence[Mark]:
    """At most MOST_MARKS marks: of more, those at both ends."""
    left_out = len(marks) - MOST_MARKS
    if left_out <= 0:
        return marks
    half = MOST_MARKS // 2
    gap = Mark(
        at_ms=marks[half].at_ms,
        kind=Kind.LEFT_OUT,
        words=f"{left_out} more{elsewhere}",
    )
    return [*marks[:half], gap, *marks[-half:]]
