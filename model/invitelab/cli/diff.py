"""`invitelab diff`: what is better or worse in the second of two checks.

Or how two learned machines differ.
"""

import click

_HINT = "name a folder that invitelab check has written, or its run.jsonl"


@click.command(options_metavar="[OPTIONS]")
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("-q", "--quiet", is_flag=True, help="Print only the conclusion.")
def diff(a: str | None, b: str | None, *, quiet: bool) -> int:
    """Show what changed between two checks, or between two learned machines.

    A and B are folders of `invitelab check`, or their run.jsonl: of two versions of an
    implementation, or of two implementations; or a target, for its last run. Without B
    the last run of the same target is meant, and without A the one before it. The exit
    code is 0 if nothing got worse from A to B, and 1 otherwise.

    Folders of `invitelab learn`, or their machine.json, are compared as machines: by
    the shortest sequences of inputs that tell them apart. The exit code is 0 if there
    is none, and 1 otherwise.
    """
    from invitelab.cli.support.compared_machines import are_machines, compare_machines

    if are_machines(a, b):
        return compare_machines(a, b, quiet=quiet)
    return _compare_runs(a, b, quiet=quiet)


def _compare_runs(a: str | None, b: str | None, *, quiet: bool) -> int:
    from invitelab.cli.support.compared_runs import compared
    from invitelab.conformance.execution.conclusion import read_run
    from invitelab.errors import ExitCode
    from invitelab.formats.reading import Kind, document_at
    from invitelab.reporting.conformance.differences import differences
    from invitelab.reporting.conformance.differences_terminal import print_differences
    from invitelab.reporting.conformance.terminal import report_console

    paths = compared(a, b)
    before, after = (
        read_run(document_at(path, Kind.RUN, hint=_HINT)) for path in paths
    )
    found = differences(before, after)
    names = (str(paths[0]), str(paths[1]))
    print_differences(report_console(), found, names, quiet=quiet)
    return ExitCode.NON_CONFORMANT if found.worse else ExitCode.CONFORMANT
