"""Saying something until it is heard: one open message a key, until it is settled."""

from collections.abc import Callable, Hashable

from invitelab.world.network import Network

MAX_REPEATS = 43_200
"""A bound on every loop: a day at two seconds each, longer than anybody stays away."""


class Delivery:
    """Repeats the newest message of each key every `retry_us` until it is settled."""

    def __init__(self, network: Network, retry_us: int) -> None:
        self._network = network
        self._retry_us = retry_us
        self._open: dict[Hashable, int] = {}
        self._posted = 0

    def post(self, key: Hashable, say: Callable[[], None]) -> None:
        """Say it now and again until `settle(key)`; replaces what was open there."""
        self._posted += 1
        self._open[key] = self._posted
        self._repeat(key, self._posted, say, MAX_REPEATS)

    def settle(self, key: Hashable) -> None:
        """It was heard."""
        self._open.pop(key, None)

    def _repeat(
        self, key: Hashable, ticket: int, say: Callable[[], None], left: int
    ) -> None:
        if self._open.get(key) != ticket:
            return
        if left == 0:
            self.settle(key)
            return
        say()
        self._network.later(
            self._retry_us, lambda: self._repeat(key, ticket, say, left - 1)
        )
