"""Doubts about a machine: questions that might contradict it, in a fixed order.

First what is known already, then the Wp-method for as many states as the machine has,
any two inputs in every state, random words by seed, and at last the Wp-method with as
many states more as were asked for. A bound follows only from the last machine's whole
suite.
"""

from collections.abc import Callable, Iterator
from itertools import product
from random import Random

from invitelab.learning.answers import Answers
from invitelab.learning.bounds import MOST_QUESTIONS, Suite
from invitelab.learning.learner import Ask
from invitelab.learning.mealy import Mealy, Word, separating_words

WORDS_PER_STATE = 40
MOST_LENGTH = 8
"""Inputs of a random word between the way to a state and what tells states apart."""


class TooManyError(Exception):
    """The suite of a bound has more questions than can be asked."""

    def __init__(self, questions: int, states: int) -> None:
        super().__init__("too many questions")
        self.questions = questions
        self.states = states


class Doubts:
    """Looks for a question that a machine answers otherwise than the target."""

    def __init__(
        self,
        ask: Ask,
        answers: Answers,
        *,
        seed: int,
        extra: int | None,
        words_per_state: int = WORDS_PER_STATE,
        tell: Callable[[Mealy], None] = lambda _: None,
    ) -> None:
        """`extra` states more for the bound; None: none. `tell` gets each machine."""
        self._ask = ask
        self._answers = answers
        self._seed = seed
        self._extra = extra
        self._words_per_state = words_per_state
        self._tell = tell
        self.bound: tuple[int, int] | None = None
        """States, and questions that were asked, of the last machine; None: none."""

    def __call__(self, machine: Mealy) -> Word | None:
        """The question up to the first wrong output; None if there is no doubt left."""
        self._tell(machine)
        self.bound = None
        known = self._answers.contradiction(machine)
        if known is not None:
            return known
        for word in self._words(machine):
            wrong = self._wrong(machine, word)
            if wrong is not None:
                return wrong
        return None

    def _words(self, machine: Mealy) -> Iterator[Word]:
        yield from Suite(machine, 0)
        yield from pairs(machine)
        yield from random_words(machine, self._seed, self._words_per_state)
        if self._extra is None:
            return
        suite = Suite(machine, self._extra)
        questions = suite.count()
        if questions > MOST_QUESTIONS:
            raise TooManyError(questions, machine.size)
        yield from suite
        # Only here all of them have been asked, and none contradicted.
        self.bound = (machine.size + self._extra, questions)

    def _wrong(self, machine: Mealy, word: Word) -> Word | None:
        outputs = self._ask(word)
        for place, output in enumerate(machine.run(word)):
            if output != outputs[place]:
                return word[: place + 1]
        return None


def pairs(machine: Mealy) -> Iterator[Word]:
    """Any two inputs in every state: time that has passed shows at the second."""
    for way in machine.access:
        for two in product(machine.inputs, repeat=2):
            yield (*way, *two)


def random_words(machine: Mealy, seed: int, per_state: int) -> Iterator[Word]:
    """Words from every state, by seed."""
    draws = Random(f"{seed}:doubts")  # noqa: S311 - drawn from a seed, and no secret
    ends = tuple(dict.fromkeys(separating_words(machine).values())) or ((),)
    letters = list(machine.inputs)
    for way in machine.access:
        for _ in range(per_state):
            length = draws.randint(1, MOST_LENGTH)
            middle = (draws.choice(letters) for _ in range(length))
            yield (*way, *middle, *draws.choice(ends))
