"""`invitelab compare`: significant differences between two simulations."""

from pathlib import Path

import click

from invitelab.cli.support.options import output_option


@click.command(options_metavar="[OPTIONS]")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@output_option("no report is written")
@click.option("-q", "--quiet", is_flag=True, help="Print only the conclusion.")
def compare(a: Path, b: Path, *, output: Path | None, quiet: bool) -> int:
    """Compare two stored simulations.

    A and B are folders of `invitelab simulate`, or their results.json. Runs with the
    same seed are compared replication by replication, which reveals small differences.
    """
    from invitelab.cli.support.run_comparison import compare_simulations

    return compare_simulations(a, b, output, quiet=quiet)
