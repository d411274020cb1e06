"""What `check` and `demo` share: progress, the runs' folders, the printed verdicts."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from invitelab.adapters.target import Target
from invitelab.cli.support.drafting import Draft
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.writing import Attempt, told_afterwards
from invitelab.conformance.features.lint import count
from invitelab.conformance.isolation.run_options import RunOptions
from invitelab.conformance.isolation.run_outcome import (
    Finished,
    Outcome,
    SuitesInterrupted,
    Unfinished,
)
from invitelab.conformance.isolation.subprocess_runner import (
    Tell,
    no_progress,
    run_suites,
)
from invitelab.errors import ExitCode
from invitelab.formats.reading import Kind
from invitelab.formats.run import Run
from invitelab.reporting.common.files import discard, prepare, refuse_others, set_aside
from invitelab.reporting.conformance.files import (
    RUN,
    RUN_FILES,
    WALK,
    write_comparison,
    write_run,
)
from invitelab.reporting.conformance.side_by_side import print_repeats, print_runs
from invitelab.reporting.conformance.terminal import (
    print_run,
    print_walk,
    report_console,
)

DEFAULT_FOLDER = Path("reports") / "check"

WORST_FIRST = (
    ExitCode.HARNESS,
    ExitCode.USAGE,
    ExitCode.INVALID,
    ExitCode.NON_CONFORMANT,
    ExitCode.STALE_BASELINE,
    ExitCode.INCONCLUSIVE,
    ExitCode.CONFORMANT,
)
"""Of several runs the worst decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What the user asks for."""

    targets: Sequence[Target]
    order: RunOptions = field(default_factory=RunOptions)
    output: Path | None = None
    repeat: int = 1
    draft: Draft | None = None
    """Where to write what fails as a baseline."""

    @property
    def whole(self) -> bool:
        """Whether everything is run, to the end."""
        return self.order.selection.whole and not self.order.stop_early


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A run, and where it is."""

    run: Run
    folder: Path
    page: Path | None
    """None where it could not be written."""
    walk: str | None = None
    """The feature that random walks have found."""


def check_targets(checks: Checks, *, quiet: bool = False) -> int:
    """Run, store, print; the exit code of the worst run.

    Raises the first error of a target that has left no run, or of a report that could
    not be written, after all others have been stored and printed. An interrupt leaves a
    report of each run begun, marked INCOMPLETE.
    """
    folders = _make_room(checks)
    started = now()
    try:
        rounds = [
            _run_round(checks, folders, place, quiet=quiet)
            for place in range(checks.repeat)
        ]
    except SuitesInterrupted as interrupt:
        with told_afterwards() as attempt:
            for place, outcome in interrupt.outcomes.items():
                _store_interrupted(
                    folders[place], outcome, started, attempt, quiet=quiet
                )
        raise
    by_target = [
        [outcome for outcome in outcomes if isinstance(outcome, Finished)]
        for outcomes in zip(*rounds, strict=True)
    ]
    stored: list[Stored] = []
    with told_afterwards() as attempt:
        for folder, outcomes in zip(folders, zip(*rounds, strict=True), strict=True):
            stored += _store(folder, outcomes, started, attempt)
        if stored:
            _print(checks, stored, attempt, quiet=quiet)
        if checks.repeat > 1:
            repeats = [[one.run for one in runs] for runs in by_target if runs]
            print_repeats(report_console(), repeats)
    for outcome in (outcome for outcomes in rounds for outcome in outcomes):
        if isinstance(outcome, Unfinished):
            assert outcome.error is not None, "an interrupt is raised"
            raise outcome.error
    for one in stored:
        discard(one.folder, RUN_FILES)
    if len(folders) > 1:
        discard(_base(checks), RUN_FILES)
    return min((_exit_code(one.run) for one in stored), key=WORST_FIRST.index)


def _make_room(checks: Checks) -> list[Path]:
    """The folder of each target, made; earlier reports are set aside."""
    folders = _folders(checks)
    for folder in folders:
        prepare(folder, RUN_FILES)
        refuse_others(folder, Kind.RUN)
    if len(folders) > 1:
        prepare(_base(checks), RUN_FILES)
        refuse_others(_base(checks), None)
        set_aside(_base(checks), RUN_FILES)
    if checks.draft is not None:
        checks.draft.make_room()
    for folder in folders:
        set_aside(folder, RUN_FILES)
    return folders


def _store(
    folder: Path, outcomes: Sequence[Outcome], started: datetime, attempt: Attempt
) -> Iterator[Stored]:
    """Write the worst run of a target; of one without an end what there is of it."""
    finished = [one for one in outcomes if isinstance(one, Finished)]
    unfinished = [one for one in outcomes if isinstance(one, Unfinished)]
    if finished:
        worst = max(finished, key=lambda one: -_badness(one.run))
        facts = provenance(started, worst.run.header.harness)
        write = partial(
            write_run, folder, worst.run, worst.text, facts, walk=worst.walk
        )
        page = attempt(write)
        yield Stored(run=worst.run, folder=folder, page=page, walk=worst.walk)
    for one in unfinished:  # worse than whatever another round has shown
        attempt(partial(_write_unfinished, folder, one, started))


def _write_unfinished(folder: Path, outcome: Unfinished, started: datetime) -> Path:
    """Write what there is of a run: without a footer it says that it is INCOMPLETE."""
    if outcome.run is None:
        return folder
    facts = provenance(started, outcome.run.header.harness)
    return write_run(folder, outcome.run, outcome.text, facts)


def _store_interrupted(
    folder: Path,
    outcome: Outcome,
    started: datetime,
    attempt: Attempt,
    *,
    quiet: bool,
) -> None:
    """Write and print what an interrupt has left."""
    if outcome.run is None:
        return
    console = report_console()
    if isinstance(outcome, Finished):
        (one,) = _store(folder, [outcome], started, attempt)
        print_run(console, one.run, stored=one.page, quiet=quiet)
    else:
        page = attempt(partial(_write_unfinished, folder, outcome, started))
        print_run(console, outcome.run, stored=page, quiet=quiet)


def _print(
    checks: Checks, stored: Sequence[Stored], attempt: Attempt, *, quiet: bool
) -> None:
    """The one run, or all side by side; then the draft of a baseline, if wanted."""
    console = report_console()
    for one in stored:
        if one.walk is not None and not quiet:
            print_walk(console, one.walk, one.folder / WALK)
    if len(checks.targets) == 1:
        print_run(console, stored[0].run, stored=stored[0].page, quiet=quiet)
    else:
        runs = [one.run for one in stored]
        folders = [one.folder for one in stored]
        report = attempt(partial(write_comparison, _base(checks), runs, folders))
        print_runs(console, runs, stored=report, quiet=quiet)
    if checks.draft is not None:
        attempt(partial(checks.draft.write, stored[0].run))


def _badness(run: Run) -> int:
    return WORST_FIRST.index(_exit_code(run))


def _exit_code(run: Run) -> ExitCode:
    assert run.footer is not None, "an unfinished run is an error of the runner's"
    return ExitCode(run.footer.exit_code)


def _base(checks: Checks) -> Path:
    """A partial comparison never takes the place of a whole one either."""
    return checks.output or DEFAULT_FOLDER / ("" if checks.whole else "partial")


def _folders(checks: Checks) -> list[Path]:
    """One a target. A partial run never takes the place of a whole one."""
    partial = "" if checks.whole else "-partial"
    if len(checks.targets) == 1 and checks.output is not None:
        return [checks.output]
    base = checks.output or DEFAULT_FOLDER
    return [base / f"{target.slug}{partial}" for target in checks.targets]


def _run_round(
    checks: Checks, folders: Sequence[Path], place: int, *, quiet: bool
) -> list[Outcome]:
    texts = [target.text for target in checks.targets]
    again = f" ({place + 1} of {checks.repeat})" if checks.repeat > 1 else ""
    walks = f", and {checks.order.walks} random walks" if checks.order.walks else ""
    labels = [f"checking {text}{walks}{again}" for text in texts]
    whole = checks.order.selection.whole
    total = count() + checks.order.walks if whole else None
    with _progress(labels, total, quiet=quiet) as tell:
        copies = [folder / RUN for folder in folders]
        return run_suites(texts, checks.order, tell, copies)


@contextmanager
def _progress(
    labels: Sequence[str], total: int | None, *, quiet: bool
) -> Generator[Tell]:
    """A bar a target on a terminal, one line each elsewhere, silence when quiet."""
    console = Console(stderr=True, highlight=False, emoji=False)
    if quiet or not console.is_terminal:
        for label in () if quiet else labels:
            console.print(label, soft_wrap=True, markup=False)
        yield no_progress
        return
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
    )
    with bar:
        tasks = [bar.add_task(label, total=total) for label in labels]
        yield lambda place, done: bar.update(tasks[place], completed=done)
