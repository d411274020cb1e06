"""`invitelab sweep`: simulate a scenario at several settings of one value."""

from pathlib import Path

import click

from invitelab.cli.support.options import ScenarioRequest, Settings, simulation_options


@click.command(options_metavar="--set PATH=VALUES [OPTIONS]")
@click.argument("scenario")
@click.option(
    "--set",
    "given",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="The values to try: relay.servers=1..8, relay.servers=10..50..10 or "
    "arrivals.rate=10/s,20/s. Repeat --set to override other values.",
)
@simulation_options("reports/sweep/NAME")
def sweep(
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
    """Simulate a scenario at several settings of one value.

    SCENARIO is a file, or a name that `invitelab scenarios` lists. All points use
    common random numbers, so that differences come from the value alone. The exit code
    is 0 even where objectives are missed: a sweep looks for the value where that
    begins.
    """
    from invitelab.cli.support.overrides import parse_sweep
    from invitelab.cli.support.run_simulation import sweep_scenario

    path, values, fixed = parse_sweep(given)
    return sweep_scenario(
        ScenarioRequest(scenario=scenario, overrides=fixed, scale=scale).by_engine(
            engine
        ),
        path,
        values,
        Settings(
            seed=seed,
            replications=replications,
            workers=workers,
            cluster=cluster,
            output=output,
            quiet=quiet,
        ),
    )
