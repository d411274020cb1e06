"""`--live`: a page that shows a run while it goes on, in an extra of its own."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from invitelab.processes.signals import termination_noted
from invitelab.reporting.load.live_page import LiveFrame
from invitelab.study.workers import Reached
from invitelab.world.scenario.file import Loaded

if TYPE_CHECKING:
    from invitelab.live.live_run import LiveRun


class Live:
    """A page that may be wanted; without one, nothing happens."""

    def __init__(self, run: "LiveRun | None") -> None:
        self._run = run

    @property
    def is_wanted(self) -> bool:
        """Whether there is a page."""
        return self._run is not None

    def reached(self, reached: Reached) -> None:
        """Show how far the run is."""
        if self._run is not None:
            self._run.reached(reached)

    def end(self, stored: Path | None, *, complete: bool) -> None:
        """Lead open pages to the report of a whole run, and wait until they have it.

        An interrupted run waits for nobody, and a signal ends the wait.
        """
        if self._run is None:
            return
        report = None
        sentence = "The run has ended without a report."
        if stored is not None and complete:
            report = stored.read_bytes()
            sentence = "The run is done."
        elif stored is not None:
            sentence = f"The run was interrupted: {stored} is marked INCOMPLETE."
        with termination_noted() as is_interrupted:
            self._run.end(sentence, report, is_interrupted)


@contextmanager
def live_page(
    loaded: Loaded, size: str, *, wanted: bool, has_relay: bool = True
) -> Generator[Live]:
    """A page for a run of that size, whose address is told on stderr."""
    if not wanted:
        yield Live(None)
        return
    from invitelab.live.live_run import LiveRun

    scenario = loaded.scenario
    frame = LiveFrame(
        title=scenario.title,
        name=loaded.name,
        summary=scenario.summary,
        size=size,
        warm_up_us=scenario.warm_up,
        duration_us=scenario.duration,
        end_us=scenario.end_us,
        has_relay=has_relay,
    )
    with LiveRun(frame, scenario.relay.servers) as run:
        click.echo(f"live     {run.address}", err=True)
        yield Live(run)
