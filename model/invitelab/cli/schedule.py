"""`invitelab schedule`: what the users of a scenario intend, as a table."""

import click

from invitelab.cli.support.completion import complete_scenarios


@click.command(options_metavar="[OPTIONS]")
@click.argument("scenario", shell_complete=complete_scenarios)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="PATH=VALUE",
    help="Override a value, such as arrivals.rate=40/s; repeatable.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    metavar="N",
    help="Seed of the random numbers.  [default: the scenario's]",
)
@click.option(
    "--replication",
    type=click.IntRange(0, 999),
    metavar="N",
    default=0,
    help="The replication to tell, from 0.  [default: 0]",
)
@click.option(
    "--scale",
    type=click.IntRange(1, 100_000),
    metavar="N",
    default=1,
    help="N times the clients and arrivals.",
)
@click.option(
    "--clients",
    is_flag=True,
    help="Print the clients instead: ID, alias, version, platform.",
)
def schedule(
    scenario: str,
    *,
    given: tuple[str, ...],
    seed: int | None,
    replication: int,
    scale: int,
    clients: bool,
) -> None:
    """Print who invites whom when, and what they do then, as CSV.

    For tools that play a scenario themselves: one row for each attempt to invite, with
    times in microseconds; docs/measured-elsewhere.md explains the columns. SCENARIO is
    a file, or a name that `invitelab scenarios` lists.
    """
    from invitelab.cli.support.options import ScenarioRequest
    from invitelab.cli.support.overrides import parse_overrides
    from invitelab.cli.support.run_schedule import print_schedule

    request = ScenarioRequest(
        scenario=scenario,
        overrides=parse_overrides(given),
        given=given,
        scale=scale,
    )
    print_schedule(request, seed, replication, clients=clients)
