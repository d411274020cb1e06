"""Scattered blocks are those that NumPy makes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from invitelab.world.cohorts.philox import BLOCK, blocks
from invitelab.world.load.rng import CounterRng

WORD = st.integers(0, 2**62)


@given(
    st.tuples(st.integers(0, 2**63 - 1), st.integers(0, 2**31)),
    st.lists(st.tuples(WORD, st.integers(0, 64), st.integers(0, 99)), min_size=1),
)
def test_a_block_is_that_of_numpy(
    key: tuple[int, int], counters: list[tuple[int, int, int]]
) -> None:
    """For any key, number, ordinal and purpose."""
    rng = CounterRng(*key)
    expected = [
        rng.words(purpose, number, 1, ordinal)[0].tolist()
        for number, ordinal, purpose in counters
    ]
    numbers, ordinals, purposes = (np.array(row) for row in zip(*counters, strict=True))
    assert expected == blocks(key, numbers, ordinals, purposes).T.tolist()


def test_many_blocks_are_made_part_by_part() -> None:
    """More than fit into the cache, with one ordinal and purpose for all."""
    count = 2 * BLOCK + 3
    expected = CounterRng(7, 1).words(30, 5, count, 2)
    found = blocks((7, 1), np.arange(5, 5 + count), 2, 30)
    assert (expected.T == found).all()
