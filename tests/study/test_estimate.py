"""What a run will take: more where messages wait, and much more where they repeat."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.study import offered_load as samples
from invitelab.study.effort import EVENTS_S, cohorts_seconds
from invitelab.study.estimate import OVERLOAD, Estimate, estimate
from invitelab.study.offered_load import backlog_area, offered_load, waiting_share
from invitelab.study.replication import Job
from invitelab.world.scenario.file import Loaded

Make = Callable[[Mapping[str, object]], Loaded]

BUSY: Mapping[str, object] = {
    "arrivals.rate": "20/s",
    "relay.service": {"distribution": "constant", "value": "10ms"},
    "relay.servers": 4,
    "duration": "2min",
    "population.clients": 5_000,
}
MINUTE_US = 60_000_000


def of(loaded: Loaded) -> Estimate:
    """Estimate a replication."""
    return estimate(Job(scenario=loaded.scenario, seed=1, number=0))


@pytest.mark.parametrize(
    ("servers", "load", "share"),
    [(1, 0.0, 0.0), (1, 0.5, 0.5), (2, 0.5, 1 / 3), (5, 1.0, 1.0), (3, 7.0, 1.0)],
)
def test_the_share_that_waits_is_that_of_erlang(
    servers: int, load: float, share: float
) -> None:
    """Of one worker it is the load, of several it is less."""
    assert share == pytest.approx(waiting_share(servers, load))


def test_many_workers_are_no_trouble() -> None:
    """Neither the factorials of the formula nor its powers are computed."""
    assert 0 < waiting_share(100_000, 0.999) < 1


def test_the_area_of_a_backlog_is_a_triangle(tiny: Make) -> None:
    """It grows by what is too much; no message waits longer than it is repeated."""
    scenario = tiny({**BUSY, "duration": "10min"}).scenario
    area = backlog_area(scenario, 1.4, 100 * MINUTE_US)
    assert 0.4 * 10 * 10 / 2 == pytest.approx(area, rel=0.01)
    # After five minutes it is at two, and stays there.
    capped = backlog_area(scenario, 1.4, 2 * MINUTE_US)
    assert 2 * 5 / 2 + 2 * 5 == pytest.approx(capped, rel=0.01)
    assert 0 == backlog_area(scenario, 0.9, MINUTE_US)


def test_the_backlog_follows_the_stages(tiny: Make) -> None:
    """Only while more is offered than can be forwarded."""
    stages = [
        {"for": "2min", "rate": "5/s"},
        {"for": "1min", "rate": "20/s"},
        {"for": "2min", "from": "20/s", "to": "0/s"},
    ]
    world = {key: value for key, value in BUSY.items() if key != "arrivals.rate"}
    arrivals = {"kind": "stages", "stages": stages}
    scenario = tiny({**world, "duration": "10min", "arrivals": arrivals}).scenario
    # A minute at twice the capacity, then one until it is at the capacity.
    assert 0.5 + 1.333 == pytest.approx(
        backlog_area(scenario, 2.0, 9 * MINUTE_US), rel=0.02
    )


def test_cohorts_take_longer_where_messages_wait(tiny: Make) -> None:
    """Each round follows each spell in which some wait; more workers have fewer."""
    calm, some, busy = (
        of(tiny({**BUSY, "relay.servers": servers})) for servers in (64, 2, 1)
    )
    assert ("", "") == (calm.because, busy.because)
    assert calm.cpu_s == pytest.approx(cohorts_seconds(2_400))
    assert 0.3 < (busy.load or 0) < 1
    more_s = [one.cpu_s - calm.cpu_s for one in (some, busy)]
    assert more_s[1] > 2 * more_s[0] > 0
    assert busy.cpu_s > 1.1 * calm.cpu_s
    assert busy.memory_bytes > some.memory_bytes > calm.memory_bytes


def test_events_take_longer_the_longer_an_overload_lasts(tiny: Make) -> None:
    """Messages are repeated until their invitations end."""
    crowd = {**BUSY, "relay.servers": 1, "arrivals.rate": "60/s"}
    short, long = of(tiny(crowd)), of(tiny({**crowd, "duration": "6min"}))
    assert OVERLOAD == short.because == long.because
    assert 1 < short.cpu_s / (short.attempts * EVENTS_S)
    assert long.cpu_s / long.attempts > 2 * short.cpu_s / short.attempts
    assert long.memory_bytes > 2 * short.memory_bytes


def test_a_queue_with_a_limit_keeps_no_copies(tiny: Make) -> None:
    """They are dropped, which takes time, but no memory."""
    crowd = {**BUSY, "relay.servers": 1, "arrivals.rate": "60/s"}
    free, limited = of(tiny(crowd)), of(tiny({**crowd, "relay.queue": 200}))
    assert free.cpu_s == limited.cpu_s
    assert free.memory_bytes > limited.memory_bytes


def test_events_that_nothing_overloads_take_their_time(tiny: Make) -> None:
    """As the number of attempts says."""
    found = of(tiny({**BUSY, "engine": "events"}))
    assert "asked for" == found.because
    assert found.cpu_s == pytest.approx(2_400 * EVENTS_S)


def test_cohorts_that_are_asked_for_stay(tiny: Make) -> None:
    """A run whose engine is given does not go over to events."""
    crowd = {**BUSY, "relay.servers": 1, "arrivals.rate": "60/s"}
    assert "" == of(tiny({**crowd, "engine": "cohorts"})).because


def test_the_points_of_a_sweep_share_a_sample(
    tiny: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where they differ only in what the sample leaves out."""
    offered_load(tiny(BUSY).scenario, 0)

    def never(*_given: object, **_named: object) -> None:
        raise AssertionError("the sample is known")

    monkeypatch.setattr(samples, "replicate_at_once", never)
    for key, value in {"relay.servers": 7, "arrivals.rate": "9/s"}.items():
        assert offered_load(tiny({**BUSY, key: value}).scenario, 0)
    with pytest.raises(AssertionError, match="the sample is known"):
        offered_load(tiny({**BUSY, "people.cancel": 0.123}).scenario, 0)
