"""Invitations that have ended are removed, and no history is another for it."""

import hashlib
from collections.abc import Callable, Mapping

import pytest

from invitelab.protocol.history import Fact
from invitelab.protocol.messages import Answer, Shown
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientId, ClientSpec
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.inviter import Inviter
from invitelab.world.load import forgetting
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.load.queues import MessageClass
from invitelab.world.recipient import Recipient
from invitelab.world.scenario.schema import Scenario

Changed = Callable[[Mapping[str, object]], Scenario]

THINK = {"distribution": "lognormal", "median": "100s", "sigma": 1.2}
LATE = {"distribution": "lognormal", "median": "3s", "sigma": 1.5}
BUSY: Mapping[str, object] = {
    "duration": "5min",
    "drain": "15min",
    "population.clients": 12,
    "arrivals": {"kind": "poisson", "rate": "1/s"},
    "people.think": THINK,
    "people.cancel": 0.3,
    "people.modify": 0.3,
}
"""Few clients for many invitations; many answer, cancel and modify after the end."""

WORLDS: Mapping[str, Mapping[str, object]] = {
    "busy": {},
    "slow": {"network.latency": LATE},
    "lossy": {
        "network.loss": 0.3,
        "network.duplication": 0.3,
        "network.reordering": 0.3,
    },
    "slow and lossy": {"network": {"latency": LATE, "loss": 0.2, "duplication": 0.4}},
    "narrow": {
        "relay": {
            "servers": 1,
            "queue": 3,
            "service": {"distribution": "exponential", "mean": "200ms"},
        }
    },
    "closed": {
        "arrivals": {
            "kind": "closed",
            "helpers": 6,
            "pause": {"distribution": "constant", "value": "2s"},
        }
    },
}


class StoppedLookError(Exception):
    """Raised to end a look."""


def test_a_look_can_be_ended_while_it_lasts(changed: Changed) -> None:
    """An overloaded world has so much to look at that it takes seconds."""
    world = LoadWorld(changed(BUSY), forgetful=True)
    world.run_to(100_000_000)
    waiting = sum(1 for _ in world.env.scheduled())
    looked_at: list[int] = []
    found = forgetting.Forgetting(world.env, world.directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forgetting, "LOOKED_AT", 1)
        found.look(looked_at.append)
        assert [world.env.now_us] * waiting == looked_at

        def stop(_reached_us: int) -> None:
            raise StoppedLookError

        with pytest.raises(StoppedLookError):
            forgetting.Forgetting(world.env, world.directory).look(stop)


class Digest(Instrument):
    """Boils down every fact and every message that was dropped or repeated."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.hash = hashlib.sha256()
        self.count = 0

    def happened(self, at_us: int, fact: Fact) -> None:
        """Add a fact; a set has no order of its own."""
        held = sorted(fact.permissions or ())
        rest = (fact.other, fact.surface, fact.revision, fact.state, fact.session)
        self._add(at_us, fact.client, fact.kind, fact.invitation, *rest, *held)

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """Add an attempt that was refused."""
        self._add(at_us, sender.id, recipient.id, reason)

    def carried(
        self,
        at_us: int,
        message_class: MessageClass,
        wait_us: int,
        service_us: int,
        queue: int,
    ) -> None:
        """Add a message."""
        self._add(at_us, message_class, wait_us, service_us, queue)

    def _add(self, *values: object) -> None:
        self.count += 1
        self.hash.update(repr(values).encode())


def lived(scenario: Scenario, *, forgetful: bool) -> tuple[LoadWorld, str]:
    """Run a scenario; give the world, and a hash of all that happened."""
    told = Digest()
    world = LoadWorld(scenario, instruments=[told], forgetful=forgetful)
    world.run()
    assert told.count > 200
    return world, told.hash.hexdigest()


def kept(world: LoadWorld) -> int:
    """How much the clients of a world still hold."""
    return sum(
        len(one.inviter.invitations)
        + len(one.inviter.sessions)
        + len(one.inviter.joined)
        + len(one.recipient.notifications)
        + len(one.recipient.sessions)
        for _, one in world.directory
    )


def tables(role: Inviter | Recipient) -> list[object]:
    """Give the tables that a role has made, without the ways that make them."""
    names = ("_invitations", "_joins", "_notifications", "_refused", "_sessions")
    return [one for name in names if (one := getattr(role, name, None)) is not None]


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_history_is_the_same(changed: Changed, name: str, seed: int) -> None:
    """Late clicks, late copies and repeats find what they would have found."""
    scenario = changed({**BUSY, **WORLDS[name], "seed": seed})
    with_all = lived(scenario, forgetful=False)
    without = lived(scenario, forgetful=True)
    assert with_all[1] == without[1]
    assert kept(without[0]) < kept(with_all[0]) / 4


def test_nothing_of_the_past_is_kept(changed: Changed) -> None:
    """When all clicks have been made, the clients have no tables of invitations."""
    think = {"distribution": "uniform", "low": "1s", "high": "5min"}
    world, _ = lived(changed({**BUSY, "people.think": think}), forgetful=True)
    for _, client in world.directory:  # before `kept` makes empty tables
        assert not tables(client.inviter)
        assert not tables(client.recipient)
    assert kept(world) == 0


def test_nothing_is_removed_where_clients_crash(changed: Changed) -> None:
    """A client that starts again goes through all that it has stored."""
    crash = {"kind": "crash", "at": "5s", "for": "9s", "share": 0.4}
    scenario = changed({**BUSY, "faults": [crash]})
    with_all = lived(scenario, forgetful=False)
    without = lived(scenario, forgetful=True)
    assert with_all[1] == without[1]
    assert kept(with_all[0]) == kept(without[0]) > 0


def test_what_is_still_to_happen_is_found() -> None:
    """In this day and in later ones, in whatever form; what is cancelled is not."""
    env = CalendarEnvironment()
    here, there = ClientId("100200300"), ClientId("400500600")
    answer = Answer(invitation="inv-5", answer="inv-5/b/1", accept=True)

    def ignore(_: object) -> None:
        return

    env.call_at(1, ignore, "inv-1")
    env.call_at(10_000_000, ignore, ("inv-2", True))
    env.post(2, ignore, ((here, there, Shown(invitation="inv-3", revision=1)), 5, 6))
    env.post_in_order(3, 1, ignore, (7, "inv-4"))
    env.post(9_000_000, ignore, (here, there, answer))
    env.call_at(4, ignore, "inv-6").cancel()
    found = set(forgetting.named(env.scheduled()))
    assert {f"inv-{number}" for number in range(1, 6)} == found - {here, there}
