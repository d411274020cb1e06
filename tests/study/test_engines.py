"""Cohorts and events give the same measurement, whatever the scenario."""

from array import array
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, reject, settings
from hypothesis import strategies as st

from invitelab.errors import HarnessError, UsageError
from invitelab.resources import is_compiled
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.world.cohorts import array_protocol, fixed_point
from invitelab.world.cohorts.draws import Legs, MessageLegs
from invitelab.world.cohorts.fixed_point import Cohorts
from invitelab.world.cohorts.timelines import Integers
from invitelab.world.load.network_conditions import (
    ORDER_BITS,
    Block,
    Key,
    MessageDraws,
)
from invitelab.world.load.queues import MessageClass
from invitelab.world.scenario import file
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.schema import Scenario, Trace
from invitelab.world.scenario.trace import read_trace

ROOT = Path(__file__).parents[2]
ENGINE = {"engine", "because"}
"""What may differ: the name of the engine, and why it was."""

Table = dict[str, object]


def measured(
    scenario: Scenario, engine: Engine, *, seed: int, trace: tuple[int, ...] = ()
) -> Measurement:
    """The first replication of a scenario on an engine."""
    on_engine = scenario.model_copy(update={"engine": engine})
    return replicate(Job(scenario=on_engine, seed=seed, number=0, trace=trace))


def differences(first: Measurement, second: Measurement) -> dict[str, object]:
    """The fields in which two measurements differ, beside the engine."""
    names = [field.name for field in fields(Measurement) if field.name not in ENGINE]
    return {
        name: (getattr(first, name), getattr(second, name))
        for name in names
        if getattr(first, name) != getattr(second, name)
    }


# --- Random scenarios --------------------------------------------------------------

LATENCIES = st.sampled_from(
    [
        {"distribution": "constant", "value": "0s"},
        {"distribution": "constant", "value": "40ms"},
        {"distribution": "constant", "value": "999ms"},
        {"distribution": "uniform", "low": "0s", "high": "300ms"},
        {"distribution": "uniform", "low": "0s", "high": "2s"},
        {"distribution": "exponential", "mean": "100ms"},
        {"distribution": "lognormal", "median": "20ms", "sigma": 0.5},
        {"distribution": "lognormal", "median": "200ms", "sigma": 1.5},
    ]
)
SERVICES = st.sampled_from(
    [
        {"distribution": "constant", "value": "1ms"},
        {"distribution": "constant", "value": "20ms"},
        {"distribution": "exponential", "mean": "5us"},
        {"distribution": "exponential", "mean": "8ms"},
        {"distribution": "exponential", "mean": "40ms"},
        {"distribution": "uniform", "low": "0s", "high": "30ms"},
    ]
)
DELAYS = st.sampled_from(
    [
        {"distribution": "constant", "value": "0s"},
        {"distribution": "constant", "value": "10s"},
        {"distribution": "constant", "value": "2min"},
        {"distribution": "uniform", "low": "0s", "high": "500ms"},
        {"distribution": "uniform", "low": "0s", "high": "125s"},
        {"distribution": "exponential", "mean": "20s"},
        {"distribution": "lognormal", "median": "9s", "sigma": 0.9},
    ]
)
SHARES = st.sampled_from([0.0, 0.05, 0.3, 0.7, 1.0])
ANSWERS = st.sampled_from(
    [
        {"accept": 1.0, "reject": 0.0, "ignore": 0.0},
        {"accept": 0.6, "reject": 0.12, "ignore": 0.28},
        {"accept": 0.0, "reject": 0.9, "ignore": 0.1},
        {"accept": 0.0, "reject": 0.0, "ignore": 1.0},
    ]
)
ARRIVALS = st.one_of(
    st.sampled_from(["0.2/s", "1/s", "5/s", "20/s"]).map(
        lambda rate: {"kind": "poisson", "rate": rate}
    ),
    st.just(
        {
            "kind": "stages",
            "stages": [
                {"for": "5s", "from": "0/s", "to": "40/s"},
                {"for": "5s", "from": "2/s", "to": "0/s"},
            ],
        }
    ),
)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Open scenarios without faults, of any kind that cohorts can follow."""
    table: Table = {
        "title": "Any",
        "duration": draw(st.sampled_from(["10s", "30s", "100s"])),
        "warm_up": draw(st.sampled_from(["0s", "3s"])),
        "drain": draw(st.sampled_from(["0s", "1s", "3min"])),
        "population": {
            "clients": draw(st.sampled_from([2, 3, 10, 1000])),
            "versions": draw(
                st.sampled_from([{"7.1.4": 1.0}, {"6.3.2": 0.3, "7.0.0": 0.7}])
            ),
            "platforms": {"windows": 0.8, "linux": 0.1, "android": 0.1},
            "portable": draw(SHARES),
            "offline": draw(st.sampled_from([0.0, 0.3])),
            "contacts": draw(st.sampled_from([0, 1, 4, 9])),
        },
        "arrivals": draw(ARRIVALS),
        "people": {
            "answer": draw(ANSWERS),
            "think": draw(DELAYS),
            "cancel": draw(SHARES),
            "cancel_after": draw(DELAYS),
            "modify": draw(SHARES),
            "modify_after": draw(DELAYS),
            "by_tile": draw(SHARES),
            "email_fallback": draw(SHARES),
            "email_connect": draw(SHARES),
        },
        "network": {"latency": draw(LATENCIES)},
        "relay": {
            "servers": draw(st.sampled_from([1, 2, 8])),
            "service": draw(SERVICES),
        },
    }
    return Scenario.model_validate(table)


def check_same(scenario: Scenario, seed: int) -> None:
    """Both engines measure the same."""
    try:
        found = measured(scenario, Engine.COHORTS, seed=seed)
    except UsageError:
        reject()  # a world in which nobody can invite
    assert found.engine is Engine.COHORTS
    note(str(scenario.document()))
    assert {} == differences(measured(scenario, Engine.EVENTS, seed=seed), found)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), st.integers(0, 2**63 - 1))
def test_any_open_scenario_is_the_same_on_both(scenario: Scenario, seed: int) -> None:
    """Byte by byte: every count, histogram, trace and checked history."""
    check_same(scenario, seed)


@pytest.mark.slow  # three hundred worlds, twice each
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), st.integers(0, 2**63 - 1))
def test_many_open_scenarios_are_the_same(scenario: Scenario, seed: int) -> None:
    """As the test above, with more of them."""
    check_same(scenario, seed)


SHIPPED: Mapping[str, Mapping[str, object]] = {
    "support_desk": {"duration": "40s", "warm_up": "10s"},
    "version_migration": {},
    "trace_replay": {"duration": "301s", "warm_up": "4min"},
    "expiry_storm": {"duration": "2s"},
}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_is_the_same_on_both(name: str) -> None:
    """Those that cohorts can follow, shortened."""
    loaded = file.load(ROOT / "scenarios" / f"{name}.toml", SHIPPED[name])
    scenario = loaded.scenario
    trace: tuple[int, ...] = ()
    if isinstance(scenario.arrivals, Trace):
        trace = tuple(read_trace(loaded.folder / scenario.arrivals.file))
    found = measured(scenario, Engine.COHORTS, seed=scenario.seed, trace=trace)
    expected = measured(scenario, Engine.EVENTS, seed=scenario.seed, trace=trace)
    assert {} == differences(expected, found)


@pytest.mark.slow
def test_many_windows_are_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is carried over is all that the next window needs."""
    slow = {"distribution": "lognormal", "median": "300ms", "sigma": 0.9}
    scenario = desk(**{"network.latency": slow})
    whole = measured(scenario, Engine.COHORTS, seed=3)
    assert sum(whole.repeated) > 20
    for size in (1, 7, 100):
        monkeypatch.setattr(fixed_point, "WINDOW", size)
        assert {} == differences(whole, measured(scenario, Engine.COHORTS, seed=3))


def desk(**changes: object) -> Scenario:
    """The support desk for half a minute, at a relay that makes many wait."""
    changed = {"duration": "30s", "warm_up": "0s", "relay.servers": 1, **changes}
    return file.load(ROOT / "scenarios" / "support_desk.toml", changed).scenario


# --- The proof of every run --------------------------------------------------------


def test_a_timeline_that_is_a_microsecond_off_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every run compares its sample with the core; one draw is enough."""
    exact = MessageLegs.of

    def late(self: MessageLegs, orders: Integers) -> Legs:
        legs = exact(self, orders)
        # Of the array operations alone, which draw for one after the other.
        if len(orders) == 1 + int(orders[-1] - orders[0] >> ORDER_BITS):
            return Legs(legs.up_us, legs.service_us, legs.down_us + 1)
        return legs

    monkeypatch.setattr(MessageLegs, "of", late)
    with pytest.raises(HarnessError, match="differ in what is shown of attempt"):
        measured(desk(), Engine.COHORTS, seed=3)


def test_a_poll_that_is_left_out_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A message that nobody sees the effect of is compared, too."""

    def unpolled(_protocol: array_protocol.ArrayProtocol) -> None:
        """Say nothing."""

    monkeypatch.setattr(array_protocol.ArrayProtocol, "_is_polled", unpolled)
    with pytest.raises(HarnessError, match="differ in what is "):
        measured(desk(), Engine.COHORTS, seed=3)


@pytest.mark.skipif(is_compiled(), reason="it replaces a method of the core")
def test_one_microsecond_in_one_message_of_the_events_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The comparison of measurements is not blind: here to the service of an offer."""
    scenario = desk()
    found = measured(scenario, Engine.COHORTS, seed=3)
    piece = next(Cohorts(scenario, seed=3, replication=0, trace=()).pieces())
    number = int(piece.attempts.number[piece.sent[0]])
    exact = MessageDraws.next_of

    def late(
        draws: MessageDraws, attempt: int, kind: MessageClass
    ) -> tuple[int, Key, Block, int]:
        ordinal, key, block, place = exact(draws, attempt, kind)
        if (attempt, kind, ordinal) == (number, MessageClass.OFFER, 0):
            service_us = array("I", block.service_us)
            service_us[place] += 1
            block = replace(block, service_us=service_us)
        return ordinal, key, block, place

    monkeypatch.setattr(MessageDraws, "next_of", late)
    assert {} != differences(measured(scenario, Engine.EVENTS, seed=3), found)


# --- Which engine runs -------------------------------------------------------------


@pytest.mark.slow
def test_an_overloaded_relay_is_left_to_the_events() -> None:
    """Where most timelines are unusual, cohorts would only be slower."""
    scenario = desk(**{"relay.service.mean": "2s"}).model_copy(
        update={"engine": Engine.AUTO}
    )
    found = replicate(Job(scenario=scenario, seed=3, number=0))
    assert Engine.EVENTS is found.engine
    assert "too many invitations in which a message is repeated" == found.because
