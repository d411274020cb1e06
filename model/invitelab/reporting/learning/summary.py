"""The figures and sentences that all views of a learned machine share."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from invitelab.formats.machine import (
    REFERENCE,
    SPECIFICATION,
    Bound,
    Comparison,
    Difference,
    Machine,
    MachineStatus,
    Standing,
    Transition,
)
from invitelab.formats.run import Level, RunVerdict
from invitelab.reporting.common.formatting import count, listed, plural
from invitelab.reporting.common.signs import BAD, ERROR, GOOD

NO_BOUND = (
    "No bound was asked for: an implementation with more states could give the same"
    " answers to everything that was asked, and still be another one."
)
STATUS_STYLES = {
    MachineStatus.COMPLETE: "met",
    MachineStatus.INCOMPLETE: "undecided",
    MachineStatus.NONDETERMINISTIC: "missed",
}


def size(machine: Machine) -> str:
    """`10 states over 7 inputs (alphabet core)`."""
    states = plural(len(machine.states), "state")
    inputs = plural(len(machine.alphabet.inputs), "input")
    return f"{states} over {inputs} (alphabet {machine.alphabet.name})"


def headline(machine: Machine) -> str:
    """The status, and before all NON-CONFORMANT where a required clause is broken."""
    if not is_broken(machine):
        return machine.status.value
    if machine.status is MachineStatus.COMPLETE:
        return RunVerdict.NON_CONFORMANT.value
    return f"{RunVerdict.NON_CONFORMANT.value}, {machine.status.value}"


def outcome(machine: Machine) -> str:
    """What was found, as one sentence without the headline."""
    match machine.status:
        case MachineStatus.NONDETERMINISTIC:
            return "the same question had two answers, so there is no machine to show"
        case MachineStatus.INCOMPLETE:
            because = f": {machine.problem.rstrip('.')}" if machine.problem else ""
            until = f"{size(machine)} until then"
            return f"the learning ended early{because}; {until}{_judged(machine)}"
        case MachineStatus.COMPLETE:
            return f"{size(machine)} explain every answer{_judged(machine)}"


def _judged(machine: Machine) -> str:
    """What the worst difference means; empty without a comparison."""
    if not machine.comparisons:
        return ""
    found = [one for each in machine.comparisons for one in each.differences]
    broken = [one for one in found if one.standing is Standing.BROKEN]
    if broken:
        clauses = dict.fromkeys(one.clause for one in broken if one.clause)
        cited = f" ({listed(clauses)})" if clauses else ""
        return f"; a required clause is broken{cited}"
    deviates = any(one.standing is Standing.DEVIATES for one in found)
    but = ", but an interpretation is another one" if deviates else ""
    return f"; no required clause was found broken{but}"


def sign(machine: Machine) -> str:
    """The sign of the outcome."""
    if is_broken(machine) or machine.status is MachineStatus.NONDETERMINISTIC:
        return BAD
    return ERROR if machine.status is MachineStatus.INCOMPLETE else GOOD


def style(machine: Machine) -> str:
    """The class of the outcome in the page's style sheet."""
    return "missed" if is_broken(machine) else STATUS_STYLES[machine.status]


def is_broken(machine: Machine) -> bool:
    """Whether a difference breaks a required clause."""
    return any(
        one.standing is Standing.BROKEN
        for each in machine.comparisons
        for one in each.differences
    )


def heading(comparison: Comparison) -> str:
    """`Against the specification`, `Beside node`."""
    if is_named(comparison):
        return f"Beside {comparison.against}"
    return f"Against the {comparison.against}"


def is_named(comparison: Comparison) -> bool:
    """Whether it is with a target that the user has named."""
    return comparison.against not in {SPECIFICATION, REFERENCE}


def judged(difference: Difference) -> str:
    """`EXPIRY-2, required: broken`: which clause decides, and how."""
    level = f", {difference.level.value}" if isinstance(difference.level, Level) else ""
    clause = f"{difference.clause}{level}: " if difference.clause else ""
    return f"{clause}{difference.standing.value}"


def bound_words(bound: Bound | None) -> str:
    """The bound with its premise, or that there is none."""
    return NO_BOUND if bound is None else bound.says


def asked(machine: Machine) -> str:
    """`955 scenarios, 5 670 steps`."""
    counts = machine.counts
    probes = f", {count(counts.probes)} of them to measure timers"
    return (
        f"{plural(counts.scenarios, 'scenario')}{probes if counts.probes else ''},"
        f" {plural(counts.steps, 'step')}"
    )


def transition_rows(
    machine: Machine, state: int
) -> Iterator[tuple[str, str, Sequence[str], int]]:
    """The transitions of a state: inputs, answer, changes, next; alike ones together.

    Those that lead on come first, what changes nothing last.
    """
    order = {one.name: n for n, one in enumerate(machine.alphabet.inputs)}
    mine = [one for one in machine.transitions if one.state == state]
    kinds: dict[tuple[str, tuple[str, ...], int], int] = {}
    for one in sorted(mine, key=lambda one: (_is_quiet(one), order[one.input])):
        kinds.setdefault(_kind(one), len(kinds))
    mine.sort(key=lambda one: (kinds[_kind(one)], order[one.input]))
    for (answer, changes, then), alike in groupby(mine, _kind):
        yield ", ".join(one.input for one in alike), answer, changes, then


def _is_quiet(one: Transition) -> bool:
    return one.next == one.state and not one.changes


def _kind(one: Transition) -> tuple[str, tuple[str, ...], int]:
    return one.answer, one.changes, one.next
