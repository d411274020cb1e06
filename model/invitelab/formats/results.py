"""`results.json`: the results of a simulation, of which its report is a pure function.

One document a run, without wall-clock times and paths, so that the same scenario and
seed give the same bytes. It has numbers and names, and no sentences: those are made by
the report. Times are integer microseconds of virtual time (`_us`), shares are 0 to 1,
rates are per second. An *estimate* is a mean over replications with its 95 % interval
(see `study.intervals`); with one replication there is no interval.
"""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from invitelab.formats.added_fields import Extended
from invitelab.formats.estimates import (
    AmountEstimate,
    Bin,
    CurvePoint,
    Distribution,
    Estimate,
    ShareEstimate,
)
from invitelab.formats.flow import Flow
from invitelab.formats.objectives import (
    Doubt,
    Objective,
    ObjectiveVerdict,
)
from invitelab.formats.observed import (
    Detached,
    FaultSpan,
    InvitationTrace,
    Moment,
    Outcome,
    Violated,
)
from invitelab.formats.ranges import (
    Amount,
    Count,
    Lifetime,
    Positive,
    Seed,
    Share,
    Value,
    Width,
    check_sums,
)
from invitelab.formats.target_run import TargetRun

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
    "Source",
    "VersionPair",
    "Violated",
    "WarmUpAdvice",
    "WarmUpFinding",
    "Window",
]

RESULTS_FORMAT: Final = 3

EngineName = Literal["events", "cohorts", "both"]

Source = Literal["simulation", "target", "import"]
"""What the figures are from: our own world, an implementation, or a table."""

SIMULATION: Final[Source] = "simulation"


class WarmUpFinding(StrEnum):
    """What MSER-5 found in a series: see `study.warm_up`."""

    SETTLED = "settled"
    NOT_SETTLED = "not-settled"
    TOO_SHORT = "too-short"


class Window(Value):
    """One window of the run, as means over replications; it begins at `at_us`.

    `offered` are attempts to invite per second, `ended` the outcomes per second (by the
    time of the end), `pending` and `relay_queue` time-weighted mean numbers, and
    `notify_*` quantiles of the delay of invitations *sent* in this window (None where
    there are too few, or where the quantile is among those never shown).
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
    """One worker pool of the relay, for one kind of message.

    `handled` messages reached a worker; of the counted ones `never` did not, because
    they were dropped or queued at the end. Mean waits are of those that did.
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
    """Attempts from one major version to another: direct, by email, or neither."""

    sender: Count
    recipient: Count
    direct: Count
    by_email: Count
    refused: Count


class Replication(Value):
    """One replication: its counts, and the figures that are compared."""

    number: Count
    attempts: Count
    outcomes: Mapping[Outcome, Count]
    notify_p50_us: Amount | None
    notify_p99_us: Amount | None
    notify_p50_never: bool = False
    notify_p99_never: bool = False
    pending_mean: Amount
    pending_peak: Count
    messages: Count
    relay_utilisation: Share | None = None
    """Of the busiest pool, between warm-up and drain; None without a relay of ours."""


class WarmUpAdvice(Value):
    """The part of a series that MSER-5 would cut off; it is never applied by itself.

    `needed_us` is the duration that is needed for advice, where this one is too short.
    """

    metric: str
    finding: WarmUpFinding
    advised_us: Count = 0
    needed_us: Count = 0


class Checked(Value):
    """The number of histories that the invariants were checked on, and violations."""

    invitations: Count
    facts: Count
    violations: tuple[Violated, ...] = ()


class Results(Extended):
    """The whole document. `outcomes` are totals over all replications after warm-up.

    `attempts` are all attempts to invite. Each one tried directly has one of the
    `outcomes`; `emailed` became an email, among them some that were refused.
    `engine` ran the replications (`both`: some of them each), and `engine_because` says
    why not the other one.
    Every replication came to `reached_us`; `cut_off` says that one did not come to its
    end. `trace_rows_left_out`: rows of an arrival trace after the duration.
    `scenario` is the resolved scenario, which can be written to TOML; `arguments` are
    those of the command that made it, except where the report goes.

    `source` says what the figures are from, and `subject` names it: the implementation
    and its version, or the imported file. Only a simulation has an `engine`, `pools`,
    `messages`, `faults` and, if the file is not older, a `flow`; an import may lack a
    `scenario` and `versions`. `target` has what is only known of a run on an
    implementation.
    """

    ADDED: ClassVar[frozenset[str]] = frozenset({"source", "subject", "target", "flow"})

    format: Literal[3] = RESULTS_FORMAT
    source: Source = SIMULATION
    subject: str = ""
    target: TargetRun | None = None
    title: str
    summary: str
    name: str
    scenario: Mapping[str, object]
    scenario_digest: str
    arguments: tuple[str, ...] = ()
    seed: Seed
    engine: EngineName = "events"
    engine_because: str = ""
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
    pools: tuple[Pool, ...]
    flow: Flow | None = None
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
        """Reject windows out of order, and a warm-up as long as the duration."""
        if self.warm_up_us >= self.duration_us:
            raise ValueError("the warm-up is shorter than the duration")
        width_us = self.window_us
        if any(a.at_us + width_us > b.at_us for a, b in pairwise(self.windows)):
            raise ValueError("the windows are in order and do not overlap")
        flow = self.flow
        if flow is not None and len(flow.repeated) != len(self.windows):
            raise ValueError("what is over time has an entry for each window")
        return self

    @model_validator(mode="after")
    def _of_its_source(self) -> Self:
        """Reject a simulation without relay pools or with a subject."""
        if self.source != SIMULATION:
            if self.flow is not None:
                raise ValueError("only a simulation knows what became of messages")
            return self
        if not self.pools:
            raise ValueError("a simulation has at least one relay pool")
        kinds = {pool.kind for pool in self.pools}
        if self.flow is not None and {*self.flow.busy} != kinds:
            raise ValueError("each pool of the relay has its load over time")
        if self.subject:
            raise ValueError("only measured or imported results name a subject")
        return self

    @model_validator(mode="after")
    def _counts_agree(self) -> Self:
        """Reject totals that contradict the replications or the attempts.

        An attempt may become neither an invitation nor an email.
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
        """Reject attempts by version and refusals by reason that do not add up."""
        pairs = self.versions
        refused = self.outcomes.get(Outcome.REFUSED, 0)
        sums = (
            (pair.direct + pair.by_email + pair.refused for pair in pairs),
            (pair.direct for pair in pairs),
            (pair.by_email for pair in pairs),
        )
        sent = sum(self.outcomes.values()) - refused
        has_pairs = bool(pairs) or self.source != "import"
        found = [sum(one) for one in sums]
        if has_pairs and found != [self.attempts, sent, self.emailed]:
            raise ValueError("the pairs of versions add up to all that was attempted")
        if sum(self.refusals.values()) != refused:
            raise ValueError("the reasons of refusals add up to all that was refused")
        if any(one.silent > len(self.replications) for one in self.objectives):
            raise ValueError("the silent replications are some of all")
        return self

    def distribution(self, metric: str) -> Distribution | None:
        """The distribution of a metric; None where it was not measured."""
        return next((one for one in self.distributions if one.metric == metric), None)

    @property
    def is_simulated(self) -> bool:
        """Whether the figures are of our own world."""
        return self.source == SIMULATION

    @property
    def judged(self) -> tuple[Objective, ...]:
        """The objectives that apply to what was measured."""
        return tuple(
            one
            for one in self.objectives
            if one.verdict is not ObjectiveVerdict.NOT_APPLICABLE
        )

    @property
    def verdict(self) -> ObjectiveVerdict:
        """The worst verdict of the objectives that apply; MET where there are none."""
        verdicts = {objective.verdict for objective in self.objectives}
        for verdict in (ObjectiveVerdict.MISSED, ObjectiveVerdict.UNDECIDED):
            if verdict in verdicts:
                return verdict
        return ObjectiveVerdict.MET


def _counts(one: Results | Replication) -> dict[str, int]:
    counts = {kind.value: count for kind, count in one.outcomes.items()}
    return counts | {"attempts": one.attempts}
