"""Gates and compared objectives as text."""

from collections.abc import Iterable, Iterator

from invitelab.formats.gates import (
    ComparedObjective,
    Gate,
    GateDoubt,
    GateVerdict,
)
from invitelab.formats.several_results import Comparison
from invitelab.reporting.common.formatting import (
    MINUS,
    clean,
    duration,
    figures,
    listed,
    plural,
    sentence,
    share,
)
from invitelab.reporting.common.signs import BAD, GOOD, OBJECTIVE_SIGNS, OPEN
from invitelab.reporting.load.comparison_text import names
from invitelab.reporting.load.objective_text import estimate_text, statement
from invitelab.reporting.load.percentile_curve import NEVER

SIGNS = {
    GateVerdict.HOLDS: GOOD,
    GateVerdict.FAILS: BAD,
    GateVerdict.UNDECIDED: OPEN,
}
_LOOKS = {
    GateVerdict.FAILS: "missed",
    GateVerdict.UNDECIDED: "undecided",
    GateVerdict.HOLDS: "met",
}
RUNS = ("a", "b")
"""The runs where they have no better names."""

ABSENT = "(absent)"
"""Stands for an objective that only the other run has."""

_DOUBTS = {
    GateDoubt.FEW: "fewer than three replications with the figure tell no difference"
    " from chance",
    GateDoubt.UNMEASURED: "the figure was not measured in both runs",
    GateDoubt.NEVER: "the figure is endless in some replications: it never happens",
}


def gate_columns(comparison: Comparison) -> tuple[str, ...]:
    """The heads of a table of gates."""
    return "verdict", "gate", f"found in {names(comparison)[1]}"


def objective_columns(comparison: Comparison) -> tuple[str, ...]:
    """The heads of a table of the objectives of both runs."""
    return "objective", *names(comparison), "change"


def gate_text(gate: Gate, runs: tuple[str, str] = RUNS) -> str:
    """What was found at a gate: `111 ms, limit 122 ms (beyond by ...)`."""
    a, b = runs
    if not gate.metric:
        return _missed_text(gate, b)
    if gate.doubt is not None and gate.verdict is not GateVerdict.UNDECIDED:
        never = "it never happens so often that the figure is endless"
        return sentence(f"{_amount(gate, gate.a)} in {a}; in {b} {never}")
    if gate.doubt is not None:
        return sentence(_DOUBTS[gate.doubt])
    found = f"{_amount(gate, gate.b)}, limit {_amount(gate, gate.limit)}"
    return f"{found}; {_margin(gate)}"


def _missed_text(gate: Gate, run: str) -> str:
    if gate.doubt is not None:
        return f"{run} has no objectives that apply."
    if not gate.objectives:
        return f"All objectives of {run} are met."
    count = plural(len(gate.objectives), "objective")
    missed = listed(map(clean, gate.objectives))
    return f"{count} of {run} not met: {missed}."


def _margin(gate: Gate) -> str:
    """How far the figure is from the limit, with the interval of that."""
    found = gate.beyond
    if found is None or found.low is None or found.high is None:
        return "no interval"
    covers = f"{share(gate.confidence)} interval"
    if gate.verdict is GateVerdict.HOLDS:
        low, high = _amount(gate, -found.high), _amount(gate, -found.low)
        return f"within it by {low} to {high} ({covers})"
    low, high = _amount(gate, found.low), _amount(gate, found.high)
    if gate.verdict is GateVerdict.FAILS:
        return f"beyond it by {low} to {high} ({covers})"
    return f"beyond it by {low} to {high} ({covers}): more replications would tell"


def _amount(gate: Gate, value: float | None) -> str:
    if value is None:
        return "endless"
    if gate.statistic == "share":
        return share(value) if value >= 0 else f"{MINUS}{share(-value)}"
    if gate.unit == "us":
        return duration(value)
    return f"{figures(value)}/s" if gate.statistic == "rate" else figures(value)


def gate_rows(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    """Verdict with its sign, the gate as it was written, and what was found."""
    runs = names(comparison)
    for gate in comparison.gates:
        word = f"{SIGNS[gate.verdict]} {gate.verdict.value}"
        yield word, clean(gate.gate), gate_text(gate, runs)


def gates_summary(comparison: Comparison) -> str:
    """The last line where there are gates: `FAILED - 1 of 3 gates fails`."""
    gates = comparison.gates
    by_verdict = {
        verdict: [one for one in gates if one.verdict is verdict]
        for verdict in GateVerdict
    }
    failing = by_verdict[GateVerdict.FAILS]
    undecided = by_verdict[GateVerdict.UNDECIDED]
    whole = plural(len(gates), "gate")
    if failing:
        verb = "fails" if len(failing) == 1 else "fail"
        text = f"FAILED - {len(failing)} of {whole} {verb}: {_gates(failing)}"
        return f"{text}; undecided: {_gates(undecided)}" if undecided else text
    if undecided:
        named = _gates(undecided)
        return f"UNDECIDED - {len(undecided)} of {whole} undecided: {named}"
    verb = "holds" if len(gates) == 1 else "hold"
    return f"PASSED - {len(gates)} of {whole} {verb}"


def worst(comparison: Comparison) -> tuple[str, str]:
    """The sign of all gates together, and their looks: as a met or missed promise."""
    found = {gate.verdict for gate in comparison.gates}
    return next(
        ((SIGNS[one], looks) for one, looks in _LOOKS.items() if one in found),
        ("", ""),
    )


def _gates(gates: Iterable[Gate]) -> str:
    return listed(clean(one.gate) for one in gates)


def objective_rows(comparison: Comparison) -> Iterator[tuple[str, str, str, str]]:
    """Each objective, what was found in a and in b, and whether it changed."""
    for one in comparison.objectives:
        change = one.b.verdict.value if one.b and one.has_changed else ""
        words = f"now {change}" if change else ""
        yield statement(one.either), _found(one, "a"), _found(one, "b"), words


def _found(one: ComparedObjective, run: str) -> str:
    objective = one.a if run == "a" else one.b
    if objective is None:
        return ABSENT
    sign, word = OBJECTIVE_SIGNS[objective.verdict], objective.verdict.value
    figure = estimate_text(objective.estimate, objective.unit)
    return f"{sign} {word}, {NEVER if objective.endless else figure}"
