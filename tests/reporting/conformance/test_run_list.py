"""Stored runs as lines."""

from invitelab.formats.run_summary import RunSummary
from invitelab.reporting.conformance.run_list import run_lines


def run(verdict: str, **totals: int) -> RunSummary:
    """Make a run with these numbers of scenarios."""
    return RunSummary(
        target="cmd:x",
        name=None,
        implementation="" if verdict == "INCOMPLETE" else "Acme 1",
        suite="s",
        seed=3,
        verdict=verdict,
        whole=False,
        totals={f"scenarios {name}": count for name, count in totals.items()},
        clauses={},
        scenarios=sum(totals.values()) or 7,
    )


def test_columns_are_aligned() -> None:
    """Verdicts without scenarios are left out; a run without an end has none."""
    runs = [("T1", run("PARTIAL", **{"pass": 4, "fail": 1})), ("T2", run("INCOMPLETE"))]
    assert [
        "  T1  PARTIAL     5 scenarios: 4 pass, 1 fail  seed 3  Acme 1",
        "  T2  INCOMPLETE  7 scenarios                  seed 3  no answer",
    ] == list(run_lines(runs))
