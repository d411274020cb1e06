"""What a run in real time has measured, and the settling time that would be safe.

An observation is inconclusive unless all that was spent since the sending fits before
the deadline: the planned wait, the call that sends, waking up late, waiting for other
scenarios' calls, letting the target settle, and then `early_ms` and `settle_ms` again.
"""

import math
import threading
from dataclasses import dataclass, field

from invitelab.adapters.clocks.base import Terms

NEAREST_MS = 1000
"""How far from a deadline the required clauses are observed, on either side."""

ROUND_MS = 10


@dataclass(slots=True)
class Measures:
    """The largest values of a run, in milliseconds of scenario time. Thread-safe."""

    spent_ms: int = 0
    """Time between a sending and an observation that was neither planned nor settling:
    sending, waking up late, and waiting for the calls of other scenarios."""
    settles: int = 1
    """How many times a scenario let its target settle next to a deadline."""
    shown_ms: int = 0
    """Time until an effect was visible that was not visible at once."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note_spent(self, spent_ms: int, settles: int = 1) -> None:
        """Take the time that one observation was late, and how often it settled."""
        with self._lock:
            self.spent_ms = max(self.spent_ms, spent_ms)
            self.settles = max(self.settles, settles)

    def note_shown(self, shown_ms: int) -> None:
        """Take the time that one effect took."""
        with self._lock:
            self.shown_ms = max(self.shown_ms, shown_ms)

    def safe_settle_ms(self, terms: Terms) -> int:
        """The longest settling with which 119 and 121 seconds could be judged.

        In wall-clock milliseconds, rounded down; 0 where none would do.
        """
        left_ms = NEAREST_MS - (terms.before_ms - terms.settle_ms) - self.spent_ms - 1
        before_ms = left_ms / (1 + self.settles)
        after_ms = NEAREST_MS - (terms.after_ms - terms.settle_ms) - 1
        safe_ms = min(before_ms, after_ms) * terms.scale
        return max(0, math.floor(safe_ms / ROUND_MS) * ROUND_MS)

    def advice(self, terms: Terms, *, is_declared: bool) -> str:
        """What to declare, after a run whose clock left something undecided.

        `is_declared` says that the handshake has a `settle_ms`.
        """
        safe_ms = self.safe_settle_ms(terms)
        shown_ms, spent_ms, settle_ms = (
            math.ceil(ms * terms.scale)
            for ms in (self.shown_ms, self.spent_ms, terms.settle_ms)
        )
        now = "" if is_declared else f", in place of the {settle_ms} assumed"
        found = f"they did within {shown_ms} ms" if shown_ms else "they did at once"
        if settle_ms <= safe_ms:
            late = f"this machine or the target was late by {spent_ms} ms"
            return f"{late}: run it again on a quieter machine, or with --jobs"
        if 0 < safe_ms >= shown_ms:
            return (
                f'declare "settle_ms": {safe_ms} or less{now}, if effects show within '
                f"it ({found} here)"
            )
        return (
            f"119 s cannot be judged with this clock: {spent_ms} ms were spent on "
            f"the way, and effects showed within {shown_ms} ms"
        )
