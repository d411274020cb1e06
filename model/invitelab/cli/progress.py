"""How far a simulation is: a bar on a terminal, one line elsewhere, or nothing."""

from collections.abc import Callable, Iterator
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
from invitelab.reporting.load.words import duration, grouped

Tell = Callable[[int, int], None]
"""Told how much world time is done and how much there is, in microseconds."""


class _DoneColumn(ProgressColumn):
    """How much virtual time has passed, of how much."""

    def render(self, task: Task) -> Text:
        """`3 min 20 s of 1 h 5 min`."""
        done, total = duration(task.completed), duration(task.total or 0)
        return Text(f"{done} of {total}")


class _SpeedColumn(ProgressColumn):
    """Virtual seconds a second."""

    def render(self, task: Task) -> Text:
        """`120 x`: a minute takes half a second."""
        speed = task.finished_speed or task.speed
        words = "" if speed is None else f"{grouped(round(speed / US_PER_S))} x"
        return Text(words, style="dim")


@contextmanager
def progress(what: str, size: str, *, quiet: bool) -> Iterator[Tell]:
    """What to tell the progress to; `size` says in words how much there is to do."""
    console = Console(stderr=True, highlight=False, emoji=False)
    if quiet or not console.is_terminal:
        if not quiet:
            console.print(f"{what}: {size}", soft_wrap=True, markup=False)
        yield lambda _done_us, _all_us: None
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
        task = bar.add_task(what, total=None)
        yield lambda done_us, all_us: bar.update(
            task, completed=done_us, total=all_us
        )
