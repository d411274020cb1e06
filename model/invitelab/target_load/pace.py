"""Intentions whose times include the extremes: at once, and around the two minutes."""

from invitelab.protocol.values import US_PER_MS
from invitelab.world.load.intentions import Intentions

ANSWERS_MS = (0, 118_500, 116_200, 121_500, 700, None, 25_000, None, None, 61_000)
"""Think times in turn; None is that of the scenario."""
CHANGES_MS = (None, 0, 71_000, None, 36_000, 112_000, 119_200)
CANCELS_MS = (None, None, 0, 118_000, None)


class Extremes(Intentions):
    """The intentions of a scenario, some of them at other times."""

    def answer(self, number: int) -> tuple[bool | None, int]:
        """Accept, reject or (None) ignore, and the think time in microseconds."""
        accepts, think_us = super().answer(number)
        return accepts, _other(ANSWERS_MS, number // 2, think_us)

    def cancel_us(self, number: int) -> int | None:
        """Microseconds from sending to cancelling; None: it is not cancelled."""
        after_us = super().cancel_us(number)
        return after_us and _other(CANCELS_MS, number, after_us)

    def modify_us(self, number: int) -> int | None:
        """Microseconds from sending to choosing another profile; None: it is not."""
        after_us = super().modify_us(number)
        return after_us and _other(CHANGES_MS, number, after_us)


def _other(times_ms: tuple[int | None, ...], number: int, drawn_us: int) -> int:
    chosen_ms = times_ms[number % len(times_ms)]
    return drawn_us if chosen_ms is None else chosen_ms * US_PER_MS
