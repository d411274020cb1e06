"""Questions to one target: each is a scenario of its own, and is asked once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.people import Person
from invitelab.errors import CallError, HandshakeError, InvitelabError
from invitelab.learning.answers import Answers
from invitelab.learning.mealy import Word
from invitelab.learning.operations import Operation
from invitelab.learning.play import Play
from invitelab.learning.sight import Output, Outputs, Sight
from invitelab.learning.store import Store


class OverBudgetError(Exception):
    """As many scenarios were begun as were allowed."""


class TargetEndedError(Exception):
    """The target crashed, hung or broke the protocol."""

    def __init__(
        self, error: InvitelabError, operations: Sequence[Operation], *, again: bool
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.operations = tuple(operations)
        self.again = again
        """Whether the same question ended a second target, too."""


class Teller(Protocol):
    """Whatever answers sequences of operations: a target, or a fake of a test."""

    def outputs(self, operations: Sequence[Operation]) -> tuple[Output, ...]:
        """What comes back and is seen after each of them."""
        ...


class Target:
    """A target that is asked through the adapter protocol."""

    def __init__(self, engine: Engine, people: Mapping[str, Person]) -> None:
        self._engine = engine
        self._people = people
        self._sight = Sight(people)
        self._tokens = 0
        self._given = 0
        """How many inputs the newest scenario has been given."""

    def outputs(self, operations: Sequence[Operation]) -> tuple[Output, ...]:
        """Ask once, and once more where the target has ended.

        Raises TargetEndedError, and RunError where it cannot be started again.
        """
        try:
            return self._ask(operations)
        except CallError as error:
            first, given = error, self._given
        try:
            self._ask(operations)
        except CallError as error:
            again = error.kind == first.kind
        else:
            again = False
        raise TargetEndedError(first, operations[:given], again=again)

    def _ask(self, operations: Sequence[Operation]) -> tuple[Output, ...]:
        self._given = 0
        play = self.play()
        play.begin()
        outputs: list[Output] = []
        for one in operations:
            self._given += 1
            outputs.append(play.step(one))
        play.end()
        return tuple(outputs)

    def play(self) -> Play:
        """A new scenario. Raises RunError where the target cannot be started."""
        ready = self._engine.shared()
        if ready is None:
            problem = self._engine.problem
            raise problem or HandshakeError("the target cannot be used")
        self._tokens += 1
        return Play(ready, f"q{self._tokens:x}", self._people, self._sight)


class Questions:
    """All questions of one learning, by the numbers of inputs and outputs."""

    def __init__(
        self,
        teller: Teller,
        operations: Sequence[Operation],
        outputs: Outputs,
        store: Store | None = None,
        *,
        budget: int | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`check` is called before each scenario, and may raise to end the learning."""
        self._teller = teller
        self._operations = tuple(operations)
        self._outputs = outputs
        self._store = store
        self._budget = budget
        self._check = check
        self.answers = Answers()
        self.questions = 0
        self.scenarios = 0
        self.steps = 0
        self.taken: list[Word] = []
        """Questions whose answers are those of an earlier run."""

    def ask(self, word: Word) -> Word:
        """The outputs of a question.

        Raises TwoAnswersError, OverBudgetError, and what a target raises.
        """
        self.questions += 1
        known = self.answers.known(word)
        if known is not None:
            return known
        if self._budget is not None and self.scenarios >= self._budget:
            raise OverBudgetError
        self._check()
        told = None if self._store is None else self._store.take(word)
        if told is None:
            told = self._teller.outputs([self._operations[letter] for letter in word])
        else:
            self.taken.append(word)
        self.scenarios += 1
        self.steps += len(word)
        if self._store is not None:
            self._store.keep(word, told)
        outputs = tuple(map(self._outputs.number, told))
        self.answers.add(word, outputs)
        return outputs

    def confirm(self, word: Word) -> None:
        """Ask the target once more. Raises TwoAnswersError where it differs."""
        self._check()
        told = self._teller.outputs([self._operations[letter] for letter in word])
        self.answers.add(word, tuple(map(self._outputs.number, told)))
