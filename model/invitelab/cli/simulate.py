"""`invitelab simulate`: simulate a scenario and report on it."""

from pathlib import Path

import click

from invitelab.cli.support.options import ScenarioRequest, Settings, simulation_options


@click.command(options_metavar="[OPTIONS]")
@click.argument("scenario")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="PATH=VALUE",
    help="Override a value, such as relay.servers=4; repeatable.",
)
@simulation_options("reports/load/NAME")
def simulate(
    scenario: str,
    *,
    given: tuple[str, ...],
    seed: int | None,
    replications: int | None,
    workers: int | None,
    cluster: str | None,
    scale: int,
    engine: str | None,
    output: Path | None,
    quiet: bool,
) -> int:
    """Simulate a scenario and judge its objectives.

    SCENARIO is a file, or a name that `invitelab scenarios` lists. The exit code is 0
    if all objectives are met, 1 if one is missed, and 4 if one is undecided.
    """
    from invitelab.cli.support.overrides import parse_overrides
    from invitelab.cli.support.run_simulation import simulate_scenario

    return simulate_scenario(
        ScenarioRequest(
            scenario=scenario,
            overrides=parse_overrides(given),
            given=given,
            scale=scale,
        ).by_engine(engine),
        Settings(
            seed=seed,
            replications=replications,
            workers=workers,
            cluster=cluster,
            output=output,
            quiet=quiet,
        ),
    )
