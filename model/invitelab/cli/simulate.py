"""`invitelab simulate`: simulate a scenario and report on it."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from invitelab.cli.support.check_options import profile_option, use_profile
from invitelab.cli.support.completion import complete_scenarios
from invitelab.cli.support.once_option import OnceOption
from invitelab.cli.support.options import ScenarioRequest, Settings, simulation_options
from invitelab.cli.support.output_format import format_option
from invitelab.cli.support.settings import LINES
from invitelab.errors import UsageError

if TYPE_CHECKING:
    from invitelab.cli.support.run_target import TargetRequest


@click.command(options_metavar="[OPTIONS]")
@click.argument("scenario", shell_complete=complete_scenarios)
@click.option(
    "--set",
    "given",
    multiple=True,
    type=LINES,
    metavar="PATH=VALUE",
    help="Override a value, such as relay.servers=4; repeatable.",
)
@click.option(
    "--target",
    cls=OnceOption,
    metavar="TARGET",
    help="Have the people use an implementation instead: as in `invitelab check`.",
)
@click.option(
    "--connections",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Connections to a target with a real clock; they share the rooms.",
)
@click.option(
    "--thorough",
    is_flag=True,
    help="With a target: unusual clients, and clicks that should do nothing.",
)
@click.option(
    "--live",
    is_flag=True,
    help="Serve a page that shows the run while it goes on, to this machine alone.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Validate everything, say what would be run, and run nothing.",
)
@profile_option
@simulation_options("reports/load/NAME")
@format_option
def simulate(
    scenario: str,
    *,
    given: tuple[str, ...],
    target: str | None,
    connections: int,
    thorough: bool,
    live: bool,
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
    """Simulate a scenario and judge its objectives.

    SCENARIO is a file, or a name that `invitelab scenarios` lists. The exit code is 0
    if all objectives are met, 1 if one is missed, and 4 if one is undecided. With a
    target it is also 1 if a required clause is broken, or if an attempt went otherwise
    than with the reference by no interpretation; and 3 if over 1 % were lost.
    """
    from invitelab.cli.support.overrides import parse_overrides
    from invitelab.cli.support.run_simulation import simulate_scenario

    use_profile(profile)
    request = ScenarioRequest(
        scenario=scenario,
        overrides=parse_overrides(given),
        given=given,
        scale=scale,
    )
    settings = Settings(
        seed=seed,
        replications=replications,
        workers=workers,
        cluster=cluster,
        output=output,
        quiet=quiet,
        live=live,
    )
    _refuse(target, profile, thorough=thorough, connections=connections)
    if live:
        _check_live()
    if target is None:
        if dry_run:
            return _dry_run(request.by_engine(engine), settings, None)
        return simulate_scenario(request.by_engine(engine), settings)
    from invitelab.cli.support.run_target import TargetRequest, simulate_target

    wanted = TargetRequest(
        text=target, connections=connections, thorough=thorough, engine=engine
    )
    if dry_run:
        return _dry_run(request, settings, wanted)
    return simulate_target(request, wanted, settings)


def _check_live() -> None:
    """Raise UsageError where the extra is missing."""
    import_module("invitelab.live")


def _dry_run(
    request: ScenarioRequest, settings: Settings, wanted: "TargetRequest | None"
) -> int:
    """Say what would be run, by whichever way."""
    from invitelab.cli.support.dry_run import dry_run

    return dry_run(request, settings, wanted)


def _refuse(
    target: str | None, profile: Path | None, *, thorough: bool, connections: int
) -> None:
    """Raise UsageError for options that do not go together."""
    if target is not None and profile is not None:
        raise UsageError(
            "--profile and --target do not go together: what a target does under "
            "load is judged, and compared with the reference, by the specification "
            "alone",
            hint="invitelab check TARGET --profile FILE judges it by the variant",
        )
    alone = {"--thorough": thorough, "--connections": connections > 1}
    for option, is_given in alone.items():
        if target is None and is_given:
            raise UsageError(
                f"{option} needs a --target",
                hint="a simulation has clients of its own",
            )
