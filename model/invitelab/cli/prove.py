"""`invitelab prove`: whether the suite tells right implementations from wrong ones."""

from pathlib import Path

import click

from invitelab.cli.support.options import output_option
from invitelab.cli.support.output_format import format_option
from invitelab.processes.processors import MOST_WORKERS, processors

MOST_SEEDS = 1000
"""More would take days."""


@click.command(options_metavar="[OPTIONS]")
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    default=processors,
    help="Number of processes; it does not change the proof.  "
    "[default: one per processor]",
)
@click.option(
    "--panel-seeds",
    type=click.IntRange(1, MOST_SEEDS),
    metavar="N",
    default=1,
    show_default=True,
    help="Try each conforming variant with the seeds 0 to N - 1.",
)
@output_option("reports/proof")
@click.option(
    "-q", "--quiet", is_flag=True, help="Print only findings and the verdict."
)
@format_option
def prove(*, workers: int, panel_seeds: int, output: Path | None, quiet: bool) -> int:
    """Prove the suite on wrong, empty and unusual implementations.

    Every mutant must be killed by the clause that it breaks, every null implementation
    must fail, and every conforming variant must pass, over every transport. The exit
    code is 0 if all of this holds, and 1 otherwise.
    """
    from invitelab.cli.support.run_proof import prove_suite

    return prove_suite(workers, output, seeds=panel_seeds, quiet=quiet)
