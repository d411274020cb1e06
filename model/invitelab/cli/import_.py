"""`invitelab import`: results and report of what was measured elsewhere."""

from pathlib import Path

import click

from invitelab.cli.support.once_option import OnceOption
from invitelab.cli.support.options import output_option


@click.command("import", options_metavar="[OPTIONS]")
@click.argument("events", type=click.Path(path_type=Path))
@click.option(
    "--scenario",
    cls=OnceOption,
    metavar="SCENARIO",
    help="The scenario that was played: its duration, warm-up and objectives.",
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="PATH=VALUE",
    help="Override a value of the scenario, such as duration=4min; repeatable.",
)
@click.option(
    "--time",
    type=click.Choice(("ms", "us", "s", "iso")),
    default="ms",
    help="Unit of the instants of columns that name none; iso: date, time and zone.  "
    "[default: ms]",
)
@click.option(
    "--begin",
    metavar="INSTANT",
    help="When the run began, in the unit of --time.  [default: 0, or the first "
    "invitation where instants are dates]",
)
@click.option(
    "--name",
    metavar="TEXT",
    help="What was measured, to be named in the report.  [default: the file]",
)
@output_option("reports/import/NAME")
@click.option("-q", "--quiet", is_flag=True, help="Print only the verdict.")
def import_(
    events: Path,
    *,
    scenario: str | None,
    given: tuple[str, ...],
    time: str,
    begin: str | None,
    name: str | None,
    output: Path | None,
    quiet: bool,
) -> int:
    """Make results and a report of invitations that were measured elsewhere.

    EVENTS is a CSV file with a row for each invitation: when it was sent, shown,
    decided, joined and ended; docs/measured-elsewhere.md explains the columns. The
    exit code is that of `invitelab simulate`.
    """
    from invitelab.cli.support.overrides import parse_overrides
    from invitelab.cli.support.run_import import ImportRequest, import_events

    parse_overrides(given)  # a mistake in an override is told first
    return import_events(
        ImportRequest(
            events=events,
            scenario=scenario,
            given=given,
            time=time,
            begin=begin,
            name=name,
        ),
        output,
        quiet=quiet,
    )
