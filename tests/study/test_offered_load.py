"""The offered load of the relay, from a small sample where nothing waits."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.study.offered_load import OVERLOADED, offered_load
from invitelab.study.run import simulate
from invitelab.world.scenario.file import Loaded

Make = Callable[[Mapping[str, object]], Loaded]

BUSY: Mapping[str, object] = {
    "arrivals.rate": "20/s",
    "relay.service": {"distribution": "constant", "value": "10ms"},
    "relay.servers": 4,
    "duration": "2min",
    "population.clients": 5_000,
}


def load_of(loaded: Loaded, rows: int = 0) -> float:
    """The load of a scenario whose rate is known."""
    found = offered_load(loaded.scenario, rows)
    assert found is not None
    return found


def test_it_is_what_a_run_shows(tiny: Make) -> None:
    """The share of time that the busiest workers work, once polls have begun."""
    loaded = tiny({**BUSY, "replications": 1})
    busy = simulate(loaded).flow
    assert busy is not None
    highest = max(max(series) for series in busy.busy.values())
    assert load_of(loaded) == pytest.approx(highest, rel=0.2)


def test_it_is_proportional_to_rate_and_workers(tiny: Make) -> None:
    """The sample is the same."""
    once = load_of(tiny(BUSY))
    assert 3 * once == pytest.approx(load_of(tiny({**BUSY, "arrivals.rate": "60/s"})))
    assert once / 2 == pytest.approx(load_of(tiny({**BUSY, "relay.servers": 8})))
    assert load_of(tiny({**BUSY, "arrivals.rate": "600/s"})) > OVERLOADED


def test_of_stages_the_highest_rate_counts(tiny: Make) -> None:
    """Of a trace the mean; where helpers wait for each other, none is known."""
    world = {key: value for key, value in BUSY.items() if key != "arrivals.rate"}
    once = load_of(tiny(BUSY))
    stages = [
        {"for": "10s", "from": "1/s", "to": "20/s"},
        {"for": "10s", "rate": "2/s"},
    ]
    rising = tiny({**world, "arrivals": {"kind": "stages", "stages": stages}})
    assert once == pytest.approx(load_of(rising))
    trace = tiny({**world, "arrivals": {"kind": "trace", "file": "rows.csv"}})
    assert once == pytest.approx(load_of(trace, rows=20 * 120))
    pause = {"distribution": "constant", "value": "2s"}
    closed = {"kind": "closed", "helpers": 6, "pause": pause}
    assert None is offered_load(tiny({**world, "arrivals": closed}).scenario, 0)


def test_what_a_sample_cannot_follow_is_left_out_of_it(tiny: Make) -> None:
    """Losses and limits, which only repeat or drop messages."""
    lossy = {"network.loss": 0.2, "relay.queue": 5, "relay.memory": 50}
    assert load_of(tiny(BUSY)) == load_of(tiny({**BUSY, **lossy, "engine": "events"}))
    slow = {"network.latency": {"distribution": "constant", "value": "3s"}}
    assert load_of(tiny({**BUSY, **slow})) > 0
