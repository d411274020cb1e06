"""`invitelab diff`: two checks, and what has become better or worse between them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from invitelab.formats.run import Run

RUN = "run.jsonl"

_HINT = "name a folder that invitelab check has written, or its run.jsonl"


@click.command(options_metavar="[OPTIONS]")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option("-q", "--quiet", is_flag=True, help="Only what they come to.")
def diff(a: Path, b: Path, *, quiet: bool) -> int:
    """Tell what has changed from one check to another.

    A and B are folders of `invitelab check`, or their run.jsonl: of two versions of an
    implementation, or of two implementations. Exit code 0 when nothing got worse from A
    to B, 1 when something did.
    """
    from invitelab.errors import ExitCode
    from invitelab.reporting.conformance.differences import differences
    from invitelab.reporting.conformance.differences_terminal import print_differences
    from invitelab.reporting.conformance.terminal import report_console

    found = differences(_run(a), _run(b))
    names = (str(a), str(b))
    print_differences(report_console(), found, names, quiet=quiet)
    return ExitCode.NON_CONFORMANT if found.worse else ExitCode.CONFORMANT


def _run(path: Path) -> "Run":
    """The run in a folder or a file; UsageError in one sentence where none is."""
    from invitelab.conformance.execution.conclusion import read_run

    return read_run(_file_of(path) if path.is_dir() else path)


def _file_of(folder: Path) -> Path:
    """The run.jsonl of a folder, or why it has none."""
    from invitelab.errors import UsageError
    from invitelab.safe_text import printable

    if (folder / RUN).exists():
        return folder / RUN
    name = printable(str(folder))
    if (folder / "results.json").is_file():
        raise UsageError(
            f"{name} holds a simulation, not a check",
            hint="invitelab compare is for those",
        )
    raise UsageError(f"{name} holds no {RUN}", hint=_HINT)
