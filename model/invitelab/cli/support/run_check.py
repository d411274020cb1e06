"""Run of `invitelab check`: prepare folders, run, write reports, print, exit code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from invitelab.adapters.target import Target
from invitelab.cli.support.answers import check_answer
from invitelab.cli.support.drafting import Draft
from invitelab.cli.support.output_format import answer
from invitelab.cli.support.progress import count_progress
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.run_store import ROOT, finish, new_folder
from invitelab.cli.support.writing import Attempt, report_writing
from invitelab.conformance.features.lint import count
from invitelab.conformance.isolation.run_options import RunOptions
from invitelab.conformance.isolation.run_outcome import (
    Finished,
    Outcome,
    SuitesInterrupted,
    Unfinished,
)
from invitelab.conformance.isolation.subprocess_runner import run_suites
from invitelab.errors import ExitCode
from invitelab.formats.reading import Kind
from invitelab.formats.run import Run
from invitelab.processes.signals import termination_interrupts
from invitelab.reporting.common.files import (
    PROVENANCE,
    discard,
    prepare,
    refuse_others,
    set_aside,
)
from invitelab.reporting.conformance.files import (
    RUN,
    RUN_FILES,
    WALK,
    stored_calls,
    write_comparison,
    write_run,
)
from invitelab.reporting.conformance.side_by_side import print_repeats, print_runs
from invitelab.reporting.conformance.terminal import (
    print_run,
    print_walk,
    report_console,
)

WORST_FIRST = (
    ExitCode.HARNESS,
    ExitCode.USAGE,
    ExitCode.INVALID,
    ExitCode.NON_CONFORMANT,
    ExitCode.STALE_BASELINE,
    ExitCode.INCONCLUSIVE,
    ExitCode.CONFORMANT,
)
"""The exit code of several runs is the first of these that one of them has."""

LEARNED = "learned"
"""Below the folder of a run, that of the machine learned beside it."""

_FILES = (
    *RUN_FILES,
    *(f"{LEARNED}/{name}" for name in ("machine.*", "difference-*", PROVENANCE)),
)
"""All files of an earlier run, in the patterns of its learned machine too."""

Round = Sequence[Outcome]
"""One outcome per target, in the order of the targets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Arguments of `invitelab check`."""

    targets: Sequence[Target]
    options: RunOptions = field(default_factory=RunOptions)
    output: Path | None = None
    repeat: int = 1
    draft: Draft | None = None
    """Where failures are written as a baseline."""
    trace: bool = False
    """Whether the bytes of failures are printed."""
    learn: int | None = None
    """With how many scenarios each target is learned beside; None: it is not."""

    @property
    def whole(self) -> bool:
        """Whether the whole suite is run, to its end."""
        return self.options.whole


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    """The rounds with what was learned beside, and whether the user ended that."""

    rounds: Sequence[Round]
    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run and its folder."""

    run: Run
    folder: Path
    page: Path | None
    """The HTML report; None where it could not be written."""
    walk: str | None = None
    """The failing random walk, as a feature file; None without one."""


def check_targets(checks: Checks, *, quiet: bool = False) -> int:
    """Run the suite on every target, store and print; the exit code of the worst run.

    Raises the first error of a target without a complete run, or of a report that could
    not be written, after everything else has been stored and printed. An interrupt
    raises KeyboardInterrupt, after a report of what each target has come to.
    """
    folders = _prepare_folders(checks)
    try:
        with termination_interrupts():
            for folder in folders:
                set_aside(folder, _FILES)
            return _check(checks, folders, quiet=quiet)
    finally:
        if checks.output is None:
            for folder in folders:  # also of a run that did not come to its end
                finish(folder)


def _check(checks: Checks, folders: Sequence[Path], *, quiet: bool) -> int:
    started = now()
    rounds: list[Round] = []
    for number in range(1, checks.repeat + 1):
        try:
            rounds.append(_run_round(checks, folders, number, quiet=quiet))
        except SuitesInterrupted as interrupt:
            _report_interrupted(folders, rounds, interrupt, started, quiet=quiet)
            raise
    learned = _learned(checks, folders, rounds, quiet=quiet)
    stored = _report(checks, folders, learned.rounds, started, quiet=quiet)
    if learned.interrupted:
        raise KeyboardInterrupt
    pages = [(one.run, one.page) for one in stored]
    answer(lambda: check_answer(pages, checks.options.baseline))
    for one in stored:
        discard(one.folder, _FILES)
    if len(folders) > 1:
        discard(_base(checks), RUN_FILES)
    return min((_exit_code(one.run) for one in stored), key=WORST_FIRST.index)


def _report(
    checks: Checks,
    folders: Sequence[Path],
    rounds: Sequence[Round],
    started: datetime,
    *,
    quiet: bool,
) -> list[StoredRun]:
    """Write and print all runs, then raise the first error of an unfinished one."""
    stored: list[StoredRun] = []
    with report_writing() as attempt:
        for folder, outcomes in zip(folders, zip(*rounds, strict=True), strict=True):
            stored += _store(folder, outcomes, started, attempt)
        if stored:
            _print(checks, stored, attempt, quiet=quiet)
        if checks.repeat > 1:
            _print_repeats(rounds)
    for outcome in (outcome for outcomes in rounds for outcome in outcomes):
        if isinstance(outcome, Unfinished):
            assert outcome.error is not None, "an interrupt is raised"
            raise outcome.error
    return stored


def _report_interrupted(
    folders: Sequence[Path],
    rounds: Sequence[Round],
    interrupt: SuitesInterrupted,
    started: datetime,
    *,
    quiet: bool,
) -> None:
    """Write and print the complete rounds, and what the interrupted one came to."""
    with report_writing() as attempt:
        for index, folder in enumerate(folders):
            earlier = [outcomes[index] for outcomes in rounds]
            last = interrupt.outcomes.get(index)
            _store_interrupted(folder, earlier, last, started, attempt, quiet=quiet)
        _print_repeats(rounds)


# --- Folders ---------------------------------------------------------------------


def _prepare_folders(checks: Checks) -> list[Path]:
    """Make the folder of each target, and that of all. Raises UsageError."""
    folders = _folders(checks)
    for folder in folders:
        prepare(folder, RUN_FILES)
        refuse_others(folder, Kind.RUN)
    if len(folders) > 1:
        prepare(_base(checks), RUN_FILES)
        refuse_others(_base(checks), None)
        set_aside(_base(checks), RUN_FILES)
    if checks.draft is not None:
        checks.draft.prepare_folder()
    return folders


def _base(checks: Checks) -> Path:
    """Folder of the common report; that of a partial run never replaces a whole one."""
    return checks.output or ROOT / ("" if checks.whole else "partial")


def _folders(checks: Checks) -> list[Path]:
    """A folder per target, by default a new one for each run.

    Below `--output` that of a partial run never replaces a whole one.
    """
    if checks.output is None:
        began = now()
        return [new_folder(ROOT / one.slug, began) for one in checks.targets]
    if len(checks.targets) == 1:
        return [checks.output]
    partial = "" if checks.whole else "-partial"
    return [checks.output / f"{one.slug}{partial}" for one in checks.targets]


def _named(checks: Checks, page: Path | None) -> Path | None:
    """The path of a page as it is printed: through the link to the latest run."""
    if checks.output is not None or page is None:
        return page
    return finish(page.parent) / page.name


# --- Running ---------------------------------------------------------------------


def _run_round(
    checks: Checks, folders: Sequence[Path], number: int, *, quiet: bool
) -> Round:
    """Run the suite once on every target. Raises SuitesInterrupted."""
    texts = [target.spec for target in checks.targets]
    options = checks.options
    of = f" ({number} of {checks.repeat})" if checks.repeat > 1 else ""
    walks = f", and {options.walks} random walks" if options.walks else ""
    labels = [f"checking {text}{walks}{of}" for text in texts]
    total = count() + options.walks if options.selection.whole else None
    with count_progress(labels, total, quiet=quiet) as report_done:
        copies = [folder / RUN for folder in folders]
        return run_suites(texts, options, report_done, copies)


def _learned(
    checks: Checks, folders: Sequence[Path], rounds: Sequence[Round], *, quiet: bool
) -> _Learned:
    """Learn each target whose rounds are all complete; its runs say what it came to."""
    if checks.learn is None:
        return _Learned(rounds=rounds)
    from invitelab.cli.support.learning_beside import learn_beside

    by_target = [list(outcomes) for outcomes in zip(*rounds, strict=True)]
    interrupted = False
    for place, (target, folder) in enumerate(zip(checks.targets, folders, strict=True)):
        whole = [one for one in by_target[place] if isinstance(one, Finished)]
        if interrupted or len(whole) < len(rounds):
            continue
        beside = learn_beside(
            target,
            folder / LEARNED,
            seed=checks.options.seed,
            budget=checks.learn,
            limits=checks.options.limits,
            quiet=quiet,
        )
        interrupted = beside is None
        if beside is not None:
            by_target[place] = [one.with_learned(beside) for one in whole]
    again = [tuple(outcomes) for outcomes in zip(*by_target, strict=True)]
    return _Learned(rounds=again, interrupted=interrupted)


# --- Storing ---------------------------------------------------------------------


def _store(
    folder: Path, outcomes: Round, started: datetime, attempt: Attempt
) -> Iterator[StoredRun]:
    """Write the worst complete run of a target, then any that failed to complete."""
    finished = [one for one in outcomes if isinstance(one, Finished)]
    unfinished = [one for one in outcomes if isinstance(one, Unfinished)]
    if finished:
        worst = min(finished, key=lambda one: WORST_FIRST.index(_exit_code(one.run)))
        facts = provenance(started, worst.run.header.harness)
        write = partial(
            write_run,
            folder,
            worst.run,
            worst.text,
            facts,
            walk=worst.walk,
            exchanges=worst.exchanges,
        )
        page = attempt(write)
        yield StoredRun(run=worst.run, folder=folder, page=page, walk=worst.walk)
    for one in unfinished:  # worse than any verdict of another round
        attempt(partial(_write_unfinished, folder, one, started))


def _write_unfinished(folder: Path, outcome: Unfinished, started: datetime) -> Path:
    """Write what was recorded; without a footer the report says INCOMPLETE."""
    if outcome.run is None:
        return folder
    facts = provenance(started, outcome.run.header.harness)
    return write_run(
        folder, outcome.run, outcome.text, facts, exchanges=outcome.exchanges
    )


def _store_interrupted(
    folder: Path,
    earlier: Round,
    last: Outcome | None,
    started: datetime,
    attempt: Attempt,
    *,
    quiet: bool,
) -> None:
    """Write and print the result of a target whose last round was interrupted.

    The worst complete run is written. Without one, the records of the last round are.
    """
    console = report_console()
    complete = [*earlier, last] if isinstance(last, Finished) else earlier
    stored = list(_store(folder, complete, started, attempt))
    for one in stored:
        print_run(console, one.run, stored=one.page, quiet=quiet)
    for outcome in earlier:
        if isinstance(outcome, Unfinished):
            click.echo(f"invitelab: {outcome.error}", err=True)
    if not isinstance(last, Unfinished) or last.run is None:
        return
    page = None
    if not complete:
        page = attempt(partial(_write_unfinished, folder, last, started))
    print_run(console, last.run, stored=page, quiet=quiet)


def _exit_code(run: Run) -> ExitCode:
    assert run.footer is not None, "an unfinished run is an error of the runner's"
    return ExitCode(run.footer.exit_code)


# --- Printing --------------------------------------------------------------------


def _print(
    checks: Checks, stored: Sequence[StoredRun], attempt: Attempt, *, quiet: bool
) -> None:
    """Print one run, or all side by side; then write the draft of a baseline."""
    console = report_console()
    for one in stored:
        if one.walk is not None and not quiet:
            print_walk(console, one.walk, one.folder / WALK)
    if len(checks.targets) == 1:
        one = stored[0]
        calls = stored_calls(one.folder, one.run) if checks.trace else None
        page = _named(checks, one.page)
        print_run(console, one.run, stored=page, quiet=quiet, calls=calls)
    else:
        runs = [one.run for one in stored]
        folders = [one.folder for one in stored]
        report = attempt(partial(write_comparison, _base(checks), runs, folders))
        print_runs(console, runs, stored=report, quiet=quiet)
    if checks.draft is not None:
        attempt(partial(checks.draft.write, stored[0].run))


def _print_repeats(rounds: Sequence[Round]) -> None:
    """Print whether the complete runs of each target ended alike."""
    by_target = [
        [outcome.run for outcome in outcomes if isinstance(outcome, Finished)]
        for outcomes in zip(*rounds, strict=True)
    ]
    print_repeats(report_console(), [runs for runs in by_target if runs])
