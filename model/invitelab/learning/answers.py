"""All answers of a target as a prefix tree, in arrays: 100 bytes a step.

The same question must have the same answer: where it has not, both are kept.
"""

from array import array
from collections.abc import Sequence

from invitelab.learning.mealy import Mealy, Word

MOST_INPUTS = 64
"""Inputs of an alphabet; each is one digit of a key in the tree."""


class TwoAnswersError(Exception):
    """A target has answered one question in two ways."""

    def __init__(self, word: Word, first: Word, second: Word) -> None:
        super().__init__("two answers to one question")
        self.word = word
        self.first = first
        self.second = second


class Answers:
    """Outputs by question; node 0 is the empty question."""

    def __init__(self) -> None:
        self._children: dict[int, int] = {}
        self._output = array("i", [0])
        self._parent = array("i", [0])
        self._letter = array("b", [0])

    @property
    def steps(self) -> int:
        """The number of different beginnings of questions."""
        return len(self._output) - 1

    def known(self, word: Sequence[int]) -> Word | None:
        """The outputs of a question; None if it was not asked."""
        node, outputs = 0, list[int]()
        for letter in word:
            child = self._children.get(node * MOST_INPUTS + letter)
            if child is None:
                return None
            outputs.append(self._output[child])
            node = child
        return tuple(outputs)

    def add(self, word: Word, outputs: Word) -> None:
        """Add a question. Raises TwoAnswersError where an earlier one contradicts."""
        node = 0
        for place, (letter, output) in enumerate(zip(word, outputs, strict=True)):
            key = node * MOST_INPUTS + letter
            child = self._children.get(key)
            if child is None:
                child = self._children[key] = len(self._output)
                self._output.append(output)
                self._parent.append(node)
                self._letter.append(letter)
            elif self._output[child] != output:
                said = word[: place + 1]
                first = self.known(said)
                assert first is not None, "it is in the tree"
                raise TwoAnswersError(said, first, outputs[: place + 1])
            node = child

    def contradiction(self, machine: Mealy) -> Word | None:
        """The first question that a machine answers otherwise; None: there is none."""
        state = array("i", [0]) * len(self._output)
        for node in range(1, len(self._output)):
            before, letter = state[self._parent[node]], self._letter[node]
            if machine.output[before][letter] != self._output[node]:
                return self._word(node)
            state[node] = machine.next[before][letter]
        return None

    def _word(self, node: int) -> Word:
        letters: list[int] = []
        while node:
            letters.append(self._letter[node])
            node = self._parent[node]
        return tuple(reversed(letters))
