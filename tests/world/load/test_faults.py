"""Each fault has its effect from its beginning to its end."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientSpec, State
from invitelab.world.device import Device
from invitelab.world.load.faults import label
from invitelab.world.load.faulty_device import FaultyDevice
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.load.network_conditions import NetworkConditions
from invitelab.world.load.queues import MessageClass
from invitelab.world.scenario.schema import Scenario

SECOND_US = 1_000_000
WAY_US = 81_000
"""From client to client in the quiet scenario: two legs of 40 ms, 1 ms of service."""

Changed = Callable[[Mapping[str, object]], Scenario]


class Log(Instrument):
    """All facts and messages, with their world time."""

    def __init__(self) -> None:
        """Begin empty."""
        self.facts: list[tuple[int, Fact]] = []
        self.carried_us: list[int] = []
        self.waits_us: list[int] = []
        self.drops: list[tuple[int, str]] = []
        self.refusals: list[tuple[int, Reason]] = []
        self.faults: list[tuple[int, str, str, int]] = []

    def happened(self, at_us: int, fact: Fact) -> None:
        """Note it."""
        self.facts.append((at_us, fact))

    def carried(
        self,
        at_us: int,
        message_class: MessageClass,
        wait_us: int,
        service_us: int,
        queue: int,
    ) -> None:
        """Note it."""
        del message_class, service_us, queue
        self.carried_us.append(at_us)
        self.waits_us.append(wait_us)

    def dropped(self, at_us: int, message_class: MessageClass, reason: str) -> None:
        """Note it."""
        del message_class
        self.drops.append((at_us, reason))

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """Note it."""
        del sender, recipient
        self.refusals.append((at_us, reason))

    def faulted(self, at_us: int, kind: str, label: str, until_us: int) -> None:
        """Note it."""
        self.faults.append((at_us, kind, label, until_us))

    def of(self, kind: FactKind) -> list[tuple[int, Fact]]:
        """Facts of one kind."""
        return [(at_us, fact) for at_us, fact in self.facts if fact.kind is kind]

    def within(self, begin_s: int, end_s: int) -> list[Fact]:
        """What clients did over `[begin, end)`."""
        bounds = range(begin_s * SECOND_US, end_s * SECOND_US)
        return [fact for at_us, fact in self.facts if at_us in bounds]

    def ways_us(self) -> dict[int, int]:
        """From each sending to the showing, by the instant of the sending."""
        sent = {fact.invitation: at_us for at_us, fact in self.of(FactKind.SENT)}
        first: dict[int, int] = {}
        for at_us, fact in self.of(FactKind.SHOWN):
            begun_us = sent[fact.invitation]
            first.setdefault(begun_us, at_us - begun_us)
        return first

    def late_us(self) -> set[int]:
        """When those were sent that took longer than usual."""
        return {at_us for at_us, way_us in self.ways_us().items() if way_us != WAY_US}


def fault(kind: str, at: str, lasts: str, **more: object) -> dict[str, object]:
    """Write a fault down."""
    return {"kind": kind, "at": at, "for": lasts, **more}


Lived = Callable[..., tuple[LoadWorld, Log]]


@pytest.fixture(scope="module")
def lived(changed: Changed) -> Lived:
    """Give a way through a minute with some faults."""

    def live(
        *faults: Mapping[str, object], changes: Mapping[str, object] | None = None
    ) -> tuple[LoadWorld, Log]:
        log = Log()
        scenario = changed({**(changes or {}), "faults": [*faults]})
        world = LoadWorld(scenario, instruments=[log])
        world.run()
        return world, log

    return live


IGNORED = {"people.answer": {"accept": 0, "reject": 0, "ignore": 1}}
"""All recipients ignore invitations, so that all of them expire."""
EVERYBODY = {"share": 1.0}
DURING = range(20 * SECOND_US, 30 * SECOND_US)
"""While a fault at 20 s lasts for 10 s."""


# To messages.


def test_loss_loses_while_it_lasts(lived: Lived) -> None:
    """All messages of that time, and none before or afterwards."""
    _, log = lived(fault("loss", "20s", "10s", **EVERYBODY))
    assert {"loss"} == {reason for at_us, reason in log.drops if at_us in DURING}
    assert all(at_us in DURING for at_us, _ in log.drops)
    lone = range(DURING.start + WAY_US, DURING.stop)
    assert not any(at_us in lone for at_us in log.carried_us)
    assert any(at_us > DURING.stop for at_us in log.carried_us)


def test_a_duplicate_comes_twice(lived: Lived) -> None:
    """While it lasts every message is carried once more, and nothing else changes."""
    silent = {**IGNORED, "drain": "0s"}
    _, quiet = lived(changes=silent)
    _, log = lived(fault("duplicate", "0s", "10min", **EVERYBODY), changes=silent)
    offers = [len(one.of(FactKind.SENT)) for one in (quiet, log)]
    assert offers[0] == offers[1]
    assert quiet.facts == log.facts
    assert len(log.carried_us) > 1.8 * len(quiet.carried_us)


def test_reordering_holds_back_while_it_lasts(lived: Lived) -> None:
    """By `reorder_by`."""
    _, log = lived(
        fault("reorder", "20s", "10s", **EVERYBODY),
        changes={"network.reorder_by": {"distribution": "constant", "value": "700ms"}},
    )
    assert log.late_us() == {at_us for at_us in log.ways_us() if at_us in DURING}
    assert {WAY_US, WAY_US + 700_000} == set(log.ways_us().values())


def test_a_delay_makes_every_message_take_longer(lived: Lived) -> None:
    """By `by`, while it lasts."""
    _, log = lived(fault("delay", "20s", "10s", by="300ms"))
    assert log.late_us() == {at_us for at_us in log.ways_us() if at_us in DURING}
    assert {WAY_US, WAY_US + 300_000} == set(log.ways_us().values())


def test_a_partition_lets_nothing_through(lived: Lived) -> None:
    """Neither in nor out, with a record of it; then messages are repeated."""
    _, log = lived(fault("partition", "20s", "10s", **EVERYBODY))
    assert {"partition"} == {reason for _, reason in log.drops}
    assert all(at_us in DURING for at_us, _ in log.drops)
    assert not [one for one in log.within(20, 30) if one.kind is FactKind.SHOWN]
    assert [one for one in log.within(30, 33) if one.kind is FactKind.SHOWN]


def test_a_partition_of_some_leaves_the_others(lived: Lived) -> None:
    """During it notifications appear only where sender and recipient are outside."""
    world, log = lived(
        fault("partition", "0s", "2min", share=0.5), changes={"drain": "0s"}
    )
    shown = [fact for fact in log.within(0, 60) if fact.kind is FactKind.SHOWN]
    cut = world.relay.partitioned
    assert cut & {fact.client for _, fact in log.of(FactKind.SENT)}
    assert len(shown) > len([fact for fact in shown if fact.client in cut]) == 0
    assert not any(fact.identity and fact.identity.id in cut for fact in shown)


def test_a_relay_restart_stops_everything_for_a_while(lived: Lived) -> None:
    """What is in it is lost, what comes is lost, and then it works as before."""
    _, log = lived(fault("relay-restart", "20s", "10s"))
    assert {"relay-restart"} == {reason for _, reason in log.drops}
    assert not any(at_us in DURING for at_us in log.carried_us)
    assert any(at_us > DURING.stop for at_us in log.carried_us)


def test_a_restarted_relay_has_no_queue(lived: Lived) -> None:
    """The first message is served at once, however long the queue was before."""
    slow = {"distribution": "constant", "value": "2s"}
    _, log = lived(
        fault("relay-restart", "20s", "10s"),
        changes={"relay.service": slow, "relay.servers": 1, "drain": "0s"},
    )
    waits = list(zip(log.carried_us, log.waits_us, strict=True))
    assert max(wait for at_us, wait in waits if at_us < DURING.start) > 5 * SECOND_US
    assert 0 == next(wait for at_us, wait in waits if at_us >= DURING.stop)


def test_a_restarted_relay_remembers_nothing(lived: Lived) -> None:
    """A memory that was full carries new invitations as soon as it is back."""
    _, log = lived(
        fault("relay-restart", "20s", "10s"), changes={**IGNORED, "relay.memory": 3}
    )
    assert "memory full" in {reason for _, reason in log.drops}
    for begin_s, end_s, expected in ((0, 10, 6), (10, 30, 0), (30, 60, 6)):
        facts = log.within(begin_s, end_s)
        shown = [fact for fact in facts if fact.kind is FactKind.SHOWN]
        assert expected == len(shown)  # three invitations, on two surfaces each


OVERLAPPING = (
    fault("loss", "1s", "30s", share=0.1),
    fault("loss", "2s", "5s", share=0.2),
    fault("loss", "3s", "20s", share=0.3),
    fault("reorder", "1s", "9s", share=0.7),
    fault("duplicate", "1s", "9s", share=0.7),
    fault("delay", "2s", "9s", by="7ms"),
    fault("delay", "5s", "9s", by="9ms"),
)


def test_faults_add_up_and_leave_nothing_behind(changed: Changed) -> None:
    """Exactly: afterwards the conditions are the scenario's to the last bit."""
    world = LoadWorld(changed({"network.loss": 0.05, "faults": [*OVERLAPPING]}))
    world.env.advance(6 * SECOND_US)
    now = world.relay.conditions
    assert pytest.approx(0.65) == now.loss
    assert (0.7, 0.7, 16_000) == (now.duplication, now.reordering, now.delay_us)
    world.env.advance(40 * SECOND_US)
    assert NetworkConditions(loss=0.05) == world.relay.conditions


def test_the_end_of_one_partition_leaves_the_other(lived: Lived) -> None:
    """A client in two partitions is connected when both are over."""
    _, log = lived(
        fault("partition", "10s", "10s", **EVERYBODY),
        fault("partition", "15s", "15s", **EVERYBODY),
    )
    cut = range(10 * SECOND_US + WAY_US, 30 * SECOND_US)
    assert not any(at_us in cut for at_us in log.carried_us)


# To clients.


def test_who_has_crashed_does_nothing(lived: Lived) -> None:
    """Not even a client that was not created before; attempts are refused meanwhile."""
    world, log = lived(fault("crash", "20s", "10s", **EVERYBODY), changes=IGNORED)
    assert [] == log.within(20, 30)
    assert {Reason.CLIENT_OFFLINE} == {
        reason for at_us, reason in log.refusals if at_us in DURING
    }
    assert log.within(30, 60)
    assert not any(client.crashed for _, client in world.directory)


def test_a_host_takes_its_invitations_up_again(lived: Lived) -> None:
    """They expire at their deadline, as without the crash."""
    _, log = lived(fault("crash", "20s", "10s", **EVERYBODY), changes=IGNORED)
    assert {0} == set(lags_us(log))
    assert len(log.of(FactKind.SENT)) == len(lags_us(log))


def test_what_was_due_expires_when_the_host_is_back(lived: Lived) -> None:
    """Late by as long as it was away, and never before its time."""
    _, log = lived(fault("crash", "50s", "100s", **EVERYBODY), changes=IGNORED)
    due_us = [at_us + 120 * SECOND_US for at_us, _ in log.of(FactKind.SENT)]
    expected = [max(0, 150 * SECOND_US - at_us) for at_us in due_us]
    assert sorted(expected) == sorted(lags_us(log))
    assert max(expected) > 0


def lags_us(log: Log) -> list[int]:
    """How long after its deadline each invitation expired, on its host's clock."""
    deadline = {f.invitation: f.deadline_us for _, f in log.of(FactKind.SENT)}
    return [
        fact.own_us - (deadline[fact.invitation] or 0)
        for _, fact in log.of(FactKind.ENDED)
        if fact.state is State.EXPIRED
    ]


def test_who_sleeps_does_nothing(lived: Lived) -> None:
    """An attempt in between is made first when the device resumes."""
    _, log = lived(fault("suspend", "20s", "10s", **EVERYBODY))
    assert [] == log.within(20, 30)
    sent = [fact for fact in log.within(30, 31) if fact.kind is FactKind.SENT]
    assert len(sent) > 8


def test_a_sleeping_host_lets_invitations_expire_late(lived: Lived) -> None:
    """As soon as it resumes, and never before their deadline."""
    _, log = lived(fault("suspend", "50s", "100s", **EVERYBODY), changes=IGNORED)
    assert min(lags_us(log)) >= 0
    assert max(lags_us(log)) > 20 * SECOND_US


@pytest.mark.parametrize("kind", ["crash", "suspend"])
def test_whoever_is_met_during_a_fault_is_hit_too(lived: Lived, kind: str) -> None:
    """From the beginning on no client does anything."""
    world, log = lived(fault(kind, "0s", "10min", **EVERYBODY))
    assert [] == log.facts
    assert len(list(world.directory)) > 10


def test_some_are_hit_and_the_others_go_on(lived: Lived) -> None:
    """The same ones from the beginning to the end of the fault."""
    world, log = lived(
        fault("suspend", "0s", "10min", share=0.5), changes={"drain": "0s"}
    )
    asleep = {one.device.id for _, one in world.directory if one.device.asleep}
    acted = {fact.client for _, fact in log.facts}
    assert asleep.isdisjoint(acted)
    assert min(len(asleep), len(acted)) > 3


@pytest.mark.parametrize("second", ["suspend", "crash"])
@pytest.mark.parametrize("first", ["suspend", "crash"])
def test_whoever_is_stopped_twice_is_back_when_both_are_over(
    lived: Lived, first: str, second: str
) -> None:
    """Whether one fault lies within the other or they overlap."""
    world, log = lived(
        fault(first, "10s", "10s", **EVERYBODY),
        fault(second, "15s", "15s", **EVERYBODY),
        fault(second, "40s", "2s", **EVERYBODY),
        fault(first, "35s", "15s", **EVERYBODY),
    )
    assert [] == log.within(10, 30)
    assert log.within(30, 35)
    assert [] == log.within(35, 50)
    assert log.within(50, 60)
    assert not any(one.device.asleep or one.crashed for _, one in world.directory)


@pytest.mark.parametrize(
    ("by", "drift_ppm", "ahead_us"),
    [
        ("3s", 0.0, 3_000_000),
        ("-3s", 0.0, -3_000_000),
        ("0s", 100.0, 1_000),
        ("2s", -50.0, 1_999_500),
    ],
)
def test_a_skewed_clock_is_ahead_by_so_much(
    changed: Changed, by: str, drift_ppm: float, ahead_us: int
) -> None:
    """When the fault is over, and from then on."""
    skew = fault("skew", "10s", "10s", by=by, drift_ppm=drift_ppm, **EVERYBODY)
    world = LoadWorld(changed({"faults": [skew]}))
    world.env.advance(10 * SECOND_US - 1)
    early = [one.device for _, one in world.directory]
    for at_us in (20 * SECOND_US, 50 * SECOND_US):
        world.env.advance(at_us)
        assert {ahead_us} == {device.now_us - at_us for device in early}


def test_a_clock_behind_by_more_than_the_fault_lasts_still_runs(lived: Lived) -> None:
    """No clock runs back, and everything still ends by its host's clock."""
    _, log = lived(
        fault("skew", "10s", "20s", by="-1min", **EVERYBODY),
        fault("skew", "15s", "20s", by="-20s", **EVERYBODY),
        changes={"drain": "4min"},
    )
    clocks: dict[str, int] = {}
    for _, fact in log.facts:
        assert fact.own_us >= clocks.get(fact.client, 0)
        clocks[fact.client] = fact.own_us
    assert min(lags_us(log)) >= 0
    assert len(log.of(FactKind.SENT)) == len(log.of(FactKind.ENDED))


# All of them.


def test_every_fault_is_announced(lived: Lived) -> None:
    """When it begins, in words, with when it will be over."""
    _, log = lived(fault("loss", "5s", "3s", share=0.25))
    assert [(5 * SECOND_US, "loss", "25 % lost", 8 * SECOND_US)] == log.faults


def test_every_kind_has_words(changed: Changed) -> None:
    """For a chart."""
    kinds = ["loss", "duplicate", "reorder", "partition", "crash", "suspend"]
    faults = [fault(kind, "1s", "1s", share=0.125) for kind in kinds]
    faults += [
        fault("delay", "1s", "1s", by="1500ms"),
        fault("skew", "1s", "1s", by="1s", share=0.125),
        fault("relay-restart", "1s", "1s"),
    ]
    words = [label(one) for one in changed({"faults": faults}).faults]
    assert len(set(words)) == len(words)
    assert {"12.5 % lost", "delay of 1.5s", "relay restart"} < set(words)


@pytest.mark.parametrize("kind", ["loss", "partition", "crash", "suspend"])
def test_a_fault_of_nobody_changes_nothing(lived: Lived, kind: str) -> None:
    """With a share of 0 the world is the one without it, fact by fact."""
    (_, quiet), (_, log) = lived(), lived(fault(kind, "5s", "20s", share=0.0))
    assert quiet.facts == log.facts


def test_only_faults_of_clients_need_faulty_devices(changed: Changed) -> None:
    """A healthy world does not pay for them."""
    for kind, faulty_devices in [("loss", False), ("crash", True)]:
        world = LoadWorld(changed({"faults": [fault(kind, "5s", "1s", share=0.5)]}))
        world.env.advance(4 * SECOND_US)
        kinds = {type(one.device) for _, one in world.directory}
        assert {FaultyDevice if faulty_devices else Device} == kinds
