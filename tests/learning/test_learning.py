"""Learning: what is learned is what was hidden, and a bound is never wrong."""

from itertools import islice

import pytest
from hidden_machines import asked_of, changed, learned_from, random_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from invitelab.learning import learning
from invitelab.learning.bounds import Suite, fewest_questions
from invitelab.learning.doubts import random_words
from invitelab.learning.learning import (
    StoppedLearningError,
    TooManyStatesError,
    Wish,
    learn,
)
from invitelab.learning.mealy import Mealy, canonical, first_difference

QUICK = Wish(words_per_state=5)


def lock(depth: int, extra_output: int = 1) -> Mealy:
    """A combination lock: one word of that length has another output at its end."""
    rows = [(state + 1, 0) if state % 2 else (0, state + 1) for state in range(depth)]
    return Mealy(
        next=(*rows, (0, 0)),
        output=(*[(0, 0)] * depth, (extra_output, 0)),
    )


MANY = [pytest.param(chunk, marks=pytest.mark.slow) for chunk in range(4, 20)]


@pytest.mark.parametrize("chunk", [*range(4), *MANY])
def test_what_is_learned_is_what_was_hidden(chunk: int) -> None:
    """A thousand machines of up to twelve states, and four thousand if slow: equal.

    Where one is not, the bound was too small for it, and with one state more it is.
    """
    for seed in range(chunk * 250, (chunk + 1) * 250):
        hidden = canonical(random_machine(seed))
        found = learned_from(hidden, Wish(words_per_state=10, extra=1))
        if hidden != found.machine:
            assert found.bound is not None
            assert hidden.size > found.bound[0], seed
            found = learned_from(hidden, Wish(words_per_state=10, extra=2))
        assert hidden == found.machine, seed


@settings(deadline=None, max_examples=300)
@given(
    seed=st.integers(0, 10**9),
    extra=st.integers(0, 2),
    depth=st.integers(0, 5),
)
def test_a_bound_is_never_wrong(seed: int, extra: int, depth: int) -> None:
    """Within it, what was learned is what was hidden: also with few random words."""
    hidden = canonical(lock(depth) if depth else random_machine(seed, most_states=6))
    found = learned_from(hidden, Wish(seed=seed, extra=extra, words_per_state=0))
    assert found.ended is None
    assert found.bound is not None
    states, _ = found.bound
    assert found.machine.size + extra == states
    if hidden.size <= states:
        assert hidden == found.machine


def test_a_lock_is_opened_only_by_the_bound() -> None:
    """Without as many states more, the machine is too small, and so is the bound."""
    hidden = canonical(lock(6))
    small = learned_from(hidden, Wish(extra=0, words_per_state=0))
    assert small.machine.size < hidden.size
    assert small.bound is not None
    assert small.bound[0] < hidden.size
    whole = learned_from(hidden, Wish(extra=6, words_per_state=0))
    assert hidden == whole.machine


def test_without_a_wish_no_bound_is_claimed() -> None:
    """However small the machine is."""
    assert None is learned_from(random_machine(1), QUICK).bound


@pytest.mark.parametrize("extra", range(3))
@pytest.mark.parametrize("seed", range(20))
def test_the_questions_of_a_bound_are_counted_beforehand(seed: int, extra: int) -> None:
    """Exactly, and never fewer than the least number for any machine."""
    machine = canonical(random_machine(seed, most_states=6))
    suite = Suite(machine, extra)
    asked = list(suite)
    assert len(asked) == suite.count()
    every = {word[:end] for word in asked for end in range(1, len(word) + 1)}
    assert fewest_questions(len(machine.inputs), extra) <= len(every)


@pytest.mark.parametrize("seed", range(300))
def test_the_suite_of_a_bound_kills_every_single_change(seed: int) -> None:
    """Of a machine with as many states: one output, or one transition."""
    machine = canonical(random_machine(seed))
    other = changed(machine, seed)
    if first_difference(machine, other) is None:
        return
    assert any(
        list(machine.run(word)) != list(other.run(word)) for word in Suite(machine, 0)
    )


def test_the_same_seed_asks_the_same() -> None:
    """Another one asks something else."""
    machine = canonical(random_machine(5))
    first, again, other = (
        list(islice(random_words(machine, seed, 10), 50)) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_an_early_end_leaves_the_machine_so_far() -> None:
    """With a transition for each input of it."""
    hidden = canonical(random_machine(4))
    questions = asked_of(hidden)
    sizes: list[int] = []

    def tell(states: int, _scenarios: int) -> None:
        sizes.append(states)
        if states > 1:
            raise StoppedLearningError

    found = learn(questions, len(hidden.inputs), QUICK, tell)
    assert isinstance(found.ended, StoppedLearningError)
    assert sizes[-1] == found.machine.size
    assert 1 < found.machine.size < hidden.size


def test_a_machine_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a number of states that no finite one of an alphabet has."""
    monkeypatch.setattr(learning, "MOST_STATES", 5)
    found = learned_from(lock(9), Wish(extra=9))
    assert isinstance(found.ended, TooManyStatesError)
    assert None is found.bound
