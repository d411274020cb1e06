"""`invitelab compare`: significant differences between two simulations."""

from pathlib import Path

import click

from invitelab.cli.support.options import output_option
from invitelab.cli.support.output_format import format_option
from invitelab.cli.support.settings import LINES


@click.command(options_metavar="[OPTIONS]")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@output_option("no report is written")
@click.option("-q", "--quiet", is_flag=True, help="Print only the conclusion.")
@click.option(
    "--fail-if",
    "gates",
    multiple=True,
    type=LINES,
    metavar="GATE",
    help="Exit with 1 if a figure of B is surely beyond this, such as 'notify_delay "
    "p99 +10%', 'decision_delay p50 +200ms', 'accepted -2%' or 'missed'; repeatable.",
)
@format_option
def compare(
    a: Path, b: Path, *, output: Path | None, quiet: bool, gates: tuple[str, ...]
) -> int:
    """Compare two stored simulations.

    A and B are folders of `invitelab simulate`, or their results.json. Runs with the
    same seed are compared replication by replication, which reveals small differences.
    With gates the exit code is 1 if one fails, and 4 if one is undecided.
    """
    from invitelab.cli.support.run_comparison import compare_simulations

    return compare_simulations(a, b, output, gates=gates, quiet=quiet)
