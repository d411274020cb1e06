"""`invitelab simulate`: a scenario, run and reported."""

from pathlib import Path

import click

from invitelab.cli.support.options import Settings, Wanted, simulation_options


@click.command(options_metavar="[OPTIONS]")
@click.argument("scenario")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="PATH=VALUE",
    help="Another value for this run: relay.servers=4. May be repeated.",
)
@simulation_options("reports/load/NAME")
def simulate(
    scenario: str,
    *,
    given: tuple[str, ...],
    seed: int | None,
    replications: int | None,
    workers: int,
    output: Path | None,
    quiet: bool,
) -> int:
    """Simulate a scenario and judge its objectives.

    SCENARIO is a file, or the name of one that ships (see `invitelab scenarios`).
    Exit code 0: all objectives are met; 1: one is missed; 4: one is undecided.
    """
    from invitelab.cli.support.overrides import changes
    from invitelab.cli.support.run_simulation import simulate_scenario

    return simulate_scenario(
        Wanted(scenario=scenario, changes=changes(given), given=given),
        Settings(
            seed=seed,
            replications=replications,
            workers=workers,
            output=output,
            quiet=quiet,
        ),
    )
