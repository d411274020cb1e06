"""What the instruments make of facts, told to them by hand."""

from collections.abc import Callable

import pytest

from invitelab.formats.results import FaultSpan, Outcome
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    Identity,
    State,
    Surface,
    Version,
)
from invitelab.study.measurement import Measurement
from invitelab.study.metrics import InvitationMetrics, RelayMetrics
from invitelab.study.windows import Windows
from invitelab.world.load.queues import MessageClass

SECOND_US = 1_000_000
WARM_UP_US, DURATION_US, END_US = 10 * SECOND_US, 60 * SECOND_US, 100 * SECOND_US
LATE_US = 20 * SECOND_US
LIFETIME_US = 30 * SECOND_US
HOST, GUEST = ClientId("100200300"), ClientId("400500600")

SEVEN, SIX = (
    ClientSpec(identity=Identity(id=id_, alias=None), version=version)
    for id_, version in ((HOST, Version(7, 1, 4)), (GUEST, Version(6, 3, 2)))
)


@pytest.fixture
def into() -> Measurement:
    """Give a measurement with windows of a second."""
    return Measurement.blank(0, Windows.for_run(END_US))


@pytest.fixture
def metrics(into: Measurement) -> InvitationMetrics:
    """Give the instrument that fills it."""
    return InvitationMetrics(into, WARM_UP_US, DURATION_US)


@pytest.fixture
def relay(into: Measurement) -> RelayMetrics:
    """Give the instrument of the relay that fills it."""
    return RelayMetrics(into, WARM_UP_US, DURATION_US)


@pytest.fixture
def tell(metrics: InvitationMetrics) -> Callable[..., None]:
    """Give a way to tell a fact; without an instant of its own it is the world's."""

    def happen(
        at_us: int,
        kind: FactKind,
        *,
        state: State | None = None,
        surface: Surface | None = None,
        local_us: int | None = None,
        name: str = "i1",
    ) -> None:
        own_us = at_us if local_us is None else local_us
        deadline_us = own_us + LIFETIME_US if kind is FactKind.SENT else None
        fact = Fact(
            at_us=at_us,
            clock_us=local_us,
            kind=kind,
            client=HOST,
            other=GUEST,
            invitation=name,
            state=state,
            surface=surface,
            deadline_us=deadline_us,
        )
        metrics.happened(at_us, fact)

    return happen


Tell = Callable[..., None]


def host_clock(now_us: int) -> Callable[[str], int]:
    """Give what the host of every invitation takes for the time."""
    return lambda _invitation: now_us


# Invitations


def test_being_shown_is_measured_from_sending(tell: Tell, into: Measurement) -> None:
    """The pop-up counts, in the window in which it was sent; the list does not."""
    tell(LATE_US, FactKind.SENT)
    tell(LATE_US + 40_000, FactKind.SHOWN, surface=Surface.CLIENT)
    tell(LATE_US + 50_000, FactKind.SHOWN, surface=Surface.POPUP)
    delay = into.delays["notify_delay"]
    assert (1, 50_000) == (delay.count, delay.maximum)
    assert 1 == into.notify[20].count


@pytest.mark.parametrize(
    ("expected", "state"),
    [
        (Outcome.ACCEPTED, State.ACCEPTED),
        (Outcome.REJECTED, State.REJECTED),
        (Outcome.CANCELLED, State.CANCELLED),
        (Outcome.EXPIRED, State.EXPIRED),
    ],
)
def test_an_end_is_an_outcome(
    tell: Tell, into: Measurement, expected: Outcome, state: State
) -> None:
    """Of its own kind, in the window of the end, and nothing is pending any more."""
    tell(LATE_US, FactKind.SENT)
    assert 1 == into.outcomes[Outcome.PENDING]
    tell(LATE_US + 3 * SECOND_US, FactKind.ENDED, state=state)
    assert {expected: 1} == {kind: n for kind, n in into.outcomes.items() if n}
    assert 1 == into.ended[expected][23]
    decided = None if state is State.EXPIRED else 3 * SECOND_US
    assert decided == into.delays["decision_delay"].maximum


def test_a_session_is_measured_from_sending(tell: Tell, into: Measurement) -> None:
    """Until the guest is in it."""
    tell(LATE_US, FactKind.SENT)
    tell(LATE_US + 1_000_000, FactKind.ENDED, state=State.ACCEPTED)
    tell(LATE_US + 1_200_000, FactKind.JOINED)
    assert 1_200_000 == into.delays["session_delay"].maximum


def test_an_expiry_is_compared_on_the_hosts_clock(
    tell: Tell, into: Measurement
) -> None:
    """Two microseconds early there, whatever the world's clock says."""
    tell(LATE_US, FactKind.SENT)
    tell(
        LATE_US + LIFETIME_US + 900,
        FactKind.ENDED,
        state=State.EXPIRED,
        local_us=LATE_US + LIFETIME_US - 2,
    )
    lag = into.delays["expiry_lag"]
    assert (1, 1, -2) == (lag.count, lag.negative, lag.minimum)


def test_only_an_expiry_has_a_lag(tell: Tell, into: Measurement) -> None:
    """Other ends have no deadline to meet."""
    tell(LATE_US, FactKind.SENT)
    tell(LATE_US + 5, FactKind.ENDED, state=State.REJECTED)
    assert 0 == into.delays["expiry_lag"].count


def test_what_was_sent_in_the_warm_up_is_not_counted(
    tell: Tell, into: Measurement, metrics: InvitationMetrics
) -> None:
    """Not even when it ends later; over time it is drawn."""
    metrics.attempted(0, SEVEN, SIX)
    tell(WARM_UP_US - 1, FactKind.SENT)
    tell(LATE_US, FactKind.SHOWN, surface=Surface.POPUP)
    tell(LATE_US, FactKind.ENDED, state=State.ACCEPTED)
    tell(LATE_US, FactKind.JOINED)
    assert (0, 0) == (into.attempts, sum(into.outcomes.values()))
    assert 0 == sum(delay.count for delay in into.delays.values())
    assert (1, 1) == (into.offered[0], into.ended[Outcome.ACCEPTED][20])


def test_pending_is_weighted_with_time(
    tell: Tell, into: Measurement, metrics: InvitationMetrics
) -> None:
    """One for half a second in its window, and counted from the warm-up on."""
    tell(9_500_000, FactKind.SENT)
    tell(9_600_000, FactKind.SENT, name="i2")
    tell(10_250_000, FactKind.ENDED, state=State.REJECTED)
    metrics.close(10_500_000, host_clock(10_500_000))
    assert 500_000 + 400_000 == into.pending[9]
    assert 500_000 + 250_000 == into.pending[10] == into.pending_counted
    assert 2 == into.pending_peak


def test_attempts_are_told_apart_by_versions(
    tell: Tell, into: Measurement, metrics: InvitationMetrics
) -> None:
    """Direct, by email, or neither; a refused one may become an email."""
    metrics.attempted(LATE_US, SEVEN, SEVEN)
    tell(LATE_US, FactKind.SENT)
    metrics.attempted(LATE_US, SEVEN, SIX)
    metrics.refused(LATE_US, SEVEN, SIX, Reason.RECIPIENT_UNSUPPORTED)
    metrics.emailed(LATE_US, SEVEN, SIX)
    assert (2, 1) == (into.attempts, into.emailed)
    assert {(7, 7): 1, (7, 6): 1} == into.tried
    assert ({(7, 7): 1}, {(7, 6): 1}) == (into.direct, into.mailed)
    assert {"recipient-unsupported": 1} == into.refusals
    assert 1 == into.outcomes[Outcome.REFUSED] == into.ended[Outcome.REFUSED][20]


def test_other_facts_change_nothing(tell: Tell, into: Measurement) -> None:
    """A click, for example, is only one when the host has decided."""
    tell(LATE_US, FactKind.SENT)
    tell(LATE_US + 5, FactKind.CLICKED)
    assert {Outcome.PENDING: 1} == into.outcomes


NEVER_SHOWN = [
    (State.ACCEPTED, ("notify_delay",)),
    (State.CANCELLED, ("notify_delay", "session_delay")),
    (State.REJECTED, ("notify_delay", "session_delay")),
    (State.EXPIRED, ("notify_delay", "decision_delay", "session_delay")),
]


@pytest.mark.parametrize(("state", "missing"), NEVER_SHOWN)
def test_what_ends_first_never_happens(
    tell: Tell,
    into: Measurement,
    metrics: InvitationMetrics,
    state: State,
    missing: tuple[str, ...],
) -> None:
    """Each delay that was waited for counts once, behind all that were measured."""
    tell(LATE_US, FactKind.SENT)
    metrics.meant(LATE_US, "i1", accepts=True)
    tell(LATE_US + 5, FactKind.ENDED, state=state)
    tell(LATE_US + 9, FactKind.SHOWN, surface=Surface.POPUP)
    assert set(missing) == {name for name, one in into.delays.items() if one.never}
    assert {0, 1} >= {one.never for one in into.delays.values()}
    assert 1 == into.notify[20].never


@pytest.mark.parametrize("at_us", [END_US, END_US - 1])
@pytest.mark.parametrize(
    "meant",
    [
        (None, {"notify_delay"}),
        (False, {"notify_delay", "decision_delay"}),
        (True, {"notify_delay", "decision_delay", "session_delay"}),
    ],
)
def test_a_delay_is_waited_for_by_those_who_mean_it(
    tell: Tell,
    into: Measurement,
    metrics: InvitationMetrics,
    meant: tuple[bool | None, set[str]],
    at_us: int,
) -> None:
    """At the run's end it never came; an interruption leaves it open."""
    accepts, waited = meant
    sent_us = END_US - LIFETIME_US
    tell(sent_us, FactKind.SENT)
    metrics.meant(sent_us, "i1", accepts=accepts)
    metrics.close(at_us, host_clock(at_us))
    never = {name for name, one in into.delays.items() if one.never}
    still_open = {name for name, one in into.still_open.items() if one.count}
    whole = at_us == END_US
    # Whatever is pending may yet expire.
    assert waited == (never if whole else still_open - {"expiry_lag"})
    assert whole == ("expiry_lag" not in still_open)
    assert set() == (still_open if whole else never)
    elapsed_us = into.still_open["notify_delay"].maximum
    assert elapsed_us == (None if whole else at_us - sent_us)


@pytest.mark.parametrize("ahead_us", [0, 3_000_000, -3_000_000])
def test_an_expiry_that_is_overdue_at_the_end_never_came(
    tell: Tell, into: Measurement, metrics: InvitationMetrics, ahead_us: int
) -> None:
    """One that is due later is not waited for, however wrong its host's clock is.

    By that clock, as it is at the end: it may have run differently since the sending.
    """
    for name, sent_us in (
        ("due", END_US - LIFETIME_US - 1),
        ("not yet", END_US - LIFETIME_US),
    ):
        tell(sent_us, FactKind.SENT, name=name, local_us=sent_us + ahead_us)
    metrics.close(END_US, host_clock(END_US + ahead_us))
    assert 1 == into.delays["expiry_lag"].never


@pytest.mark.parametrize(("expected", "gained_us"), [(0, -2), (1, 0), (2, 2)])
def test_what_should_have_expired_is_told_by_the_clock_that_expires_it(
    tell: Tell,
    into: Measurement,
    metrics: InvitationMetrics,
    expected: int,
    gained_us: int,
) -> None:
    """A host's clock that gained or lost since the sending decides, not the world's."""
    for name, sent_us in (
        ("due", END_US - LIFETIME_US - 1),
        ("not yet", END_US - LIFETIME_US),
    ):
        tell(sent_us, FactKind.SENT, name=name)
    metrics.close(END_US, host_clock(END_US + gained_us))
    assert expected == into.delays["expiry_lag"].never


def test_at_an_interruption_every_pending_invitation_may_yet_expire(
    tell: Tell, into: Measurement, metrics: InvitationMetrics
) -> None:
    """On time at best, also where its deadline is still to come."""
    for name, sent_us in (("overdue", LATE_US), ("not yet", LATE_US + SECOND_US)):
        tell(sent_us, FactKind.SENT, name=name)
    at_us = LATE_US + LIFETIME_US + 5
    metrics.close(at_us, host_clock(at_us))
    still_open = into.still_open["expiry_lag"]
    assert (2, 0, 5) == (still_open.count, still_open.minimum, still_open.maximum)


def test_what_is_shown_twice_was_seen_once(tell: Tell, into: Measurement) -> None:
    """A client that comes back after a crash shows it again."""
    tell(LATE_US, FactKind.SENT)
    for after_us in (40_000, 90_000):
        tell(LATE_US + after_us, FactKind.SHOWN, surface=Surface.POPUP)
    delay = into.delays["notify_delay"]
    assert (1, 40_000) == (delay.count, delay.maximum)


# The relay


def test_a_message_is_added_to_its_pool(relay: RelayMetrics, into: Measurement) -> None:
    """Its service when it is served, its wait when it came, and both as a span."""
    relay.carried(20_900_000, MessageClass.POLL, 400_000, 900_000, 2)
    relay.close(END_US)
    pool = into.pools[MessageClass.POLL]
    assert (1, 400_000) == (pool.handled[20], pool.wait_us[20])
    assert [100_000, 300_000, 0] == pool.queued_us[20:23]
    assert [0, 700_000, 200_000] == pool.busy_us[20:23]
    assert (900_000, 3) == (pool.counted_us, pool.longest_queue)
    assert (1, 400_000) == (pool.waits.count, pool.waits.maximum)
    assert 0 == sum(into.pools[MessageClass.OFFER].handled)


def test_a_message_that_does_not_wait_counts_as_one(
    relay: RelayMetrics, into: Measurement
) -> None:
    """With a wait of nothing and no queue, whether or not it fits into a window."""
    relay.carried(LATE_US, MessageClass.OFFER, 0, 250_000, 0)
    relay.carried(LATE_US + 900_000, MessageClass.OFFER, 0, 250_000, 0)
    relay.close(END_US)
    pool = into.pools[MessageClass.OFFER]
    assert (2, 0, 0) == (pool.waits.count, pool.waits.maximum, pool.longest_queue)
    assert [350_000, 150_000] == pool.busy_us[20:22]
    assert 500_000 == pool.counted_us


@pytest.mark.parametrize(
    ("expected_us", "at_us", "wait_us"),
    [
        (0, WARM_UP_US - 500, 0),
        (300, WARM_UP_US - 200, 0),
        (500, WARM_UP_US - 200, 200),
        (500, WARM_UP_US, 0),
        (500, DURATION_US - 500, 0),
        (100, DURATION_US - 100, 0),
        (100, DURATION_US - 300, 200),
        (0, DURATION_US, 0),
        (0, DURATION_US - 100, 200),
    ],
)
def test_service_counts_between_warm_up_and_end(
    relay: RelayMetrics, into: Measurement, expected_us: int, at_us: int, wait_us: int
) -> None:
    """Exactly the part of it that lies there, whenever the message came."""
    relay.carried(at_us, MessageClass.OFFER, wait_us, 500, 0)
    relay.close(END_US)
    assert expected_us == into.pools[MessageClass.OFFER].counted_us


@pytest.mark.parametrize(
    ("expected", "at_us"),
    [(0, WARM_UP_US - 1), (1, WARM_UP_US), (1, DURATION_US - 1), (0, DURATION_US)],
)
def test_a_wait_counts_when_its_message_came_in_time(
    relay: RelayMetrics, into: Measurement, expected: int, at_us: int
) -> None:
    """Between warm-up and end; all are handled."""
    relay.carried(at_us, MessageClass.OFFER, 0, 500, 0)
    relay.close(END_US)
    pool = into.pools[MessageClass.OFFER]
    assert (expected, 1) == (pool.waits.count, sum(pool.handled))


CUT_US = LATE_US + 500_000


@pytest.mark.parametrize(
    ("message", "busy_us", "queued_us"),
    [
        ((0, 400 * SECOND_US), 500_000, 0),
        ((300_000, 900_000), 200_000, 300_000),
        ((700_000, 900_000), 0, 500_000),
        ((300 * SECOND_US, 1), 0, 500_000),
    ],
)
def test_an_interruption_cuts_waiting_and_service(
    relay: RelayMetrics,
    into: Measurement,
    message: tuple[int, int],
    busy_us: int,
    queued_us: int,
) -> None:
    """What would have come after it is credited nowhere; who still waits is open."""
    wait_us, service_us = message
    relay.carried(LATE_US, MessageClass.OFFER, wait_us, service_us, 0)
    relay.close(CUT_US)
    pool = into.pools[MessageClass.OFFER]
    assert (busy_us, queued_us) == (sum(pool.busy_us), sum(pool.queued_us))
    assert busy_us == pool.counted_us
    begun = int(busy_us > 0)
    assert (begun, 1 - begun) == (pool.waits.count, pool.waiting.count)
    assert (begun, 0) == (sum(pool.handled), pool.waits.never)


@pytest.mark.parametrize("reason", ["queue full", "memory full"])
def test_what_the_relay_refuses_is_shed(
    relay: RelayMetrics, into: Measurement, reason: str
) -> None:
    """It came to the relay, by its class, and is never served."""
    relay.dropped(LATE_US, MessageClass.WITHDRAWAL, reason)
    relay.dropped(LATE_US, MessageClass.WITHDRAWAL, "loss")
    pool = into.pools[MessageClass.WITHDRAWAL]
    assert (1, 1, 1) == (pool.shed, pool.waits.never, into.messages)


@pytest.mark.parametrize("at_us", [WARM_UP_US - 1, LATE_US])
def test_what_never_left_the_queue_has_no_wait(
    relay: RelayMetrics, into: Measurement, at_us: int
) -> None:
    """At the end of the run, or because the relay dropped it; not in the warm-up."""
    relay.carried(at_us, MessageClass.OFFER, END_US, 1, 0)
    relay.dropped(at_us, MessageClass.OFFER, "queue full")
    relay.dropped(at_us, MessageClass.OFFER, "relay-restart")
    relay.dropped(at_us, MessageClass.OFFER, "loss")
    relay.close(END_US)
    pool = into.pools[MessageClass.OFFER]
    assert (0, 3 if at_us == LATE_US else 0) == (pool.waits.count, pool.waits.never)
    assert 0 == sum(pool.handled)


def test_a_lost_message_is_counted_by_its_reason(
    relay: RelayMetrics, into: Measurement
) -> None:
    """And one that met a full queue was shed by its pool."""
    relay.dropped(LATE_US, MessageClass.POLL, "loss")
    relay.dropped(LATE_US, MessageClass.POLL, "queue full")
    assert {"loss": 1, "queue full": 1} == into.drops
    assert (1, 0) == (
        into.pools[MessageClass.POLL].shed,
        into.pools[MessageClass.OFFER].shed,
    )


def test_a_fault_is_kept_for_the_charts(relay: RelayMetrics, into: Measurement) -> None:
    """With its kind, times and label."""
    relay.faulted(LATE_US, "partition", "30 % partitioned", LATE_US + 5)
    expected = FaultSpan(
        kind="partition", at_us=LATE_US, until_us=LATE_US + 5, label="30 % partitioned"
    )
    assert (expected,) == into.faults
