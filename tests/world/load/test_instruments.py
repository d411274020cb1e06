"""Instruments get the hooks that they override, and cannot break the run or others."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.protocol.history import Fact, FactKind, Spoken
from invitelab.protocol.messages import Answer, Message, Offer, Started
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientSpec
from invitelab.world.load.instruments import HOOKS, Instrument, Way
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.load.panel import InstrumentPanel, Removal
from invitelab.world.load.queues import MessageClass
from invitelab.world.load.user_behaviour import NOTICED
from invitelab.world.scenario.schema import Scenario

Changed = Callable[[Mapping[str, object]], Scenario]


class Everything:
    """Holds whatever is looked for."""

    def __contains__(self, _one: object) -> bool:
        """Say yes."""
        return True


class Counter(Instrument):
    """Counts the calls of each hook."""

    followed = Everything()

    def __init__(self) -> None:
        """Begin at none."""
        self.counts: dict[str, int] = dict.fromkeys(HOOKS, 0)
        self.last_us = 0

    def count(self, hook: str, at_us: int) -> None:
        """One more, at or after the last."""
        assert at_us >= self.last_us
        self.last_us = at_us
        self.counts[hook] += 1

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Count it."""
        assert sender.id != recipient.id
        self.count("attempted", at_us)

    def meant(self, at_us: int, invitation: str, accepts: bool | None) -> None:  # noqa: FBT001 - a hook
        """Count it."""
        del accepts
        assert invitation
        self.count("meant", at_us)

    def emailed(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Count it."""
        assert sender.id != recipient.id
        self.count("emailed", at_us)

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """Count it."""
        del sender, recipient, reason
        self.count("refused", at_us)

    def happened(self, at_us: int, fact: Fact) -> None:
        """Count it."""
        del fact
        self.count("happened", at_us)

    def spoke(self, spoken: Spoken) -> None:
        """Count it."""
        self.count("spoke", spoken.at_us)

    def carried(
        self,
        at_us: int,
        message_class: MessageClass,
        wait_us: int,
        service_us: int,
        queue: int,
    ) -> None:
        """Count it."""
        assert min(message_class, wait_us, service_us, queue) >= 0
        self.count("carried", at_us)

    def dropped(self, at_us: int, message_class: MessageClass, reason: str) -> None:
        """Count it."""
        assert message_class in MessageClass
        assert reason in {"loss", "partition", "relay-restart", "queue full"}
        self.count("dropped", at_us)

    def delivered(self, at_us: int, message: Message, way: Way) -> None:
        """Count it."""
        assert isinstance(message, Offer | Answer | Started)
        assert 0 <= way.posted_us + way.queue_us + way.service_us <= at_us
        self.count("delivered", at_us)

    def repeated(self, at_us: int, message: Message) -> None:
        """Count it."""
        del message
        self.count("repeated", at_us)

    def faulted(self, at_us: int, kind: str, label: str, until_us: int) -> None:
        """Count it."""
        assert kind
        assert label
        assert until_us > at_us
        self.count("faulted", at_us)

    def finished(self, at_us: int) -> None:
        """Count it."""
        self.count("finished", at_us)


class Clumsy(Counter):
    """Raises at the third fact."""

    def happened(self, at_us: int, fact: Fact) -> None:
        """Break."""
        super().happened(at_us, fact)
        if self.counts["happened"] == 3:
            raise LookupError("lost my notes")


class Blind(Instrument):
    """Looks at nothing."""


def broken(hook: str) -> type[Instrument]:
    """Make an instrument that breaks in one hook."""

    def raises(_self: Instrument, *_news: object) -> None:
        raise ValueError(hook)

    return type("Broken", (Instrument,), {hook: raises, "followed": Everything()})


class Follower(Instrument):
    """Records the messages of the invitations that it follows."""

    def __init__(self, followed: set[str]) -> None:
        """Follow these."""
        self.followed = followed
        self.heard: list[Spoken] = []

    def spoke(self, spoken: Spoken) -> None:
        """Keep it."""
        self.heard.append(spoken)


@pytest.fixture
def faulty_scenario(changed: Changed) -> Scenario:
    """Describe a world in which every hook is called."""
    return changed(
        {
            "duration": "20s",
            "population.versions": {"6.3.2": 0.3, "7.1.4": 0.7},
            "network.loss": 0.1,
            "faults": [{"kind": "relay-restart", "at": "5s", "for": "2s"}],
        }
    )


def watched(scenario: Scenario, *instruments: Instrument) -> LoadWorld:
    """Let a world run under these."""
    world = LoadWorld(scenario, instruments=instruments)
    world.run()
    return world


def test_every_hook_is_called(faulty_scenario: Scenario) -> None:
    """In order of time, and the end once."""
    counter = Counter()
    watched(faulty_scenario, counter)
    assert 0 not in counter.counts.values()
    assert (1, 1) == (counter.counts["faulted"], counter.counts["finished"])
    assert faulty_scenario.end_us == counter.last_us


def test_one_that_raises_is_taken_off_and_reported(faulty_scenario: Scenario) -> None:
    """None of its hooks is called any more."""
    clumsy = Clumsy()
    world = watched(faulty_scenario, clumsy)
    assert [Removal("Clumsy", "LookupError: lost my notes")] == world.panel.removals
    assert 3 == clumsy.counts["happened"]
    assert 0 == clumsy.counts["finished"]


def test_the_others_and_the_run_go_on(faulty_scenario: Scenario) -> None:
    """Their hooks are called as without it, before it and after it."""
    alone, before, after = Counter(), Counter(), Counter()
    watched(faulty_scenario, alone)
    watched(faulty_scenario, before, Clumsy(), after)
    assert alone.counts == before.counts == after.counts


@pytest.mark.parametrize("hook", HOOKS)
def test_no_hook_can_break_the_run(faulty_scenario: Scenario, hook: str) -> None:
    """Whichever hook raises, the instrument is removed and the run continues."""
    counter = Counter()
    world = watched(faulty_scenario, broken(hook)(), counter)
    assert [Removal("Broken", f"ValueError: {hook}")] == world.panel.removals
    assert 1 == counter.counts["finished"]


def invited(spoken: Spoken) -> str:
    """Name the invitation of a message."""
    return str(getattr(spoken.message, "invitation", ""))


def test_only_the_messages_of_what_is_followed_are_told(
    faulty_scenario: Scenario,
) -> None:
    """Each instrument gets what any of them follows; without one there are none."""
    whole = Counter()
    watched(faulty_scenario, whole)
    nobodys = Follower(set())
    watched(faulty_scenario, nobodys)
    assert [] == nobodys.heard
    everything = Follower(set())
    watched(faulty_scenario, everything, whole)
    some = {invited(one) for one in everything.heard[:1]}
    followers = Follower(some), Follower(set())
    watched(faulty_scenario, *followers)
    assert followers[0].heard == followers[1].heard
    assert some == {invited(one) for one in followers[0].heard}


def test_watching_changes_nothing(faulty_scenario: Scenario) -> None:
    """A world without instruments runs as many events."""
    unseen, seen = (
        watched(faulty_scenario),
        watched(faulty_scenario, Counter(), Clumsy()),
    )
    assert unseen.env.events == seen.env.events


def test_what_is_not_overridden_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hooks of the base class cost nothing, not even a call."""
    called: list[str] = []
    panel = InstrumentPanel([Blind()])

    def call(*_news: object) -> None:
        called.append("base")

    for hook in HOOKS:
        monkeypatch.setattr(Instrument, hook, call)
    panel.tell("finished", 1)
    panel.dropped(1, MessageClass.OFFER, "loss")
    panel.carried(1, MessageClass.OFFER, 0, 0, 0)
    assert [] == called


class Facts(Instrument):
    """Keeps all facts."""

    def __init__(self) -> None:
        """Begin with none."""
        self.facts: list[Fact] = []

    def happened(self, at_us: int, fact: Fact) -> None:
        """Keep it."""
        del at_us
        self.facts.append(fact)


class Choosy(Instrument):
    """Wants to know what was sent, and everything about the first invitation."""

    wants = frozenset({FactKind.SENT})

    def __init__(self) -> None:
        """Begin with none."""
        self.facts: dict[str, list[FactKind]] = {}
        self.kept = self.facts
        self.others: set[FactKind] = set()

    def happened(self, at_us: int, fact: Fact) -> None:
        """Keep the first invitation."""
        del at_us
        if not self.facts:
            self.facts[fact.invitation] = []
        if fact.invitation in self.facts:
            self.facts[fact.invitation].append(fact.kind)
        else:
            self.others.add(fact.kind)


def test_only_wanted_facts_are_made(changed: Changed) -> None:
    """Beside what users react to, and all about an invitation that is kept."""
    scenario = changed({"people.answer": {"accept": 1, "reject": 0, "ignore": 0}})
    choosy = Choosy()
    watched(scenario, choosy)
    assert {FactKind.SENT} | NOTICED == choosy.others
    everything = Facts()
    watched(scenario, everything)
    first = everything.facts[0].invitation
    of_first = [one.kind for one in everything.facts if one.invitation == first]
    assert {first: of_first} == choosy.facts
    assert {FactKind.CLICKED, FactKind.STARTED, FactKind.JOINED} < set(of_first)


def test_nobody_wants_facts_in_a_world_without_instruments(changed: Changed) -> None:
    """Then only the facts that users react to are made, and nobody hears of them."""
    services = LoadWorld(changed({})).services
    assert NOTICED == {kind for kind in FactKind if services.wants(kind, "")}
