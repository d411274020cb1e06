"""Runs to be shown, put together by hand, with totals as a check would count them."""

from collections.abc import Callable, Sequence

import pytest

from invitelab.conformance.clauses import load
from invitelab.conformance.verdicts import conclude, judge_clause, totals
from invitelab.errors import Blame
from invitelab.records import (
    Exchange,
    Footer,
    Header,
    Run,
    ScenarioRecord,
    StepRecord,
    Verdict,
)

HEADER = Header(
    harness="invitelab 0.1.0",
    suite="0123456789ab",
    target="cmd:./acme --stdio",
    implementation="acme 2.3",
    clock="virtual",
    proven=True,
)


def scenario(
    clause: str = "EXPIRY-2",
    verdict: Verdict = Verdict.FAIL,
    *,
    title: str = "It cannot be accepted",
    message: str | None = "expected no session",
) -> ScenarioRecord:
    """Make a record with two steps, the second of which did not hold."""
    step = StepRecord(
        keyword="When",
        text="Bob accepts the invitation",
        line=30,
        at_ms=121_000,
        status="passed",
    )
    looked = Exchange(
        at_ms=121_000,
        method="client.view",
        client="Ada",
        request="",
        response=message or "nothing",
    )
    held = verdict is Verdict.PASS
    last = step.model_copy(
        update={
            "keyword": "Then",
            "text": "no session has started",
            "status": "passed" if held else "failed",
            "exchanges": (looked,),
        }
    )
    is_error = verdict is Verdict.ERROR
    return ScenarioRecord(
        feature=f"features/{clause.partition('-')[0].lower()}.feature",
        line=29,
        title=title,
        clauses=(clause,),
        level=load()[clause].level,
        verdict=verdict,
        kind="crash" if is_error else None,
        blame=Blame.IMPLEMENTATION if is_error else None,
        message=None if held else message,
        steps=(step, last),
    )


def run_of(
    scenarios: Sequence[ScenarioRecord],
    *,
    header: Header = HEADER,
    selected_all: bool = True,
) -> Run:
    """Make a run of these scenarios, judged and counted as ever."""
    clauses = [judge_clause(clause, scenarios) for clause in load().values()]
    end = conclude(
        scenarios, clauses, header=header, problem=None, selected_all=selected_all
    )
    footer = Footer(
        verdict=end.verdict,
        reason=end.reason,
        blame=end.blame,
        exit_code=end.exit_code,
        totals=totals(scenarios, clauses),
        sha256="0" * 64,
    )
    return Run(
        header=header,
        scenarios=tuple(scenarios),
        clauses=tuple(clauses),
        footer=footer,
    )


@pytest.fixture(scope="session")
def record() -> Callable[..., ScenarioRecord]:
    """Make a record; see `scenario`."""
    return scenario


@pytest.fixture(scope="session")
def make_run() -> Callable[..., Run]:
    """Make a run; see `run_of`."""
    return run_of


@pytest.fixture(scope="session")
def mixed() -> Run:
    """Give a run with one scenario of every verdict, each of another clause."""
    clauses = [
        ("EXPIRY-1", Verdict.PASS),
        ("EXPIRY-2", Verdict.FAIL),
        ("EXPIRY-6", Verdict.DEVIATION),
        ("PENDING-1", Verdict.INCONCLUSIVE),
        ("PENDING-2", Verdict.ERROR),
        ("TILE-1", Verdict.NOT_APPLICABLE),
        ("TILE-2", Verdict.NOT_RUN),
    ]
    return run_of([scenario(clause, verdict) for clause, verdict in clauses])
