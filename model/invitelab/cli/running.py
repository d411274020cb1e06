"""What `check` and `demo` share: progress, the run's folder, the printed verdict."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from invitelab.adapters.target import Target
from invitelab.cli.provenance import now, provenance
from invitelab.conformance.lint import count
from invitelab.conformance.runner import Finished, Selection, run_suite
from invitelab.reporting.files import prepare, write_run
from invitelab.reporting.terminal import print_run, report_console

DEFAULT_FOLDER = Path("reports") / "check"


def check_target(
    target: Target, selection: Selection, output: Path | None, *, quiet: bool = False
) -> int:
    """Run, store, print; the exit code of the run."""
    whole = not selection.clauses and not selection.scenarios
    # A partial run never takes the place of a whole one.
    default = DEFAULT_FOLDER / (target.slug if whole else f"{target.slug}-partial")
    folder = output or default
    prepare(folder)
    started = now()
    finished = _run(target, selection, quiet=quiet)
    stored = write_run(
        folder,
        finished.run,
        finished.text,
        provenance(started, finished.run.header.harness),
    )
    console = report_console()
    print_run(console, finished.run, stored=stored, quiet=quiet)
    footer = finished.run.footer
    assert footer is not None, "an unfinished run is an error of the runner's"
    return footer.exit_code


def _run(target: Target, selection: Selection, *, quiet: bool) -> Finished:
    """With a bar on a terminal, with one line elsewhere, in silence when quiet."""
    console = Console(stderr=True, highlight=False, emoji=False)
    what = f"checking {target.text}"
    if quiet or not console.is_terminal:
        if not quiet:
            console.print(what, soft_wrap=True, markup=False)
        return run_suite(target.text, selection)
    everything = not selection.clauses and not selection.scenarios
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=count() if everything else None)
        return run_suite(
            target.text, selection, lambda done: bar.update(task, completed=done)
        )
