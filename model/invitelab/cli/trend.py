"""`invitelab trend`: the verdicts of a target by clause, over its stored runs."""

from pathlib import Path

import click

from invitelab.cli.support.once_option import OnceOption


@click.command(options_metavar="[OPTIONS]")
@click.argument("target")
@click.option(
    "--by",
    cls=OnceOption,
    type=click.Choice(["run", "version"]),
    default="run",
    show_default=True,
    help="One column for each run, or for the last run of each version.",
)
@click.option("--parts", is_flag=True, help="Also show runs of a part of the suite.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of trend.html.  [default: reports/check/TARGET]",
)
def trend(target: str, by: str, *, parts: bool, output: Path | None) -> int:
    """Show how the verdicts of a target have changed, clause by clause.

    TARGET is as for `check`, or the name or the folder of one. Runs of a part of the
    suite are left out, unless there are no others; so are those that were judged by
    another profile than the last one.
    """
    from invitelab.cli.support.run_store import store_of, summaries
    from invitelab.errors import UsageError
    from invitelab.reporting.common.files import prepare, write_whole
    from invitelab.reporting.conformance import trend as trends

    store = store_of(target)
    every = [(folder.name, one) for folder, one in summaries(store)]
    if not every:
        msg = f"the runs in {store} cannot be read"
        raise UsageError(msg, hint="run the check again")
    whole = [(name, one) for name, one in every if one.whole]
    known = every if parts or not whole else whole
    shown = trends.by_one_product(known)
    others = len(known) - len(shown)
    if by == "version":
        shown = trends.by_version(shown)
    last = shown[-1][1]
    found = trends.trend(last.name or last.target, shown, by=by)
    folder = output or store
    prepare(folder)
    write_whole(folder / "trend.html", trends.trend_page(found))
    for line in trends.trend_lines(found):
        click.echo(line)
    if others:
        click.echo(trends.left_out(others))
    click.echo(f"report  {folder / 'trend.html'}")
    return 0
