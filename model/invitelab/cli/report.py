"""`invitelab report`: the report of an earlier run, drawn again."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def report(folder: Path) -> int:
    """Draw the report of a simulation or a sweep again.

    FOLDER is where it was written: its results.json or sweep.json says all.
    """
    from invitelab.cli.stored import draw_again

    return draw_again(folder)
