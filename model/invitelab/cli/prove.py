"""`invitelab prove`: what the suite catches, and what it leaves alone."""

from pathlib import Path

import click

from invitelab.cli.support.options import MOST_WORKERS, output_option, processors


@click.command(options_metavar="[OPTIONS]")
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    default=processors,
    help="Processes; the proof is the same.  [default: one a processor]",
)
@output_option("reports/proof")
@click.option(
    "-q", "--quiet", is_flag=True, help="Only what is wrong, and the verdict."
)
def prove(*, workers: int, output: Path | None, quiet: bool) -> int:
    """Prove the suite on implementations that are wrong, hollow or odd.

    Every wrong one must be caught by the clause that it breaks, whoever does nothing
    must fail, and whoever is right must pass, however odd and however it is reached.
    Exit code 0 when all of it is so, 1 when anything is not.
    """
    from invitelab.cli.support.run_proof import prove_suite

    return prove_suite(workers, output, quiet=quiet)
