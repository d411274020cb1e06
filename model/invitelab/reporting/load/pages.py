"""Pages of runs, sweeps and comparisons: cards, facts and tables beside the charts."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from invitelab.formats.results import Outcome, Results
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.reporting.common.drawing import drawing
from invitelab.reporting.common.formatting import (
    duration,
    grouped,
    instant,
    plural,
    share,
    spoken,
)
from invitelab.reporting.common.signs import OBJECTIVE_SIGNS
from invitelab.reporting.load.beside_text import calibration_lines
from invitelab.reporting.load.broken_scene import scenes
from invitelab.reporting.load.cause_text import cause_lines, dropped_by_reason, tile
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.comparison_text import (
    changed_values,
    comparison_line,
    names,
)
from invitelab.reporting.load.gate_text import (
    gate_rows,
    gates_summary,
    objective_columns,
    objective_rows,
    worst,
)
from invitelab.reporting.load.grid_text import axes_of, grid_rows, has_point_pages
from invitelab.reporting.load.html import page
from invitelab.reporting.load.objective_text import not_met_lines, objectives_line
from invitelab.reporting.load.percentile_curve import NEVER, quantile_text
from invitelab.reporting.load.scenario_text import scenario_text
from invitelab.reporting.load.source_text import (
    changed_line,
    no_objectives,
    source_line,
    was_checked,
)
from invitelab.reporting.load.summary import (
    OUTCOME_TEXT,
    busiest,
    checked_line,
    engine_line,
    headline,
    incomplete_because,
    never_lines,
    planned_text,
    reproduce,
    run_line,
    sent,
    sent_line,
    share_of,
    verdict_line,
)
from invitelab.reporting.load.sweep_settings import settings_rows
from invitelab.reporting.load.sweep_summary import sweep_line, sweep_title
from invitelab.reporting.load.sweep_verdict import sweep_cards, sweep_verdict
from invitelab.reporting.load.tables import Table
from invitelab.reporting.load.target_text import (
    findings_table,
    operations_table,
    target_lines,
    target_verdict,
)
from invitelab.reporting.load.warm_up_text import warm_up_text


def load_page(results: Results, charts: Sequence[Chart], *, alone: bool = False) -> str:
    """The whole `report.html`; `alone` for a page without the other files."""
    broken = len(results.checked.violations)
    values: dict[str, object] = {
        "title": results.title,
        "results": results,
        "charts": charts,
        "glyph": OBJECTIVE_SIGNS[results.verdict],
        "objectives": objectives_line(results),
        "not_met": not_met_lines(results),
        "incomplete": incomplete_because(results),
        "broken": plural(broken, "BROKEN INVARIANT"),
        "changed": changed_line(results),
        "source": source_line(results),
        "no_objectives": no_objectives(results),
        "run_line": run_line(results),
        "sent": sent_line(results),
        "alone": alone,
        "cause": cause_lines(results),
        "cards": list(_cards(results)),
        "outcomes": [
            (
                kind.value,
                OUTCOME_TEXT[kind],
                grouped(results.outcomes.get(kind, 0)),
                share_of(results, kind),
            )
            for kind in Outcome
        ],
        "facts": list(_facts(results)),
        "reproduce": reproduce(results),
        "violations": _violations(results),
        "detached": _detached(results),
        "messages": _messages(results),
        "scenario": scenario_text(results.scenario),
        "target": list(target_lines(results)),
        "verdict": headline(results),
        "wrong": target_verdict(results.target) if results.target else "",
        "findings": findings_table(results.target) if results.target else None,
        "drawings": dict(_drawings(results)),
        "operations": operations_table(results.target) if results.target else None,
    }
    return page("load.html.j2", values)


def _drawings(results: Results) -> Iterator[tuple[str, Markup]]:
    """The first invitation that breaks a clause, by the clause."""
    for place, finding in enumerate(results.target.findings if results.target else ()):
        for example, scene in scenes(finding.examples, results.lifetime_us):
            title = f"Attempt {example.attempt}, which breaks {finding.clause}"
            yield finding.clause, drawing(scene, name=f"found-{place}", title=title)
            break


def _cards(results: Results) -> Iterator[tuple[str, str]]:
    """The key figures at the top of the page, each with its caption."""
    total = sent(results)
    runs = len(results.replications)
    of_runs = f", in all {runs} replications" if runs > 1 else ""
    yield grouped(total), f"invitations tried directly{of_runs}"
    if total:
        accepted = results.outcomes.get(Outcome.ACCEPTED, 0)
        yield (
            share(accepted / total),
            f"accepted ({grouped(accepted)} of {grouped(total)})",
        )
    notify = results.distribution("notify_delay")
    if notify is not None and (notify.curve or notify.never):
        rare = quantile_text(notify, 0.99)
        half = quantile_text(notify, 0.5)
        if "-" not in {rare, half}:
            took = "were not shown" if rare == NEVER else "took longer"
            yield rare, f"notify delay p99: the slowest 1 % {took} (p50 {half})"
    if notify is not None and notify.never:
        population = grouped(notify.count + notify.never)
        text = f"never shown, of {population} that were sent{of_runs}"
        yield grouped(notify.never), text
    session = results.distribution("session_delay")
    if session is not None and session.never:
        population = grouped(session.count + session.never)
        text = f"got no session, of {population} whose recipient would accept{of_runs}"
        yield grouped(session.never), text
    of_one = ", of one replication" if runs > 1 else ""
    yield grouped(results.pending_peak), f"pending at most at one moment{of_one}"
    if dropped := sum(dropped_by_reason(results).values()):
        yield grouped(dropped), f"messages dropped{of_runs or ' in the whole run'}"
    full, pool = tile(results), busiest(results)
    if full is not None:
        yield full
    elif pool is not None:
        text = f"busiest relay pool busy: {spoken(pool.kind)}"
        yield share(pool.utilisation.mean), text


def _facts(results: Results) -> Iterator[tuple[str, str]]:
    is_import = results.source == "import"
    if source := source_line(results):
        yield "source", source
    if not is_import:
        yield "seed", str(results.seed)
    more = "" if results.complete else f" of {planned_text(results)} planned"
    if not is_import:
        yield "replications", f"{len(results.replications)}{more}"
    yield (
        "virtual time" if results.is_simulated else "time measured",
        (
            f"{duration(results.duration_us)}, of which {duration(results.warm_up_us)}"
            " warm-up (not counted)"
        ),
    )
    yield "lifetime of an invitation", duration(results.lifetime_us)
    if results.is_simulated:
        yield "engine", engine_line(results)
    if was_checked(results):
        yield "checked", checked_line(results)
    if results.is_simulated:
        yield "instruments", _instruments(results)
        yield "messages", f"{grouped(sum(results.messages.values()))} on the wire"
    for line in never_lines(results):
        yield "never happened", line
    sampled = f"{plural(len(results.traces), 'invitation')} in timeline.json"
    yield "sampled", sampled
    for one in results.warm_up_advice:
        yield "warm-up advice", warm_up_text(one)


def _instruments(results: Results) -> str:
    if not results.detached:
        return "none was detached"
    return plural(len(results.detached), "instrument") + " detached"


def _violations(results: Results) -> Table:
    return Table(
        columns=("invariant", "at", "what was seen"),
        rows=tuple(
            (one.invariant, instant(one.at_us), one.message)
            for one in results.checked.violations
        ),
        text_columns=(0, 2),
    )


def _detached(results: Results) -> Table:
    return Table(
        columns=("instrument", "error"),
        rows=tuple((one.instrument, one.error) for one in results.detached),
        text_columns=(0, 1),
    )


def _messages(results: Results) -> Table:
    return Table(
        columns=("kind", "messages"),
        rows=tuple(
            (spoken(kind), grouped(number)) for kind, number in results.messages.items()
        ),
    )


def sweep_page(sweep: Sweep, charts: Sequence[Chart]) -> str:
    """The whole `report.html` of a sweep."""
    values: dict[str, object] = {
        "title": sweep_title(sweep),
        "sweep": sweep,
        "charts": charts,
        "line": sweep_line(sweep),
        "verdict": sweep_verdict(sweep),
        "cards": sweep_cards(sweep),
        "settings": settings_rows(sweep),
        "scenario": _first_scenario(sweep),
        "broken": sum(len(one.results.checked.violations) for one in sweep.points),
        "incomplete": [
            f"{f'{point.value} {point.second}'.strip()}:"
            f" {incomplete_because(point.results)}"
            for point in sweep.points
            if not point.results.complete
        ],
        "points": _points(sweep),
        "firsts": axes_of(sweep)[0],
        "grid": grid_rows(sweep) if has_point_pages(sweep) else [],
    }
    return page("sweep.html.j2", values)


def _first_scenario(sweep: Sweep) -> str:
    """The scenario of the first point as text; empty where there is none."""
    if not sweep.points or not sweep.points[0].results.scenario:
        return ""
    return scenario_text(sweep.points[0].results.scenario)


def _points(sweep: Sweep) -> Table:
    kinds = (Outcome.ACCEPTED, Outcome.EXPIRED, Outcome.REFUSED)
    return Table(
        columns=("value", "verdict", *(kind.value for kind in kinds), "peak pending"),
        rows=tuple(
            (
                f"{point.value}, {point.second}" if point.second else point.value,
                verdict_line(point.results),
                *(_part(point.results, kind) for kind in kinds),
                grouped(point.results.pending_peak),
            )
            for point in sweep.points
        ),
        text_columns=(0, 1),
    )


def _part(results: Results, kind: Outcome) -> str:
    """The share without its interval, for tables that have no room."""
    total = sent(results)
    return share(results.outcomes.get(kind, 0) / total) if total else "-"


def changed_table(comparison: Comparison) -> Table:
    """The keys of the scenario that differ."""
    return Table(
        columns=("key", *names(comparison)),
        rows=tuple(changed_values(comparison)),
        text_columns=(0, 1, 2),
    )


def _calibration(comparison: Comparison) -> str:
    """The calibration as text, empty where both are simulated."""
    if comparison.beside is None:
        return ""
    return "\n".join(calibration_lines(comparison.beside.calibration))


def comparison_page(comparison: Comparison, charts: Sequence[Chart]) -> str:
    """The whole `report.html` of a comparison."""
    values: dict[str, object] = {
        "title": f"{comparison.a} and {comparison.b}",
        "comparison": comparison,
        "charts": charts,
        "line": comparison_line(comparison),
        "calibration": _calibration(comparison),
        "changed": changed_table(comparison),
        "gates": tuple(gate_rows(comparison)),
        "gates_summary": gates_summary(comparison).partition(" - "),
        "worst": worst(comparison),
        "objectives": Table(
            columns=objective_columns(comparison),
            rows=tuple(objective_rows(comparison)),
            text_columns=(0, 1, 2, 3),
        ),
    }
    return page("comparison.html.j2", values)
