"""Simulations, sweeps and comparisons on a terminal, with the verdict last."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from invitelab.formats.beside import Beside
from invitelab.formats.results import ObjectiveVerdict, Outcome, Results
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.reporting.common.formatting import (
    MINUS,
    clean,
    count,
    duration,
    grouped,
    instant,
    percentile,
    plural,
    share,
)
from invitelab.reporting.common.signs import OBJECTIVE_SIGNS
from invitelab.reporting.load.beside_text import (
    calibration_lines,
    difference_text,
    overlay_text,
    seen,
    share_text,
)
from invitelab.reporting.load.cause_text import cause_lines
from invitelab.reporting.load.comparison_text import (
    amount,
    changed_values,
    comparison_line,
    comparison_summary,
    interval,
    name_of,
    names,
    verdict,
)
from invitelab.reporting.load.gate_terminal import (
    gates_style,
    gates_table,
    objectives_table,
)
from invitelab.reporting.load.gate_text import gates_summary
from invitelab.reporting.load.gone_text import gone_text
from invitelab.reporting.load.grid_text import swept
from invitelab.reporting.load.metric_text import metric_title
from invitelab.reporting.load.objective_text import (
    objective_found,
    objective_reason,
    objectives_line,
    statement,
)
from invitelab.reporting.load.percentile_curve import quantile_text
from invitelab.reporting.load.source_text import changed_line, source_line, was_checked
from invitelab.reporting.load.summary import (
    busiest,
    checked_line,
    engine_line,
    headline,
    never_lines,
    never_text,
    pool_line,
    reproduce,
    run_line,
    sent,
    sent_line,
    share_of,
    verdict_line,
)
from invitelab.reporting.load.sweep_summary import (
    delay_text,
    sweep_line,
    sweep_text,
    sweep_title,
    utilisation,
)
from invitelab.reporting.load.target_text import (
    MOST_FINDINGS,
    finding_line,
    operations_table,
    target_lines,
    target_verdict,
)

STYLES = {
    ObjectiveVerdict.MET: "green",
    ObjectiveVerdict.MISSED: "bold red",
    ObjectiveVerdict.UNDECIDED: "yellow",
    ObjectiveVerdict.NOT_APPLICABLE: "dim",
}
OUTCOME_STYLES = {
    Outcome.ACCEPTED: "blue",
    Outcome.REJECTED: "cyan",
    Outcome.CANCELLED: "bright_black",
    Outcome.EXPIRED: "yellow",
    Outcome.REFUSED: "red",
    Outcome.PENDING: "magenta",
}
QUANTILES = (0.5, 0.99, 0.999)
BAR_WIDTH = 40
FULL, EIGHTHS = "█", " ▏▎▍▌▋▊▉"


def print_load(
    console: Console, results: Results, stored: Path | None, *, quiet: bool = False
) -> None:
    """Print a run, with the verdict last; `quiet` prints the verdict alone."""
    if not quiet:
        _line(console, clean(results.title), "bold")
        if results.summary:
            _line(console, clean(results.summary))
        if changed := changed_line(results):
            _line(console, changed)
        if source := source_line(results):
            _line(console, source)
        _line(console, run_line(results), "dim")
        _section(console, sent_line(results), _outcomes(results))
        _section(console, "delays", _delays(results))
        if results.objectives:
            _section(console, "objectives", _objectives(results))
        _print_relay(console, results)
        for number, line in enumerate(cause_lines(results)):
            _line(console, f"{'' if number else 'what happened':<20} {line}")
        _print_target(console, results)
        _print_trouble(console, results)
        console.print()
        _line(console, f"again    {reproduce(results)}")
        if stored is not None:
            _line(console, f"report   {stored}")
    _line(console, verdict_line(results), _style(results))


def print_sweep(
    console: Console, sweep: Sweep, stored: Path | None, *, quiet: bool = False
) -> None:
    """Print a line for each point, and the summary last."""
    if not quiet:
        _line(console, sweep_title(sweep), "bold")
        _line(console, f"{swept(sweep)}: {sweep_line(sweep)}", "dim")
        console.print()
        console.print(_points(sweep))
        console.print()
        if stored is not None:
            _line(console, f"report   {stored}")
    _line(console, sweep_text(sweep))


def print_comparison(
    console: Console,
    comparison: Comparison,
    stored: Path | None,
    *,
    quiet: bool = False,
) -> None:
    """Print a line for each figure, and the summary last."""
    if not quiet:
        _line(console, f"{clean(comparison.a)} and {clean(comparison.b)}", "bold")
        _line(console, comparison_line(comparison), "dim")
        for key, a, b in changed_values(comparison):
            _line(console, f"  {key}: {a} -> {b}")
        console.print()
        if comparison.beside is None:
            console.print(_differences(comparison))
        else:
            _print_beside(console, comparison.beside)
        if comparison.objectives:
            _section(console, "objectives", objectives_table(comparison))
        if comparison.gates:
            _section(console, "gates", gates_table(comparison))
        console.print()
        if stored is not None:
            _line(console, f"report   {stored}")
    _line(console, comparison_summary(comparison))
    if comparison.gates:
        _line(console, gates_summary(comparison), gates_style(comparison))


def _style(results: Results) -> str:
    if not results.complete or results.checked.violations:
        return "bold red"
    if results.target is not None and target_verdict(results.target):
        return "bold red"
    return STYLES[results.verdict] if results.judged else "bold"


def _section(console: Console, title: str, table: Table) -> None:
    console.print()
    _line(console, title, "bold")
    console.print(table)


def _grid(*columns: tuple[str, bool]) -> Table:
    """A table without lines; each column is a title and whether it is aligned right."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for title, right in columns:
        table.add_column(title, justify="right" if right else "left", no_wrap=right)
    return table


def _outcomes(results: Results) -> Table:
    table = _grid(
        ("outcome", False), ("number", True), ("mean share", True), ("", False)
    )
    total = sent(results)
    for kind in Outcome:
        number = results.outcomes.get(kind, 0)
        part = number / total if total else 0.0
        table.add_row(
            kind.value,
            grouped(number),
            share_of(results, kind),
            Text(bar(part), style=OUTCOME_STYLES[kind]),
        )
    return table


def bar(part: float, width: int = BAR_WIDTH) -> str:
    """A bar in eighths of a column, at least one for a part above zero."""
    eighths = round(min(max(part, 0.0), 1.0) * width * 8)
    eighths = max(eighths, 1) if part > 0 else 0
    return FULL * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def _delays(results: Results) -> Table:
    table = _grid(
        ("", False),
        *((percentile(probability), True) for probability in QUANTILES),
        ("longest", True),
        ("measured", True),
    )
    if never_lines(results):
        table.add_column("", no_wrap=True)
    for one in results.distributions:
        table.add_row(
            metric_title(one.metric),
            *(quantile_text(one, probability) for probability in QUANTILES),
            "-" if one.maximum_us is None else duration(one.maximum_us),
            count(one.count),
            *([never_text(one)] if never_lines(results) else []),
        )
    return table


def _objectives(results: Results) -> Table:
    table = _grid(("", False), ("objective", False), ("found", False), ("why", False))
    for objective in results.objectives:
        verdict = objective.verdict
        table.add_row(
            Text(f"{OBJECTIVE_SIGNS[verdict]} {verdict.value}", style=STYLES[verdict]),
            Text(statement(objective)),
            Text(objective_found(objective, results)),
            Text(
                ""
                if verdict is ObjectiveVerdict.MET
                else objective_reason(objective, results)
            ),
        )
    return table


def _print_relay(console: Console, results: Results) -> None:
    pool = busiest(results)
    if pool is not None or not results.is_simulated:
        console.print()
    if pool is not None:
        _line(console, f"busiest relay pool   {pool_line(pool)}")
    _line(console, f"pending at most      {grouped(results.pending_peak)}")
    if gone := gone_text(results):
        _line(console, f"seen after the end   {gone}")
    if results.is_simulated:
        _line(console, f"engine               {engine_line(results)}", "dim")


def _print_target(console: Console, results: Results) -> None:
    """Print what is only known of an implementation."""
    run = results.target
    if run is None:
        return
    shown = operations_table(run)
    table = _grid(*((name, place > 0) for place, name in enumerate(shown.columns)))
    for row in shown.rows:
        table.add_row(*row)
    _section(console, "calls to the target, in wall time", table)
    console.print()
    for line in target_lines(results):
        _line(console, line)
    for one in run.broken[:MOST_FINDINGS]:
        _line(console, f"! {finding_line(one)}", "bold red")


def _print_trouble(console: Console, results: Results) -> None:
    """Print what casts doubt on all figures above."""
    for line in _trouble(results):
        _line(console, line, "bold red")
    if was_checked(results) and not results.checked.violations:
        _line(console, checked_line(results), "dim")


def _trouble(results: Results) -> Iterator[str]:
    if results.checked.violations:
        yield checked_line(results)
    for violated in results.checked.violations[:MOST_TROUBLE]:
        yield (
            f"! {clean(violated.invariant)} at {instant(violated.at_us)}:"
            f" {clean(violated.message)}"
        )
    for one in results.detached[:MOST_TROUBLE]:
        yield f"! instrument {clean(one.instrument)} detached: {clean(one.error)}"
    more = len(results.checked.violations) - MOST_TROUBLE
    if more > 0:
        yield f"! and {plural(more, 'violation')} more: results.json has all"


MOST_TROUBLE = 5


def _points(sweep: Sweep) -> Table:
    table = _grid(
        (clean(sweep.path), True),
        *(((clean(sweep.second_path), True),) if sweep.second_path else ()),
        ("notify p99", True),
        ("busiest pool", True),
        ("verdict", False),
        ("", False),
    )
    for point in sweep.points:
        verdict = point.results.verdict
        table.add_row(
            Text(clean(point.value)),
            *((Text(clean(point.second)),) if sweep.second_path else ()),
            delay_text(point),
            share(utilisation(point).mean),
            Text(
                f"{OBJECTIVE_SIGNS[verdict]} {headline(point.results)}",
                _style(point.results),
            ),
            objectives_line(point.results) if point.results.objectives else "",
        )
    return table


def _differences(comparison: Comparison) -> Table:
    a, b = names(comparison)
    table = _grid(
        ("figure", False),
        (a, True),
        (b, True),
        (f"{b} {MINUS} {a} (interval)", True),
        ("", False),
    )
    for one in comparison.differences:
        style = "bold" if one.significant else ""
        table.add_row(
            Text(name_of(one)),
            amount(one.a, one.unit),
            amount(one.b, one.unit),
            Text(interval(one), style=style),
            Text(verdict(one), style=style or "dim"),
        )
    return table


def _print_beside(console: Console, beside: Beside) -> None:
    """Print how far the model explains what was measured, and the calibration."""
    for one in beside.overlays:
        _line(console, overlay_text(one))
    table = _grid(("outcome", False), ("model", True), ("measured", True), ("", False))
    for pair in seen(beside.shares):
        style = "bold" if pair.different else "dim"
        table.add_row(
            pair.outcome.value,
            share_text(pair.model),
            share_text(pair.measured),
            Text(difference_text(pair), style=style),
        )
    console.print()
    console.print(table)
    console.print()
    for line in calibration_lines(beside.calibration):
        _line(console, line)


def _line(console: Console, text: str, style: str = "") -> None:
    """Print plain text: without markup, not wrapped."""
    console.print(Text(text, style=style), soft_wrap=True)
