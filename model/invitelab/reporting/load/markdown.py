"""Simulations and comparisons as Markdown, for a pull request."""

from collections.abc import Iterator, Sequence

from invitelab.formats.results import Outcome, Results
from invitelab.formats.several_results import Comparison
from invitelab.reporting.common.formatting import clean, grouped
from invitelab.reporting.common.markdown import code, plain, table
from invitelab.reporting.common.signs import OBJECTIVE_SIGNS
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.comparison_text import comparison_line
from invitelab.reporting.load.objective_text import (
    objective_found,
    objective_reason,
    statement,
)
from invitelab.reporting.load.pages import changed_table
from invitelab.reporting.load.summary import (
    OUTCOME_TEXT,
    checked_line,
    engine_line,
    never_lines,
    reproduce,
    run_line,
    sent_line,
    share_of,
    verdict_line,
)


def markdown(results: Results, charts: Sequence[Chart]) -> str:
    """The report of a run, ending in a newline; it links the pictures in `charts/`."""
    return "\n".join(_lines(results, charts)) + "\n"


def _lines(results: Results, charts: Sequence[Chart]) -> Iterator[str]:
    yield f"# {plain(results.title)}"
    yield ""
    yield f"**{plain(verdict_line(results))}**"
    yield ""
    yield f"- {plain(run_line(results))}"
    yield f"- {plain(sent_line(results))}"
    for line in never_lines(results):
        yield f"- {plain(line)}"
    yield f"- {plain(checked_line(results))}"
    yield f"- engine: {plain(engine_line(results))}"
    yield f"- Again: {code(clean(reproduce(results)))}"
    yield from _objectives(results)
    yield ""
    yield from table(
        (
            "outcome",
            "meaning",
            "invitations",
            "mean share of the replications (95 % interval)",
        ),
        (
            (
                kind.value,
                OUTCOME_TEXT[kind],
                grouped(results.outcomes.get(kind, 0)),
                share_of(results, kind),
            )
            for kind in Outcome
        ),
    )
    for chart in charts:
        yield ""
        yield f"## {plain(chart.title)}"
        yield ""
        yield plain(chart.description)
        if chart.picture is not None:
            yield ""
            yield f"![{plain(chart.title)}](charts/{chart.name}.png)"


def comparison_markdown(comparison: Comparison, charts: Sequence[Chart]) -> str:
    """The comparison, ending in a newline."""
    return "\n".join(_comparison_lines(comparison, charts)) + "\n"


def _comparison_lines(comparison: Comparison, charts: Sequence[Chart]) -> Iterator[str]:
    yield f"# {plain(comparison.a)} and {plain(comparison.b)}"
    yield ""
    yield plain(comparison_line(comparison))
    for chart in charts:
        yield ""
        yield plain(chart.description)
        yield ""
        yield from table(chart.table.columns, chart.table.rows)
    changed = changed_table(comparison)
    if changed.rows:
        yield ""
        yield "## What was changed"
        yield ""
        yield from table(changed.columns, changed.rows)


def _objectives(results: Results) -> Iterator[str]:
    if not results.objectives:
        return
    yield ""
    yield from table(
        ("objective", "verdict", "found (interval)", "why"),
        (
            (
                statement(objective),
                f"{OBJECTIVE_SIGNS[objective.verdict]} {objective.verdict.value}",
                objective_found(objective, results),
                objective_reason(objective, results),
            )
            for objective in results.objectives
        ),
    )
