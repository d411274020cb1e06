"""Simulations, sweeps and comparisons on a terminal, with the verdict last."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from invitelab.formats.results import ObjectiveVerdict, Outcome, Results
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.reporting.common.formatting import (
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
from invitelab.reporting.load.comparison_text import (
    SIGNIFICANCE,
    amount,
    changed_values,
    comparison_line,
    comparison_summary,
    interval,
    name_of,
)
from invitelab.reporting.load.metric_text import metric_title
from invitelab.reporting.load.objective_text import (
    objective_found,
    objective_reason,
    objectives_line,
    statement,
)
from invitelab.reporting.load.percentile_curve import quantile_text
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

STYLES = {
    ObjectiveVerdict.MET: "green",
    ObjectiveVerdict.MISSED: "bold red",
    ObjectiveVerdict.UNDECIDED: "yellow",
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
        _line(console, run_line(results), "dim")
        _section(console, sent_line(results), _outcomes(results))
        _section(console, "delays", _delays(results))
        if results.objectives:
            _section(console, "objectives", _objectives(results))
        _print_relay(console, results)
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
        _line(console, f"{clean(sweep.path)}: {sweep_line(sweep)}", "dim")
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
        console.print(_differences(comparison))
        console.print()
        if stored is not None:
            _line(console, f"report   {stored}")
    _line(console, comparison_summary(comparison))


def _style(results: Results) -> str:
    if not results.complete or results.checked.violations:
        return "bold red"
    return STYLES[results.verdict] if results.objectives else "bold"


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
    if pool is not None:
        console.print()
        _line(console, f"busiest relay pool   {pool_line(pool)}")
    _line(console, f"pending at most      {grouped(results.pending_peak)}")
    _line(console, f"engine               {engine_line(results)}", "dim")


def _print_trouble(console: Console, results: Results) -> None:
    """Print what casts doubt on all figures above."""
    for line in _trouble(results):
        _line(console, line, "bold red")
    if not results.checked.violations:
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
        ("notify p99", True),
        ("busiest pool", True),
        ("verdict", False),
        ("", False),
    )
    for point in sweep.points:
        verdict = point.results.verdict
        table.add_row(
            Text(clean(point.value)),
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
    table = _grid(
        ("figure", False),
        ("a", True),
        ("b", True),
        ("b - a (interval)", True),
        ("", False),
    )
    for one in comparison.differences:
        style = "bold" if one.significant else ""
        table.add_row(
            Text(name_of(one)),
            amount(one.a, one.unit),
            amount(one.b, one.unit),
            Text(interval(one), style=style),
            Text(SIGNIFICANCE[one.significant], style=style or "dim"),
        )
    return table


def _line(console: Console, text: str, style: str = "") -> None:
    """Print plain text: without markup, not wrapped."""
    console.print(Text(text, style=style), soft_wrap=True)
