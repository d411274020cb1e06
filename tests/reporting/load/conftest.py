"""Made-up results of runs: steady, spiking, short, empty, cut off."""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import pytest

from invitelab.formats.flow import Flow, Spent
from invitelab.formats.results import (
    Bin,
    Checked,
    CurvePoint,
    Distribution,
    Estimate,
    FaultSpan,
    InvitationTrace,
    Moment,
    Objective,
    ObjectiveVerdict,
    Outcome,
    Pool,
    Replication,
    Results,
    VersionPair,
    WarmUpAdvice,
    WarmUpFinding,
    Window,
)

SECOND_US = 1_000_000
LIFETIME_US = 120 * SECOND_US
ENOUGH_BEYOND = 10
KINDS = ("offer", "receipt", "poll", "answer", "verdict", "withdrawal", "joined")
SHARES = {
    Outcome.ACCEPTED: 0.58,
    Outcome.REJECTED: 0.12,
    Outcome.CANCELLED: 0.08,
    Outcome.EXPIRED: 0.17,
    Outcome.REFUSED: 0.05,
    Outcome.PENDING: 0.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The parameters of a made-up run; rates are per second."""

    duration_s: int = 600
    warm_up_s: int = 60
    drain_s: int = 180
    window_s: int = 5
    rate: float = 25.0
    spike: float = 1.0
    replications: int = 5
    lag: bool = False
    faults: bool = False
    complete: bool = True
    hostile: str = ""

    @property
    def windows(self) -> range:
        """Give the beginnings of the windows in seconds."""
        return range(0, self.duration_s + self.drain_s, self.window_s)

    def offered(self, at_s: float) -> float:
        """Give the rate of that instant."""
        if at_s >= self.duration_s:
            return 0.0
        in_spike = 0.35 <= at_s / self.duration_s < 0.5
        return self.rate * (self.spike if in_spike else 1.0)


def estimate(mean: float, spread: float, replications: int) -> Estimate:
    """Make an estimate with an interval where there can be one."""
    if replications < 2:
        return Estimate(mean=mean)
    return Estimate(mean=mean, low=max(mean - spread, 0.0), high=mean + spread)


def lower_edge(value: int) -> tuple[int, int]:
    """Find the bin of a value: exact below 256, then 1/256 of its power of two."""
    shift = max(value.bit_length() - 9, 0)
    return (value >> shift) << shift, 1 << shift


def distribution(
    metric: str, samples: Sequence[int], replications: int
) -> Distribution:
    """Put samples into bins and draw their curve."""
    if not samples:
        return Distribution(metric=metric, count=0)
    ordered = sorted(samples)
    bins = Counter(lower_edge(value) for value in ordered if value >= 0)
    points: list[CurvePoint] = []
    for step in range(400):
        probability = 1 - 10 ** (-step / 60)
        if len(ordered) * (1 - probability) < ENOUGH_BEYOND:
            break
        value = ordered[int(probability * len(ordered))]
        points.append(
            CurvePoint(
                probability=probability,
                value=estimate(value, value * 0.002 * (1 + step / 10), replications),
            )
        )
    mean = math.fsum(ordered) / len(ordered)
    return Distribution(
        metric=metric,
        count=len(ordered),
        negative=sum(value < 0 for value in ordered),
        minimum_us=ordered[0],
        maximum_us=ordered[-1],
        mean_us=estimate(mean, mean / 50, replications),
        curve=tuple(points),
        bins=tuple(
            Bin(lower=lower, upper=lower + width, count=count)
            for (lower, width), count in sorted(bins.items())
        ),
    )


def distributions(shape: Shape, attempts: int) -> tuple[Distribution, ...]:
    """Make the five of a run, from at most 20,000 samples."""
    chance = random.Random(7)
    size = min(attempts, 20_000)
    notify = [int(chance.lognormvariate(11.3, 0.5)) for _ in range(size)]
    notify = [x + (380_000 if chance.random() < 0.02 else 0) for x in notify]
    if shape.spike > 1:
        notify = [x + int(chance.random() ** 6 * 9e6) for x in notify]
    decide = [int(chance.lognormvariate(16.0, 0.9)) for _ in range(size // 2)]
    decide = [min(value, LIFETIME_US) for value in decide]
    session = [value + chance.choice(notify) for value in decide if notify]
    lag = [0] * int(size * SHARES[Outcome.EXPIRED])
    if shape.lag:
        lag = [int(chance.expovariate(1 / 900_000)) for _ in lag]
    wait = [int(chance.expovariate(1 / 1500)) for _ in range(size)]
    sampled = (
        ("notify_delay", notify),
        ("decision_delay", decide),
        ("session_delay", session),
        ("expiry_lag", lag),
        ("relay_wait", wait),
    )
    return tuple(
        distribution(metric, samples, shape.replications) for metric, samples in sampled
    )


def windows(shape: Shape) -> tuple[Window, ...]:
    """Make the windows, with a relay that fills when overloaded."""
    made: list[Window] = []
    chance = random.Random(11)
    pending, backlog, capacity = 0.0, 0.0, shape.rate * 3.0
    for at_s in shape.windows:
        noise = 1 + chance.gauss(0, 0.02)
        offered = shape.offered(at_s) * noise
        backlog = max(backlog + (offered - capacity) * shape.window_s, 0.0)
        ending = (pending / 25) * noise
        pending = max(pending + (offered - ending) * shape.window_s, 0.0)
        wait_us = 1500 + backlog / max(capacity, 1) * SECOND_US
        some = offered > 0
        made.append(
            Window(
                at_us=at_s * SECOND_US,
                offered=offered,
                ended={kind: ending * share for kind, share in SHARES.items()},
                pending=pending,
                relay_utilisation=min(offered / capacity + (backlog > 0), 1.0)
                if capacity
                else 0.0,
                relay_wait_us=wait_us if some else None,
                relay_queue=backlog,
                notify_p50_us=85_000 + wait_us if some else None,
                notify_p99_us=290_000 * noise + wait_us if some else None,
            )
        )
    return tuple(made)


def objectives(shape: Shape) -> tuple[Objective, ...]:
    """Make one of each verdict."""
    missed = shape.spike > 1
    first = ObjectiveVerdict.MISSED if missed else ObjectiveVerdict.MET
    return (
        Objective(
            metric="notify_delay",
            quantile=0.99,
            at_most=True,
            bound=400_000,
            unit="us",
            verdict=first,
            figure_verdict=first,
            estimate=estimate(
                8_400_000 if missed else 329_000, 12_000, shape.replications
            ),
            samples=15_000,
        ),
        Objective(
            metric="notify_delay",
            quantile=0.999,
            at_most=True,
            bound=700_000,
            unit="us",
            verdict=ObjectiveVerdict.UNDECIDED,
            figure_verdict=ObjectiveVerdict.UNDECIDED,
            estimate=estimate(690_000, 60_000, shape.replications),
            samples=15_000,
        ),
        Objective(
            metric="accepted",
            quantile=None,
            at_most=False,
            bound=0.5,
            unit="1",
            verdict=ObjectiveVerdict.MET,
            figure_verdict=ObjectiveVerdict.MET,
            estimate=estimate(0.58, 0.004, shape.replications),
            samples=15_000,
        ),
        Objective(
            metric="expiry_lag",
            quantile=0.99,
            at_most=True,
            bound=1_000_000,
            unit="us",
            verdict=ObjectiveVerdict.MISSED,
            figure_verdict=ObjectiveVerdict.MISSED,
            estimate=None,
            samples=0,
        ),
    )


def traces(shape: Shape) -> tuple[InvitationTrace, ...]:
    """Make a dozen traces, two of each outcome."""
    chance = random.Random(3)
    ends = [kind for kind in Outcome for _ in range(2)]
    made: list[InvitationTrace] = []
    for number, outcome in enumerate(ends):
        begin = int(chance.random() * shape.duration_s * SECOND_US)
        shown = begin + 90_000
        stay = (
            LIFETIME_US
            if outcome is Outcome.EXPIRED
            else chance.randrange(60) * SECOND_US
        )
        moments = [Moment(at_us=begin, kind="sent", side="inviter")]
        if outcome is not Outcome.REFUSED:
            moments.append(Moment(at_us=shown, kind="shown", side="recipient"))
        if outcome in {Outcome.ACCEPTED, Outcome.REJECTED}:
            moments.append(
                Moment(
                    at_us=shown + stay,
                    kind="clicked",
                    side="recipient",
                    detail=outcome.value,
                )
            )
        if outcome is not Outcome.PENDING:
            end = begin + stay + (200_000 if stay < LIFETIME_US else 0)
            moments.append(Moment(at_us=end, kind="ended", side="inviter"))
        made.append(
            InvitationTrace(
                number=number * 97,
                invitation=f"invitation-{number}",
                inviter=f"{shape.hostile}ada@desk{number}",
                recipient=f"{shape.hostile}bea@office{number}",
                outcome=outcome,
                moments=tuple(moments),
            )
        )
    return tuple(made)


def replications(
    shape: Shape, counts: Mapping[Outcome, int], attempts: int
) -> tuple[Replication, ...]:
    """Make replications that scatter a little."""
    chance = random.Random(5)
    some = sum(counts.values()) > 0
    return tuple(
        Replication(
            number=number,
            attempts=attempts,
            outcomes=counts,
            notify_p50_us=85_000 + chance.gauss(0, 600) if some else None,
            notify_p99_us=329_000 + chance.gauss(0, 9000) if some else None,
            pending_mean=shape.rate * 25 * (1 + chance.gauss(0, 0.01)),
            pending_peak=int(shape.rate * 29),
            messages=sum(counts.values()) * 31,
        )
        for number in range(1, shape.replications + 1)
    )


def pools(shape: Shape) -> tuple[Pool, ...]:
    """Make a pool a kind of message."""
    some = shape.rate > 0
    return tuple(
        Pool(
            kind=kind,
            servers=8,
            handled=int(shape.rate * shape.duration_s * (1 + index / 2)),
            shed=120 if shape.spike > 1 and kind == "offer" else 0,
            utilisation=estimate(
                min(0.08 * (index + 1) * some, 1), 0.002, shape.replications
            ),
            wait_us=estimate(1500 + 300 * index, 40, shape.replications)
            if some
            else None,
            wait_p99_us=9000.0 + 800 * index if some else None,
            longest_queue=int(shape.rate * shape.spike * (index + 1) / 8),
        )
        for index, kind in enumerate(KINDS)
    )


def flow(shape: Shape) -> Flow:
    """Make what became of messages: a pool that is full in the spike, which drops."""
    runs = windows(shape)
    steep = shape.spike > 1
    crowd = [run.offered > shape.rate * 1.01 for run in runs]
    lost = tuple(shape.rate * 40.0 * here for here in crowd)
    return Flow(
        attempts=int(shape.rate * shape.duration_s) * shape.replications,
        repeats=int(sum(lost)) * shape.window_s,
        emails_alone=tuple(run.offered / 20 for run in runs),
        repeated=tuple(0.9 * rate for rate in lost),
        dropped={"loss": tuple(0.1 * r for r in lost), "queue full": lost}
        if steep
        else {},
        busy={
            kind: tuple(
                1.0 if here and index == 1 else min(run.offered * 0.001 * index, 0.9)
                for run, here in zip(runs, crowd, strict=True)
            )
            for index, kind in enumerate(KINDS)
        },
        queued={
            kind: tuple(190.0 * here * (index == 1) for here in crowd)
            for index, kind in enumerate(KINDS)
        },
        spent=tuple(spent()) if shape.rate else (),
    )


def spent() -> Iterator[Spent]:
    """Make delays of which the slower ones are spent on other things."""
    edges = (0.0, 0.5, 0.9, 0.99, 1.0)
    for metric in ("notify_delay", "decision_delay", "session_delay"):
        for place, (low, high) in enumerate(pairwise(edges)):
            lower_us, count = 100_000 * 10**place, 4_000 // 10**place
            whole_us = 2 * lower_us * count
            think_us = 0 if metric == "notify_delay" else whole_us // 2
            repeats_us = (whole_us - think_us) * place // 4
            yield Spent(
                metric=metric,
                low=low,
                high=high,
                lower_us=lower_us,
                upper_us=lower_us * 10,
                count=count,
                think_us=think_us,
                repeats_us=repeats_us,
                queue_us=(whole_us - think_us - repeats_us) // 3,
                network_us=(whole_us - think_us - repeats_us)
                - (whole_us - think_us - repeats_us) // 3,
            )


Pair = tuple[int, int]


def parted(total: int, parts: Mapping[Pair, float]) -> dict[Pair, int]:
    """Divide a number into integers of about these proportions."""
    whole = sum(parts.values())
    ends = [round(total * end / whole) for end in accumulate(parts.values())]
    return {
        pair: end - begin
        for pair, begin, end in zip(parts, [0, *ends], ends, strict=False)
    }


def versions(attempts: int, direct: int, emailed: int) -> tuple[VersionPair, ...]:
    """Make a square of four versions, of which the oldest knows only email."""
    sizes = {6: 0.1, 7: 0.5, 8: 0.3, 9: 0.1}
    pairs = {(a, b): sizes[a] * sizes[b] for a in sizes for b in sizes}
    old = {pair: size for pair, size in pairs.items() if 6 in pair}
    new = {pair: size for pair, size in pairs.items() if 6 not in pair}
    mailed, sent = parted(emailed, old), parted(direct, new)
    neither = parted(attempts - direct - emailed, new)
    return tuple(
        VersionPair(
            sender=pair[0],
            recipient=pair[1],
            direct=sent.get(pair, 0),
            by_email=mailed.get(pair, 0),
            refused=neither.get(pair, 0),
        )
        for pair in pairs
    )


def refusals(refused: int) -> dict[str, int]:
    """Make two reasons, of which one is rare."""
    rare = min(refused, 21)
    found = {"cannot be invited directly": refused - rare, "not connected": rare}
    return {reason: number for reason, number in found.items() if number}


FAULTS = (
    FaultSpan(
        kind="partition",
        at_us=200 * SECOND_US,
        until_us=220 * SECOND_US,
        label="30 % partitioned",
    ),
    FaultSpan(
        kind="relay-restart",
        at_us=230 * SECOND_US,
        until_us=235 * SECOND_US,
        label="relay restart",
    ),
)


def scenario_of(shape: Shape) -> dict[str, object]:
    """Make the scenario of such a run, as its results keep it."""
    return {
        "title": f"{shape.hostile}Monday morning at a support desk",
        "duration": "10min",
        "seed": 1,
        "population": {"clients": 20_000, "versions": {"6.3.2": 0.1, "7.1.4": 0.9}},
        "arrivals": {"kind": "poisson", "rate": f"{shape.rate:g}/s"},
        "objectives": [
            {"metric": "notify_delay", "quantile": 0.99, "at_most": "400ms"}
        ],
    }


def results_of(shape: Shape) -> Results:
    """Make the results of such a run."""
    counted = shape.duration_s - shape.warm_up_s
    attempts = int(shape.rate * counted)
    counts = {kind: int(attempts * share) for kind, share in SHARES.items()}
    total = sum(counts.values())
    number = shape.replications
    return Results(
        title=f"{shape.hostile}Monday morning at a support desk",
        summary=f"{shape.hostile}Twenty thousand clients, mixed versions.",
        name="support_desk",
        scenario=scenario_of(shape),
        scenario_digest="0123456789abcdef",
        seed=1,
        complete=shape.complete,
        reached_us=(shape.duration_s + shape.drain_s) * SECOND_US,
        replications_planned=number if shape.complete else number + 5,
        duration_us=shape.duration_s * SECOND_US,
        warm_up_us=shape.warm_up_s * SECOND_US,
        lifetime_us=LIFETIME_US,
        window_us=shape.window_s * SECOND_US,
        attempts=attempts * number,
        emailed=attempts * number // 20,
        outcomes={kind: count * number for kind, count in counts.items()},
        outcome_shares={
            kind: estimate(count / total, 0.003, number)
            for kind, count in counts.items()
        }
        if total
        else {},
        messages={kind: attempts * (index + 1) for index, kind in enumerate(KINDS)},
        objectives=objectives(shape),
        distributions=distributions(shape, attempts),
        windows=windows(shape),
        pools=pools(shape),
        flow=flow(shape),
        versions=versions(
            attempts * number,
            (total - counts[Outcome.REFUSED]) * number,
            attempts * number // 20,
        ),
        refusals=refusals(counts[Outcome.REFUSED] * number),
        faults=FAULTS if shape.faults else (),
        replications=replications(shape, counts, attempts),
        pending_mean=estimate(shape.rate * 25, 2.0, number),
        pending_peak=int(shape.rate * 29),
        warm_up_advice=(
            WarmUpAdvice(
                metric="pending",
                finding=WarmUpFinding.SETTLED,
                advised_us=70 * SECOND_US,
            ),
        ),
        traces=traces(shape) if attempts else (),
        detached=(),
        checked=Checked(invitations=attempts * number, facts=attempts * number * 9),
    )


STEADY = Shape()
SHAPES: Mapping[str, Shape] = {
    "steady": STEADY,
    "spike": Shape(spike=5.0, lag=True, faults=True),
    "one": Shape(replications=1),
    "short": Shape(duration_s=4, warm_up_s=0, drain_s=0, rate=3.0, replications=1),
    "nothing": Shape(rate=0.0),
    "incomplete": Shape(complete=False),
    "huge": Shape(rate=90_000.0, duration_s=86_400, drain_s=3600, window_s=720),
}


@pytest.fixture(scope="session")
def make_results() -> Callable[[str], Results]:
    """Make the results of a run of that name; see `SHAPES`."""
    made: dict[str, Results] = {}

    def make(name: str) -> Results:
        if name not in made:
            made[name] = results_of(SHAPES[name])
        return made[name]

    return make


@pytest.fixture(scope="session")
def steady(make_results: Callable[[str], Results]) -> Results:
    """Give the ordinary run."""
    return make_results("steady")


@pytest.fixture(scope="session")
def make_hostile() -> Callable[[str], Results]:
    """Make an ordinary run in which every name begins with the given text."""
    return lambda text: results_of(
        Shape(hostile=text, duration_s=60, warm_up_s=0, drain_s=0, replications=2)
    )
