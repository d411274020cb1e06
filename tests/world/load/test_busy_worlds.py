"""In any world under load every invariant holds, and all is settled in time.

The scenarios that ship are made small enough for a second each; Hypothesis makes up
small crowded worlds in which everything goes wrong at once.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invitelab.protocol.guest import GuestState
from invitelab.protocol.history import Fact, FactKind, History, Spoken
from invitelab.protocol.invariants import violations
from invitelab.protocol.values import Session, SessionState, State
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.scenario.file import load, loads
from invitelab.world.scenario.schema import Scenario, Trace
from invitelab.world.scenario.trace import read_trace

FOLDER = Path(__file__).parents[3] / "scenarios"
SECOND_US = 1_000_000
SETTLED_US = 12 * SECOND_US
"""Within this time everything is off the surfaces where it has to be (L2)."""

SETTINGS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


class Everything:
    """Holds whatever is looked for."""

    def __contains__(self, _one: object) -> bool:
        """Say yes."""
        return True


class Life(Instrument):
    """All facts and messages of a world, with the world's time."""

    followed = Everything()

    def __init__(self, scenario: Scenario, *, trace: Sequence[int] = ()) -> None:
        """Run the scenario."""
        self.facts: list[Fact] = []
        self.spoken: dict[str, list[Spoken]] = {}
        self.at_us: list[int] = []
        self.world = LoadWorld(scenario, instruments=[self], trace=trace)
        self.world.run()
        assert [] == self.world.panel.removals

    def happened(self, at_us: int, fact: Fact) -> None:
        """Note it."""
        self.facts.append(fact)
        self.at_us.append(at_us)

    def spoke(self, spoken: Spoken) -> None:
        """Note it."""
        id_ = str(getattr(spoken.message, "invitation", ""))
        self.spoken.setdefault(id_, []).append(spoken)

    def assert_lawful(self) -> None:
        """S and L hold, time runs forwards, and nothing expires before its time."""
        clients = self.world.directory.specs()
        history = History(
            clients=clients,
            facts=self.facts,
            spoken=self.spoken,
            spells=self.world.fault_schedule.spells(clients),
            until_us=self.world.env.now_us,
        )
        assert [fact.at_us for fact in self.facts] == self.at_us
        assert [] == list(violations(history))
        assert sorted(self.at_us) == self.at_us
        assert all(lag_us >= 0 for lag_us in self.lags_us())

    def lags_us(self) -> list[int]:
        """How late each expired, by its host's clock."""
        deadline_us: dict[str, int] = {}
        lags: list[int] = []
        for fact in self.facts:
            if fact.deadline_us is not None:
                deadline_us[fact.invitation] = fact.deadline_us
            if fact.state is State.EXPIRED and fact.kind is FactKind.ENDED:
                lags.append(fact.own_us - deadline_us[fact.invitation])
        return lags

    def count(self, kind: FactKind) -> int:
        """How many facts of a kind there are."""
        return sum(fact.kind is kind for fact in self.facts)

    def assert_settled(self) -> None:
        """Nothing is pending, shown or half open, and both ends agree."""
        assert self.count(FactKind.SENT) == self.count(FactKind.ENDED)
        hosted: dict[str, Session] = {}
        for _, client in self.world.directory:
            assert [] == client.inviter.pending()
            known = client.recipient.notifications.values()
            assert not [one for one in known if one.surfaces]
            assert not [one for one in known if one.state is GuestState.ANSWERING]
            hosted.update(client.inviter.sessions)
        running = {
            id_ for id_, one in hosted.items() if one.state is SessionState.ACTIVE
        }
        joined = {
            id_
            for _, client in self.world.directory
            for id_ in client.recipient.sessions
        }
        assert running == joined

    def missed_changes(self, healthy_us: int) -> list[str]:
        """Those that expired without their recipient's having seen the last change.

        Only where there was time for it in good health.
        """
        changed: dict[str, tuple[int, int | None]] = {}
        seen: dict[str, int | None] = {}
        missed: list[str] = []
        for at_us, fact in zip(self.at_us, self.facts, strict=True):
            if fact.kind is FactKind.MODIFIED:
                changed[fact.invitation] = at_us, fact.revision
            elif fact.kind in {FactKind.SHOWN, FactKind.REVISED}:
                seen[fact.invitation] = fact.revision
            elif fact.kind is FactKind.ENDED and fact.invitation in changed:
                since_us, revision = changed[fact.invitation]
                in_time = at_us >= max(since_us, healthy_us) + SETTLED_US
                expired = fact.state is State.EXPIRED
                if expired and in_time and seen.get(fact.invitation) != revision:
                    missed.append(fact.invitation)
        return missed

    def slowest_clear_us(self, healthy_us: int) -> int:
        """How long a pop-up outlived its invitation, once all was healthy (L2)."""
        ended: dict[str, int] = {}
        shown: dict[tuple[str, object], int] = {}
        slowest = 0
        for at_us, fact in zip(self.at_us, self.facts, strict=True):
            key = (fact.invitation, fact.surface)
            if fact.kind is FactKind.ENDED:
                ended[fact.invitation] = at_us
            elif fact.kind is FactKind.SHOWN:
                shown[key] = at_us
            elif fact.kind is FactKind.CLEARED and fact.invitation in ended:
                over_us = max(ended[fact.invitation], shown[key], healthy_us)
                slowest = max(slowest, at_us - over_us)
        return slowest


# The scenarios that ship.

SMALL: Mapping[str, Mapping[str, object]] = {
    "all_hands": {
        "duration": "5min",
        "population.clients": 60,
        "arrivals.helpers": 20,
    },
    "exhausted_relay": {
        "duration": "3min",
        "drain": "10min",
        "population.clients": 80,
        "arrivals.stages": [{"for": "90s", "rate": "2/s"}],
        "relay.memory": 60,
    },
    "expiry_storm": {
        "duration": "40s",
        "population.clients": 80,
        "arrivals.rate": "10/s",
        "relay.servers": 1,
    },
    "flash_crowd": {
        "duration": "1min",
        "population.clients": 80,
        "arrivals.stages": [
            {"for": "20s", "rate": "1/s"},
            {"for": "5s", "from": "1/s", "to": "10/s"},
            {"for": "20s", "rate": "10/s"},
        ],
        "relay.servers": 1,
        "relay.service": {"distribution": "exponential", "mean": "150ms"},
        "drain": "10min",
    },
    "million": {"duration": "20s", "population.clients": 60, "relay.servers": 1},
    "support_desk": {"duration": "3min", "population.clients": 100},
    "trace_replay": {"duration": "20min", "population.clients": 60},
    "unreliable_network": {"population.clients": 50},
    "version_migration": {"duration": "3min", "population.clients": 60},
    "unusual_day": {
        "duration": "10min",
        "drain": "5min",
        "population.clients": 60,
        "arrivals.stages": [{"for": "90s", "rate": "100/min"}],
    },
}
RATES = {
    "million": "5/s",
    "support_desk": "2/s",
    "unreliable_network": "1/s",
    "version_migration": "3/s",
}


def small(name: str, **more: object) -> Life:
    """Run a shipped scenario made small."""
    path = FOLDER / f"{name}.toml"
    changes: dict[str, object] = {
        "warm_up": "0s",
        "objectives": [],
        **SMALL[name],
        **more,
    }
    if name in RATES:
        changes["arrivals.rate"] = RATES[name]
    scenario = load(path, changes).scenario
    if not isinstance(scenario.arrivals, Trace):
        return Life(scenario)
    return Life(scenario, trace=read_trace(FOLDER / scenario.arrivals.file)[::7])


def test_every_scenario_is_tried() -> None:
    """None that ships is left out."""
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(SMALL)


@pytest.mark.parametrize("name", SMALL)
def test_a_shipped_scenario_breaks_no_invariant(name: str) -> None:
    """Nor does it leave anything unsettled at its end."""
    life = small(name)
    life.assert_lawful()
    life.assert_settled()
    assert life.count(FactKind.SENT) > 60
    sleepers = name == "unreliable_network"
    assert sleepers or set(life.lags_us()) <= {0}


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))]
)
@pytest.mark.parametrize("name", SMALL)
def test_a_shipped_scenario_is_lawful_with_any_seed(name: str, seed: int) -> None:
    """On an overloaded relay no client is blamed for being late (L1 to L6)."""
    small(name, seed=seed, duration="90s").assert_lawful()


# Worlds that nobody would ship.

CROWDED = """
title = "Everything at once"
duration = "40s"
drain = "215s"
[population]
clients = 10
versions = { "7.1.4" = 0.9, "6.3.2" = 0.1 }
platforms = { windows = 0.9, linux = 0.1 }
locked = 0.4
portable = 0.3
[arrivals]
kind = "poisson"
rate = "4/s"
[people]
answer = { accept = 0.5, reject = 0.2, ignore = 0.3 }
think = { distribution = "lognormal", median = "9s", sigma = 1.5 }
cancel = 0.3
modify = 0.3
[network]
latency = { distribution = "lognormal", median = "40ms", sigma = 0.9 }
reorder_by = { distribution = "uniform", low = "0ms", high = "5s" }
[relay]
servers = 9
service = { distribution = "exponential", mean = "5ms" }
"""
HEALTHY_S = 60
"""From here on nothing is wrong any more in a world of `healing`."""


def spells(kind: str, **more: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Describe faults of a kind: any time in the first minute, for up to all of it."""

    def write(at_s: int, lasts_s: int, rest: dict[str, object]) -> dict[str, object]:
        until_s = min(at_s + lasts_s, HEALTHY_S)
        return {"kind": kind, "at": f"{at_s}s", "for": f"{until_s - at_s}s", **rest}

    begins, lengths = st.integers(0, HEALTHY_S - 1), st.integers(1, HEALTHY_S)
    return st.builds(write, begins, lengths, st.fixed_dictionaries(more))


SHARE: st.SearchStrategy[object] = st.sampled_from([0.1, 0.3, 0.6, 1.0])
RARE: st.SearchStrategy[object] = st.sampled_from([0.1, 0.2, 0.4])
FAULTS = st.lists(
    st.one_of(
        spells("loss", share=RARE),
        spells("duplicate", share=RARE),
        spells("reorder", share=RARE),
        spells("delay", by=st.sampled_from(["10ms", "1s", "7s"])),
        spells("partition", share=SHARE),
        spells("relay-restart"),
        spells("crash", share=SHARE),
        spells("suspend", share=SHARE),
        spells(
            "skew",
            share=SHARE,
            by=st.integers(-90, 90).map("{}s".format),
            drift_ppm=st.sampled_from([0.0, 200.0, -100_000.0]),
        ),
    ),
    max_size=5,
)
THINK: st.SearchStrategy[object] = st.sampled_from(
    [
        {"distribution": "lognormal", "median": "9s", "sigma": 1.5},
        {"distribution": "constant", "value": "0s"},
        {"distribution": "uniform", "low": "119s", "high": "121s"},
    ]
)
ARRIVALS: st.SearchStrategy[object] = st.sampled_from(
    [
        {"kind": "poisson", "rate": "4/s"},
        {
            "kind": "closed",
            "helpers": 3,
            "pause": {"distribution": "exponential", "mean": "1s"},
        },
    ]
)
WORLD: Mapping[str, st.SearchStrategy[object]] = {
    "seed": st.integers(0, 2**63 - 1),
    "population.clients": st.integers(5, 40),
    "population.platforms": st.just({"windows": 1.0}),
    "arrivals": ARRIVALS,
    "people.think": THINK,
    "people.session": st.just({"distribution": "exponential", "mean": "5s"}),
    "faults": FAULTS,
}
LATENCY: st.SearchStrategy[object] = st.sampled_from(
    [
        {"distribution": "constant", "value": "0ms"},
        {"distribution": "lognormal", "median": "40ms", "sigma": 0.9},
        {"distribution": "uniform", "low": "0ms", "high": "4s"},
    ]
)
CHANCE: st.SearchStrategy[object] = st.sampled_from([0.0, 0.1, 0.4])
ROUGH = st.fixed_dictionaries(
    {
        **WORLD,
        "drain": st.just("100s"),
        "network.latency": LATENCY,
        "network.loss": CHANCE,
        "network.duplication": CHANCE,
        "network.reordering": CHANCE,
        "relay.servers": st.sampled_from([1, 9]),
        "relay.queue": st.sampled_from([0, 5, 10_000]),
        "relay.memory": st.sampled_from([1, 20, 10_000]),
        "relay.service": st.sampled_from(
            [
                {"distribution": "exponential", "mean": "5ms"},
                {"distribution": "exponential", "mean": "80ms"},
            ]
        ),
    }
)
HEALING = st.fixed_dictionaries(dict(WORLD))


@SETTINGS
@given(changes=ROUGH)
def test_no_fault_breaks_an_invariant(changes: Mapping[str, object]) -> None:
    """Loss, copies, reordering, crashes, suspensions, clock drift and a slow relay."""
    Life(loads(CROWDED, changes).scenario).assert_lawful()


@pytest.mark.slow
@SETTINGS
@given(changes=HEALING)
def test_all_is_settled_when_everything_is_healthy_again(
    changes: Mapping[str, object],
) -> None:
    """Nothing outlives its two minutes, and no pop-up its invitation by 12 s."""
    life = Life(loads(CROWDED, changes).scenario)
    life.assert_lawful()
    life.assert_settled()
    assert life.slowest_clear_us(HEALTHY_S * SECOND_US) <= SETTLED_US
    assert [] == life.missed_changes(HEALTHY_S * SECOND_US)


Healthy = Callable[[Mapping[str, object]], Scenario]


@pytest.mark.parametrize("seed", range(3))
def test_a_healthy_host_ends_its_invitations_on_time(
    changed: Healthy, seed: int
) -> None:
    """To the microsecond, however bad the network is."""
    rough = {
        "seed": seed,
        "network.loss": 0.4,
        "network.duplication": 0.3,
        "network.reordering": 0.3,
        "faults": [{"kind": "partition", "at": "9s", "for": "40s", "share": 0.5}],
    }
    life = Life(changed(rough))
    life.assert_lawful()
    assert {0} == set(life.lags_us())
