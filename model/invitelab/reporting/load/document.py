"""Simulations as JSON documents, and as annotations of a GitHub workflow."""

from collections.abc import Callable, Iterator

from invitelab.formats.command_output import Delay, Simulated, SimulatedPoint
from invitelab.formats.gates import GateVerdict
from invitelab.formats.results import (
    Distribution,
    Objective,
    ObjectiveVerdict,
    Results,
)
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.reporting.common.formatting import clean
from invitelab.reporting.common.github import Annotation, AnnotationLevel
from invitelab.reporting.load.comparison_text import comparison_summary, names
from invitelab.reporting.load.gate_text import gate_text
from invitelab.reporting.load.grid_text import swept
from invitelab.reporting.load.objective_text import (
    objective_found,
    objective_reason,
    statement,
)
from invitelab.reporting.load.percentile_curve import value_at
from invitelab.reporting.load.summary import headline, reproduce, verdict_line
from invitelab.reporting.load.sweep_summary import sweep_text

Place = Callable[[int], tuple[str | None, int]]
"""File and line of an objective, by its number from 0; None and 0 without one."""

_LEVELS = {
    "MET": AnnotationLevel.NOTICE,
    "NO OBJECTIVES": AnnotationLevel.NOTICE,
    "UNDECIDED": AnnotationLevel.WARNING,
}
_OBJECTIVE_LEVELS = {
    ObjectiveVerdict.MISSED: AnnotationLevel.ERROR,
    ObjectiveVerdict.UNDECIDED: AnnotationLevel.WARNING,
}
_GATE_LEVELS = {
    GateVerdict.HOLDS: AnnotationLevel.NOTICE,
    GateVerdict.FAILS: AnnotationLevel.ERROR,
    GateVerdict.UNDECIDED: AnnotationLevel.WARNING,
}


def simulated(results: Results) -> Simulated:
    """The results in short."""
    target = results.target
    return Simulated(
        name=clean(results.name),
        title=clean(results.title),
        source=results.source,
        subject=clean(results.subject),
        seed=results.seed,
        replications=len(results.replications),
        verdict=headline(results),
        text=verdict_line(results),
        complete=results.complete,
        attempts=results.attempts,
        emailed=results.emailed,
        outcomes=results.outcomes,
        objectives=results.objectives,
        delays=tuple(map(_delay, results.distributions)),
        broken=tuple(one.clause for one in target.broken) if target else (),
        repeat=reproduce(results),
    )


def _delay(found: Distribution) -> Delay:
    p50_us, p99_us, p999_us = (
        None if value is None else max(0.0, value)  # a host's clock may run ahead
        for value in (value_at(found, quantile) for quantile in (0.5, 0.99, 0.999))
    )
    longest_us = found.maximum_us
    return Delay(
        metric=found.metric,
        count=found.count,
        never=found.never,
        p50_us=p50_us,
        p99_us=p99_us,
        p999_us=p999_us,
        longest_us=None if longest_us is None else max(0, longest_us),
    )


def simulated_points(sweep: Sweep) -> tuple[SimulatedPoint, ...]:
    """The points of a sweep in short."""
    return tuple(
        SimulatedPoint(
            value=clean(one.value),
            second=clean(one.second) or None,
            simulation=simulated(one.results),
        )
        for one in sweep.points
    )


def load_annotations(results: Results, place: Place) -> Iterator[Annotation]:
    """The verdict, and each objective that is not met."""
    title = f"invitelab simulate {clean(results.name)}"
    level = _LEVELS.get(headline(results), AnnotationLevel.ERROR)
    yield Annotation(level=level, title=title, message=verdict_line(results))
    for number, objective in enumerate(results.objectives):
        if objective.verdict in _OBJECTIVE_LEVELS:
            yield _objective(objective, results, place(number))


def _objective(
    objective: Objective, results: Results, place: tuple[str | None, int]
) -> Annotation:
    file, line = place
    verdict = objective.verdict
    lines = [
        f"found: {objective_found(objective, results)}",
        objective_reason(objective, results),
        f"again: {reproduce(results)}",
    ]
    return Annotation(
        level=_OBJECTIVE_LEVELS[verdict],
        title=f"{verdict.value}: {statement(objective)}",
        message="\n".join(lines),
        file=file,
        line=line,
    )


def sweep_annotations(sweep: Sweep) -> Iterator[Annotation]:
    """The conclusion: a sweep looks for the value where objectives are missed."""
    title = f"invitelab sweep {swept(sweep)}"
    yield Annotation(
        level=AnnotationLevel.NOTICE, title=title, message=sweep_text(sweep)
    )


def comparison_annotations(comparison: Comparison) -> Iterator[Annotation]:
    """The conclusion, and each gate."""
    title = f"invitelab compare {clean(comparison.a)} {clean(comparison.b)}"
    message = comparison_summary(comparison)
    yield Annotation(level=AnnotationLevel.NOTICE, title=title, message=message)
    for gate in comparison.gates:
        yield Annotation(
            level=_GATE_LEVELS[gate.verdict],
            title=f"gate {gate.verdict.value}: {clean(gate.gate)}",
            message=gate_text(gate, names(comparison)),
        )
