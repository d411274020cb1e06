"""Progress of a command on stderr: bars on a terminal, a line elsewhere, or nothing."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from invitelab.adapters.wall_clock import monotonic_s
from invitelab.protocol.values import US_PER_S
from invitelab.reporting.common.formatting import duration, grouped, plural

if TYPE_CHECKING:
    # Imported for its types alone: a check needs neither NumPy nor SimPy.
    from invitelab.study.workers import Progress as ReportReached
    from invitelab.study.workers import Reached

BETWEEN_LINES_S = 30.0
"""How often a line is printed where there is no terminal, in seconds."""

ReportDone = Callable[[int, int], None]
"""Takes the index of a task, and how many of its units are done."""


class _DoneColumn(ProgressColumn):
    """Virtual time that has passed, of how much, and replications that are done."""

    def render(self, task: Task) -> Text:
        """`3 min 20 s of 1 h 5 min, 0 of 5 replications`."""
        if task.total is None:
            return Text("")
        reached, planned = task.fields["replications"], task.fields["planned"]
        return Text(_done(task.completed, task.total, reached, planned))


def _done(done_us: float, all_us: float, reached: int, planned: int) -> str:
    """`3 min 20 s of 1 h 5 min, 0 of 5 replications`."""
    return (
        f"{duration(done_us)} of {duration(all_us)},"
        f" {reached} of {plural(planned, 'replication')}"
    )


class _SomeLines:
    """Prints how far a simulation is, now and then: for the log of a workflow."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._next_s = monotonic_s() + BETWEEN_LINES_S

    def __call__(self, reached: "Reached") -> None:
        """Print a line, if the last one is old."""
        now_s = monotonic_s()
        if now_s < self._next_s:
            return
        self._next_s = now_s + BETWEEN_LINES_S
        done = _done(
            reached.done_us, reached.all_us, reached.replications, reached.planned
        )
        console = Console(stderr=True, highlight=False, emoji=False)
        console.print(f"{self._label}: {done}", soft_wrap=True, markup=False)


class _SpeedColumn(ProgressColumn):
    """Virtual seconds per second."""

    def render(self, task: Task) -> Text:
        """`120 x`: a virtual minute takes half a second."""
        speed = task.finished_speed or task.speed
        words = "" if speed is None else f"{grouped(round(speed / US_PER_S))} x"
        return Text(words, style="dim")


@contextmanager
def count_progress(
    labels: Sequence[str],
    total: int | None,
    *,
    lines: Sequence[str] | None = None,
    quiet: bool,
) -> Generator[ReportDone]:
    """A bar for each of several tasks of `total` units (None: not known).

    `lines` are printed where there is no terminal; by default the labels.
    """
    columns = (MofNCompleteColumn(), TimeRemainingColumn(compact=True))
    with _bars(lines or labels, columns, quiet=quiet) as bars:
        if bars is None:
            yield lambda _index, _done: None
            return
        tasks = [bars.add_task(label, total=total) for label in labels]
        yield lambda index, done: bars.update(tasks[index], completed=done)


@contextmanager
def simulation_progress(
    label: str, size: str, *, quiet: bool
) -> Generator["ReportReached"]:
    """A bar of virtual time; `size` says in words how much there is to simulate."""
    columns = (_DoneColumn(), _SpeedColumn(), TimeRemainingColumn(compact=True))
    with _bars([f"{label}: {size}"], columns, quiet=quiet) as bars:
        if bars is None:
            yield (lambda _reached: None) if quiet else _SomeLines(label)
            return
        task = bars.add_task(label, total=None, replications=0, planned=0)

        def report(reached: "Reached") -> None:
            bars.update(
                task,
                completed=reached.done_us,
                total=reached.all_us,
                replications=reached.replications,
                planned=reached.planned,
            )

        yield report


@contextmanager
def learning_progress(
    label: str, *, quiet: bool
) -> Generator[Callable[[int, int], None]]:
    """States and scenarios so far; nobody knows how many there will be."""
    columns = (TextColumn("{task.fields[states]}", markup=False),)
    with _bars([label], columns, quiet=quiet) as bars:
        if bars is None:
            yield lambda _states, _scenarios: None
            return
        task = bars.add_task(label, total=None, states="")

        def report(states: int, scenarios: int) -> None:
            so_far = f"{plural(states, 'state')}, {plural(scenarios, 'scenario')}"
            bars.update(task, states=so_far)

        yield report


@contextmanager
def _bars(
    lines: Sequence[str], columns: Sequence[ProgressColumn], *, quiet: bool
) -> Generator[Progress | None]:
    """Bars on a terminal; elsewhere None, after the lines unless `quiet`."""
    console = Console(stderr=True, highlight=False, emoji=False)
    if quiet or not console.is_terminal:
        for line in () if quiet else lines:
            console.print(line, soft_wrap=True, markup=False)
        yield None
        return
    label = TextColumn("{task.description}", markup=False)
    with Progress(
        label, BarColumn(), *columns, console=console, transient=True
    ) as bars:
        yield bars
