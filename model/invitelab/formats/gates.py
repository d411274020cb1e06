"""Gates of a comparison: limits that the second run must keep, and what became of them.

A gate is about one figure. `limit` is where it ends, in the unit of the figure: that of
the first run, and so much more or less. `beyond` is how far the second run is on the
wrong side of it, with an interval; below zero it keeps the limit.
"""

from enum import StrEnum
from typing import Literal

from invitelab.formats.estimates import Estimate
from invitelab.formats.objectives import Objective
from invitelab.formats.ranges import Confidence, Count, Number, Value


class GateVerdict(StrEnum):
    """Verdict on a gate, from its interval: it is decided where zero is outside."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


class GateDoubt(StrEnum):
    """Why there is no interval: the figures of one run or both are not numbers."""

    FEW = "too few replications"
    UNMEASURED = "not measured"
    NEVER = "never"


class Gate(Value):
    """A gate as it was written, its figures, and its verdict.

    `missed` has no figure: it is about the objectives of the second run, `objectives`
    of which are not met. `never` as a doubt says that the figure of the second run is a
    time of what did not happen. `replications` is how many there are in each run.
    """

    gate: str
    verdict: GateVerdict
    metric: str = ""
    statistic: str = ""
    unit: Literal["us", "1"] = "1"
    a: Number | None = None
    b: Number | None = None
    limit: Number | None = None
    beyond: Estimate | None = None
    confidence: Confidence = 0.95
    doubt: GateDoubt | None = None
    replications: Count = 0
    objectives: tuple[str, ...] = ()


class ComparedObjective(Value):
    """One objective in two runs; None where the scenario of a run does not have it."""

    a: Objective | None
    b: Objective | None

    @property
    def either(self) -> Objective:
        """The promise, from whichever run has it. Raises ValueError for neither."""
        found = self.b or self.a
        if found is None:
            raise ValueError("an objective is one of a run")
        return found

    @property
    def has_changed(self) -> bool:
        """Whether both runs have it, with different verdicts."""
        if self.a is None or self.b is None:
            return False
        return self.a.verdict is not self.b.verdict
