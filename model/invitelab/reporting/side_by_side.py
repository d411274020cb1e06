"""Several runs on a terminal: where they differ, and the verdict of each."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from invitelab.records import Level, Run, ScenarioRecord, Verdict
from invitelab.reporting.summary import (
    denominators,
    scenario_counts,
    target_line,
    verdict_line,
    verdict_word,
)
from invitelab.reporting.terminal import RUN_STYLES, STYLES, line


def print_runs(
    console: Console, runs: Sequence[Run], *, stored: Path, quiet: bool = False
) -> None:
    """What is not green everywhere, then every verdict; `quiet` leaves the verdicts."""
    if not quiet:
        for number, run in enumerate(runs, start=1):
            line(console, f"[{number}] {target_line(run.header)}")
        console.print()
        table = _differences(runs)
        if table.row_count:
            console.print(table)
            console.print()
        line(console, f"report  {stored}")
        console.print()
    for number, run in enumerate(runs, start=1):
        if quiet:
            line(console, f"[{number}] {target_line(run.header)}")
        style = RUN_STYLES[run.footer.verdict] if run.footer else "bold red"
        lead = "   " if quiet else f"[{number}]"
        line(console, f"{lead} {scenario_counts(run)}; {denominators(run)}")
        line(console, f"    {verdict_line(run)}", style)


def _differences(runs: Sequence[Run]) -> Table:
    """One row a clause that does not pass everywhere, one column a run."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("clause", no_wrap=True, min_width=12)
    for number in range(1, len(runs) + 1):
        table.add_column(f"[{number}]", no_wrap=True, min_width=16)
    table.add_column("what must be observable", overflow="ellipsis", no_wrap=True)
    for rows in zip(*(run.clauses for run in runs), strict=False):
        verdicts = {row.verdict for row in rows}
        if verdicts <= {Verdict.PASS} or verdicts <= {None, Verdict.NOT_RUN}:
            continue
        bold = "bold" if rows[0].level is Level.REQUIRED else ""
        cells = [Text(verdict_word(r.verdict), style=STYLES[r.verdict]) for r in rows]
        table.add_row(Text(rows[0].clause, style=bold), *cells, Text(rows[0].text))
    return table


def print_repeats(console: Console, repeats: Sequence[Sequence[Run]]) -> None:
    """Whether the runs of each target ended alike, and what did not."""
    for runs in repeats:
        changing = list(_changing(runs))
        target = target_line(runs[0].header)
        if not changing:
            line(console, f"{target}: {len(runs)} runs, all alike", "green")
            continue
        line(console, f"{target}: {len(runs)} runs, not alike", "bold yellow")
        for title, verdicts in changing:
            line(console, f"  {title}: {', '.join(verdicts)}")


def _changing(runs: Sequence[Run]) -> Iterator[tuple[str, list[str]]]:
    """The scenarios that did not always end alike."""
    for records in zip(*(run.scenarios for run in runs), strict=False):
        verdicts = [record.verdict.value for record in records]
        if len(set(verdicts)) > 1:
            yield _name(records[0]), verdicts


def _name(record: ScenarioRecord) -> str:
    example = f" [{record.example}]" if record.example else ""
    return f"{' '.join(record.clauses)} {record.title}{example}"
