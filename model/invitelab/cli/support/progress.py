"""How far a simulation is: a bar on a terminal, one line elsewhere, or nothing."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from invitelab.protocol.values import US_PER_S
from invitelab.reporting.common.formatting import duration, grouped, plural
from invitelab.study.workers import Progress as Tell
from invitelab.study.workers import Reached, no_progress


class _DoneColumn(ProgressColumn):
    """How much virtual time has passed, of how much, and how many replications."""

    def render(self, task: Task) -> Text:
        """`3 min 20 s of 1 h 5 min, 0 of 5 replications`."""
        if task.total is None:
            return Text("")
        reached, planned = task.fields["replications"], task.fields["planned"]
        return Text(
            f"{duration(task.completed)} of {duration(task.total)},"
            f" {reached} of {plural(planned, 'replication')}"
        )


class _SpeedColumn(ProgressColumn):
    """Virtual seconds a second."""

    def render(self, task: Task) -> Text:
        """`120 x`: a minute takes half a second."""
        speed = task.finished_speed or task.speed
        words = "" if speed is None else f"{grouped(round(speed / US_PER_S))} x"
        return Text(words, style="dim")


@contextmanager
def progress(what: str, size: str, *, quiet: bool) -> Generator[Tell, None, None]:
    """What to tell the progress to; `size` says in words how much there is to do."""
    console = Console(stderr=True, highlight=False, emoji=False)
    if quiet or not console.is_terminal:
        if not quiet:
            console.print(f"{what}: {size}", soft_wrap=True, markup=False)
        yield no_progress
        return
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        _DoneColumn(),
        _SpeedColumn(),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=None, replications=0, planned=0)

        def tell(reached: Reached) -> None:
            bar.update(
                task,
                completed=reached.done_us,
                total=reached.all_us,
                replications=reached.replications,
                planned=reached.planned,
            )

        yield tell
