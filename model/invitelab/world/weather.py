"""What the network does to messages now: how long, how often lost, doubled, overtaken.

The scenario sets the climate; faults of the timetable add to it while they last. Each
message has draws of its own, by invitation, kind and how many of that kind there were,
so a change of the weather moves only the messages it hits.
"""

from array import array
from dataclasses import dataclass

from invitelab.world.pools import Kind
from invitelab.world.sampling import Durations, sample
from invitelab.world.scenario_values import Distribution
from invitelab.world.streams import CHUNK, Floats, Purpose, Streams

BLOCKS_KEPT = 512
"""Blocks of draws in memory; one that was let go is drawn again, and is the same."""

MESSAGES_OF_A_KIND = 255
"""The draws of the messages after so many repeat; nothing is said that often."""

_BITS_OF_A_COUNT = 8
_BITS_OF_A_CHUNK = CHUNK.bit_length() - 1


@dataclass(slots=True)
class Weather:
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
    """The draws of the n-th message of one kind of `CHUNK` invitations."""

    up_us: "array[int]"
    down_us: "array[int]"
    service_us: "array[int]"
    later_us: "array[int]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """The distributions of the scenario."""

    latency: Distribution
    service: Distribution
    reorder_by: Distribution


class MessageDraws:
    """Draws for messages, block by block."""

    def __init__(self, streams: Streams, climate: Climate) -> None:
        self._streams = streams
        self._climate = climate
        self._blocks: dict[tuple[int, int, int], Block] = {}
        self._fates: dict[tuple[int, int, int], Floats] = {}
        self._counts = array("Q")

    def next_of(self, number: int, kind: Kind) -> tuple[Block, int, int]:
        """The draws of this invitation's next message of a kind.

        The block, the place in it, and how many of the kind there were before.
        """
        counts = self._counts
        if number >= len(counts):
            counts.extend([0] * (number + 1 + CHUNK - len(counts)))
        shift = kind * _BITS_OF_A_COUNT
        ordinal = counts[number] >> shift & MESSAGES_OF_A_KIND
        if ordinal < MESSAGES_OF_A_KIND:
            counts[number] += 1 << shift
        key = (number >> _BITS_OF_A_CHUNK, kind, ordinal)
        block = self._blocks.get(key)
        if block is None:
            if len(self._blocks) >= BLOCKS_KEPT:
                del self._blocks[next(iter(self._blocks))]
            block = self._blocks[key] = self._draw(*key)
        return block, number & CHUNK - 1, ordinal

    def fate(self, number: int, kind: Kind, ordinal: int) -> list[float]:
        """Numbers for lost, doubled, overtaken, and the gap of a second copy."""
        chunk = number >> _BITS_OF_A_CHUNK
        key = (chunk, kind, ordinal)
        fate = self._fates.get(key)
        if fate is None:
            if len(self._fates) >= BLOCKS_KEPT:
                del self._fates[next(iter(self._fates))]
            purpose = Purpose.FATE + kind
            fate = self._fates[key] = self._streams.uniforms(purpose, chunk, ordinal)
        here: list[float] = fate[:, number & CHUNK - 1].tolist()
        return here

    def _draw(self, chunk: int, kind: Kind, ordinal: int) -> Block:
        legs = self._streams.uniforms(Purpose.LEGS + kind, chunk, ordinal)
        handling = self._streams.uniforms(Purpose.HANDLING + kind, chunk, ordinal)
        climate = self._climate
        return Block(
            up_us=_whole(sample(climate.latency, legs[0], legs[1])),
            down_us=_whole(sample(climate.latency, legs[2], legs[3])),
            service_us=_whole(sample(climate.service, handling[0], handling[1])),
            later_us=_whole(sample(climate.reorder_by, handling[2], handling[3])),
        )


def _whole(durations: Durations) -> "array[int]":
    """An array that gives Python's own integers, fast and in eight bytes each."""
    return array("q", durations.tobytes())
