"""The network: everything takes its latency, and nothing is changed on the way."""

from collections.abc import Callable
from typing import Any

import simpy


class Network:
    """Carries deliveries between clients and the relay in virtual time.

    `latency_us` is the time between two clients, so half of it lies on either side of
    the relay.
    """

    def __init__(self, env: simpy.Environment, latency_us: int = 0) -> None:
        self._env = env
        self._up_us = latency_us // 2
        self._down_us = latency_us - self._up_us

    def up(self, deliver: Callable[[], None]) -> None:
        """From a client to the relay."""
        self.later(self._up_us, deliver)

    def down(self, deliver: Callable[[], None]) -> None:
        """From the relay to a client."""
        self.later(self._down_us, deliver)

    def later(self, delay_us: int, action: Callable[[], None]) -> None:
        """Run `action` after `delay_us`, behind whatever is already due then."""

        def fire(_event: simpy.Event) -> None:
            action()

        timeout: Any = self._env.timeout(delay_us)  # SimPy's callbacks are untyped
        timeout.callbacks.append(fire)
