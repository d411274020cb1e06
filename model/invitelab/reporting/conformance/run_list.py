"""Stored runs of a target as lines, one for each run."""

from collections.abc import Iterator, Sequence

from invitelab.formats.run import Verdict
from invitelab.formats.run_summary import RunSummary
from invitelab.reporting.common.formatting import plural

GAP = "  "


def run_lines(runs: Sequence[tuple[str, RunSummary]]) -> Iterator[str]:
    """A line for each run, by the name of its folder."""
    rows = [
        (
            name,
            one.verdict,
            scenarios_text(one),
            f"seed {one.seed}",
            one.implementation or "no answer",
        )
        for name, one in runs
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {GAP.join(cells)}".rstrip()


def scenarios_text(one: RunSummary) -> str:
    """How many scenarios ended how: `336 scenarios: 330 pass, 6 fail`."""
    counts = {
        verdict: one.totals.get(f"scenarios {verdict.value}", 0) for verdict in Verdict
    }
    told = [f"{count} {verdict.value}" for verdict, count in counts.items() if count]
    total = plural(one.scenarios, "scenario")
    return f"{total}: {', '.join(told)}" if told else total
