"""`invitelab runs`: list the checks that are stored."""

import click


@click.command()
@click.argument("target", required=False)
def runs(target: str | None) -> int:
    """List the stored checks of a target, the newest first, or of all targets.

    TARGET is as for `check`, or the name or the folder of one. The last twenty runs of
    each target are kept, and the last one of the whole suite.
    """
    from invitelab.cli.support.run_store import store_of, stores, summaries
    from invitelab.reporting.conformance.run_list import run_lines

    known = [store_of(target)] if target else stores()[::-1]
    if not known:
        click.echo("no run is stored in reports/check; invitelab check stores one")
    for number, store in enumerate(known):
        if number:
            click.echo()
        click.echo(str(store))
        told = [(folder.name, one) for folder, one in summaries(store)]
        for line in run_lines(told[::-1]):
            click.echo(line)
    return 0
