"""What the network does to messages now: how long, how often lost, doubled, overtaken.

The scenario sets the climate; faults of the timetable add to it while they last. Each
message has draws of its own, by invitation, kind and how many of that kind there were,
so a change of the weather moves only the messages it hits.
"""

from array import array
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from invitelab.world.load.distributions import Durations, sample
from invitelab.world.load.queues import MessageClass
from invitelab.world.load.rng import CHUNK, CounterRng, Floats, Purpose
from invitelab.world.scenario.values import Distribution

BLOCKS_KEPT = 4096
"""Blocks of draws in memory, of 12 kB; one that was let go is drawn again, the same.

With too few of them a crowd that repeats its messages for minutes draws most of its
blocks again and again: flash_crowd did so 17 times each with 512, and took ten times as
long.
"""

MESSAGES_OF_A_CLASS = 255
"""The draws of the messages after so many repeat; nothing is said that often."""

LONGEST_US = 2**32 - 1
"""What a leg, a service or a hold-up takes at most: over an hour."""

_BITS_PER_COUNT = 8
_BITS_PER_CHUNK = CHUNK.bit_length() - 1
_BITS_PER_PAGE = 2
_BITS_PER_ROW = _BITS_PER_CHUNK - _BITS_PER_PAGE
"""A row is as many invitations as have a page of further messages in one block."""


Kept = TypeVar("Kept")


@dataclass(slots=True)
class NetworkConditions:
    """Probabilities now, and what is added to every leg."""

    loss: float = 0.0
    duplication: float = 0.0
    reordering: float = 0.0
    delay_us: int = 0

    @property
    def rough(self) -> bool:
        """Whether anything can happen to a message besides taking its time."""
        return self.loss > 0 or self.duplication > 0 or self.reordering > 0


@dataclass(frozen=True, slots=True)
class Block:
    """The draws of `CHUNK` messages of one kind, in microseconds.

    The first messages of `CHUNK` invitations, or four further ones of 256 invitations:
    whoever repeats itself or polls needs them soon, and few others ever do.
    """

    up_us: "array[int]"
    down_us: "array[int]"
    service_us: "array[int]"


@dataclass(frozen=True, slots=True)
class MessageFate:
    """What rough weather may do to each message of a block.

    `chances`, of shape (4, CHUNK), decide whether it is lost, doubled or overtaken,
    and how soon a second copy follows; `later_us` is how far it is held back.
    """

    chances: Floats
    later_us: "array[int]"


Key = tuple[int, int, int]
"""Which block: its place among the invitations, kind of message, page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayDistributions:
    """The distributions of the scenario."""

    latency: Distribution
    service: Distribution
    reorder_by: Distribution


class MessageDraws:
    """Draws for messages, block by block."""

    def __init__(self, rng: CounterRng, distributions: DelayDistributions) -> None:
        self._rng = rng
        self._distributions = distributions
        self._blocks: dict[Key, Block] = {}
        self._fates: dict[Key, MessageFate] = {}
        self._counts = array("Q")

    def next_of(
        self, number: int, message_class: MessageClass
    ) -> tuple[Key, Block, int]:
        """The draws of this invitation's next message of a kind: key, block, place."""
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
        return key, block, place

    def fate(self, key: Key) -> MessageFate:
        """What may happen to the messages of this block."""
        fate = self._fates.get(key)
        if fate is None:
            _evict_oldest(self._fates)
            chunk, message_class, page = key
            handling = self._rng.uniforms(Purpose.HANDLING + message_class, chunk, page)
            held_us = sample(self._distributions.reorder_by, handling[2], handling[3])
            chances = self._rng.uniforms(Purpose.FATE + message_class, chunk, page)
            fate = self._fates[key] = MessageFate(chances, _whole(held_us))
        return fate

    def _draw(self, chunk: int, message_class: int, page: int) -> Block:
        legs = self._rng.uniforms(Purpose.LEGS + message_class, chunk, page)
        handling = self._rng.uniforms(Purpose.HANDLING + message_class, chunk, page)
        distributions = self._distributions
        return Block(
            up_us=_whole(sample(distributions.latency, legs[0], legs[1])),
            down_us=_whole(sample(distributions.latency, legs[2], legs[3])),
            service_us=_whole(sample(distributions.service, handling[0], handling[1])),
        )


def _whole(durations: Durations) -> "array[int]":
    """An array that gives Python's own integers, fast and in four bytes each."""
    return array("I", np.minimum(durations, LONGEST_US).astype(np.uint32).tobytes())


def _evict_oldest(blocks: dict[Key, Kept]) -> None:
    if len(blocks) >= BLOCKS_KEPT:
        del blocks[next(iter(blocks))]
