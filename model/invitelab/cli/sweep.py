"""`invitelab sweep`: one value of a scenario at several settings."""

from pathlib import Path

import click

from invitelab.cli.support.options import Settings, Wanted, simulation_options


@click.command(options_metavar="--set PATH=VALUES [OPTIONS]")
@click.argument("scenario")
@click.option(
    "--set",
    "given",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="relay.servers=1..8, 10..50..10, or arrivals.rate=10/s,20/s. May be repeated "
    "with one value each.",
)
@simulation_options("reports/sweep/NAME")
def sweep(
    scenario: str,
    *,
    given: tuple[str, ...],
    seed: int | None,
    replications: int | None,
    workers: int,
    output: Path | None,
    quiet: bool,
) -> int:
    """Simulate a scenario at several settings of one value.

    SCENARIO is a file, or the name of one that ships (see `invitelab scenarios`). All
    points share their chance: what differs is the value's doing. The exit code is 0
    whatever the objectives say: where they begin to fail is what a sweep looks for.
    """
    from invitelab.cli.support.overrides import sweep_changes
    from invitelab.cli.support.run_simulation import sweep_scenario

    path, values, fixed = sweep_changes(given)
    return sweep_scenario(
        Wanted(scenario=scenario, changes=fixed),
        path,
        values,
        Settings(
            seed=seed,
            replications=replications,
            workers=workers,
            output=output,
            quiet=quiet,
        ),
    )
