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

from invitelab.formats.estimates import (
    SIGNED,
    AmountEstimate,
    Bin,
    CurvePoint,
    Distribution,
    Estimate,
    ShareEstimate,
)
from invitelab.formats.ranges import (
    Amount,
    Confidence,
    Count,
    Instant,
    Lifetime,
    Positive,
    Seed,
    Share,
    Value,
    Width,
    check_amounts,
    check_shares,
    check_sums,
)

__all__ = [
    "RESULTS_FORMAT",
    "Bin",
    "Checked",
    "CurvePoint",
    "Detached",
    "Distribution",
    "Estimate",
    "FaultSpan",
    "Life",
    "Moment",
    "Objective",
    "ObjectiveVerdict",
    "Outcome",
    "Pool",
    "Replication",
    "Results",
    "VersionPair",
    "Violated",
    "WarmUpAdvice",
    "Window",
]

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


SHARES: Final = frozenset({*Outcome, "relay_utilisation"})
"""Metrics of objectives that are parts of a whole."""


class Objective(Value):
    """A promise of the scenario and whether it was kept.

    `statement` is the promise in words ("99 % of notify_delay at most 400 ms"),
    `bound` and the estimate are in `unit` ("us" or "1"), `reason` says why the verdict
    is what it is, in one sentence. `confidence` is how often an interval like that of
    the estimate holds the truth: more than 95 % where replications are added until the
    objectives are decided, because each look at them may err. `never` of the samples
    are delays of what did not happen; `endless` says that the figure is one of them in
    some replication. `silent` replications have too few samples for a figure.
    """

    statement: str
    metric: str
    quantile: Annotated[float, Field(gt=0, lt=1)] | None
    at_most: bool
    bound: Amount
    unit: Literal["us", "1"]
    verdict: ObjectiveVerdict
    estimate: Estimate | None
    confidence: Confidence = 0.95
    samples: Count
    never: Count = 0
    endless: bool = False
    silent: Count = 0
    reason: str

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        """Refuse an impossible figure, and a verdict that its figure contradicts."""
        if self.estimate is None:
            if self.verdict is ObjectiveVerdict.MET and not self.endless:
                raise ValueError("what has no figure is not met")
            return self
        if self.metric in SHARES:
            check_shares(self.estimate.figures)
        elif self.metric != SIGNED:
            check_amounts(self.estimate.figures)
        kept = {self._holds(value) for value in self.estimate.figures}
        decided = {ObjectiveVerdict.MET: {True}, ObjectiveVerdict.MISSED: {False}}
        if kept != decided.get(self.verdict, kept):
            raise ValueError(f"the estimate does not say {self.verdict.value}")
        return self

    def _holds(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound


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
    relay_utilisation: Share
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
    utilisation: ShareEstimate
    wait_us: AmountEstimate | None
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

    at_us: Count
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
    replications_planned: Positive
    duration_us: Positive
    warm_up_us: Count
    trace_rows_left_out: Count = 0
    lifetime_us: Lifetime
    window_us: Width
    attempts: Count
    emailed: Count
    outcomes: Mapping[Outcome, Count]
    outcome_shares: Mapping[Outcome, ShareEstimate]
    messages: Mapping[str, Count]
    objectives: tuple[Objective, ...]
    distributions: tuple[Distribution, ...]
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    pools: Annotated[tuple[Pool, ...], Field(min_length=1)]
    versions: tuple[VersionPair, ...]
    refusals: Mapping[str, Count]
    faults: tuple[FaultSpan, ...]
    replications: Annotated[tuple[Replication, ...], Field(min_length=1)]
    pending_mean: AmountEstimate
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

    @model_validator(mode="after")
    def _counts_agree(self) -> Self:
        """Refuse totals that are not those of the replications, or of all attempts.

        A wish may come to neither an invitation nor an email, so there can be more.
        """
        ones = self.replications
        check_sums(_counts(self), [_counts(one) for one in ones])
        if self.pending_peak != max(one.pending_peak for one in ones):
            raise ValueError("the peak of pending is that of a replication")
        direct = sum(self.outcomes.values())
        sent = direct - self.outcomes.get(Outcome.REFUSED, 0)
        if max(direct, sent + self.emailed) > self.attempts:
            raise ValueError("no more is sent, refused or emailed than was attempted")
        return self

    @model_validator(mode="after")
    def _parts_add_up(self) -> Self:
        """Refuse attempts by version and refusals by reason that are other numbers."""
        pairs = self.versions
        refused = self.outcomes.get(Outcome.REFUSED, 0)
        sums = (
            (pair.direct + pair.by_email + pair.refused for pair in pairs),
            (pair.direct for pair in pairs),
            (pair.by_email for pair in pairs),
        )
        sent = sum(self.outcomes.values()) - refused
        if [sum(one) for one in sums] != [self.attempts, sent, self.emailed]:
            raise ValueError("the pairs of versions add up to all that was attempted")
        if sum(self.refusals.values()) != refused:
            raise ValueError("the reasons of refusals add up to all that was refused")
        if any(one.silent > len(self.replications) for one in self.objectives):
            raise ValueError("the silent replications are some of all")
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


def _counts(one: Results | Replication) -> dict[str, int]:
    counts = {kind.value: count for kind, count in one.outcomes.items()}
    return counts | {"attempts": one.attempts}
