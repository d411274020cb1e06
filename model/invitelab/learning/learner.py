"""The learner: AALpy's Kearns-Vazirani, with questions and doubts of ours.

The only module that knows AALpy. Inputs and outputs are small numbers, so that nothing
depends on the order of hashes.
"""

import warnings
from collections.abc import Callable
from typing import Any

from invitelab.learning.mealy import Mealy, Word, canonical

# Since Python 3.12 some of its patterns are warned of where it is compiled.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)
    from aalpy import learning_algs  # pyright: ignore[reportMissingTypeStubs]
    from aalpy.base import SUL, Oracle  # pyright: ignore[reportMissingTypeStubs]

Ask = Callable[[Word], Word]
"""The outputs of a question."""

_ALGORITHMS: Any = learning_algs
"""Untyped as it is: some of its types are not known."""

Doubt = Callable[[Mealy], Word | None]
"""A question that a machine answers wrongly; None if none was found."""


def learned(inputs: int, ask: Ask, doubt: Doubt) -> Mealy:
    """The machine that answers as `ask` does, as far as `doubt` can tell."""
    system = _System(ask)
    oracle = _Oracle(inputs, system, doubt)
    found = _ALGORITHMS.run_KV(
        list(range(inputs)),
        system,
        oracle,
        automaton_type="mealy",
        cache_and_non_det_check=False,  # both are done by `ask`
        print_level=0,
    )
    return _mealy(found, inputs)


class _System(SUL):  # type: ignore[misc]
    """A target as AALpy knows one; only whole questions are asked."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask

    def query(self, word: Word) -> list[int]:
        """The outputs of a question."""
        return list(self._ask(tuple(word)))

    def pre(self) -> None:
        """Do nothing: each question is a scenario of its own."""

    def post(self) -> None:
        """Do nothing."""

    def step(self, letter: Any) -> Any:  # noqa: ANN401 - AALpy's
        """Never called: questions are asked as a whole."""
        raise NotImplementedError


class _Oracle(Oracle):  # type: ignore[misc]
    """Doubts of ours as an oracle of AALpy's."""

    def __init__(self, inputs: int, system: SUL, doubt: Doubt) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            list(range(inputs)), system
        )
        self._inputs = inputs
        self._doubt = doubt

    def find_cex(self, hypothesis: Any) -> Word | None:  # noqa: ANN401 - AALpy's
        """A word up to the first output that the machine has wrong."""
        return self._doubt(_mealy(hypothesis, self._inputs))


def _mealy(found: Any, inputs: int) -> Mealy:  # noqa: ANN401 - AALpy's
    """A machine of AALpy's as one of ours."""
    states = [found.initial_state]
    numbers = {found.initial_state.state_id: 0}
    for state in states:
        for letter in range(inputs):
            then = state.transitions[letter]
            if then.state_id not in numbers:
                numbers[then.state_id] = len(states)
                states.append(then)
    return canonical(
        Mealy(
            next=tuple(
                tuple(
                    numbers[state.transitions[letter].state_id]
                    for letter in range(inputs)
                )
                for state in states
            ),
            output=tuple(
                tuple(state.output_fun[letter] for letter in range(inputs))
                for state in states
            ),
        )
    )
