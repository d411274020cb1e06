"""How two machines differ: a search over pairs of states, the shortest sequence first.

The search does not go on behind a difference: what comes after it is its consequence.
Differences that read alike, with the same input and the same two outputs, are one.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from invitelab.errors import UsageError
from invitelab.formats.machine import (
    AlphabetInput,
    Machine,
    MachineStatus,
    Transition,
)

ORDINALS = ("", "a second ", "a third ", "a fourth ", "a fifth ", "a sixth ")
"""Before the name of an input, by how often it came before."""

Table = Mapping[tuple[int, str], Transition]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineDifference:
    """A shortest sequence of inputs in whose last output the machines differ."""

    inputs: tuple[str, ...]
    before: Transition
    """The last transition in A."""
    after: Transition
    """And in B."""
    alike: int = 0
    """Number of other pairs of states in which the same input differs alike."""

    @property
    def says(self) -> str:
        """What is new in B: `a third modify is refused`."""
        *earlier, name = self.inputs
        times = min(earlier.count(name), len(ORDINALS) - 1)
        subject = f"{ORDINALS[times]}{name}"
        if self.before.answer != self.after.answer:
            return f"{subject} {_ANSWERS.get(self.after.answer, self.after.answer)}"
        return f"at {subject} {_seen(self.before.changes, self.after.changes)}"


_ANSWERS = {
    "ok": "succeeds",
    "refused": "is refused",
    "nothing": "finds nothing to act on",
}


def _seen(before: Sequence[str], after: Sequence[str]) -> str:
    """What else is seen to change."""
    more = [one for one in after if one not in before]
    less = [one for one in before if one not in after]
    parts = [f"now {_several(more)}"] if more else []
    parts += [f"no longer {_several(less)}"] if less else []
    return " and ".join(parts) or "the same in another order"


def _several(changes: Sequence[str]) -> str:
    """The first of them, and how many more."""
    more = len(changes) - 1
    return f"{changes[0]}{f' (and {more} more)' if more else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineDifferences:
    """Everything that differs from machine A to machine B."""

    inputs: tuple[AlphabetInput, ...]
    """Those that both have, over which they are compared."""
    left_out: tuple[str, ...]
    """Names of inputs that only one of them has, or that mean another thing there."""
    found: tuple[MachineDifference, ...]
    unknown: int
    """Number of questions that only one of them answers: one is incomplete."""
    added: tuple[str, ...]
    """Names of states that only B has."""
    gone: tuple[str, ...]
    """Names of states that only A has."""
    statuses: tuple[MachineStatus, MachineStatus]

    @property
    def differ(self) -> bool:
        """Whether they can be told apart, or B ended otherwise than A."""
        before, after = self.statuses
        return bool(self.found) or (
            before is not after and after is not MachineStatus.COMPLETE
        )


def machine_differences(a: Machine, b: Machine) -> MachineDifferences:
    """Compare two machines over the inputs that both have.

    Raises UsageError where there is none.
    """
    inputs = _common(a, b)
    named = {one.name for one in inputs}
    names = dict.fromkeys(
        one.name for machine in (a, b) for one in machine.alphabet.inputs
    )
    found, unknown = _searched(a, b, [one.name for one in inputs])
    before, after = ({one.name: None for one in each.states} for each in (a, b))
    return MachineDifferences(
        inputs=inputs,
        left_out=tuple(name for name in names if name not in named),
        found=tuple(_grouped(found)),
        unknown=unknown,
        added=tuple(name for name in after if name not in before),
        gone=tuple(name for name in before if name not in after),
        statuses=(a.status, b.status),
    )


def _common(a: Machine, b: Machine) -> tuple[AlphabetInput, ...]:
    known = set(b.alphabet.inputs)
    inputs = tuple(one for one in a.alphabet.inputs if one in known)
    if not inputs:
        msg = "the two machines have no input in common, so they cannot be compared"
        raise UsageError(msg, hint="learn both over the same alphabet")
    return inputs


def _searched(
    a: Machine, b: Machine, names: Sequence[str]
) -> tuple[list[MachineDifference], int]:
    """Differences in the order of their length, and how much one does not know."""
    tables = _table(a), _table(b)
    words: dict[tuple[int, int], tuple[str, ...]] = {(a.initial, b.initial): ()}
    queue = deque(words)
    found: list[MachineDifference] = []
    unknown = 0
    while queue:
        pair = queue.popleft()
        for name in names:
            mine, theirs = (
                table.get((state, name))
                for table, state in zip(tables, pair, strict=True)
            )
            if mine is None or theirs is None:
                unknown += mine is not theirs
                continue
            word = (*words[pair], name)
            if mine.output != theirs.output:
                found.append(MachineDifference(inputs=word, before=mine, after=theirs))
                continue
            then = (mine.next, theirs.next)
            if then not in words:
                words[then] = word
                queue.append(then)
    return found, unknown


def _table(machine: Machine) -> Table:
    return {(one.state, one.input): one for one in machine.transitions}


def _grouped(found: Sequence[MachineDifference]) -> Iterator[MachineDifference]:
    """The shortest of those that read alike, with the number of the others."""
    groups: dict[tuple[str, str, str], list[MachineDifference]] = {}
    for one in found:
        key = (one.inputs[-1], one.before.output, one.after.output)
        groups.setdefault(key, []).append(one)
    for alike in groups.values():
        yield replace(alike[0], alike=len(alike) - 1)
