"""The relay's memory: who has a slot, until when, and what is refused without one."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.protocol.messages import (
    Answer,
    Closed,
    Gone,
    Message,
    Offer,
    Poll,
    Shown,
    Started,
    Withdraw,
)
from invitelab.protocol.values import ClientId, Identity, State
from invitelab.world.load.relay_memory import LINGER_US, RelayMemory

TTL_US = 120_000_000
SENDER = Identity(id=ClientId("100200300"), alias=None)


def offer(name: str, ttl_us: int = TTL_US) -> Offer:
    """Offer an invitation that lives so long."""
    return Offer(invitation=name, revision=1, ttl_us=ttl_us, sender=SENDER)


def withdraw(name: str) -> Withdraw:
    """Tell that an invitation was cancelled."""
    return Withdraw(invitation=name, state=State.CANCELLED)


def closed(name: str) -> Closed:
    """Tell that an answer is settled."""
    return Closed(invitation=name, answer=f"{name}/1", state=State.REJECTED)


def carried(
    memory: RelayMemory, at_us: int, message: Message, stay_us: int = 0
) -> bool:
    """Carry a message if there is room; whether there was."""
    room = memory.has_room(at_us, message)
    if room:
        memory.hold(at_us, message, at_us + stay_us)
    return room


REPLIES: Sequence[Message] = (
    Shown(invitation="a", revision=1),
    Gone(invitation="a"),
    Poll(invitation="b"),
    Answer(invitation="a", answer="a/1", accept=True),
    Started(invitation="b", answer="b/1", session="s", permissions=frozenset()),
    closed("b"),
)


def test_an_invitation_has_a_slot_until_its_lifetime_is_over() -> None:
    """And `LINGER_US` longer; then, to the microsecond, another one has it."""
    memory = RelayMemory(1)
    assert carried(memory, 0, offer("a"))
    assert not carried(memory, TTL_US + LINGER_US - 1, offer("b"))
    assert carried(memory, TTL_US + LINGER_US, offer("b"))


def test_a_copy_finds_the_slot_of_its_invitation() -> None:
    """Repeated offers pass, and do not keep it longer."""
    memory = RelayMemory(1)
    for at_us in (0, 2_000_000, 4_000_000):
        assert carried(memory, at_us, offer("a"))
    assert not carried(memory, 4_000_000, offer("b"))
    assert carried(memory, TTL_US + LINGER_US, offer("b"))


@pytest.mark.parametrize("reply", REPLIES, ids=lambda one: type(one).__name__)
def test_replies_need_no_memory(reply: Message) -> None:
    """Whatever is full, and whether or not their invitation has a slot."""
    memory = RelayMemory(1)
    assert carried(memory, 0, offer("a"))
    assert carried(memory, 1, reply)
    assert not carried(memory, 1, offer("c"))


def test_an_end_needs_a_slot_of_its_own() -> None:
    """A full memory refuses the withdrawal, even of an invitation that it holds."""
    memory = RelayMemory(1)
    assert carried(memory, 0, offer("a"))
    assert not carried(memory, 1, withdraw("a"))
    assert not carried(memory, TTL_US, withdraw("a"))
    assert carried(memory, TTL_US + LINGER_US, withdraw("a"))


def test_an_end_that_is_told_frees_both_slots() -> None:
    """`LINGER_US` after it has left; until then copies of it pass."""
    memory = RelayMemory(2)
    assert carried(memory, 0, offer("a"))
    assert carried(memory, 10, withdraw("a"), stay_us=5)
    assert carried(memory, 2_000_000, withdraw("a"))
    over_us = 15 + LINGER_US
    assert not carried(memory, over_us - 1, offer("b"))
    assert all(carried(memory, over_us, offer(name)) for name in "bc")
    assert not carried(memory, over_us, offer("d"))


@pytest.mark.parametrize("verdict", [REPLIES[4], REPLIES[5]])
def test_a_verdict_ends_an_invitation_without_a_slot_of_its_own(
    verdict: Message,
) -> None:
    """It is a reply; the invitation's slot is free `LINGER_US` after it."""
    memory = RelayMemory(1)
    assert carried(memory, 0, offer("b"))
    assert carried(memory, 10, verdict, stay_us=5)
    assert not carried(memory, 14 + LINGER_US, offer("c"))
    assert carried(memory, 15 + LINGER_US, offer("c"))


def test_an_end_never_keeps_an_invitation_longer() -> None:
    """Its lifetime was nearly over."""
    memory = RelayMemory(2)
    assert carried(memory, 0, offer("a", ttl_us=10))
    assert carried(memory, 11 + LINGER_US // 2, withdraw("a"))
    assert carried(memory, 10 + LINGER_US, offer("b"))
    assert not carried(memory, 10 + LINGER_US, offer("c"))


def test_what_comes_again_is_not_freed_by_its_old_time() -> None:
    """A late copy of an offer, after the end was told, has a slot for its own time."""
    memory = RelayMemory(2)
    assert carried(memory, 0, offer("a"))
    assert carried(memory, 10, withdraw("a"))
    again_us = TTL_US // 2
    assert carried(memory, again_us, offer("a"))
    assert carried(memory, again_us, offer("b"))
    assert not carried(memory, TTL_US + LINGER_US, offer("c"))
    assert carried(memory, again_us + TTL_US + LINGER_US, offer("c"))


def test_an_offer_that_waits_for_long_has_its_slot_until_it_leaves() -> None:
    """The queue of the relay may be longer than a lifetime."""
    memory = RelayMemory(1)
    assert carried(memory, 0, offer("a", ttl_us=10), stay_us=1_000)
    assert not carried(memory, 999 + LINGER_US, offer("b"))
    assert carried(memory, 1_000 + LINGER_US, offer("b"))


def test_a_restart_forgets_everything() -> None:
    """There is room again, and old times free nothing."""
    memory = RelayMemory(1)
    assert carried(memory, 0, offer("a", ttl_us=10))
    memory.clear()
    assert carried(memory, 1, offer("b"))
    assert not carried(memory, 10 + LINGER_US, offer("c"))


class Slots:
    """A reference model: each state in a list, with the time at which it is free."""

    def __init__(self, size: int) -> None:
        """Begin with all free."""
        self.size = size
        self.held: list[tuple[str, int]] = []

    def carry(self, at_us: int, message: Message, stay_us: int) -> bool:
        """Carry a message by the rules of the documentation; whether it can be."""
        self.held = [one for one in self.held if one[1] > at_us]
        names = [name for name, _ in self.held]
        out_us = at_us + stay_us
        if isinstance(message, Offer | Withdraw):
            kind = type(message).__name__
            name = f"{kind} {message.invitation}"
            if name not in names:
                if len(names) >= self.size:
                    return False
                life_us = message.ttl_us if isinstance(message, Offer) else 0
                over_us = max(at_us + life_us, out_us)
                self.held.append((name, over_us + LINGER_US))
        if isinstance(message, Withdraw | Started | Closed):
            ended = f"Offer {message.invitation}"
            self.held = [
                (name, min(until, out_us + LINGER_US) if name == ended else until)
                for name, until in self.held
            ]
        return True


def all_of(name: str) -> Sequence[Message]:
    """A message of each kind about one invitation."""
    return offer(name), withdraw(name), closed(name), Poll(invitation=name)


MESSAGES = st.sampled_from([message for name in "abcde" for message in all_of(name)])
GAPS = st.sampled_from([0, 1, 1_000_000, LINGER_US - 1, LINGER_US, TTL_US])


@given(
    size=st.integers(1, 4),
    came=st.lists(st.tuples(GAPS, MESSAGES, st.sampled_from([0, 7, 9_000_000]))),
)
def test_the_memory_is_a_list_of_slots(
    size: int, came: Sequence[tuple[int, Message, int]]
) -> None:
    """Each message is carried or refused as by the reference model."""
    memory, slots, now_us = RelayMemory(size), Slots(size), 0
    for gap_us, message, stay_us in came:
        now_us += gap_us
        expected = slots.carry(now_us, message, stay_us)
        assert expected == carried(memory, now_us, message, stay_us)
