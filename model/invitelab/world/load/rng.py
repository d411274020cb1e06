"""Random numbers that belong to somebody: counter-based, never in order of execution.

A draw is a function of (seed, replication, purpose, number, ordinal): the Philox block
cipher over a counter. Whoever asks first, in whatever order, in however many processes,
gets the same draw, and taking away one purpose (nobody cancels any more) leaves all the
others as they were. Two variants of a scenario thus share their random numbers.

A block has four numbers. Blocks are made `CHUNK` at a time, because a single draw costs
half a microsecond and a draw in an array fifteen nanoseconds.
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

CHUNK = 1024
"""How many numbers (clients, invitations) are drawn for at once."""

Floats = NDArray[np.float64]


class Purpose(IntEnum):
    """What a draw is for. The values are part of every result: add, never renumber."""

    CLIENT_TRAITS = 1  # version, platform, portable, locked
    CLIENT_NAME = 2  # first, last, namespace, connected at the start
    CLIENT_CONTACTS = 3  # four contacts an ordinal
    ARRIVAL = 10  # gap to the one before; in a closed loop the pause
    PARTICIPANTS = 11  # inviter, recipient, through which entry point, profile
    ANSWER = 12  # which, think time (2)
    CANCEL = 13  # whether, after which time (2)
    MODIFY = 14  # whether, after which time (2), to which profile
    EMAIL = 15  # whether written, whether used, after which time (2)
    SESSION = 16  # how long (2)
    FAULT = 20  # whether a client is hit; the ordinal is the fault's place
    LEGS = 30  # the way up (2) and down (2); plus the kind of message
    HANDLING = 50  # service (2), how much later (2); plus the kind of message
    FATE = 70  # lost, doubled, overtaken, after which gap; plus the kind of message


class CounterRng:
    """All the random numbers of one replication."""

    def __init__(self, seed: int, replication: int) -> None:
        self._key = np.array([seed, replication], dtype=np.uint64)

    def uniforms(self, purpose: int, chunk: int, ordinal: int = 0) -> Floats:
        """Numbers in (0, 1), never 0 or 1: shape (4, CHUNK), a column a number."""
        # The low word counts the numbers, so a chunk is one run of the counter.
        words = [chunk * CHUNK, ordinal, purpose, 0]
        bits = np.random.Philox(key=self._key, counter=np.array(words, dtype=np.uint64))
        raw = bits.random_raw(4 * CHUNK).reshape(CHUNK, 4).T
        # 52 bits, so that adding a half is exact and the last one stays below 1.
        whole: Floats = (raw >> np.uint64(12)).astype(np.float64)
        return (whole + 0.5) * 2.0**-52
