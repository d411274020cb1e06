"""The random number generator: counter-based, independent of the order of execution.

A draw is a function of (seed, replication, purpose, number, ordinal): a block of the
Philox generator over a counter (J. K. Salmon and others, "Parallel random numbers: as
easy as 1, 2, 3", SC 2011). It is the same in any order and in any number of processes,
and removing one purpose, such as cancelling, leaves the draws of all others unchanged.
So two variants of a scenario use common random numbers, which reduces the variance of
their difference.

A block has four numbers. `CHUNK` blocks are made at a time, because a single draw takes
half a microsecond, and one in an array 15 ns.
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

CHUNK = 1024
"""The number of clients or attempts that are drawn for at once."""

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]


class Purpose(IntEnum):
    """What a draw is for. Results depend on the values: add some, never renumber."""

    CLIENT_TRAITS = 1  # version, platform, portable, locked
    CLIENT_NAME = 2  # first, last, namespace, connected at the start
    CLIENT_CONTACTS = 3  # four contacts an ordinal
    ARRIVAL = 10  # gap to the previous attempt; in a closed loop the pause
    PARTICIPANTS = 11  # inviter, recipient, entry point, profile
    ANSWER = 12  # answer, think time (2), by alias
    CANCEL = 13  # whether, delay (2)
    MODIFY = 14  # whether, delay (2), profile
    EMAIL = 15  # whether written, whether used, delay (2)
    SESSION = 16  # length (2)
    FAULT = 20  # whether a client is affected; the ordinal is the fault's place
    LEGS = 30  # latency up (2) and down (2); plus the message class
    HANDLING = 50  # service (2), reordering delay (2); plus the message class
    FATE = 70  # lost, duplicated, reordered, gap; plus the message class


class CounterRng:
    """The random numbers of one replication; `seed` and `replication` are the key."""

    def __init__(self, seed: int, replication: int) -> None:
        self.key = seed, replication

    def uniforms(self, purpose: int, chunk: int, ordinal: int = 0) -> Floats:
        """Uniform numbers in (0, 1), never 0 or 1, as an array of shape (4, CHUNK).

        A column belongs to one client or attempt: chunk * CHUNK + its place.
        """
        return as_uniforms(self.words(purpose, chunk * CHUNK, CHUNK, ordinal).T)

    def words(self, purpose: int, first: int, count: int, ordinal: int = 0) -> Words:
        """Random words of 64 bits: `count` rows of four, from `first` on."""
        # The low word counts clients or attempts: they are one run of the counter.
        counter = np.array([first, ordinal, purpose, 0], dtype=np.uint64)
        key = np.array(self.key, dtype=np.uint64)
        bits = np.random.Philox(key=key, counter=counter)
        return bits.random_raw(4 * count).reshape(count, 4)


def as_uniforms(words: Words) -> Floats:
    """Random words as uniform numbers in (0, 1), never 0 or 1."""
    # 52 bits, so that adding a half is exact and the largest stays below 1.
    integers: Floats = (words >> np.uint64(12)).astype(np.float64)
    return (integers + 0.5) * 2.0**-52
