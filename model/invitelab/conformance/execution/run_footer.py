"""The footer of a run: what is said of it as a whole, beside its verdict."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from invitelab.adapters.clocks.base import ClockDriver
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.handshake import Initialized
from invitelab.conformance.execution.conclusion import end, entry
from invitelab.conformance.execution.measures import Measures
from invitelab.conformance.execution.verdicts import judge_clause, sentence
from invitelab.conformance.factors.coverage import tried
from invitelab.conformance.factors.run_plan import RunPlan
from invitelab.conformance.factors.table import Value
from invitelab.conformance.features.clauses import load
from invitelab.conformance.known_failures.entries import Baseline
from invitelab.formats.lifetime_words import with_lifetime
from invitelab.formats.run import (
    ClauseRecord,
    Footer,
    Header,
    Problem,
    ScenarioRecord,
    Verdict,
)
from invitelab.formats.tried import Tried
from invitelab.world.product import current_product


def judged(
    header: Header,
    scenarios: Sequence[ScenarioRecord],
    baseline: Baseline,
    problem: Problem | None,
    *,
    selected_all: bool,
) -> tuple[list[ClauseRecord], Footer]:
    """The records of all clauses, and the verdict of the run without its digest."""
    lifetime_ms = current_product().lifetime_ms
    stated = (
        replace(clause, text=with_lifetime(clause.text, lifetime_ms))
        for clause in load().values()
    )
    clauses = [judge_clause(clause, scenarios) for clause in stated]
    stale = baseline.stale(scenarios, selected_all=selected_all, seed=header.seed)
    footer = end(
        header,
        scenarios,
        clauses,
        whole=selected_all,
        problem=problem,
        stale=[entry(one) for one in stale],
    )
    return clauses, footer


def covered(plan: RunPlan, left_out: Collection[Value]) -> Tried | None:
    """What the rows of a plan try; None for one that is not of the suite's own."""
    return tried(plan, frozenset(left_out)) if plan.rows else None


def advice(
    answer: Initialized | None,
    clock_driver: ClockDriver | None,
    scenarios: Sequence[ScenarioRecord],
    measures: Measures,
) -> str | None:
    """What would decide the scenarios that a real clock left undecided, if any."""
    if answer is None or clock_driver is None:
        return None
    undecided = any(
        record.verdict is Verdict.INCONCLUSIVE and record.kind is None
        for record in scenarios
    )
    if clock_driver.terms.kind is not ClockKind.REAL or not undecided:
        return None
    is_declared = answer.settle_ms is not None
    return measures.advice(clock_driver.terms, is_declared=is_declared)


def closed(
    footer: Footer,
    clock_driver: ClockDriver | None,
    *,
    walks: str | None,
    coverage: Tried | None,
    advice: str | None,
) -> Footer:
    """The footer with what the verdict does not depend on."""
    tolerance_ms = clock_driver.tolerance_ms if clock_driver else 0
    return footer.model_copy(
        update={
            "tolerance_ms": tolerance_ms,
            "advice": None if advice is None else sentence(advice),
            "walks": None if walks is None else sentence(walks),
            "coverage": coverage,
        }
    )
