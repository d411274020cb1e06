"""`invitelab diff`: what is better or worse in the second of two checks."""

from pathlib import Path

import click

_HINT = "name a folder that invitelab check has written, or its run.jsonl"


@click.command(options_metavar="[OPTIONS]")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option("-q", "--quiet", is_flag=True, help="Print only the conclusion.")
def diff(a: Path, b: Path, *, quiet: bool) -> int:
    """Show what changed from one check to another.

    A and B are folders of `invitelab check`, or their run.jsonl: of two versions of an
    implementation, or of two implementations. The exit code is 0 if nothing got worse
    from A to B, and 1 otherwise.
    """
    from invitelab.conformance.execution.conclusion import read_run
    from invitelab.errors import ExitCode
    from invitelab.formats.reading import Kind, document_at
    from invitelab.reporting.conformance.differences import differences
    from invitelab.reporting.conformance.differences_terminal import print_differences
    from invitelab.reporting.conformance.terminal import report_console

    before, after = (
        read_run(document_at(path, Kind.RUN, hint=_HINT)) for path in (a, b)
    )
    found = differences(before, after)
    names = (str(a), str(b))
    print_differences(report_console(), found, names, quiet=quiet)
    return ExitCode.NON_CONFORMANT if found.worse else ExitCode.CONFORMANT
