"""The kinds of clocks, and which target can have which: all that options need."""

from enum import StrEnum
from typing import TYPE_CHECKING

from invitelab.adapters.target import Kind, Target
from invitelab.errors import UsageError

if TYPE_CHECKING:
    # Its messages are what the import of a check would spend most of its time on.
    from invitelab.adapters.driver import Reachable


class ClockKind(StrEnum):
    """How the target's time is controlled."""

    VIRTUAL = "virtual"
    """The target has a clock of its own, moved by `clock.advance`."""
    REAL = "real"
    """Wall time; the harness waits."""
    SYSTEM = "system"
    """The clock of this process is replaced by freezegun."""
    JUMP = "jump"
    """The clock of the target's process is replaced by libfaketime."""


def fits(kind: ClockKind | None, target: "Reachable") -> None:
    """Raise UsageError unless a target of this kind can have such a clock."""
    if not isinstance(target, Target):
        return
    if kind is ClockKind.SYSTEM and target.kind is not Kind.PYTHON:
        msg = f"--clock system needs a Python object, {target.text} is none"
        raise UsageError(msg, hint="use it with a target behind py:")
    if kind is ClockKind.JUMP and target.kind is not Kind.COMMAND:
        msg = f"--clock jump needs a process, and {target.text} is none"
        raise UsageError(msg, hint="use it with a target behind cmd:")
