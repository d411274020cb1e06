"""A draw depends on its number and purpose, and its value never changes silently."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invitelab.world.load.rng import CHUNK, CounterRng, Floats, Purpose

WORD = 2**64
BINS = 16


def philox(key: tuple[int, int], counter: list[int]) -> list[int]:
    """Encrypt one block of four words: Philox4x64-10 as Salmon et al. describe it."""
    (left, right), (a, b, c, d) = key, counter
    for _ in range(10):
        high_a, low_a = divmod(0xD2E7470EE14C6C93 * a, WORD)
        high_c, low_c = divmod(0xCA5A826395121157 * c, WORD)
        a, b, c, d = high_c ^ b ^ left, low_c, high_a ^ d ^ right, low_a
        left = (left + 0x9E3779B97F4A7C15) % WORD
        right = (right + 0xBB67AE8584CAA73B) % WORD
    return [a, b, c, d]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**63 - 1),
    replication=st.integers(0, 10_000),
    purpose=st.sampled_from(Purpose),
    number=st.integers(0, 5_000_000),
    ordinal=st.integers(0, 255),
)
def test_a_draw_is_a_block_of_philox(
    seed: int, replication: int, purpose: Purpose, number: int, ordinal: int
) -> None:
    """Key: seed and replication; counter: the number from 1, ordinal, purpose."""
    chunk, place = divmod(number, CHUNK)
    drawn = CounterRng(seed, replication).uniforms(purpose, chunk, ordinal)[:, place]
    block = philox((seed, replication), [number + 1, ordinal, purpose, 0])
    assert pytest.approx([word / WORD for word in block], abs=1e-12) == drawn.tolist()


def test_known_draws_stay_the_same() -> None:
    """A change of these values changes every published result."""
    first = CounterRng(20260105, 0).uniforms(Purpose.ANSWER, 0)[:, 0].tolist()
    later = CounterRng(1, 3).uniforms(Purpose.LEGS, 2, 1)[:, 5].tolist()
    assert pytest.approx(FIRST, abs=1e-12) == first
    assert pytest.approx(LATER, abs=1e-12) == later


FIRST = [0.1066358022439, 0.7886258606274, 0.9460961399186, 0.1136143876838]
LATER = [0.0340769734023, 0.3797810712517, 0.6614692271480, 0.1154110733089]


def test_nobody_has_to_ask_in_order() -> None:
    """A chunk is the same, whatever was drawn before."""
    asked = list(product((Purpose.ANSWER, Purpose.LEGS), (0, 1, 7), (0, 2)))
    rng = CounterRng(5, 1)
    forwards = [rng.uniforms(*one) for one in asked]
    backwards = [CounterRng(5, 1).uniforms(*one) for one in reversed(asked)]
    pairs = zip(forwards, reversed(backwards), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


def test_every_part_of_the_name_matters() -> None:
    """Another seed, replication, purpose, chunk or ordinal is another draw."""
    arrays = [
        CounterRng(seed, replication).uniforms(purpose, chunk, ordinal)
        for seed, replication, purpose, chunk, ordinal in (
            (1, 0, Purpose.ANSWER, 0, 0),
            (2, 0, Purpose.ANSWER, 0, 0),
            (1, 1, Purpose.ANSWER, 0, 0),
            (1, 0, Purpose.CANCEL, 0, 0),
            (1, 0, Purpose.ANSWER, 1, 0),
            (1, 0, Purpose.ANSWER, 0, 1),
        )
    ]
    assert len(arrays) * 4 * CHUNK == np.unique(np.concatenate(arrays)).size


def test_a_chunk_has_a_column_for_each_number() -> None:
    """Four numbers for each of 1024."""
    assert (4, CHUNK) == CounterRng(1, 0).uniforms(Purpose.PARTICIPANTS, 0).shape


class Extreme:
    """A cipher whose every word is the lowest or the highest there is."""

    word = 0

    def __init__(self, **_key_and_counter: object) -> None:
        """Take no notice of the key."""

    def random_raw(self, size: int) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
        """Give that word again and again."""
        return np.full(size, self.word, dtype=np.uint64)


@pytest.mark.parametrize("word", [0, WORD - 1], ids=["lowest", "highest"])
def test_no_draw_is_0_or_1(monkeypatch: pytest.MonkeyPatch, word: int) -> None:
    """A logarithm needs more than 0, and a place in a list less than 1."""
    monkeypatch.setattr(Extreme, "word", word)
    monkeypatch.setattr(np.random, "Philox", Extreme)
    drawn = CounterRng(1, 0).uniforms(Purpose.PARTICIPANTS, 0)
    assert (drawn > 0).all()
    assert (drawn < 1).all()


def chi_square(drawn: Floats) -> float:
    """Measure how far the counts in equal bins are from each other."""
    counts = np.bincount((drawn.ravel() * BINS).astype(int), minlength=BINS)
    expected = drawn.size / BINS
    return float(((counts - expected) ** 2 / expected).sum())


def test_draws_are_uniform_over_many_seeds() -> None:
    """The sum of 200 chi-squares of 15 degrees lies where 999 in 1000 would."""
    sums = [chi_square(CounterRng(seed, 0).uniforms(1, seed)) for seed in range(200)]
    assert 2_752 < sum(sums) < 3_261


def test_adjacent_draws_are_independent() -> None:
    """Of one number's four draws, and of one number and the next."""
    drawn = CounterRng(9, 0).uniforms(Purpose.ANSWER, 3)
    flat = drawn.T.ravel()  # all four of the first number, then of the second
    for apart in (1, 2, 3, 4):
        related = np.corrcoef(flat[:-apart], flat[apart:])[0, 1]
        assert abs(related) < 4 / np.sqrt(flat.size)
