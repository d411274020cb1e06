"""Simulations and comparisons as Markdown, for a pull request."""

from collections.abc import Iterator, Sequence

from invitelab.formats.results import Outcome, Results
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.reporting.common.formatting import clean, grouped
from invitelab.reporting.common.markdown import code, plain, table
from invitelab.reporting.common.signs import OBJECTIVE_SIGNS
from invitelab.reporting.load.beside_text import calibration_lines
from invitelab.reporting.load.cause_text import cause_lines
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.comparison_text import comparison_line
from invitelab.reporting.load.gate_text import (
    gate_columns,
    gate_rows,
    gates_summary,
    objective_columns,
    objective_rows,
)
from invitelab.reporting.load.grid_text import swept
from invitelab.reporting.load.objective_text import (
    objective_found,
    objective_reason,
    objectives_line,
    statement,
)
from invitelab.reporting.load.pages import changed_table
from invitelab.reporting.load.source_text import changed_line, source_line, was_checked
from invitelab.reporting.load.summary import (
    OUTCOME_TEXT,
    checked_line,
    engine_line,
    headline,
    never_lines,
    reproduce,
    run_line,
    sent_line,
    share_of,
    verdict_line,
)
from invitelab.reporting.load.sweep_settings import settings_rows
from invitelab.reporting.load.sweep_summary import (
    delay_text,
    sweep_line,
    sweep_text,
    sweep_title,
)
from invitelab.reporting.load.target_text import (
    findings_table,
    operations_table,
    target_lines,
)


def markdown(results: Results, charts: Sequence[Chart]) -> str:
    """The report of a run, ending in a newline; it links the pictures in `charts/`."""
    return "\n".join(_lines(results, charts)) + "\n"


def _lines(results: Results, charts: Sequence[Chart]) -> Iterator[str]:
    yield f"# {plain(results.title)}"
    yield ""
    yield f"**{plain(verdict_line(results))}**"
    yield ""
    if changed := changed_line(results):
        yield f"- {plain(changed)}"
    if source := source_line(results):
        yield f"- {plain(source)}"
    yield f"- {plain(run_line(results))}"
    yield f"- {plain(sent_line(results))}"
    for line in cause_lines(results):
        yield f"- {plain(line)}"
    for line in never_lines(results):
        yield f"- {plain(line)}"
    for line in target_lines(results):
        yield f"- {plain(line.strip())}"
    if was_checked(results):
        yield f"- {plain(checked_line(results))}"
    if results.is_simulated:
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
    yield from _target(results)
    for chart in charts:
        yield ""
        yield f"## {plain(chart.title)}"
        yield ""
        yield plain(chart.description)
        if chart.picture is not None:
            yield ""
            yield f"![{plain(chart.title)}](charts/{chart.name}.png)"


def _target(results: Results) -> Iterator[str]:
    run = results.target
    if run is None:
        return
    for shown in (findings_table(run), operations_table(run)):
        if shown.rows:
            yield ""
            yield from table(shown.columns, shown.rows)
    for one in run.findings:
        if one.scenario is not None:
            yield ""
            yield f"A scenario that shows {one.clause} alone:"
            yield ""
            yield "```gherkin"
            yield one.scenario.rstrip()
            yield "```"


def sweep_markdown(sweep: Sweep) -> str:
    """The sweep without its charts, ending in a newline."""
    return "\n".join(_sweep_lines(sweep)) + "\n"


def _sweep_lines(sweep: Sweep) -> Iterator[str]:
    yield f"# {plain(sweep_title(sweep))}"
    yield ""
    yield f"**{plain(sweep_text(sweep))}**"
    yield ""
    yield f"- {code(swept(sweep))}: {plain(sweep_line(sweep))}"
    for name, text in settings_rows(sweep):
        yield f"- {name}: {plain(text)}"
    yield ""
    paths = [clean(path) for path in (sweep.path, sweep.second_path) if path]
    yield from table(
        (*paths, "notify p99 (95 % interval)", "verdict", "objectives"),
        (
            (
                *[clean(value) for value in (point.value, point.second)][: len(paths)],
                delay_text(point),
                f"{OBJECTIVE_SIGNS[point.results.verdict]} {headline(point.results)}",
                objectives_line(point.results) if point.results.objectives else "",
            )
            for point in sweep.points
        ),
    )


def comparison_markdown(comparison: Comparison, charts: Sequence[Chart]) -> str:
    """The comparison, ending in a newline."""
    return "\n".join(_comparison_lines(comparison, charts)) + "\n"


def _comparison_lines(comparison: Comparison, charts: Sequence[Chart]) -> Iterator[str]:
    yield f"# {plain(comparison.a)} and {plain(comparison.b)}"
    yield ""
    if comparison.gates:
        yield f"**{plain(gates_summary(comparison))}**"
        yield ""
    yield plain(comparison_line(comparison))
    if comparison.gates:
        yield ""
        yield from table(gate_columns(comparison), gate_rows(comparison))
    for chart in charts:
        yield ""
        yield plain(chart.description)
        yield ""
        if comparison.beside is not None and chart.picture is not None:
            yield f"![{plain(chart.title)}](charts/{chart.name}.png)"
            yield ""
        yield from table(chart.table.columns, chart.table.rows)
    if comparison.beside is not None:
        yield ""
        yield "## Calibration"
        yield ""
        yield "```text"
        yield from calibration_lines(comparison.beside.calibration)
        yield "```"
    if comparison.objectives:
        yield ""
        yield "## Objectives"
        yield ""
        yield from table(objective_columns(comparison), objective_rows(comparison))
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
