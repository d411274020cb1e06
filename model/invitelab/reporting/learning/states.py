"""What each state of a machine does: where its inputs lead, and what they leave alone.

Inputs with the same next state stand together. An input is quiet if it leads back to
its state and nobody sees a change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from invitelab.formats.machine import Machine, Standing, State, Transition

REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The inputs of a state that lead to one and the same state."""

    target: int
    inputs: tuple[str, ...]
    onward: bool
    """Whether it leads to a state that is one input farther from the initial one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """An input whose answer breaks a clause, or deviates from an interpretation."""

    input: str
    clause: str
    standing: Standing

    @property
    def words(self) -> str:
        """`EXPIRY-2: half`."""
        return f"{self.clause}: {self.input}" if self.clause else self.input


@dataclass(frozen=True, slots=True, kw_only=True)
class StateView:
    """A state, with its inputs by what they do."""

    state: State
    distance: int
    """Number of inputs of the shortest way there."""
    ways: tuple[Way, ...]
    """Ways to other states, in the order of the alphabet."""
    seen_within: tuple[str, ...]
    """Inputs that somebody sees the effect of, although the state stays."""
    quiet: tuple[str, ...]
    untried: tuple[str, ...]
    """Inputs that were not asked for, in an incomplete machine."""
    flaws: tuple[Flaw, ...]
    """Where a difference from another machine is seen."""


def state_views(machine: Machine) -> tuple[StateView, ...]:
    """Each state, in the order of the document."""
    by_state: dict[int, dict[str, Transition]] = {
        state.id: {} for state in machine.states
    }
    for one in machine.transitions:
        by_state[one.state][one.input] = one
    far = distances(machine)
    flaws = _flaws(machine)
    return tuple(
        _view(machine, state, by_state[state.id], far, flaws.get(state.id, ()))
        for state in machine.states
    )


def _flaws(machine: Machine) -> Mapping[int, Sequence[Flaw]]:
    """By state, the last inputs of the differences that are no mere choice."""
    table = {(one.state, one.input): one.next for one in machine.transitions}
    found: dict[int, dict[Flaw, None]] = {}
    for one in (each for side in machine.comparisons for each in side.differences):
        if one.standing not in {Standing.BROKEN, Standing.DEVIATES} or not one.inputs:
            continue
        state: int | None = machine.initial
        for name in one.inputs[:-1]:
            state = None if state is None else table.get((state, name))
        if state is not None:
            flaw = Flaw(
                input=one.inputs[-1], clause=one.clause or "", standing=one.standing
            )
            found.setdefault(state, {})[flaw] = None
    return {state: tuple(flaws) for state, flaws in found.items()}


def distances(machine: Machine) -> Mapping[int, int]:
    """The number of inputs of the shortest way to each state.

    States that no way leads to, as in an incomplete machine, are one beyond the others.
    """
    nexts: dict[int, list[int]] = {state.id: [] for state in machine.states}
    for one in machine.transitions:
        nexts[one.state].append(one.next)
    found = {machine.initial: 0}
    order = [machine.initial]
    for state in order:  # it grows: breadth-first
        for then in nexts[state]:
            if then not in found:
                found[then] = found[state] + 1
                order.append(then)
    beyond = max(found.values()) + 1
    return {state.id: found.get(state.id, beyond) for state in machine.states}


def _view(
    machine: Machine,
    state: State,
    transitions: Mapping[str, Transition],
    far: Mapping[int, int],
    flaws: Sequence[Flaw],
) -> StateView:
    names = [one.name for one in machine.alphabet.inputs]
    asked = [transitions[name] for name in names if name in transitions]
    ways: dict[int, list[str]] = {}
    for one in asked:
        if one.next != state.id:
            ways.setdefault(one.next, []).append(input_words(one))
    within = [one for one in asked if one.next == state.id]
    return StateView(
        state=state,
        distance=far[state.id],
        ways=tuple(
            Way(
                target=target,
                inputs=tuple(inputs),
                onward=far[target] == far[state.id] + 1,
            )
            for target, inputs in ways.items()
        ),
        seen_within=tuple(input_words(one) for one in within if one.changes),
        quiet=tuple(one.input for one in within if not one.changes),
        untried=tuple(name for name in names if name not in transitions),
        flaws=tuple(flaws),
    )


def input_words(transition: Transition) -> str:
    """The input, and that it was refused although it has an effect."""
    if transition.answer == REFUSED:
        return f"{transition.input} ({REFUSED})"
    return transition.input


def quiet_words(count: int, inputs: int) -> str:
    """`4 inputs change nothing`; `inputs` is the number of all."""
    if count == inputs:
        return "no input changes anything"
    return "1 input changes nothing" if count == 1 else f"{count} inputs change nothing"
