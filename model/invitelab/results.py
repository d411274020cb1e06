"""`results.json`: what a simulation came to, and the only truth a load report has.

One document a run. Every chart, table and file beside it is a pure function of this
one; nothing in it holds a wall-clock time or a path, so the same scenario and seed
write the same bytes. Times are integer microseconds of virtual time (`_us`), shares are
0 to 1, rates are per second. An *estimate* is a mean over replications with its 95 %
interval, of Student's t on a scale that fits (logarithmic for what is never below zero,
logit or Wilson's score for shares); with one replication the interval is absent.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

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
    """Three values, because too few samples are no proof of anything."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"


class Value(BaseModel):
    """What every part has in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(Value):
    """A mean over replications; `low` and `high` are its 95 % interval."""

    mean: float
    low: float | None = None
    high: float | None = None


class Bin(Value):
    """`count` samples in `[lower, upper)`, in the distribution's unit."""

    lower: int
    upper: int
    count: int


class CurvePoint(Value):
    """One point of a percentile curve: `probability` below 1, and its value."""

    probability: float
    value: Estimate


class Distribution(Value):
    """All samples of one metric, over all replications, in microseconds.

    `curve` ends where fewer than ten samples lie beyond; `bins` are the merged
    histogram's, none of them empty, in order.
    """

    metric: str
    title: str
    count: int
    negative: int = 0
    minimum_us: int | None = None
    maximum_us: int | None = None
    mean_us: Estimate | None = None
    curve: tuple[CurvePoint, ...] = ()
    bins: tuple[Bin, ...] = ()


class Objective(Value):
    """A promise of the scenario and whether it was kept.

    `statement` is the promise in words ("99 % of notify_delay at most 400 ms"),
    `bound` and the estimate are in `unit` ("us" or "1"), `reason` says why the verdict
    is what it is, in one sentence. `confidence` is how often an interval like that of
    the estimate holds the truth: more than 95 % where replications are added until the
    objectives are decided, because each look at them may err.
    """

    statement: str
    metric: str
    quantile: float | None
    at_most: bool
    bound: float
    unit: Literal["us", "1"]
    verdict: ObjectiveVerdict
    estimate: Estimate | None
    confidence: float = 0.95
    samples: int
    reason: str


class Window(Value):
    """One slice of the run, mean over replications; `at_us` is its beginning.

    `offered` are attempts to invite per second, `ended` the outcomes per second (by
    the instant of the end), `pending` the time-weighted mean number of pending
    invitations, `notify_us` quantiles of the delay of those *sent* in this window
    (None where there are too few).
    """

    at_us: int
    offered: float
    ended: Mapping[Outcome, float]
    pending: float
    relay_utilisation: float
    relay_wait_us: float | None
    relay_queue: float
    notify_p50_us: float | None
    notify_p99_us: float | None


class Pool(Value):
    """One worker pool of the relay: a kind of message and how it fared."""

    kind: str
    servers: int
    handled: int
    shed: int
    utilisation: Estimate
    wait_us: Estimate | None
    wait_p99_us: float | None
    longest_queue: int


class VersionPair(Value):
    """Attempts from one major version to another, and how they could be made."""

    sender: int
    recipient: int
    direct: int
    by_email: int
    refused: int


class FaultSpan(Value):
    """A fault of the timetable; `label` is for a chart ("30 % partitioned")."""

    kind: str
    at_us: int
    until_us: int
    label: str


class Replication(Value):
    """One run of the world: its counts and the figures the dots show."""

    number: int
    attempts: int
    outcomes: Mapping[Outcome, int]
    notify_p50_us: float | None
    notify_p99_us: float | None
    pending_mean: float
    pending_peak: int
    events: int


class WarmUpAdvice(Value):
    """What MSER-5 would cut off one series; advice, never applied by itself."""

    metric: str
    advised_us: int
    sentence: str


class Moment(Value):
    """One step in the life of a sampled invitation, as a fact's kind and who did it."""

    at_us: int
    kind: str
    side: Literal["inviter", "recipient"]
    detail: str = ""


class Life(Value):
    """One sampled invitation from the first replication, for the timeline."""

    number: int
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
    at_us: int
    message: str


class Checked(Value):
    """How many histories the invariants were checked on, and what they found."""

    invitations: int
    facts: int
    violations: tuple[Violated, ...] = ()


class Results(Value):
    """The whole document. `outcomes` are totals over all replications after warm-up.

    `attempts` counts every wish to invite. Those tried directly are in `outcomes`, each
    once; `refusals` tells why. `emailed` are the wishes that became an email: of people
    who cannot invite directly, and of some who were refused, so it is no further part.
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
    seed: int
    engine: Literal["events"] = "events"
    complete: bool
    incomplete_because: str = ""
    replications_planned: int
    duration_us: int
    warm_up_us: int
    lifetime_us: int
    window_us: int
    attempts: int
    emailed: int
    outcomes: Mapping[Outcome, int]
    outcome_shares: Mapping[Outcome, Estimate]
    messages: Mapping[str, int]
    objectives: tuple[Objective, ...]
    distributions: tuple[Distribution, ...]
    windows: tuple[Window, ...]
    pools: tuple[Pool, ...]
    versions: tuple[VersionPair, ...]
    refusals: Mapping[str, int]
    faults: tuple[FaultSpan, ...]
    replications: tuple[Replication, ...]
    pending_mean: Estimate
    pending_peak: int
    warm_up_advice: tuple[WarmUpAdvice, ...]
    lives: tuple[Life, ...]
    detached: tuple[Detached, ...]
    checked: Checked

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


class SweepPoint(Value):
    """The same scenario with one value changed."""

    value: str
    number: float | None
    results: Results


class Sweep(Value):
    """Several points along one parameter (`path` in the scenario)."""

    format: Literal[1] = RESULTS_FORMAT
    title: str
    path: str
    points: tuple[SweepPoint, ...]


class Difference(Value):
    """One metric in two runs: the mean difference `b - a` and its interval.

    `significant` says that the interval does not hold zero; None where there are too
    few replications to say. `confidence` is that of the interval: more than 95 %, for
    each of several figures may differ by chance.
    """

    metric: str
    statistic: str
    unit: Literal["us", "1"]
    a: float
    b: float
    difference: Estimate
    confidence: float = 0.95
    significant: bool | None


class Comparison(Value):
    """Two runs side by side; `paired` says that they share seed and replications.

    `replications_a` and `replications_b` are how many each has, `pairs` how many have
    the same number in both.
    """

    format: Literal[1] = RESULTS_FORMAT
    a: str
    b: str
    seed_a: int
    seed_b: int
    paired: bool
    replications_a: int = 0
    replications_b: int = 0
    pairs: int = 0
    changed: Mapping[str, tuple[str, str]]
    differences: tuple[Difference, ...]
