"""The draws of many attempts at once, equal to those that the events engine makes.

A draw is a function of (seed, replication, purpose, number, ordinal), so it does not
matter who makes it. A dense run of numbers is drawn as a whole, scattered ones one by
one (see `philox`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from invitelab.world.cohorts.philox import blocks
from invitelab.world.cohorts.timelines import Integers, Services
from invitelab.world.load.distributions import sample
from invitelab.world.load.network_conditions import (
    LONGEST_US,
    DelayDistributions,
    parts_of_orders,
)
from invitelab.world.load.rng import (
    CounterRng,
    Floats,
    Purpose,
    Words,
    as_uniforms,
)

LATER = 4
"""Later messages of a class share a page: four of an attempt."""

DENSE = 0.1
"""From this share of a run on, the whole run is cheaper than its scattered parts."""


class Uniforms:
    """Uniform numbers by purpose and number."""

    def __init__(self, rng: CounterRng) -> None:
        self._rng = rng

    def of(self, purpose: int, numbers: Integers, ordinal: int = 0) -> Floats:
        """The four uniform numbers of each of `numbers`, which rise: shape (4, n)."""
        if not len(numbers):
            return np.empty((4, 0))
        first, last = int(numbers[0]), int(numbers[-1])
        span = last - first + 1
        if len(numbers) < DENSE * span:
            return as_uniforms(self.scattered(purpose, numbers, ordinal))
        words = self.run(purpose, first, span, ordinal)
        if len(numbers) < span:
            words = words[numbers - first]
        return as_uniforms(words.T)

    def run(self, purpose: int, first: int, count: int, ordinal: int) -> Words:
        """Random words of `count` numbers from `first` on: shape (count, 4)."""
        return self._rng.words(purpose, first, count, ordinal)

    def scattered(
        self, purpose: Integers | int, numbers: Integers, ordinal: Integers | int
    ) -> Words:
        """Random words of any numbers, of any purposes and ordinals: shape (4, n)."""
        return blocks(self._rng.key, numbers, ordinal, purpose)


@dataclass(frozen=True, slots=True)
class Legs:
    """The delays of messages in microseconds: to the relay, in service, and from it."""

    up_us: Integers
    service_us: Services
    down_us: Integers


class MessageLegs:
    """The draws of messages: a block for an attempt's first, pages for its later ones.

    The same as `network_conditions.MessageDraws`. `run` are consecutive numbers that
    most of the draws are for: their pages are drawn once.
    """

    def __init__(
        self,
        uniforms: Uniforms,
        distributions: DelayDistributions,
        run: range = range(0),
    ) -> None:
        self._uniforms = uniforms
        self._distributions = distributions
        self._run = run
        self._pages: dict[tuple[int, int], Sequence[Words]] = {}

    def during(self, run: range) -> "MessageLegs":
        """The same, for consecutive numbers."""
        return MessageLegs(self._uniforms, self._distributions, run)

    def of(self, orders: Integers) -> Legs:
        """The legs of messages of one class, by their order (`order_of`)."""
        if not len(orders):
            nothing = np.empty(0, np.int64)
            return Legs(nothing, nothing.astype(np.uint32), nothing)
        numbers, message_class, ordinal = parts_of_orders(orders)
        pages = (ordinal + LATER - 1) // LATER  # 0 for the first message
        first, last = int(pages.min()), int(pages.max())
        if first == last:
            return self._legs(*self._of_page(first, numbers, message_class, ordinal))
        words = np.empty((2, 4, len(orders)), np.uint64)
        for page in range(first, last + 1):
            here = np.flatnonzero(pages == page)
            if len(here):
                words[:, :, here] = self._of_page(
                    page, numbers[here], message_class[here], ordinal[here]
                )
        return self._legs(*words)

    def _of_page(
        self, page: int, numbers: Integers, message_class: Integers, ordinal: Integers
    ) -> Sequence[Words]:
        """Words of shape (4, n) for legs and for handling, of messages of a page."""
        width = LATER if page else 1
        counters = numbers * LATER + (ordinal - 1) % LATER if page else numbers
        found = self._page(int(message_class[0]), page, len(numbers))
        if found is None:
            return list(self._scattered(message_class, counters, page))
        if len(counters) == found[0].shape[1]:
            return found
        places = counters - self._run.start * width
        return [words.take(places, axis=1) for words in found]

    def _scattered(
        self, message_class: Integers, counters: Integers, page: int
    ) -> Words:
        """Words of shape (2, 4, n): of legs and of handling."""
        purposes = np.concatenate(
            (message_class + Purpose.LEGS, message_class + Purpose.HANDLING)
        )
        both = self._uniforms.scattered(purposes, np.tile(counters, 2), page)
        return both.reshape(4, 2, -1).transpose(1, 0, 2)

    def _page(
        self, message_class: int, page: int, wanted: int
    ) -> Sequence[Words] | None:
        """The words of a page for the whole run: legs and handling.

        None where so few are wanted that the others would be drawn in vain.
        """
        if not self._run:
            return None
        found = self._pages.get((message_class, page))
        width = LATER if page else 1
        if found is None and wanted >= DENSE * width * len(self._run):
            first, count = self._run.start * width, len(self._run) * width
            found = self._pages[message_class, page] = [
                self._uniforms.run(purpose + message_class, first, count, page).T.copy()
                for purpose in (Purpose.LEGS, Purpose.HANDLING)
            ]
        return found

    def _legs(self, legs: Words, handling: Words) -> Legs:
        """The legs from random words of shape (4, n)."""
        latency, service = self._distributions.latency, self._distributions.service
        first, second, third, fourth = as_uniforms(legs)
        busy, still = as_uniforms(handling[:2])
        return Legs(
            up_us=np.minimum(sample(latency, first, second), LONGEST_US),
            service_us=np.minimum(sample(service, busy, still), LONGEST_US).astype(
                np.uint32
            ),
            down_us=np.minimum(sample(latency, third, fourth), LONGEST_US),
        )
