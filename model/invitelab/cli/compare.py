"""`invitelab compare`: two runs, and which of their differences are no chance."""

from pathlib import Path

import click

from invitelab.cli.support.options import output_option


@click.command(options_metavar="[OPTIONS]")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@output_option("none is written")
@click.option("-q", "--quiet", is_flag=True, help="Only what they come to.")
def compare(a: Path, b: Path, *, output: Path | None, quiet: bool) -> int:
    """Compare two simulations that were run before.

    A and B are folders of `invitelab simulate`, or their results.json. Runs of the same
    seed are compared replication by replication, which shows small differences.
    """
    from invitelab.cli.support.stored import compare_stored

    return compare_stored(a, b, output, quiet=quiet)
