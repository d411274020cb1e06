"""Objectives in results.json: promise, figure and verdict."""

from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from invitelab.formats.estimates import SIGNED, Estimate
from invitelab.formats.observed import Outcome
from invitelab.formats.ranges import (
    Amount,
    Confidence,
    Count,
    Value,
    check_amounts,
    check_shares,
)


class ObjectiveVerdict(StrEnum):
    """Verdict on an objective; too few samples leave it undecided.

    One about the relay does not apply to what was measured outside our world.
    """

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not applicable"


class Doubt(StrEnum):
    """Why an objective is undecided although its figure alone says more."""

    NEVER = "never"
    SILENT = "silent"
    INTERRUPTED = "interrupted"


SHARES: Final = frozenset({*Outcome, "relay_utilisation"})
"""Metrics of objectives that are shares from 0 to 1."""


class Objective(Value):
    """An objective of the scenario, and whether it is met.

    The promise is that the `quantile` or the `statistic` of `metric`, or `metric`
    itself where it has neither, is at most (else at least) `bound`. `bound` and the
    estimate are in `unit`: "us" for microseconds, "1" for a plain number.
    `figure_verdict` is what the figure alone says; with `doubts` the verdict is
    undecided instead. `confidence` is the coverage of the interval of the estimate:
    more than 0.95 where replications are added until the objectives are decided,
    because each look at them may err. `samples` counts all replications; `never` of
    them are delays of what did not happen. In `endless` replications the figure is one
    of those, and `silent` ones have too few samples for a figure.
    """

    metric: str
    quantile: Annotated[float, Field(gt=0, lt=1)] | None
    statistic: Literal["mean", "max"] | None = None
    at_most: bool
    bound: Amount
    unit: Literal["us", "1"]
    verdict: ObjectiveVerdict
    figure_verdict: ObjectiveVerdict
    doubts: tuple[Doubt, ...] = ()
    estimate: Estimate | None
    confidence: Confidence = 0.95
    samples: Count
    never: Count = 0
    endless: Count = 0
    silent: Count = 0

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        """Reject an impossible figure, and a verdict that contradicts its figure."""
        undecided = ObjectiveVerdict.UNDECIDED
        if self.verdict is not (undecided if self.doubts else self.figure_verdict):
            raise ValueError(
                "the verdict is that of the figure unless there are doubts"
            )
        if self.verdict is ObjectiveVerdict.NOT_APPLICABLE and self.estimate:
            raise ValueError("what does not apply has no figure")
        if self.estimate is None:
            if self.figure_verdict is ObjectiveVerdict.MET and not self.endless:
                raise ValueError("what has no figure is not met")
            return self
        if self.metric in SHARES:
            check_shares(self.estimate.figures)
        elif self.metric != SIGNED:
            check_amounts(self.estimate.figures)
        kept = {self._holds(value) for value in self.estimate.figures}
        decided = {ObjectiveVerdict.MET: {True}, ObjectiveVerdict.MISSED: {False}}
        if kept != decided.get(self.figure_verdict, kept):
            raise ValueError(f"the estimate does not say {self.figure_verdict.value}")
        return self

    def _holds(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound
