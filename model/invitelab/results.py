"""`results.json`: what a simulation came to, and the only truth a load report has.

One document a run. Every chart, table and file beside it is a pure function of this
one; nothing in it holds a wall-clock time or a path, so the same scenario and seed
write the same bytes. Times are integer microseconds of virtual time (`_us`), shares are
0 to 1, rates are per second. An *estimate* is a mean over replications with its 95 %
interval, of Student's t on a scale that fits (logarithmic for what is never below zero,
Wilson's score for shares); with one replication the interval is absent.
"""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from invitelab.ranges import (
    Amount,
    Confidence,
    Count,
    Instant,
    Number,
    Positive,
    Seed,
    Value,
)

RESULTS_FORMAT: Final = 1


class Outcome(StrEnum):
    """What became of an invitation. Every one sent is in exactly one of these."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"
    PENDING = "pending"


class ObjectiveVerdict(StrEnum):
    """Three values, because too few samples prove nothing."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"


class Estimate(Value):
    """A mean over replications; `low` and `high` are its 95 % interval."""

    mean: Number
    low: Number | None = None
    high: Number | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse an interval whose ends are the wrong way round."""
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("an interval begins at its lower end")
        return self


class Bin(Value):
    """`count` samples in `[lower, upper)`, in the distribution's unit."""

    lower: Count
    upper: Count
    count: Positive

    @model_validator(mode="after")
    def _has_width(self) -> Self:
        """Refuse a bin that is empty or inverted."""
        if self.lower >= self.upper:
            raise ValueError("a bin ends after it begins")
        return self


class CurvePoint(Value):
    """One point of a percentile curve."""

    probability: Annotated[float, Field(ge=0, lt=1)]
    value: Estimate


class Distribution(Value):
    """All samples of one metric, over all replications, in microseconds.

    `count` are in `bins` (the merged histogram's, none of them empty, in order) or are
    `negative`. `never` are those that did not happen, longer than any; `still_open`
    what an interruption left undecided. `curve` is over `count` and `never`, and ends
    where fewer than ten samples lie beyond or where all that follow are never.
    """

    metric: str
    title: str
    count: Count
    never: Count = 0
    still_open: Count = 0
    negative: Count = 0
    minimum_us: Instant | None = None
    maximum_us: Instant | None = None
    mean_us: Estimate | None = None
    curve: tuple[CurvePoint, ...] = ()
    bins: tuple[Bin, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        """Refuse bins and points out of order, and samples that are not in them."""
        if any(a.upper > b.lower for a, b in pairwise(self.bins)):
            raise ValueError("the bins are in order and do not overlap")
        if any(a.probability >= b.probability for a, b in pairwise(self.curve)):
            raise ValueError("the points of the curve are in order")
        in_bins = self.negative + sum(one.count for one in self.bins)
        if self.bins and in_bins != self.count:
            raise ValueError("the samples are as many as those of all bins")
        return self


class Objective(Value):
    """A promise of the scenario and whether it was kept.

    `statement` is the promise in words ("99 % of notify_delay at most 400 ms"),
    `bound` and the estimate are in `unit` ("us" or "1"), `reason` says why the verdict
    is what it is, in one sentence. `confidence` is how often an interval like that of
    the estimate holds the truth: more than 95 % where replications are added until the
    objectives are decided, because each look at them may err. `never` of the samples
    are delays of what did not happen; `endless` says that the figure is one of them in
    some replication.
    """

    statement: str
    metric: str
    quantile: Annotated[float, Field(gt=0, lt=1)] | None
    at_most: bool
    bound: Number
    unit: Literal["us", "1"]
    verdict: ObjectiveVerdict
    estimate: Estimate | None
    confidence: Confidence = 0.95
    samples: Count
    never: Count = 0
    endless: bool = False
    reason: str


class Window(Value):
    """One slice of the run, mean over replications; `at_us` is its beginning.

    `offered` are attempts to invite per second, `ended` the outcomes per second (by
    the instant of the end), `pending` the time-weighted mean number of pending
    invitations, `notify_us` quantiles of the delay of those *sent* in this window
    (None where there are too few, or where the quantile is among those never shown).
    """

    at_us: Count
    offered: Amount
    ended: Mapping[Outcome, Amount]
    pending: Amount
    relay_utilisation: Amount
    relay_wait_us: Amount | None
    relay_queue: Amount
    notify_p50_us: Amount | None
    notify_p99_us: Amount | None
    notify_p50_never: bool = False
    notify_p99_never: bool = False


class Pool(Value):
    """One worker pool of the relay: a kind of message and how it fared.

    `handled` came to a worker; `never` of those that count did not, because they were
    dropped or still in the queue at the end. Waits are of those that did.
    """

    kind: str
    servers: Positive
    handled: Count
    shed: Count
    utilisation: Estimate
    wait_us: Estimate | None
    wait_p99_us: Amount | None
    wait_p99_never: bool = False
    never: Count = 0
    longest_queue: Count


class VersionPair(Value):
    """Attempts from one major version to another, and how they could be made."""

    sender: Count
    recipient: Count
    direct: Count
    by_email: Count
    refused: Count


class FaultSpan(Value):
    """A fault of the timetable; `label` is for a chart ("30 % partitioned")."""

    kind: str
    at_us: Count
    until_us: Count
    label: str

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse a fault that ends before it begins."""
        if self.at_us > self.until_us:
            raise ValueError("a fault ends after it begins")
        return self


class Replication(Value):
    """One run of the world: its counts and the figures the dots show."""

    number: Count
    attempts: Count
    outcomes: Mapping[Outcome, Count]
    notify_p50_us: Amount | None
    notify_p99_us: Amount | None
    notify_p50_never: bool = False
    notify_p99_never: bool = False
    pending_mean: Amount
    pending_peak: Count
    events: Count


class WarmUpAdvice(Value):
    """What MSER-5 would cut off one series; advice, never applied by itself."""

    metric: str
    advised_us: Count
    sentence: str


class Moment(Value):
    """One step in the life of a sampled invitation, as a fact's kind and who did it."""

    at_us: Instant
    kind: str
    side: Literal["inviter", "recipient"]
    detail: str = ""


class Life(Value):
    """One sampled invitation from the first replication, for the timeline."""

    number: Count
    invitation: str
    inviter: str
    recipient: str
    outcome: Outcome
    moments: tuple[Moment, ...]


class Detached(Value):
    """An instrument that raised and was taken off, so that the run could go on."""

    instrument: str
    error: str


class Violated(Value):
    """A broken invariant of the protocol: never seen in a healthy world."""

    invariant: str
    at_us: Instant
    message: str


class Checked(Value):
    """On how many histories the invariants were checked, and what they found."""

    invitations: Count
    facts: Count
    violations: tuple[Violated, ...] = ()


class Results(Value):
    """The whole document. `outcomes` are totals over all replications after warm-up.

    `attempts` are all wishes to invite. Those tried directly are in `outcomes`, once;
    `emailed` became an email: of others, and of some of those that were refused.
    `cut_off`: the replication shown did not come to its end. `trace_rows_left_out`:
    those after the duration.
    `scenario` is the resolved scenario as it can be written back to TOML; `arguments`
    are what `invitelab simulate` was called with, but for where the report goes.
    """

    format: Literal[1] = RESULTS_FORMAT
    title: str
    summary: str
    name: str
    scenario: Mapping[str, object]
    scenario_digest: str
    arguments: tuple[str, ...] = ()
    seed: Seed
    engine: Literal["events"] = "events"
    complete: bool
    incomplete_because: str = ""
    cut_off: bool = False
    replications_planned: Count
    duration_us: Positive
    warm_up_us: Count
    trace_rows_left_out: Count = 0
    lifetime_us: Positive
    window_us: Positive
    attempts: Count
    emailed: Count
    outcomes: Mapping[Outcome, Count]
    outcome_shares: Mapping[Outcome, Estimate]
    messages: Mapping[str, Count]
    objectives: tuple[Objective, ...]
    distributions: tuple[Distribution, ...]
    windows: tuple[Window, ...]
    pools: tuple[Pool, ...]
    versions: tuple[VersionPair, ...]
    refusals: Mapping[str, Count]
    faults: tuple[FaultSpan, ...]
    replications: tuple[Replication, ...]
    pending_mean: Estimate
    pending_peak: Count
    warm_up_advice: tuple[WarmUpAdvice, ...]
    lives: tuple[Life, ...]
    detached: tuple[Detached, ...]
    checked: Checked

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        """Refuse windows out of order, and a warm-up that leaves nothing."""
        if self.warm_up_us >= self.duration_us:
            raise ValueError("the warm-up is shorter than the duration")
        width_us = self.window_us
        if any(a.at_us + width_us > b.at_us for a, b in pairwise(self.windows)):
            raise ValueError("the windows are in order and do not overlap")
        return self

    def distribution(self, metric: str) -> Distribution | None:
        """The distribution of that metric, if it was measured."""
        return next((one for one in self.distributions if one.metric == metric), None)

    @property
    def verdict(self) -> ObjectiveVerdict:
        """The worst of the objectives; MET where there are none."""
        verdicts = {objective.verdict for objective in self.objectives}
        for verdict in (ObjectiveVerdict.MISSED, ObjectiveVerdict.UNDECIDED):
            if verdict in verdicts:
                return verdict
        return ObjectiveVerdict.MET
