"""Blocks of the Philox generator for scattered counters, as arrays.

NumPy makes runs of consecutive counters, at 10 ns a block; a run of one costs 5 us.
This is the same generator (J. K. Salmon and others, "Parallel random numbers: as easy
as 1, 2, 3", SC 2011: Philox4x64-10) written with array operations, at 0.3 us a block.
"""

import numpy as np
from numpy.typing import NDArray

from invitelab.world.load.rng import Words

Integers = NDArray[np.int64]

ROUNDS = 10
BLOCK = 4096
"""Blocks made at once: their arrays stay in the processor's cache."""

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
_WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_ALL_BITS = (1 << 64) - 1


def blocks(
    key: tuple[int, int],
    numbers: Integers,
    ordinals: Integers | int,
    purposes: Integers | int,
) -> Words:
    """The four words for each number, of shape (4, number of them).

    They are those of `CounterRng.words`; NumPy adds one to a counter before it makes a
    block.
    """
    if len(numbers) > BLOCK:
        result = np.empty((4, len(numbers)), np.uint64)
        ordinals, purposes = (
            np.broadcast_to(one, numbers.shape) for one in (ordinals, purposes)
        )
        for begin in range(0, len(numbers), BLOCK):
            some = slice(begin, begin + BLOCK)
            result[:, some] = blocks(key, numbers[some], ordinals[some], purposes[some])
        return result
    a = numbers.astype(np.uint64) + np.uint64(1)
    b, c, d = (np.zeros_like(a) for _ in range(3))
    b += np.asarray(ordinals, np.uint64)
    c += np.asarray(purposes, np.uint64)
    for turn in range(ROUNDS):
        first, second = (
            np.uint64((word + turn * step) & _ALL_BITS)
            for word, step in zip(key, _WEYL, strict=True)
        )
        high_a, low_a = _product(a, _MULTIPLIERS[0])
        high_c, low_c = _product(c, _MULTIPLIERS[1])
        high_c ^= b
        high_c ^= first
        high_a ^= d
        high_a ^= second
        a, b, c, d = high_c, low_c, high_a, low_a
    return np.stack((a, b, c, d))


def _product(words: Words, factor: int) -> tuple[Words, Words]:
    """The high and the low word of each product, from products of half words."""
    low, high = words & _LOW, words >> _HALF
    factor_low, factor_high = np.uint64(factor & 0xFFFFFFFF), np.uint64(factor >> 32)
    middle = high * factor_low
    other = low * factor_high
    low *= factor_low
    low >>= _HALF
    middle += low  # at most 2**64 - 2**32
    np.bitwise_and(middle, _LOW, out=low)
    other += low
    other >>= _HALF
    middle >>= _HALF
    high *= factor_high
    high += middle
    high += other
    return high, words * np.uint64(factor)
