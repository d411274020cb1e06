"""The draws of a message depend on its invitation, class and position only."""

import pytest

from invitelab.world.load import network_conditions
from invitelab.world.load.network_conditions import (
    MESSAGES_OF_A_CLASS,
    DelayDistributions,
    MessageDraws,
    NetworkConditions,
)
from invitelab.world.load.queues import MessageClass
from invitelab.world.load.rng import CHUNK, CounterRng
from invitelab.world.scenario.schema import Constant, Lognormal, Uniform

DISTRIBUTIONS = DelayDistributions(
    latency=Lognormal.model_validate(
        {"distribution": "lognormal", "median": "40ms", "sigma": 0.5}
    ),
    service=Uniform.model_validate(
        {"distribution": "uniform", "low": "0ms", "high": "9s"}
    ),
    reorder_by=Uniform.model_validate(
        {"distribution": "uniform", "low": "0ms", "high": "9s"}
    ),
)
Drawn = tuple[float, ...]


@pytest.fixture
def draws() -> MessageDraws:
    """Give the draws of seed 4."""
    return MessageDraws(CounterRng(4, 0), DISTRIBUTIONS)


def of(draws: MessageDraws, number: int, message_class: MessageClass) -> Drawn:
    """Draw for the next message of a kind: times first, then its fate."""
    _, key, block, place = draws.next_of(number, message_class)
    fate = draws.fate(key)
    times = (block.up_us, block.down_us, block.service_us, fate.later_us)
    chances: list[float] = fate.chances[:, place].tolist()
    return (*(row[place] for row in times), *chances)


def several(
    draws: MessageDraws, number: int, message_class: MessageClass, count: int
) -> list[Drawn]:
    """Draw for so many messages in a row."""
    return [of(draws, number, message_class) for _ in range(count)]


def test_others_take_nothing_away(draws: MessageDraws) -> None:
    """Other messages before and between do not change a message's draws."""
    alone = several(
        MessageDraws(CounterRng(4, 0), DISTRIBUTIONS), 70, MessageClass.POLL, 40
    )
    among: list[Drawn] = []
    for turn in range(40):
        several(draws, 70, MessageClass.OFFER, turn % 3)
        several(draws, 71, MessageClass.POLL, 2)
        several(draws, 70 + CHUNK, MessageClass.POLL, 1)
        among.append(of(draws, 70, MessageClass.POLL))
    assert alone == among


def test_each_message_has_draws_of_its_own(draws: MessageDraws) -> None:
    """By invitation, by kind and by how many there were before."""
    numbers = [0, 3, 1_023, 5_000, *(1 << bit for bit in range(13))]
    drawn = [
        one
        for number in numbers
        for message_class in MessageClass
        for one in several(draws, number, message_class, 60)
    ]
    assert len(numbers) * len(MessageClass) * 60 == len(drawn)
    for column in (4, 5, 6, 7):
        assert len(drawn) == len({one[column] for one in drawn})
    assert len(drawn) == len({one[:4] for one in drawn})


def test_what_was_let_go_is_drawn_again(
    draws: MessageDraws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A smaller memory is slower, and nothing else."""
    wanted = [
        (number, message_class)
        for number in (0, 3 * CHUNK, 1, 9 * CHUNK, 3 * CHUNK + 1, 64, 0)
        for message_class in (MessageClass.OFFER, MessageClass.ANSWER)
    ] * 3
    roomy = [of(draws, number, message_class) for number, message_class in wanted]
    monkeypatch.setattr(network_conditions, "BLOCKS_KEPT", 1)
    forgetful = MessageDraws(CounterRng(4, 0), DISTRIBUTIONS)
    assert roomy == [
        of(forgetful, number, message_class) for number, message_class in wanted
    ]


def test_after_very_many_messages_draws_go_on(draws: MessageDraws) -> None:
    """Messages beyond the last count are still sent."""
    drawn = several(draws, 5, MessageClass.POLL, MESSAGES_OF_A_CLASS + 20)
    assert MESSAGES_OF_A_CLASS <= len(set(drawn)) + 1
    assert drawn[-1] == drawn[-2]
    others = MessageDraws(CounterRng(4, 0), DISTRIBUTIONS)
    expected = several(others, 5, MessageClass.ANSWER, 3)
    assert expected == several(draws, 5, MessageClass.ANSWER, 3)


def test_distributions_change_times_and_no_fate(draws: MessageDraws) -> None:
    """Another latency leaves the service, the hold-up and what gets lost alone."""
    still = DelayDistributions(
        latency=Constant.model_validate({"distribution": "constant", "value": "1ms"}),
        service=DISTRIBUTIONS.service,
        reorder_by=DISTRIBUTIONS.reorder_by,
    )
    quiet = of(MessageDraws(CounterRng(4, 0), still), 3, MessageClass.OFFER)
    usual = of(draws, 3, MessageClass.OFFER)
    assert (1_000, 1_000) == quiet[:2]
    assert usual[2:] == quiet[2:]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NetworkConditions(), False),
        (NetworkConditions(delay_us=5), False),
        (NetworkConditions(loss=0.1), True),
        (NetworkConditions(duplication=0.1), True),
        (NetworkConditions(reordering=0.1), True),
    ],
)
def test_conditions_are_lossy_when_chance_decides(
    now: NetworkConditions, *, expected: bool
) -> None:
    """A delay alone is the same for every message."""
    assert expected == now.lossy
