"""The parts of delays, told by hand and in worlds of every kind of trouble."""

from collections import defaultdict
from collections.abc import Callable, Mapping

import pytest

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.messages import Message
from invitelab.protocol.values import ClientId, State, Surface
from invitelab.world.load.instruments import Way
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.load.time_spent import Parts, Stage, TimeSpent
from invitelab.world.scenario.schema import Scenario

Changed = Callable[[Mapping[str, object]], Scenario]
S = 1_000_000


class Heard(TimeSpent):
    """Keeps what it is told, and the offers, answers and verdicts for later."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(self.keep)
        self.found: dict[Stage, list[tuple[int, Parts]]] = defaultdict(list)

    def keep(
        self, stage: Stage, id_: str, sent_us: int, at_us: int, parts: Parts
    ) -> None:
        """Keep the delay beside its parts."""
        assert id_
        self.found[stage].append((at_us - sent_us, parts))


def fact(kind: FactKind, at_us: int, **more: object) -> Fact:
    """Make a fact about the one invitation."""
    return Fact(
        at_us=at_us,
        kind=kind,
        client=ClientId("100200300"),
        invitation="100200300-400500600-1",
        **more,  # type: ignore[arg-type] # the fields that the kind has
    )


@pytest.fixture
def messages(changed: Changed) -> dict[Stage, Message]:
    """Take one message of each stage from a world, about the one invitation."""
    kept: dict[Stage, Message] = {}

    class Taker(TimeSpent):
        def delivered(self, at_us: int, message: Message, way: Way) -> None:
            del at_us, way
            kept.setdefault(STAGES[type(message).__name__], message)

    def ignore(*_stage: object) -> None:
        """Forget what came."""

    LoadWorld(changed({}), instruments=[Taker(ignore)]).run()
    for message in kept.values():
        # The messages of any invitation will do.
        object.__setattr__(message, "invitation", "100200300-400500600-1")
    return kept


STAGES = {"Offer": Stage.SHOWN, "Answer": Stage.DECIDED, "Started": Stage.JOINED}


def test_a_life_is_split_to_the_microsecond(messages: dict[Stage, Message]) -> None:
    """A repeated offer, a queue at each message, and thirty seconds of thought."""
    heard = Heard()
    happened = heard.happened
    happened(0, fact(FactKind.SENT, 0))
    # The copy that was sent after two seconds comes first.
    heard.delivered(3 * S, messages[Stage.SHOWN], Way(2 * S, 300_000, 10_000))
    happened(3 * S, fact(FactKind.SHOWN, 3 * S, surface=Surface.POPUP))
    heard.delivered(4 * S, messages[Stage.SHOWN], Way(0, 3 * S, 10_000))
    happened(33 * S, fact(FactKind.CLICKED, 33 * S, accept=True))
    heard.delivered(34 * S, messages[Stage.DECIDED], Way(33 * S, 0, 20_000))
    happened(34 * S, fact(FactKind.ENDED, 34 * S, state=State.ACCEPTED))
    heard.delivered(40 * S, messages[Stage.JOINED], Way(38 * S, S, 0))
    happened(40 * S, fact(FactKind.JOINED, 40 * S))
    shown = Parts(
        network_us=690_000, queue_us=300_000, service_us=10_000, repeats_us=2 * S
    )
    decided = shown.plus(Parts(think_us=30 * S, network_us=980_000, service_us=20_000))
    joined = decided.plus(Parts(network_us=S, queue_us=S, repeats_us=4 * S))
    assert {
        Stage.SHOWN: [(3 * S, shown)],
        Stage.DECIDED: [(34 * S, decided)],
        Stage.JOINED: [(40 * S, joined)],
    } == heard.found


def test_a_copy_without_an_effect_was_in_vain(messages: dict[Stage, Message]) -> None:
    """The device slept when it came: the next one is what it shows."""
    heard = Heard()
    heard.happened(0, fact(FactKind.SENT, 0))
    heard.delivered(S, messages[Stage.SHOWN], Way(0, 400_000, 0))
    heard.delivered(50 * S, messages[Stage.SHOWN], Way(48 * S, S, 0))
    heard.happened(50 * S, fact(FactKind.SHOWN, 50 * S, surface=Surface.POPUP))
    expected = Parts(network_us=S, queue_us=S, repeats_us=48 * S)
    assert {Stage.SHOWN: [(50 * S, expected)]} == heard.found


def test_a_cancel_is_all_the_time_of_people(messages: dict[Stage, Message]) -> None:
    """Whatever the offer did meanwhile; an expiry is no decision."""
    for state, found in ((State.CANCELLED, 1), (State.EXPIRED, 0)):
        heard = Heard()
        heard.happened(0, fact(FactKind.SENT, 0))
        heard.delivered(S, messages[Stage.SHOWN], Way(0, 400_000, 0))
        heard.happened(9 * S, fact(FactKind.ENDED, 9 * S, state=state))
        expected = [(9 * S, Parts(think_us=9 * S))] * found
        assert expected == heard.found[Stage.DECIDED]


TROUBLE: Mapping[str, Mapping[str, object]] = {
    "quiet": {},
    "lossy": {"network.loss": 0.3, "network.duplication": 0.2},
    "crowded": {
        "relay.servers": 1,
        "relay.queue": 3,
        "relay.service": {"distribution": "constant", "value": "400ms"},
    },
    "asleep": {"faults": [{"kind": "suspend", "at": "5s", "for": "20s", "share": 0.7}]},
    "crashed": {"faults": [{"kind": "crash", "at": "5s", "for": "10s", "share": 0.5}]},
    "cut off": {
        "faults": [{"kind": "partition", "at": "5s", "for": "9s", "share": 0.5}]
    },
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_the_parts_add_up_in_any_trouble(changed: Changed, trouble: str) -> None:
    """To the microsecond, and none is negative; trouble shows in its own part."""
    heard = Heard()
    LoadWorld(changed(TROUBLE[trouble]), instruments=[heard]).run()
    found = [one for stage in Stage for one in heard.found[stage]]
    assert len(found) > 20
    for delay_us, parts in found:
        assert delay_us == sum(parts)
        assert min(parts) >= 0
    whole = [sum(column) for column in zip(*(parts for _, parts in found), strict=True)]
    sums = Parts(*whole)
    assert bool(sums.repeats_us) == (trouble != "quiet")
    assert bool(sums.queue_us) == (trouble in {"crowded", "asleep"})


def test_a_panel_without_it_is_told_of_no_delivery(changed: Changed) -> None:
    """So a world pays for it only where somebody asks."""
    assert not LoadWorld(changed({})).panel.hears_deliveries
    assert LoadWorld(changed({}), instruments=[Heard()]).panel.hears_deliveries
