"""The arrival trace that a loaded scenario names."""

from collections.abc import Sequence

from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.schema import Trace
from invitelab.world.scenario.trace import read_trace


def trace_of(loaded: Loaded) -> Sequence[int]:
    """The instants of trace arrivals in microseconds; empty for other arrivals.

    Raises UsageError where it cannot be read, or has rows after a duration that was not
    changed for this run: one that was shortened is meant to leave out later rows.
    """
    arrivals = loaded.scenario.arrivals
    if not isinstance(arrivals, Trace):
        return ()
    until_us = None if "duration" in loaded.changed else loaded.scenario.duration
    return read_trace(loaded.folder / arrivals.file, until_us=until_us)
