"""How two machines differ, against a search that looks at all sequences."""

from itertools import product

import pytest
from hypothesis import given, settings
from learned_machines import MODIFY, SEND, WAIT, machine_of, machines

from invitelab.errors import UsageError
from invitelab.formats.machine import Machine, MachineStatus, Transition
from invitelab.reporting.learning.differences import machine_differences


def outputs(machine: Machine, inputs: tuple[str, ...]) -> list[str]:
    """Walk through a machine, one input at a time."""
    table = {(one.state, one.input): one for one in machine.transitions}
    state = machine.initial
    found: list[str] = []
    for name in inputs:
        found.append(table[state, name].output)
        state = table[state, name].next
    return found


def reached(a: Machine, b: Machine) -> dict[tuple[int, int], int]:
    """Give every pair of states that the same inputs lead to without a difference.

    Layer by layer, with the number of inputs: sets of pairs instead of a queue.
    """
    tables = [
        {(one.state, one.input): one for one in each.transitions} for each in (a, b)
    ]
    names = [one.name for one in a.alphabet.inputs]
    layer = {(a.initial, b.initial)}
    found: dict[tuple[int, int], int] = {}
    length = 0
    while layer:
        found |= dict.fromkeys(layer, length)
        ways = [
            (tables[0][mine, name], tables[1][theirs, name])
            for (mine, theirs), name in product(layer, names)
        ]
        layer = {
            (one.next, other.next) for one, other in ways if one.output == other.output
        } - found.keys()
        length += 1
    return found


def differing(a: Machine, b: Machine) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Give the least length, and the number, of all that differs, by how it reads."""
    tables = [
        {(one.state, one.input): one for one in each.transitions} for each in (a, b)
    ]
    found: dict[tuple[str, str, str], list[int]] = {}
    for (mine, theirs), length in reached(a, b).items():
        for name in (one.name for one in a.alphabet.inputs):
            outs = tables[0][mine, name].output, tables[1][theirs, name].output
            if outs[0] != outs[1]:
                found.setdefault((name, *outs), []).append(length + 1)
    return {key: (min(all_), len(all_)) for key, all_ in found.items()}


PAIRS = machines(states=6, inputs=3).flatmap(
    lambda a: machines(states=6, inputs=3).map(lambda b: (a, b))
)


@pytest.mark.slow
@settings(max_examples=400)
@given(PAIRS)
def test_differences_are_those_of_an_independent_search(
    pair: tuple[Machine, Machine],
) -> None:
    """Each is found, is as short as can be, and is seen in both machines."""
    a, b = pair
    names = {one.name for one in a.alphabet.inputs}
    b = (
        b.model_copy(update={"alphabet": a.alphabet})
        if names == {one.name for one in b.alphabet.inputs}
        else a
    )
    found = machine_differences(a, b)
    assert differing(a, b) == {
        (one.inputs[-1], one.before.output, one.after.output): (
            len(one.inputs),
            one.alike + 1,
        )
        for one in found.found
    }
    for one in found.found:
        mine, theirs = outputs(a, one.inputs), outputs(b, one.inputs)
        assert mine[:-1] == theirs[:-1]
        assert (one.before.output, one.after.output) == (mine[-1], theirs[-1])
    lengths = [len(one.inputs) for one in found.found]
    assert sorted(lengths) == lengths
    assert bool(lengths) == found.differ


@settings(max_examples=100)
@given(machines(states=5, inputs=2))
def test_no_shorter_sequence_tells_them_apart(a: Machine) -> None:
    """All sequences up to that length are tried, with one answer changed."""
    last = a.transitions[-1]
    changed = last.model_copy(update={"answer": "another"})
    b = a.model_copy(update={"transitions": (*a.transitions[:-1], changed)})
    found = machine_differences(a, b).found
    names = [one.name for one in a.alphabet.inputs]
    length = len(found[0].inputs) if found else len(a.states) + 1
    for word in product(names, repeat=length - 1):
        assert outputs(a, word) == outputs(b, word)


def test_a_machine_does_not_differ_from_itself(plain: Machine) -> None:
    """Nor in the names of its states."""
    found = machine_differences(plain, plain)
    assert not found.differ
    assert ((), (), (), (), 0) == (
        found.found,
        found.added,
        found.gone,
        found.left_out,
        found.unknown,
    )


def changed(machine: Machine, state: int, name: str, **update: object) -> Machine:
    """Change one transition."""
    transitions: list[Transition] = [
        one.model_copy(update=update)
        if (one.state, one.input) == (state, name)
        else one
        for one in machine.transitions
    ]
    return machine.model_copy(update={"transitions": tuple(transitions)})


@pytest.mark.parametrize(
    ("state", "name", "update", "says"),
    [
        (2, "modify", {"answer": "refused"}, "a second modify is refused"),
        (1, "modify", {"answer": "refused"}, "modify is refused"),
        (3, "send", {"answer": "nothing"}, "a second send finds nothing to act on"),
        (1, "send", {"answer": "ok"}, "a second send succeeds"),
        (
            1,
            "wait",
            {"changes": ()},
            'at wait no longer Ada: - invitation to Bob with "Default"',
        ),
        (
            0,
            "wait",
            {"changes": ("Bob: + a", "Bob: + b")},
            "at wait now Bob: + a (and 1 more)",
        ),
    ],
)
def test_a_difference_is_told_in_a_sentence(
    plain: Machine, state: int, name: str, update: dict[str, object], says: str
) -> None:
    """What is new in the second machine."""
    found = machine_differences(plain, changed(plain, state, name, **update))
    assert says == found.found[0].says


def test_states_that_came_and_went_are_named() -> None:
    """By what is seen in them."""
    cell = (0, "ok", ())
    a = machine_of([[cell]], names=["pending"], inputs=[SEND])
    b = machine_of([[cell]], names=["over"], inputs=[SEND])
    found = machine_differences(a, b)
    assert (("over",), ("pending",)) == (found.added, found.gone)
    assert not found.differ


def test_only_inputs_that_mean_the_same_are_compared() -> None:
    """What one of them lacks, or has under another meaning, is left out."""
    cells = [(0, "ok", ()), (0, "refused", ())]
    a = machine_of([cells], names=["x"], inputs=[SEND, MODIFY])
    other = MODIFY.model_copy(update={"words": "Bob changes it"})
    b = machine_of([cells[::-1]], names=["x"], inputs=[other, SEND])
    found = machine_differences(a, b)
    assert ("modify",) == found.left_out
    assert ["send"] == [one.name for one in found.inputs]


def test_machines_without_a_common_input_are_refused() -> None:
    """In one sentence."""
    a = machine_of([[(0, "ok", ())]], names=["x"], inputs=[SEND])
    b = machine_of([[(0, "ok", ())]], names=["x"], inputs=[WAIT])
    with pytest.raises(UsageError, match="no input in common"):
        machine_differences(a, b)


def test_what_one_of_them_does_not_know_is_no_difference(
    plain: Machine, interrupted: Machine
) -> None:
    """But it is counted, and an incomplete second machine is not the same."""
    found = machine_differences(interrupted, plain)
    assert (5, ()) == (found.unknown, found.found)
    assert not found.differ
    assert machine_differences(plain, interrupted).differ
    assert (
        MachineStatus.INCOMPLETE is machine_differences(plain, interrupted).statuses[1]
    )
