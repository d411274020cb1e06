"""The part of results.json that only a run on an implementation has.

Times are microseconds: `at_us` of the run's own time, durations of calls and lateness
of wall time.
"""

from collections.abc import Mapping
from typing import Literal

from invitelab.formats.observed import InvitationTrace
from invitelab.formats.ranges import Count, Instant, Positive, Value


class OperationTimes(Value):
    """How long the calls of one method took, and how many of them failed by kind.

    A quantile is None where there are too few calls for it.
    """

    method: str
    count: Count
    errors: Mapping[str, Count]
    p50_us: Count | None
    p99_us: Count | None
    max_us: Count | None


class OperationWindow(Value):
    """How long the calls of one method took that were due in a window of the run.

    The window begins at `at_us`. A quantile is None where there are too few calls.
    """

    method: str
    at_us: Count
    count: Positive
    p50_us: Count | None
    p99_us: Count | None
    max_us: Count


class FindingExample(Value):
    """One invitation (by its attempt) that breaks a clause, or a view or a menu."""

    at_us: Instant
    room: Count
    what: str
    attempt: Count | None = None
    trace: InvitationTrace | None = None


class TargetFinding(Value):
    """A clause that was broken: how often, and the first examples.

    `scenario` is Gherkin that fails alone, where it was possible to write one.
    """

    clause: str
    level: Literal["required", "interpretation"]
    count: Positive
    examples: tuple[FindingExample, ...]
    scenario: str | None = None


class FirstDifference(Value):
    """The first attempt that went otherwise than with the reference."""

    attempt: Count
    room: Count
    target: tuple[str, ...]
    reference: tuple[str, ...]


class BesideReference(Value):
    """The same attempts at the reference: how many went alike, to the millisecond.

    `equal` counts those that are alike as it is, and `explained` those that are alike
    once the reference has these `interpretations` (clauses) flipped.
    """

    attempts: Count
    equal: Count
    explained: Count
    interpretations: tuple[str, ...] = ()
    first: FirstDifference | None = None


class Lateness(Value):
    """How late the harness itself was with what was due."""

    p50_us: Count
    p99_us: Count
    max_us: Count


class TargetRun(Value):
    """A run on an implementation.

    `lost` invitations were pending when the target ended, `restarts` times. `poll_us`
    is the interval at which views are looked at; 0 where effects are there at once.
    `not_applied` are the parts of the scenario that are only those of our own world.
    `over_time` are the operations by windows of `over_time_us`, in the order of methods
    and time; an older file has none. `problem` is why the run could not go on.
    """

    implementation: str
    version: str
    clock: str
    settle_us: Count
    poll_us: Count
    rooms: Positive
    room_clients: Positive
    connections: Positive
    invitations: Count
    judged: Count
    lost: Count
    restarts: Count
    not_applied: tuple[str, ...]
    operations: tuple[OperationTimes, ...]
    findings: tuple[TargetFinding, ...]
    beside: BesideReference | None = None
    lateness: Lateness | None = None
    over_time: tuple[OperationWindow, ...] = ()
    over_time_us: Count = 0
    problem: str | None = None

    @property
    def broken(self) -> tuple[TargetFinding, ...]:
        """The required clauses that were broken."""
        return tuple(one for one in self.findings if one.level == "required")

    @property
    def unexplained(self) -> int:
        """Attempts that differ from the reference in a way that has no name."""
        beside = self.beside
        return 0 if beside is None else beside.attempts - beside.explained

    @property
    def failed(self) -> int:
        """The calls that failed while the target went on, not with its end."""
        errors = (count for one in self.operations for count in one.errors.values())
        return max(0, sum(errors) - self.restarts)

    @property
    def usable(self) -> bool:
        """Whether it could go on, and at most one invitation in a hundred was lost."""
        return self.problem is None and self.lost * 100 <= max(1, self.invitations)
