"""Network conditions: latency, loss, duplication and reordering of messages.

The scenario sets the baseline, and faults of the schedule add to it while they last.
Each message has draws of its own, by invitation, message class and how many messages of
that class there were before. So other conditions affect only the messages they hit.
"""

from array import array
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from invitelab.world.load.distributions import Durations, sample
from invitelab.world.load.queues import MessageClass
from invitelab.world.load.rng import CHUNK, CounterRng, Floats, Purpose
from invitelab.world.scenario.schema import Scenario
from invitelab.world.scenario.values import Distribution

BLOCKS_KEPT = 4096
"""Blocks of draws in memory, 12 kB each; one that was dropped is drawn again, the same.

If there are too few, clients that repeat their messages for minutes draw most blocks
again and again: with 512, flash_crowd drew each 17 times and took ten times as long.
"""

MESSAGES_OF_A_CLASS = 255
"""The most messages of a class with draws of their own; later ones use the last."""

LONGEST_US = 2**32 - 1
"""The longest latency, service time or delay: over an hour."""

_BITS_PER_COUNT = 8
ORDER_BITS = _BITS_PER_COUNT + 3
"""In a message's order, what stands below the number of its attempt."""
_BITS_PER_CHUNK = CHUNK.bit_length() - 1
_BITS_PER_PAGE = 2
_BITS_PER_ROW = _BITS_PER_CHUNK - _BITS_PER_PAGE
"""2**_BITS_PER_ROW invitations share a block for a page of their later messages."""


Kept = TypeVar("Kept")


@dataclass(slots=True)
class NetworkConditions:
    """The present probabilities, and the extra delay on the way to the relay."""

    loss: float = 0.0
    duplication: float = 0.0
    reordering: float = 0.0
    delay_us: int = 0

    @property
    def lossy(self) -> bool:
        """Whether a message can be lost, duplicated or reordered."""
        return self.loss > 0 or self.duplication > 0 or self.reordering > 0


@dataclass(frozen=True, slots=True)
class Block:
    """The draws of `CHUNK` messages of one class, in microseconds.

    They are for the first messages of `CHUNK` invitations, or for four later messages
    of 256 invitations: few invitations have later ones, and those need several.
    """

    up_us: "array[int]"
    down_us: "array[int]"
    service_us: "array[int]"


@dataclass(frozen=True, slots=True)
class MessageFate:
    """What may happen to each message of a block on a lossy network.

    `chances`, of shape (4, CHUNK), decide whether it is lost, duplicated or reordered,
    and how soon a second copy follows; `later_us` is the delay of a reordered one.
    """

    chances: Floats
    later_us: "array[int]"


def order_of(number: int, message_class: int, ordinal: int) -> int:
    """The place of a message among those that reach the relay at the same instant."""
    return number << ORDER_BITS | message_class << _BITS_PER_COUNT | ordinal


def order_of_many(
    numbers: NDArray[np.int64],
    message_class: int,
    ordinal: NDArray[np.int64] | int,
) -> NDArray[np.int64]:
    """The same for many attempts."""
    return numbers << ORDER_BITS | message_class << _BITS_PER_COUNT | ordinal


def parts_of_orders(
    orders: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The numbers, message classes and ordinals that these orders were made of."""
    below = orders & ((1 << ORDER_BITS) - 1)
    return (
        orders >> ORDER_BITS,
        below >> _BITS_PER_COUNT,
        below & MESSAGES_OF_A_CLASS,
    )


Key = tuple[int, int, int]
"""A block: its place among the invitations, the message class, and the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayDistributions:
    """The scenario's distributions of delays."""

    latency: Distribution
    service: Distribution
    reorder_by: Distribution

    @classmethod
    def of(cls, scenario: Scenario) -> "DelayDistributions":
        """Those of a scenario."""
        return cls(
            latency=scenario.network.latency,
            service=scenario.relay.service,
            reorder_by=scenario.network.reorder_by,
        )


class MessageDraws:
    """The draws of all messages, in blocks."""

    def __init__(self, rng: CounterRng, distributions: DelayDistributions) -> None:
        self._rng = rng
        self._distributions = distributions
        self._blocks: dict[Key, Block] = {}
        self._fates: dict[Key, MessageFate] = {}
        self._counts = array("Q")

    def next_of(
        self, number: int, message_class: MessageClass
    ) -> tuple[int, Key, Block, int]:
        """Ordinal, key, block and place of the draws for an attempt's next message.

        The ordinal is how many messages of the class were before it.
        """
        counts = self._counts
        if number >= len(counts):
            counts.extend([0] * (number + 1 + CHUNK - len(counts)))
        shift = message_class * _BITS_PER_COUNT
        before = counts[number] >> shift & MESSAGES_OF_A_CLASS
        if before < MESSAGES_OF_A_CLASS:
            counts[number] += 1 << shift
        if before == 0:
            key = (number >> _BITS_PER_CHUNK, message_class, 0)
            place = number & CHUNK - 1
        else:
            page, line = divmod(before - 1, 1 << _BITS_PER_PAGE)
            key = (number >> _BITS_PER_ROW, message_class, page + 1)
            place = (number << _BITS_PER_PAGE & CHUNK - 1) + line
        block = self._blocks.get(key)
        if block is None:
            _evict_oldest(self._blocks)
            block = self._blocks[key] = self._draw(*key)
        return before, key, block, place

    def fate(self, key: Key) -> MessageFate:
        """The fates of the messages in a block."""
        fate = self._fates.get(key)
        if fate is None:
            _evict_oldest(self._fates)
            chunk, message_class, page = key
            handling = self._rng.uniforms(Purpose.HANDLING + message_class, chunk, page)
            held_us = sample(self._distributions.reorder_by, handling[2], handling[3])
            chances = self._rng.uniforms(Purpose.FATE + message_class, chunk, page)
            fate = self._fates[key] = MessageFate(chances, _as_integers(held_us))
        return fate

    def _draw(self, chunk: int, message_class: int, page: int) -> Block:
        legs = self._rng.uniforms(Purpose.LEGS + message_class, chunk, page)
        handling = self._rng.uniforms(Purpose.HANDLING + message_class, chunk, page)
        distributions = self._distributions
        return Block(
            up_us=_as_integers(sample(distributions.latency, legs[0], legs[1])),
            down_us=_as_integers(sample(distributions.latency, legs[2], legs[3])),
            service_us=_as_integers(
                sample(distributions.service, handling[0], handling[1])
            ),
        )


def _as_integers(durations: Durations) -> "array[int]":
    """Four bytes each; an array's elements are read as Python integers, fast."""
    return array("I", np.minimum(durations, LONGEST_US).astype(np.uint32).tobytes())


def _evict_oldest(blocks: dict[Key, Kept]) -> None:
    if len(blocks) >= BLOCKS_KEPT:
        del blocks[next(iter(blocks))]
