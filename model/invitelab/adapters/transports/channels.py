"""A stream to a target with what is known of the target, and how calls fail on it."""

from typing import Protocol

from invitelab.adapters.transports import framing
from invitelab.adapters.transports.streams import Stream
from invitelab.errors import Blame, CrashError, HangError

EXIT_S = 0.5
"""Seconds that a target may take to exit after the end of its answers."""

FIRST = "initialize"
"""The first call."""

FLUSH = (
    "flush every line once it is written: print(..., flush=True) or python -u, "
    "System.out.flush()"
)


class Channel(Protocol):
    """A stream to a target, and what is known of the target."""

    stream: Stream
    closed: bool
    shut: str
    """What the target did if its answers end although it runs, as a verb phrase."""

    def note_programs(self) -> None:
        """Notice whether the target has started another program by now."""
        ...

    @property
    def is_in_front(self) -> bool:
        """Whether the target was seen to run another program, as an adapter does."""
        ...

    def ending(self, timeout_s: float) -> str:
        """How the target ended, as a verb phrase; empty if it still runs by then."""
        ...

    @property
    def stderr(self) -> str:
        """The newest part of the target's stderr."""
        ...

    def close(self) -> None:
        """Close the stream, and end what was started; never raises."""
        ...


def hung(channel: Channel, method: str, timeout_s: float) -> HangError | CrashError:
    """The error for a missing answer: if the target has ended, it is a crash.

    A child that still holds the pipe can hide the end of the target.
    """
    if channel.ending(0):
        return ended(channel, method)
    said = _last_stderr(channel)
    # A target that has never answered may have, into a buffer.
    hint = f"{FLUSH}; {said}" if said and method == FIRST else said or FLUSH
    return HangError(f"no answer to {method} within {timeout_s:g} s", hint=hint)


def ended(channel: Channel, method: str) -> CrashError:
    """The error for a target that has ended."""
    how = channel.ending(EXIT_S) or channel.shut
    channel.note_programs()
    return CrashError(
        f"the target {how} instead of answering {method}",
        hint=_last_stderr(channel),
        blame=Blame.EITHER if channel.is_in_front else None,
    )


def _last_stderr(channel: Channel) -> str:
    """The last line on stderr, which often says why, as a hint."""
    lines = channel.stderr.strip().splitlines()
    return f"its last line on stderr: {framing.shown(lines[-1])}" if lines else ""
