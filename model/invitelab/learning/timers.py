"""Timers: what time alone brings about, found by bisection to the millisecond.

An alphabet has a few waits. Here they are of any length: after the shortest ways
without a wait, and once more with each other input halfway, which may restart it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from invitelab.formats.machine import Timer
from invitelab.learning.alphabet import Alphabet
from invitelab.learning.instants import is_wait
from invitelab.learning.mealy import Mealy, Word
from invitelab.learning.operations import Operation, Wait
from invitelab.learning.questions import Teller

LIFETIMES = 4
"""How long is waited for a change, in lifetimes."""
MOST_TIMERS = 6


@dataclass(slots=True, kw_only=True)
class Stopwatch:
    """Measures timers; counts its scenarios."""

    teller: Teller
    alphabet: Alphabet
    lifetime_ms: int
    check: Callable[[], None] = lambda: None
    """Called before each scenario; it may raise to end the learning."""
    probes: int = 0

    @property
    def horizon_ms(self) -> int:
        """How long is waited for a change."""
        return self.lifetime_ms * LIFETIMES

    def timers(self, machine: Mealy) -> tuple[Timer, ...]:
        """What changes by itself after the shortest ways without a wait."""
        found: list[Timer] = []
        done: list[Word] = []
        for way in self._ways(machine):
            if any(way[: len(one)] == one for one in done):
                continue
            after = [self.alphabet.inputs[letter].operation for letter in way]
            ms = self._first_change(after)
            if ms is not None:
                done.append(way)
                found.append(self._timer(way, after, ms))
            if len(found) >= MOST_TIMERS:
                break
        return tuple(found)

    def _ways(self, machine: Mealy) -> Iterator[Word]:
        for way in machine.access:
            if way and not any(self._waits(letter) for letter in way):
                yield way

    def _waits(self, letter: int) -> bool:
        return is_wait(self.alphabet.inputs[letter])

    def _timer(self, way: Word, after: Sequence[Operation], ms: int) -> Timer:
        kept: list[str] = []
        restarted: list[str] = []
        moved: dict[str, int] = {}
        half_ms = ms // 2
        for letter, one in enumerate(self.alphabet.inputs):
            if self._waits(letter) or not half_ms:
                continue
            halfway = [*after, Wait(ms=half_ms), one.operation]
            left_ms = self._guessed(halfway, (ms - half_ms, ms))
            if left_ms == ms - half_ms:
                kept.append(one.name)
            elif left_ms == ms:
                restarted.append(one.name)
            elif left_ms is not None:
                moved[one.name] = left_ms
        changes = self._changes([*after, Wait(ms=ms)])
        timer = Timer(
            after=self.alphabet.names(way),
            ms=ms,
            changes=changes,
            kept_by=tuple(kept),
            restarted_by=tuple(restarted),
            moved_by=moved,
            says="",
        )
        return timer.model_copy(update={"says": says(timer)})

    def _guessed(
        self, after: Sequence[Operation], guesses_ms: Sequence[int]
    ) -> int | None:
        """The time until the first change, which is probably one of the guesses."""
        for ms in guesses_ms:
            if self._changed(after, ms) and not self._changed(after, ms - 1):
                return ms
        return self._first_change(after)

    def _first_change(self, after: Sequence[Operation]) -> int | None:
        """Milliseconds until something changes; None: nothing does in all that time."""
        low, high = 0, self.horizon_ms
        if not self._changed(after, high):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if self._changed(after, middle):
                high = middle
            else:
                low = middle
        return high

    def _changed(self, after: Sequence[Operation], ms: int) -> bool:
        return ms > 0 and bool(self._changes([*after, Wait(ms=ms)]))

    def _changes(self, operations: Sequence[Operation]) -> tuple[str, ...]:
        """What has changed in the last of the inputs."""
        self.check()
        self.probes += 1
        return self.teller.outputs(operations)[-1].changes


def says(timer: Timer) -> str:
    """A timer as a sentence."""
    gone = any(": - invitation" in line for line in timer.changes)
    what = "the invitation expires" if gone else "what is seen changes"
    parts = [f"{what} {timer.ms:,} ms after {', '.join(timer.after)}"]
    if timer.kept_by:
        parts.append(f"not restarted by {', '.join(timer.kept_by)}")
    if timer.restarted_by:
        parts.append(f"restarted by {', '.join(timer.restarted_by)}")
    parts += [f"{ms:,} ms after {name} halfway" for name, ms in timer.moved_by.items()]
    return "; ".join(parts)
