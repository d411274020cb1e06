"""The network of a small world: a constant latency, and no losses or reordering."""

from collections.abc import Callable
from typing import TypeVar

from invitelab.world.event_queue import CalendarEnvironment

Envelope = TypeVar("Envelope")


class Network:
    """Carries messages between clients and the relay in virtual time.

    `latency_us` is the time from client to client; half of it is spent before the
    relay, the rest behind it.
    """

    __slots__ = ("_down_us", "_env", "_up_us")

    def __init__(self, env: CalendarEnvironment, latency_us: int = 0) -> None:
        self._env = env
        self._up_us = latency_us // 2
        self._down_us = latency_us - self._up_us

    def up(self, deliver: Callable[[Envelope], None], envelope: Envelope) -> None:
        """Call `deliver(envelope)` when it has travelled from a client to the relay."""
        self._env.post(self._env.now_us + self._up_us, deliver, envelope)

    def down(self, deliver: Callable[[Envelope], None], envelope: Envelope) -> None:
        """Call `deliver(envelope)` when it has travelled from the relay to a client."""
        self._env.post(self._env.now_us + self._down_us, deliver, envelope)
