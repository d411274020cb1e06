"""Mealy machines over small numbers: inputs, outputs and states are indexes.

A machine is canonical when its states are numbered in the order in which a
breadth-first search finds them: then two machines are the same machine if they are
equal.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

Word = tuple[int, ...]
"""Inputs, one after the other."""

UNKNOWN = -1
"""The output of a transition that was never asked for; it leads back to its state."""


@dataclass(frozen=True, kw_only=True)
class Mealy:
    """A machine; state 0 is the initial one. Rows are by state, columns by input."""

    next: tuple[tuple[int, ...], ...]
    output: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """The number of states."""
        return len(self.next)

    @property
    def inputs(self) -> range:
        """The inputs."""
        return range(len(self.next[0]))

    def run(self, word: Sequence[int], state: int = 0) -> Iterator[int]:
        """The outputs of a word."""
        for letter in word:
            yield self.output[state][letter]
            state = self.next[state][letter]

    def after(self, word: Sequence[int], state: int = 0) -> int:
        """The state that a word leads to."""
        for letter in word:
            state = self.next[state][letter]
        return state

    @cached_property
    def access(self) -> tuple[Word, ...]:
        """The shortest word to each state, the first of them in the order of inputs."""
        found: dict[int, Word] = {0: ()}
        queue = deque([0])
        while queue:
            state = queue.popleft()
            for letter in self.inputs:
                then = self.next[state][letter]
                if then not in found:
                    found[then] = (*found[state], letter)
                    queue.append(then)
        return tuple(found[state] for state in range(self.size))


def canonical(machine: Mealy) -> Mealy:
    """The minimal machine with the same behaviour, in canonical numbers."""
    block = _blocks(machine)
    order: dict[int, int] = {block[0]: 0}
    first = [0]
    queue = deque([0])
    while queue:
        state = queue.popleft()
        for letter in machine.inputs:
            then = machine.next[state][letter]
            if block[then] not in order:
                order[block[then]] = len(order)
                first.append(then)
                queue.append(then)
    return Mealy(
        next=tuple(
            tuple(order[block[then]] for then in machine.next[state]) for state in first
        ),
        output=tuple(machine.output[state] for state in first),
    )


def _blocks(machine: Mealy) -> list[int]:
    """The block of each state: those of one block behave alike (Moore 1956)."""
    block = _numbered([machine.output[state] for state in range(machine.size)])
    while True:
        finer = _numbered(
            [
                (block[state], *(block[then] for then in machine.next[state]))
                for state in range(machine.size)
            ]
        )
        if max(finer) == max(block):
            return finer
        block = finer


def _numbered(keys: Sequence[tuple[int, ...]]) -> list[int]:
    numbers: dict[tuple[int, ...], int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def first_difference(one: Mealy, other: Mealy) -> Word | None:
    """The shortest word whose last output differs; None if the two behave alike.

    Breadth-first over pairs of states; of several the first in the order of inputs.
    """
    return next(differences(one, other), None)


def differences(one: Mealy, other: Mealy) -> Iterator[Word]:
    """Words whose last outputs differ, the shortest first.

    There is one for each pair of states and input: the search goes on behind each.
    """
    words: dict[tuple[int, int], Word] = {(0, 0): ()}
    queue = deque([(0, 0)])
    while queue:
        pair = queue.popleft()
        mine, theirs = pair
        for letter in one.inputs:
            word = (*words[pair], letter)
            if one.output[mine][letter] != other.output[theirs][letter]:
                yield word
            then = (one.next[mine][letter], other.next[theirs][letter])
            if then not in words:
                words[then] = word
                queue.append(then)


def separating_words(machine: Mealy) -> dict[tuple[int, int], Word]:
    """By pair of states, the smaller first, a shortest word that tells them apart.

    The machine has to be minimal.
    """
    found: dict[tuple[int, int], Word] = {}
    open_ = [(one, other) for other in range(machine.size) for one in range(other)]
    while open_:
        this_round: dict[tuple[int, int], Word] = {}
        for pair in open_:
            word = _separating(machine, pair, found)
            if word is not None:
                this_round[pair] = word
        assert this_round, "the machine is not minimal"
        found |= this_round
        open_ = [pair for pair in open_ if pair not in found]
    return found


def _separating(
    machine: Mealy, pair: tuple[int, int], known: dict[tuple[int, int], Word]
) -> Word | None:
    """A word for a pair by its outputs, or by a pair that it leads to."""
    one, other = pair
    for letter in machine.inputs:
        if machine.output[one][letter] != machine.output[other][letter]:
            return (letter,)
    for letter in machine.inputs:
        then = (machine.next[one][letter], machine.next[other][letter])
        rest = known.get((min(then), max(then)))
        if rest is not None:
            return (letter, *rest)
    return None
