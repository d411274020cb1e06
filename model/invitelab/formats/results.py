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
    AmountEstimate,
    Bin,
    CurvePoint,
    Distribution,
    Estimate,
    ShareEstimate,
)
from invitelab.formats.objectives import (
    Doubt,
    Objective,
    ObjectiveVerdict,
    Outcome,
)
from invitelab.formats.ranges import (
    Amount,
    Count,
    Instant,
    Lifetime,
    Positive,
    Seed,
    Share,
    Value,
    Width,
    check_sums,
)

__all__ = [
    "RESULTS_FORMAT",
    "Bin",
    "Checked",
    "CurvePoint",
    "Detached",
    "Distribution",
    "Doubt",
    "Estimate",
    "FaultSpan",
    "InvitationTrace",
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
    "WarmUpFinding",
    "Window",
]

RESULTS_FORMAT: Final = 2


class WarmUpFinding(StrEnum):
    """What MSER-5 found in a series."""

    SETTLED = "settled"
    NOT_SETTLED = "not-settled"
    TOO_SHORT = "too-short"


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
    """What MSER-5 would cut off one series; advice, never applied by itself.

    `needed_us` is how long a run has to be for advice, where this one is too short.
    """

    metric: str
    finding: WarmUpFinding
    advised_us: Count = 0
    needed_us: Count = 0


class Moment(Value):
    """One fact about a sampled invitation: its kind, and the side it happened on."""

    at_us: Count
    kind: str
    side: Literal["inviter", "recipient"]
    detail: str = ""


class InvitationTrace(Value):
    """One sampled invitation of the first replication, from its sending to its end."""

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
    Every replication came to `reached_us`; `cut_off` says that one did not come to its
    end. `trace_rows_left_out`: rows of an arrival trace after the duration.
    `scenario` is the resolved scenario as it can be written back to TOML; `arguments`
    are what `invitelab simulate` was called with, but for where the report goes.
    """

    format: Literal[2] = RESULTS_FORMAT
    title: str
    summary: str
    name: str
    scenario: Mapping[str, object]
    scenario_digest: str
    arguments: tuple[str, ...] = ()
    seed: Seed
    engine: Literal["events"] = "events"
    complete: bool
    cut_off: bool = False
    reached_us: Count
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
    traces: tuple[InvitationTrace, ...]
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
