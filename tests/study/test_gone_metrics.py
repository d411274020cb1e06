"""How long recipients see what has ended, told to the instrument by hand."""

from collections.abc import Callable

import pytest

from invitelab.formats.results import Outcome
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.values import ClientId, State, Surface
from invitelab.study.gone_metrics import GoneMetrics
from invitelab.study.interruption import StoppedError
from invitelab.study.measurement import GONE_DELAY, Measurement
from invitelab.study.replication import Job, replicate
from invitelab.study.windows import Windows
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.file import Loaded

SECOND_US = 1_000_000
WARM_UP_US, END_US = 10 * SECOND_US, 300 * SECOND_US
SENT_US, ENDED_US = 20 * SECOND_US, 50 * SECOND_US
HOST, GUEST = ClientId("100200300"), ClientId("400500600")

Tell = Callable[..., None]
Tiny = Callable[[dict[str, object]], Loaded]


@pytest.fixture
def into() -> Measurement:
    """Give a measurement that has the delay."""
    return Measurement.blank(0, Windows.for_run(END_US), gone=True)


@pytest.fixture
def metrics(into: Measurement) -> GoneMetrics:
    """Give the instrument that fills it."""
    return GoneMetrics(into, WARM_UP_US)


@pytest.fixture
def tell(metrics: GoneMetrics) -> Tell:
    """Give a way to tell facts; a surface is both, unless it is named."""

    def happen(
        at_us: int, kind: FactKind, *surfaces: Surface, name: str = "i1"
    ) -> None:
        both = kind in {FactKind.SHOWN, FactKind.CLEARED}
        for surface in surfaces or (tuple(Surface) if both else (None,)):
            fact = Fact(
                at_us=at_us,
                kind=kind,
                client=GUEST if both else HOST,
                other=GUEST,
                invitation=name,
                surface=surface,
                state=State.CANCELLED if kind is FactKind.ENDED else None,
            )
            metrics.happened(at_us, fact)

    return happen


def test_it_is_gone_when_it_is_on_no_surface(tell: Tell, into: Measurement) -> None:
    """The delay is from the end to the second of the two surfaces."""
    tell(SENT_US, FactKind.SENT)
    tell(SENT_US + 5, FactKind.SHOWN)
    tell(ENDED_US, FactKind.ENDED)
    tell(ENDED_US + 3 * SECOND_US, FactKind.CLEARED, Surface.POPUP)
    assert 0 == into.delays[GONE_DELAY].count
    tell(ENDED_US + 4 * SECOND_US, FactKind.CLEARED, Surface.CLIENT)
    gone = into.delays[GONE_DELAY]
    assert (1, 4 * SECOND_US, 0) == (gone.count, gone.maximum, gone.never)


def test_who_has_answered_does_not_see_it_any_more(
    tell: Tell, metrics: GoneMetrics, into: Measurement
) -> None:
    """Nor does one to whom it was never shown: neither is in the population."""
    for name in ("answered", "unseen"):
        tell(SENT_US, FactKind.SENT, name=name)
    tell(SENT_US + 5, FactKind.SHOWN, name="answered")
    tell(ENDED_US - 9, FactKind.CLEARED, name="answered")
    for name in ("answered", "unseen"):
        tell(ENDED_US, FactKind.ENDED, name=name)
    metrics.close(END_US)
    assert (0, 0) == (into.delays[GONE_DELAY].count, into.delays[GONE_DELAY].never)


def test_an_offer_that_comes_after_the_end_counts_from_the_end(
    tell: Tell, into: Measurement
) -> None:
    """It shows what has ended, whenever it was on its way."""
    tell(SENT_US, FactKind.SENT)
    tell(ENDED_US, FactKind.ENDED)
    tell(ENDED_US + SECOND_US, FactKind.SHOWN)
    tell(ENDED_US + 9 * SECOND_US, FactKind.CLEARED)
    assert 9 * SECOND_US == into.delays[GONE_DELAY].maximum


def test_what_was_sent_in_the_warm_up_is_not_counted(
    tell: Tell, metrics: GoneMetrics, into: Measurement
) -> None:
    """Gone or not."""
    for name in ("gone", "seen"):
        tell(WARM_UP_US - 1, FactKind.SENT, name=name)
        tell(WARM_UP_US, FactKind.SHOWN, name=name)
        tell(ENDED_US, FactKind.ENDED, name=name)
    tell(ENDED_US + 1, FactKind.CLEARED, name="gone")
    metrics.close(END_US)
    assert (0, 0) == (into.delays[GONE_DELAY].count, into.delays[GONE_DELAY].never)


def test_what_is_seen_at_the_end_of_the_run_is_never_gone(
    tell: Tell, metrics: GoneMetrics, into: Measurement
) -> None:
    """An interruption leaves it open, and what may still end, too."""
    tell(SENT_US, FactKind.SENT)
    tell(SENT_US, FactKind.SENT, name="pending")
    tell(SENT_US + 5, FactKind.SHOWN)
    tell(ENDED_US, FactKind.ENDED)
    metrics.close(ENDED_US + 7 * SECOND_US)
    still = into.still_open[GONE_DELAY]
    assert (2, 0, 7 * SECOND_US) == (still.count, still.minimum, still.maximum)
    assert 0 == into.delays[GONE_DELAY].never
    metrics.close(END_US)
    assert 1 == into.delays[GONE_DELAY].never


# In a replication


CANCELLED: dict[str, object] = {
    "warm_up": "0s",
    "people.answer": {"accept": 0.0, "reject": 0.0, "ignore": 1.0},
    "people.cancel": 1.0,
    "people.cancel_after": {"distribution": "constant", "value": "9s"},
}


def replicated(tiny: Tiny, **changes: object) -> Measurement:
    """Measure the tiny scenario, in which all invitations are cancelled."""
    scenario = tiny({**CANCELLED, **changes}).scenario
    return replicate(Job(scenario=scenario, seed=7, number=0))


def test_it_is_measured_where_memory_is_limited(tiny: Tiny) -> None:
    """And nowhere else."""
    assert GONE_DELAY not in replicated(tiny).delays
    found = replicated(tiny, **{"relay.memory": 1_000})
    assert GONE_DELAY in found.delays
    assert "relay.memory: a full memory drops messages" == found.because


def test_a_memory_that_is_never_full_changes_nothing(tiny: Tiny) -> None:
    """All else is measured as without a limit, by the events engine."""
    free = replicated(tiny, engine=Engine.EVENTS.value)
    wide = replicated(tiny, **{"relay.memory": 1_000})
    gone = wide.delays.pop(GONE_DELAY), wide.still_open.pop(GONE_DELAY)
    wide.because = free.because
    assert free == wide
    assert gone[0].count == free.outcomes[Outcome.CANCELLED] > 20
    assert (gone[0].maximum or 0) < SECOND_US


def test_ends_that_are_not_told_are_seen_for_long(tiny: Tiny) -> None:
    """Who was shown an invitation sees it on after its end; no invariant is broken."""
    full = replicated(tiny, **{"relay.memory": 4})
    gone = full.delays[GONE_DELAY]
    assert 0 < gone.count < full.outcomes[Outcome.CANCELLED]
    assert (gone.maximum or 0) > 60 * SECOND_US
    assert full.drops["memory full"] > 100
    shed = {kind.name: pool.shed for kind, pool in full.pools.items() if pool.shed}
    assert {"OFFER", "WITHDRAWAL"} == set(shed)
    assert full.drops["memory full"] == sum(shed.values())
    assert () == full.violations
    assert full.checked > 20


def test_an_interrupted_replication_has_what_is_open(tiny: Tiny) -> None:
    """Those seen after their end, and those that are pending."""

    def watch(reached_us: int) -> None:
        if reached_us >= 15 * SECOND_US:
            raise StoppedError

    scenario = tiny({**CANCELLED, "relay.memory": 4}).scenario
    found = replicate(Job(scenario=scenario, seed=7, number=0), watch)
    assert 0 == found.delays[GONE_DELAY].never
    assert found.still_open[GONE_DELAY].count >= found.outcomes[Outcome.PENDING] > 0
