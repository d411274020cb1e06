"""Machines: canonical ones are equal, and differences are the shortest."""

from collections.abc import Iterator
from itertools import product

import pytest
from hidden_machines import changed, random_machine

from invitelab.learning.mealy import (
    Mealy,
    Word,
    canonical,
    differences,
    first_difference,
    separating_words,
)

SEEDS = range(400)


def distance(one: Mealy, other: Mealy) -> int | None:
    """The length of the shortest difference, by levels of pairs of states alone."""
    level, seen, length = {(0, 0)}, {(0, 0)}, 1
    while level:
        following: set[tuple[int, int]] = set()
        for mine, theirs in level:
            if one.output[mine] != other.output[theirs]:
                return length
            following |= set(zip(one.next[mine], other.next[theirs], strict=True))
        level, length = following - seen, length + 1
        seen |= following
    return None


def all_words(machine: Mealy, length: int) -> Iterator[Word]:
    """Every word up to a length, the shortest first."""
    for size in range(1, length + 1):
        yield from product(machine.inputs, repeat=size)


def outputs(machine: Mealy, word: Word) -> list[int]:
    """The outputs of a word."""
    return list(machine.run(word))


def test_a_canonical_machine_answers_as_before() -> None:
    """To every short word, and it is the canonical one of itself."""
    for seed in range(60):
        machine = random_machine(seed)
        small = canonical(machine)
        assert canonical(small) == small
        assert small.size <= machine.size
        for word in all_words(machine, 4):
            assert outputs(machine, word) == outputs(small, word)


def test_states_are_numbered_as_a_search_finds_them() -> None:
    """So the shortest words to them are sorted by their length."""
    for seed in SEEDS:
        lengths = [len(word) for word in canonical(random_machine(seed)).access]
        assert sorted(lengths) == lengths


def test_equal_machines_are_equal_whatever_their_states_are_called() -> None:
    """Also where states were added that nothing leads to."""
    for seed in SEEDS:
        machine = random_machine(seed)
        more = Mealy(
            next=(*machine.next, machine.next[0]),
            output=(*machine.output, machine.output[0]),
        )
        assert canonical(machine) == canonical(more)


def test_a_single_change_has_a_shortest_witness() -> None:
    """Its length is that of an independent search, and only its last output differs."""
    found = 0
    for seed in range(2000):
        machine = random_machine(seed)
        other = changed(machine, seed)
        word = first_difference(machine, other)
        expected = distance(machine, other)
        assert expected == (None if word is None else len(word)), seed
        assert (word is None) == (canonical(machine) == canonical(other))
        if word is not None:
            found += 1
            mine, theirs = outputs(machine, word), outputs(other, word)
            assert mine[:-1] == theirs[:-1]
            assert mine[-1] != theirs[-1]
    assert found > 1000


def test_the_first_difference_is_that_of_trying_all_words() -> None:
    """Also among words of the same length, where the order of inputs decides."""
    for seed in range(200):
        machine = random_machine(seed, most_states=5)
        other = changed(machine, seed)
        word = first_difference(machine, other)
        for tried in all_words(machine, 4):
            if outputs(machine, tried) != outputs(other, tried):
                assert tried == word
                break


def test_differences_go_on_behind_the_first_one() -> None:
    """Each has another last output, and the lengths never shrink."""
    machine = random_machine(3)
    other = changed(machine, 3)
    lengths: list[int] = []
    for word in differences(machine, other):
        assert outputs(machine, word)[-1] != outputs(other, word)[-1]
        lengths.append(len(word))
    assert sorted(lengths) == lengths


@pytest.mark.parametrize("seed", range(100))
def test_separating_words_tell_states_apart(seed: int) -> None:
    """Each pair, by a word that no shorter one can replace."""
    machine = canonical(random_machine(seed, most_states=7))
    for (one, other), word in separating_words(machine).items():
        assert list(machine.run(word, one)) != list(machine.run(word, other))
        shorter = all_words(machine, min(3, len(word) - 1))
        for tried in shorter:
            assert list(machine.run(tried, one)) == list(machine.run(tried, other))
