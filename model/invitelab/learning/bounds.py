"""The Wp-method: questions that no wrong machine of a limited size survives.

A target that answers all of them as the learned machine, and has at most so many states
more, is equivalent to it (Fujiwara et al., "Test selection based on finite state
models", 1991). The number of questions is counted before any is asked.
"""

from collections.abc import Iterator
from itertools import product

from invitelab.learning.mealy import Mealy, Word, separating_words

MOST_QUESTIONS = 2_000_000
"""More would take hours even at the fastest target."""


class Suite:
    """The questions for a machine, which is minimal, and `extra` states more."""

    def __init__(self, machine: Mealy, extra: int) -> None:
        self._machine = machine
        self._extra = extra
        self._apart = separating_words(machine)
        self._all = tuple(dict.fromkeys(self._apart.values())) or ((),)
        """Words that tell any two states apart; the empty one for one state."""

    def words_of(self, state: int) -> tuple[Word, ...]:
        """Words that tell the state from every other one."""
        of_state = [word for pair, word in self._apart.items() if state in pair]
        return tuple(dict.fromkeys(of_state)) or ((),)

    def count(self) -> int:
        """The number of questions, some of which may be alike or prefixes of others."""
        letters = len(self._machine.inputs)
        middles = _words_up_to(letters, self._extra)
        first = self._machine.size * middles * len(self._all)
        reached = [0] * self._machine.size
        for _, state in self._other_transitions():
            reached[state] += 1
        for _ in range(self._extra):
            then = [0] * self._machine.size
            for state, times in enumerate(reached):
                for letter in self._machine.inputs:
                    then[self._machine.next[state][letter]] += times
            reached = then
        sizes = (len(self.words_of(state)) for state in range(self._machine.size))
        return first + sum(
            times * size for times, size in zip(reached, sizes, strict=True)
        )

    def _other_transitions(self) -> Iterator[tuple[Word, int]]:
        """Transitions that no shortest word ends with: each as a word, with its end."""
        access = set(self._machine.access)
        for word in self._machine.access:
            for letter in self._machine.inputs:
                if (*word, letter) not in access:
                    yield (*word, letter), self._machine.after((*word, letter))

    def __iter__(self) -> Iterator[Word]:
        """All questions, in a fixed order."""
        inputs = self._machine.inputs
        for length in range(self._extra + 1):
            for word in self._machine.access:
                for middle in product(inputs, repeat=length):
                    for end in self._all:
                        yield (*word, *middle, *end)
        ends = [self.words_of(state) for state in range(self._machine.size)]
        for word, state in self._other_transitions():
            for middle in product(inputs, repeat=self._extra):
                for end in ends[self._machine.after(middle, state)]:
                    yield (*word, *middle, *end)


def _words_up_to(letters: int, length: int) -> int:
    """The number of words of at most that length, the empty one included."""
    total, words = 0, 1
    for _ in range(length + 1):
        total += words
        words *= letters
    return total


def fewest_questions(inputs: int, extra: int) -> int:
    """How many questions there are at least, whatever machine will be learned."""
    return _words_up_to(inputs, extra + 1) - 1
