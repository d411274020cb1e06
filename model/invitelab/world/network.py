"""The network: everything takes its latency, and nothing is changed on the way."""

from collections.abc import Callable
from typing import TypeVar

from invitelab.world.event_queue import CalendarEnvironment

Envelope = TypeVar("Envelope")


class Network:
    """Carries deliveries between clients and the relay in virtual time.

    `latency_us` is the time between two clients, so half of it lies on either side of
    the relay.
    """

    __slots__ = ("_down_us", "_env", "_up_us")

    def __init__(self, env: CalendarEnvironment, latency_us: int = 0) -> None:
        self._env = env
        self._up_us = latency_us // 2
        self._down_us = latency_us - self._up_us

    def up(self, deliver: Callable[[Envelope], None], envelope: Envelope) -> None:
        """From a client to the relay: `deliver(envelope)` when it is there."""
        self._env.post(self._env.now_us + self._up_us, deliver, envelope)

    def down(self, deliver: Callable[[Envelope], None], envelope: Envelope) -> None:
        """From the relay to a client."""
        self._env.post(self._env.now_us + self._down_us, deliver, envelope)
