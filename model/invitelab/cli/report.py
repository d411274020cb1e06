"""`invitelab report`: redraw the report of a stored run."""

from collections.abc import Sequence
from pathlib import Path

import click


@click.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the common report of several checks.  [default: the folder that "
    "contains them]",
)
def report(paths: Sequence[Path], output: Path | None) -> int:
    """Redraw the report of what a command has stored.

    PATHS are folders that check, simulate, sweep, compare, prove or learn have written,
    or their data files: run.jsonl, results.json, sweep.json, comparison.json,
    proof.json or machine.json. Several checks get one report, side by side.
    """
    from invitelab.cli.support.redraw import redraw, redraw_side_by_side
    from invitelab.errors import UsageError
    from invitelab.formats.reading import Kind, kind_at

    if len(paths) == 1 and output is None:
        return redraw(paths[0])
    if all(kind_at(path) is Kind.RUN for path in paths):
        return redraw_side_by_side(paths, output)
    if len(paths) > 1:
        msg = "only the runs of invitelab check can be put side by side"
        raise UsageError(msg, hint="invitelab compare takes two simulations")
    msg = "--output is for several checks side by side"
    raise UsageError(msg, hint="any other report is written next to its data")
