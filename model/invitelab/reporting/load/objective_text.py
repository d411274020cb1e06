"""Objectives as text: the promise, what was found, and why the verdict is as it is."""

from collections import Counter
from math import isclose

from invitelab.formats.results import (
    Doubt,
    Estimate,
    Objective,
    ObjectiveVerdict,
    Outcome,
    Results,
)
from invitelab.reporting.common.formatting import (
    clean,
    count,
    exact,
    grouped,
    measured,
    measured_range,
    plural,
    quantity,
    sentence,
    share,
)
from invitelab.reporting.load.metric_text import TITLES
from invitelab.reporting.load.percentile_curve import LEAST_BEYOND, NEVER

CONFIDENCE = 0.95
"""The coverage of an interval that is the only one of its figure."""

SAYS = {
    ObjectiveVerdict.MET: "is",
    ObjectiveVerdict.MISSED: "is not",
    ObjectiveVerdict.UNDECIDED: "is not surely",
}


def statement(objective: Objective) -> str:
    """The promise: `99 % of notify_delay at most 400 ms`."""
    subject = clean(objective.metric)
    if objective.quantile is not None:
        # The 1 % quantile being at least so much is said of the other 99 %.
        at_most = objective.at_most
        share = objective.quantile if at_most else 1 - objective.quantile
        subject = f"{100 * share:.10g} % of {subject}"
    elif objective.statistic is not None:
        subject = f"{objective.statistic} of {subject}"
    return f"{subject} {_limit(objective)}"


def _limit(objective: Objective) -> str:
    """What is promised: `at most 400 ms`."""
    side = "at most" if objective.at_most else "at least"
    return f"{side} {exact(objective.bound, objective.unit)}"


def objectives_line(results: Results) -> str:
    """`2 of 4 objectives met, 1 missed, 1 undecided`; not applicable are besides."""
    found = Counter(objective.verdict for objective in results.objectives)
    met = found.pop(ObjectiveVerdict.MET, 0)
    rest = [
        f"{found[verdict]} {verdict.value}"
        for verdict in ObjectiveVerdict
        if found[verdict]
    ]
    whole = plural(len(results.judged), "objective")
    return ", ".join([f"{met} of {whole} met", *rest])


def not_met_lines(results: Results) -> list[str]:
    """Each promise that was missed, or is undecided, with what it measures."""
    return [
        f"{verdict.value}: {statement(objective)}{_meaning(objective)}"
        for verdict in (ObjectiveVerdict.MISSED, ObjectiveVerdict.UNDECIDED)
        for objective in results.objectives
        if objective.verdict is verdict
    ]


def _meaning(objective: Objective) -> str:
    title = TITLES.get(objective.metric)
    return f" ({title[0].lower()}{title[1:]})" if title else ""


# --- What was found --------------------------------------------------------------


def estimate_text(estimate: Estimate | None, unit: str) -> str:
    """Mean and interval: `408 ms (396 ms to 420 ms)`; `not measured` without one."""
    if estimate is None:
        return "not measured"
    return f"{quantity(estimate.mean, unit)}{interval_text(estimate, unit)}"


def interval_text(estimate: Estimate, unit: str) -> str:
    """` (396 ms to 420 ms)`, or nothing where there is no interval."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f" ({quantity(estimate.low, unit)} to {quantity(estimate.high, unit)})"


def objective_found(objective: Objective, results: Results) -> str:
    """What was found of a promise: an estimate, or that it never happened."""
    found, runs = objective.estimate, len(results.replications)
    text = NEVER if objective.endless else estimate_text(found, objective.unit)
    known = runs - objective.silent
    if not objective.silent or not known:
        return text
    have = "has" if known == 1 else "have"
    return f"{text} ({known} of {runs} replications {have} enough samples)"


def objective_samples(objective: Objective) -> str:
    """How many samples it has, and of how many the time never came."""
    text = count(objective.samples)
    return f"{text} ({count(objective.never)} {NEVER})" if objective.never else text


# --- Why the verdict is as it is -------------------------------------------------


def objective_reason(objective: Objective, results: Results) -> str:
    """Why the verdict is what it is, as a sentence without a full stop."""
    return sentence(reason(objective, results))


def reason(objective: Objective, results: Results) -> str:
    """As `objective_reason`, but to continue a sentence: without a capital letter."""
    known = len(results.replications) - objective.silent
    if objective.verdict is ObjectiveVerdict.NOT_APPLICABLE:
        if objective.metric.startswith("relay_"):
            return "the relay is part of the simulated world, not of what was measured"
        return f"{clean(objective.metric)} was not measured"
    if objective.endless:
        text = _endless(objective, known)
    elif objective.estimate is None:
        text = _without_figures(objective)
    else:
        text = _by_interval(objective, objective.estimate, known)
    if Doubt.NEVER in objective.doubts:
        part = f"{100 * (1 - (objective.quantile or 1.0)):.10g} %"
        text += f", but {never_text(objective)}, and {plural(known, 'replication')}"
        text += f" cannot exclude that more than {part} miss the bound"
    if objective.silent and known:
        text += f", but {_silent(objective.silent)}"
    if Doubt.INTERRUPTED in objective.doubts:
        pending = results.outcomes.get(Outcome.PENDING, 0)
        return (
            f"so far {text}, but the run was interrupted with {grouped(pending)}"
            " counted invitations pending"
        )
    return text


def _endless(objective: Objective, known: int) -> str:
    """The figure is infinite in some of the `known` replications."""
    endless = objective.endless
    where = f"in {endless} of {known} replications"
    if endless == known:
        where = "in each replication" if endless > 1 else "in the one replication"
    if objective.quantile is None:
        return f"{never_text(objective)}, {where} at least one"
    part = f"{100 * (1 - objective.quantile):.10g} %"
    if objective.at_most:
        bound = exact(objective.bound, objective.unit)
        part = f"the {part} that may take longer than {bound}"
    return f"{never_text(objective)}, {where} more than {part}"


def never_text(objective: Objective) -> str:
    """`1 436 of 69 255 (2.07 %) never happened`."""
    part = share(objective.never / objective.samples)
    whole = grouped(objective.samples)
    return f"{grouped(objective.never)} of {whole} ({part}) never happened"


def _without_figures(objective: Objective) -> str:
    metric = clean(objective.metric)
    if not objective.samples:
        return f"there are no samples of {metric}"
    if objective.quantile is None:
        return f"the {grouped(objective.samples)} samples of {metric} are too few"
    return (
        f"no replication has {LEAST_BEYOND} samples beyond that quantile "
        f"({grouped(objective.samples)} samples in all)"
    )


def _by_interval(objective: Objective, found: Estimate, known: int) -> str:
    unit = objective.unit
    mean = measured(found.mean, unit)
    if mean == measured(objective.bound, unit):
        # "400 ms is not at most 400 ms" would be read as a mistake.
        mean = exact(found.mean, unit)
    if found.low is None or found.high is None:
        evidence = "of one replication, so there is no interval"
    elif found.low == found.high:
        evidence = f"in each of {known} replications"
    else:
        interval = measured_range(found.low, found.high, unit)
        if not isclose(objective.confidence, CONFIDENCE):
            interval += f" at {100 * objective.confidence:.4g} %, for several looks"
        evidence = f"{interval}, {known} replications"
    says = SAYS[objective.figure_verdict]
    return f"{mean} ({evidence}) {says} {_limit(objective)}"


def _silent(replications: int) -> str:
    if replications == 1:
        return "1 replication has too few samples"
    return f"{replications} replications have too few samples"
