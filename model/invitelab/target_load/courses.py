"""The course of every attempt, to be compared with that at the reference.

A run has as many courses as attempts. So a course is a fingerprint of eight bytes, and
its words are in a temporary file, where those of a difference are looked up: memory
follows what is pending.
"""

import json
from array import array
from collections.abc import Callable, Collection, Iterator
from hashlib import blake2b
from heapq import merge
from itertools import groupby
from tempfile import TemporaryFile
from typing import Self

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.observed import ClickKind

US_PER_MS = 1000

FACTS = {
    ClickKind.CANCEL: FactKind.CANCELLED,
    ClickKind.MODIFY: FactKind.MODIFIED,
}
"""What the inviter's operations are as facts."""

EFFECTS = frozenset({FactKind.SENT, FactKind.SHOWN, FactKind.ENDED, FactKind.JOINED})
"""What counts: an operation that comes too late may be refused, or granted in vain."""

LOT = 4096
"""The attempts whose integers are in one array."""
EIGHT_BYTES = (1 << 64) - 1


class ByNumber:
    """A positive integer of eight bytes for each of many attempts, by their number."""

    def __init__(self) -> None:
        self._lots: dict[int, array[int]] = {}

    def __getitem__(self, number: int) -> int:
        """The integer of an attempt; 0 where there is none."""
        lot = self._lots.get(number // LOT)
        return 0 if lot is None else lot[number % LOT]

    def __setitem__(self, number: int, value: int) -> None:
        """Note the integer of an attempt."""
        lot = self._lots.get(number // LOT)
        if lot is None:
            lot = self._lots[number // LOT] = array("Q", bytes(8 * LOT))
        lot[number % LOT] = value

    def __iter__(self) -> Iterator[int]:
        """The numbers that have one, in order."""
        for place, lot in sorted(self._lots.items()):
            yield from (place * LOT + at for at, value in enumerate(lot) if value)


class Courses:
    """What was seen of each attempt, by its number."""

    def __init__(self) -> None:
        self.prints = ByNumber()
        """The fingerprint of each course: the sum of those of its parts, so that what
        happened at one instant has no order."""
        self._words = TemporaryFile("w+", encoding="ascii")  # noqa: SIM115

    def __enter__(self) -> Self:
        """Close them at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget the words."""
        self.close()

    def close(self) -> None:
        """Forget the words; the fingerprints stay."""
        self._words.close()

    def note(self, number: int, at_us: int, text: str) -> None:
        """Note what was seen of an attempt at an instant in microseconds."""
        part = json.dumps((number, at_us // US_PER_MS, text))
        digest = blake2b(part.encode(), digest_size=8).digest()
        together = self.prints[number] + int.from_bytes(digest)
        self.prints[number] = together & EIGHT_BYTES or 1
        self._words.write(f"{part}\n")

    def of(self, numbers: Collection[int]) -> dict[int, tuple[str, ...]]:
        """The courses of some attempts, with what happened at one instant in one order.

        An attempt of which nothing was seen has an empty one.
        """
        found: dict[int, list[tuple[int, str]]] = {number: [] for number in numbers}
        self._words.seek(0)
        for line in self._words:
            number, at_ms, text = json.loads(line)
            if number in found:
                found[number].append((at_ms, text))
        return {
            number: tuple(f"{at_ms} ms: {text}" for at_ms, text in sorted(noted))
            for number, noted in found.items()
        }


Within = Callable[[int], bool]
"""Whether an attempt is to be compared."""


def attempts_of(some: Courses, others: Courses, within: Within) -> Iterator[int]:
    """The attempts of which anything was seen in either, by number."""
    for number, _ in groupby(merge(some.prints, others.prints)):
        if within(number):
            yield number


def apart(some: Courses, others: Courses, within: Within) -> list[int]:
    """The attempts that went otherwise, by number."""
    return [
        number
        for number in attempts_of(some, others, within)
        if some.prints[number] != others.prints[number]
    ]


def text_of(fact: Fact) -> str:
    """A fact in a word or two."""
    if fact.kind is FactKind.ENDED and fact.state is not None:
        return fact.state.value
    return fact.kind.value
