"""The learning of one machine: until no doubt is left, or to an early end."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from invitelab.errors import InvitelabError
from invitelab.learning.answers import TwoAnswersError
from invitelab.learning.doubts import WORDS_PER_STATE, Doubts, TooManyError, pairs
from invitelab.learning.learner import learned
from invitelab.learning.mealy import UNKNOWN, Mealy
from invitelab.learning.questions import OverBudgetError, Questions, TargetEndedError

EVERY = 10
"""Of so many questions of an earlier run one is asked again."""
MOST_STATES = 120
"""A machine with more is none that anybody could look at, and seldom finite."""


class StoppedLearningError(Exception):
    """The user has ended the learning."""


class TooManyStatesError(Exception):
    """The target shows more states than are learned."""


Ended = (
    StoppedLearningError
    | OverBudgetError
    | TargetEndedError
    | TwoAnswersError
    | TooManyStatesError
    | TooManyError
    | InvitelabError
)
"""Why a learning ended early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was learned: the machine, or the last one before an early end."""

    machine: Mealy
    bound: tuple[int, int] | None = None
    """States and questions of the bound."""
    ended: Ended | None = None

    @property
    def comparable(self) -> bool:
        """Whether the target still answers, and the machine is of its answers."""
        unfinished = isinstance(
            self.ended, OverBudgetError | TooManyStatesError | TooManyError
        )
        whole = all(UNKNOWN not in row for row in self.machine.output)
        return self.ended is None or (unfinished and whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How thoroughly to ask."""

    seed: int = 0
    extra: int | None = None
    """States more that the bound is to cover; None: no bound."""
    words_per_state: int = WORDS_PER_STATE


@dataclass(slots=True)
class _Latest:
    """The newest machine, and the progress with it."""

    questions: Questions
    tell: Callable[[int, int], None]
    machine: Mealy | None = field(default=None)

    def __call__(self, machine: Mealy) -> None:
        self.machine = machine
        self.tell(machine.size, self.questions.scenarios)
        if machine.size > MOST_STATES:
            raise TooManyStatesError


def learn(
    questions: Questions,
    inputs: int,
    wish: Wish,
    tell: Callable[[int, int], None] = lambda _states, _scenarios: None,
) -> Found:
    """Learn until no doubt is left. `tell` gets the states and scenarios so far."""
    latest = _Latest(questions, tell)
    doubts = Doubts(
        questions.ask,
        questions.answers,
        seed=wish.seed,
        extra=wish.extra,
        words_per_state=wish.words_per_state,
        tell=latest,
    )
    try:
        machine = learned(inputs, questions.ask, doubts)
        found = Found(machine=machine, bound=doubts.bound)
        return _confirmed(found, questions)
    except (
        StoppedLearningError,
        OverBudgetError,
        TargetEndedError,
        TwoAnswersError,
        TooManyStatesError,
        TooManyError,
        InvitelabError,
    ) as error:
        machine = latest.machine or _first_state(questions, inputs)
        return Found(machine=machine, ended=error)


def _confirmed(found: Found, questions: Questions) -> Found:
    """The same, once the target that runs now has confirmed it.

    Answers of an earlier run may be those of another build: any two inputs in every
    state are asked again, and some of what was taken over. Raises TwoAnswersError.
    """
    if questions.taken:
        for word in pairs(found.machine):
            questions.confirm(word)
        for word in questions.taken[::EVERY]:
            questions.confirm(word)
    return replace(found)


def _first_state(questions: Questions, inputs: int) -> Mealy:
    """One state, with the transitions that are known."""
    known = (questions.answers.known((letter,)) for letter in range(inputs))
    return Mealy(
        next=((0,) * inputs,),
        output=(tuple(UNKNOWN if one is None else one[0] for one in known),),
    )
