"""Exceptions that end a step that does not pass."""

from invitelab.adapters.handshake import Capability
from invitelab.formats.run import Absent


class ExpectationFailed(AssertionError):  # noqa: N818 - an observation, not an error of ours
    """An expected observation was not made, or a forbidden one was.

    `absent` is the missing message or notification, where it is known; it is drawn in
    the sequence diagram.
    """

    def __init__(self, message: str, absent: Absent | None = None) -> None:
        super().__init__(message)
        self.absent = absent


class Blocked(ExpectationFailed):
    """What the scenario needs is not there; `clause` is the one that demands it.

    It may be the operation of a Given that was refused, or an email without the address
    of its sender.
    """

    def __init__(self, clause: str, message: str, absent: Absent | None = None) -> None:
        super().__init__(message, absent)
        self.clause = clause


class WithoutEffect(Blocked):
    """An operation that the scenario builds on was answered, and nothing came of it.

    In a scenario of an interpretation that may be another reading, and no clause is to
    blame for it.
    """


class NotApplicable(Exception):  # noqa: N818 - a verdict
    """The scenario needs a capability that the target has declined."""

    def __init__(self, capability: Capability, reason: str) -> None:
        super().__init__(f"{capability.value} is declined: {reason}")
        self.capability = capability


class Inconclusive(Exception):  # noqa: N818 - a verdict
    """The target's clock cannot show the difference the scenario is about."""


class Delayed(Inconclusive):
    """Unplanned time, of calls or of this machine, has hidden what would be judged.

    A second run may show it.
    """

    kind = "delay"
