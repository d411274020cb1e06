"""What several worlds tell, in the order of time.

Rooms that are played one after the other, and connections that run at the same time,
tell of the same time more than once; instruments need it in order.
"""

import threading
from operator import itemgetter
from typing import Any

from invitelab.world.load.controls import Told


class Ordered:
    """Keeps what is told until it is released. Thread-safe."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._kept: list[tuple[int, str, tuple[Any, ...]]] = []
        self._lock = threading.Lock()

    def tell(self, hook: str, *arguments: Any) -> None:  # noqa: ANN401 - by the hook
        """Keep it; the first argument of every hook is the instant."""
        with self._lock:
            self._kept.append((arguments[0], hook, arguments))

    def release(self, until_us: float) -> None:
        """Pass on, in order, what was told of the time up to an instant."""
        with self._lock:
            self._kept.sort(key=itemgetter(0))  # stable: an attempt stays together
            due = [one for one in self._kept if one[0] <= until_us]
            del self._kept[: len(due)]
        for _, hook, arguments in due:
            self._told.tell(hook, *arguments)
