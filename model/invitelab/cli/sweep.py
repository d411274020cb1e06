"""`invitelab sweep`: a scenario at several settings of one value, or of two."""

from pathlib import Path

import click

from invitelab.cli.support.check_options import profile_option, use_profile
from invitelab.cli.support.completion import complete_scenarios
from invitelab.cli.support.once_option import OnceOption
from invitelab.cli.support.options import ScenarioRequest, Settings, simulation_options
from invitelab.cli.support.output_format import format_option
from invitelab.cli.support.settings import LINES


@click.command(options_metavar="--set PATH=VALUES|--find PATH=VALUES [OPTIONS]")
@click.argument("scenario", shell_complete=complete_scenarios)
@click.option(
    "--set",
    "given",
    multiple=True,
    type=LINES,
    metavar="PATH=VALUES",
    help="The values to try: relay.servers=1..8, relay.servers=10..50..10 or "
    "arrivals.rate=10/s,20/s. Two such give a grid. Repeat --set to override other "
    "values.",
)
@click.option(
    "--find",
    cls=OnceOption,
    metavar="PATH=VALUES",
    help="Find the smallest of these values that meets all objectives, by bisection: "
    "relay.servers=1..64.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Validate everything, say what would be run, and run nothing.",
)
@profile_option
@simulation_options("reports/sweep/NAME")
@format_option
def sweep(
    scenario: str,
    *,
    given: tuple[str, ...],
    find: str | None,
    dry_run: bool,
    profile: Path | None,
    seed: int | None,
    replications: int | None,
    workers: int | None,
    cluster: str | None,
    scale: int,
    engine: str | None,
    output: Path | None,
    quiet: bool,
) -> int:
    """Simulate a scenario at several settings of one value, or of two.

    SCENARIO is a file, or a name that `invitelab scenarios` lists. All points use
    common random numbers, so that differences come from the value alone. The exit code
    is 0 even where objectives are missed: a sweep looks for the value where that
    begins. With --find it is 1 where no value meets them, and 4 where it is undecided
    which one is the smallest.
    """
    from invitelab.cli.support.overrides import given_for, parse_find, parse_sweep
    from invitelab.cli.support.run_sweep import search_scenario, sweep_scenario
    from invitelab.cli.support.sweep_dry_run import dry_run_search, dry_run_sweep

    use_profile(profile)
    settings = Settings(
        seed=seed,
        replications=replications,
        workers=workers,
        cluster=cluster,
        output=output,
        quiet=quiet,
    )

    def request(fixed: dict[str, object]) -> ScenarioRequest:
        return ScenarioRequest(
            scenario=scenario,
            overrides=fixed,
            given=given_for(given, fixed),
            scale=scale,
        ).by_engine(engine)

    if find is not None:
        path, texts, others = parse_find(find, given)
        search = dry_run_search if dry_run else search_scenario
        return search(request(others), path, texts, settings)
    swept, fixed = parse_sweep(given)
    run = dry_run_sweep if dry_run else sweep_scenario
    return run(request(fixed), swept, settings)
