"""`invitelab report`: the report of an earlier run, drawn again."""

from collections.abc import Sequence
from pathlib import Path

import click


@click.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where several checks go side by side.  [default: the folder they are in]",
)
def report(paths: Sequence[Path], output: Path | None) -> int:
    """Draw the report of a check, a simulation, a sweep or a proof again.

    PATHS are the folders where they were written, or the files that say all: run.jsonl,
    results.json, sweep.json or proof.json. Several checks are put side by side.
    """
    from invitelab.cli.support.checked import beside, is_check, side_by_side
    from invitelab.cli.support.proven import draw_proof_again, is_proof
    from invitelab.cli.support.stored import draw_again
    from invitelab.errors import UsageError

    if all(is_check(path) for path in paths):
        alone = len(paths) == 1 and output is None
        return beside(paths[0]) if alone else side_by_side(paths, output)
    if len(paths) > 1:
        msg = "only the runs of invitelab check can be put side by side"
        raise UsageError(msg, hint="invitelab compare takes two simulations")
    if output is not None:
        msg = "--output is for several checks side by side"
        raise UsageError(msg, hint="any other report goes beside what it is drawn from")
    if is_proof(paths[0]):
        return draw_proof_again(paths[0])
    try:
        return draw_again(paths[0])
    except UsageError as error:
        hint = (
            "name a folder that invitelab check, simulate, sweep or prove has written"
        )
        raise UsageError(str(error), hint=hint) from error
