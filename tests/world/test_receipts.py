"""A receipt settles what it acknowledges and nothing else, however late it comes.

Every test steers the messages of a small world: which are lost, and how long the others
travel. In the end both sides have to agree.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import pytest

from invitelab.protocol.guest import GuestState
from invitelab.protocol.messages import (
    Answer,
    JoinSeen,
    Message,
    Offer,
    SessionEnded,
    SessionUpdate,
    Shown,
    UpdateSeen,
)
from invitelab.protocol.values import (
    ClientId,
    EntryPoint,
    Permission,
    SessionState,
    State,
)
from invitelab.world.client import Client

SECOND_US = 1_000_000
WAY_US = 40_000
ADA, BEA, CLEO, FAY = (
    ClientId(text) for text in ("100200300", "400500600", "700800900", "1234567890")
)

Steer = Callable[[ClientId, ClientId, Message], Iterable[int]]


class Steered(Protocol):
    """The six clients, and time."""

    clients: dict[ClientId, Client]

    def advance(self, by_us: int) -> None:
        """Let time pass."""

    def crash(self, who: ClientId) -> None:
        """Stop a client without a word."""


Worlds = Callable[[Steer], Steered]


class Lost:
    """Loses the first `count` messages of a class that a client sends."""

    def __init__(self, kind: type[Message], sender: ClientId, count: int = 1) -> None:
        """Lose these."""
        self.kind = kind
        self.sender = sender
        self.count = count
        self.late_us: dict[type[Message], int] = {}

    def __call__(
        self, sender: ClientId, to: ClientId, message: Message
    ) -> Sequence[int]:
        """Lose it, bring it late, or bring it as usual."""
        del to
        if self.count and isinstance(message, self.kind) and sender == self.sender:
            self.count -= 1
            return []
        return [self.late_us.get(type(message), WAY_US)]


def invite(world: Steered, host: ClientId, guest: ClientId) -> str:
    """Send a direct invitation, and let it arrive."""
    sent = world.clients[host].send(EntryPoint.ICON, guest, "Default")
    assert isinstance(sent, str)
    world.advance(SECOND_US)
    return sent


def begin(world: Steered, host: ClientId, guest: ClientId) -> str:
    """Bring a session about; its id."""
    world.clients[guest].answer(invite(world, host, guest), accept=True)
    world.advance(SECOND_US)
    return next(iter(world.clients[host].inviter.sessions))


def hosted(world: Steered) -> dict[str, object]:
    """The permissions of every session that runs at its host."""
    return {
        session.id: session.permissions
        for client in world.clients.values()
        for session in client.inviter.sessions.values()
        if session.state is SessionState.ACTIVE
    }


def joined(world: Steered) -> dict[str, object]:
    """The same as the guests see it."""
    return {
        session.id: session.permissions
        for client in world.clients.values()
        for session in client.recipient.sessions.values()
    }


def test_a_late_receipt_of_an_update_leaves_the_end_to_be_heard(
    steered: Worlds,
) -> None:
    """A guest leaves a session that its host's crash has ended."""
    lost = Lost(SessionEnded, ADA)
    lost.late_us = {UpdateSeen: 2 * SECOND_US}
    world = steered(lost)
    ada = world.clients[ADA]
    session = begin(world, ADA, BEA)
    ada.permit(session, Permission.AUDIO, allowed=False)
    world.advance(SECOND_US)
    world.crash(ADA)
    world.advance(SECOND_US)
    ada.restart()
    world.advance(60 * SECOND_US)
    assert 0 == lost.count
    assert {} == hosted(world) == joined(world)


def test_a_strangers_answer_leaves_the_addressees_to_be_heard(steered: Worlds) -> None:
    """The addressee's answer is repeated until the host has settled it."""
    lost = Lost(Answer, BEA)
    world = steered(lost)
    sent = invite(world, ADA, BEA)
    world.clients[BEA].answer(sent, accept=True)
    world.advance(SECOND_US)
    world.clients[CLEO].answer(sent, accept=True)
    world.advance(10 * SECOND_US)
    assert 0 == lost.count
    assert State.ACCEPTED is world.clients[ADA].inviter.invitations[sent].state
    known = world.clients[BEA].recipient.notifications[sent]
    assert GuestState.JOINED is known.state


def test_the_addressees_answer_leaves_a_strangers_to_be_refused(
    steered: Worlds,
) -> None:
    """A client that was not invited is refused, although its first answer was lost."""
    world = steered(Lost(Answer, CLEO))
    sent = invite(world, ADA, BEA)
    world.clients[CLEO].answer(sent, accept=True)
    world.clients[BEA].answer(sent, accept=False)
    world.advance(10 * SECOND_US)
    assert world.clients[CLEO].verdict(sent) is not None
    assert GuestState.UNKNOWN is world.clients[CLEO].recipient.notifications[sent].state


def test_a_late_receipt_of_the_first_revision_leaves_the_second(
    steered: Worlds,
) -> None:
    """The offer of a modification is repeated if it was lost."""
    lost = Lost(Offer, ADA, 0)
    lost.late_us = {Shown: 1_500_000}
    world = steered(lost)
    sent = invite(world, ADA, BEA)
    lost.count = 1
    world.clients[ADA].modify(sent, "Screen Sharing")
    world.advance(10 * SECOND_US)
    assert 0 == lost.count
    assert 2 == world.clients[BEA].recipient.notifications[sent].revision


def test_a_late_receipt_of_the_first_switch_leaves_the_second(steered: Worlds) -> None:
    """The update of a permission change is repeated if it was lost."""
    lost = Lost(SessionUpdate, ADA, 0)
    lost.late_us = {UpdateSeen: 1_500_000}
    world = steered(lost)
    session = begin(world, ADA, BEA)
    world.clients[ADA].permit(session, Permission.AUDIO, allowed=False)
    world.advance(SECOND_US)
    lost.count = 1
    world.clients[ADA].permit(session, Permission.INPUT, allowed=False)
    world.advance(10 * SECOND_US)
    assert 0 == lost.count
    assert hosted(world) == joined(world)


def test_a_receipt_of_somebody_else_settles_nothing(steered: Worlds) -> None:
    """Only the addressee's word counts that an offer is on its surfaces."""
    lost = Lost(Offer, ADA)
    world = steered(lost)
    sent = world.clients[ADA].send(EntryPoint.ICON, BEA, "Default")
    assert isinstance(sent, str)
    world.clients[CLEO].device.say(ADA, Shown(invitation=sent, revision=1))
    world.advance(5 * SECOND_US)
    assert sent in world.clients[BEA].recipient.notifications


def test_joining_one_session_leaves_the_next_to_be_heard(steered: Worlds) -> None:
    """Each session's joining is repeated until the host has seen that one."""
    lost = Lost(JoinSeen, ADA)
    world = steered(lost)
    first, second = begin(world, ADA, BEA), begin(world, FAY, BEA)
    world.advance(60 * SECOND_US)
    assert {first, second} == set(hosted(world)) == set(joined(world))


class UnreliableNetwork:
    """Messages of the first minute are lost, doubled and late, by draw."""

    def __init__(self, seed: int) -> None:
        """Draw from this seed."""
        self.random = random.Random(seed)
        self.quiet = False

    def __call__(
        self, sender: ClientId, to: ClientId, message: Message
    ) -> Sequence[int]:
        """Two copies at most, each up to nine seconds late."""
        del sender, to, message
        if self.quiet:
            return [WAY_US]
        copies = self.random.choices((0, 1, 2), (3, 5, 2))[0]
        late = (WAY_US, SECOND_US, 3 * SECOND_US, 9 * SECOND_US)
        return self.random.choices(late, (5, 2, 2, 1), k=copies)


def act(world: Steered, draw: random.Random) -> None:
    """Random actions: at two hosts, by two guests and by a client not invited."""
    who = draw.choice([ADA, BEA, CLEO])
    client, host = world.clients[who], world.clients[draw.choice([ADA, FAY])]
    match draw.choice(["send", "accept", "reject", "permit", "crash", "modify"]):
        case "send":
            host.send(EntryPoint.ICON, draw.choice([BEA, CLEO]), "Default")
        case "permit":
            for session in list(host.inviter.sessions):
                permission = draw.choice([*Permission])
                host.permit(session, permission, allowed=draw.random() < 0.5)
        case "crash":
            if not host.crashed:
                world.crash(host.device.id)
                world.advance(draw.choice((1, 3)) * SECOND_US)
                host.restart()
        case "modify":
            for sent in list(host.inviter.invitations):
                host.modify(sent, draw.choice(["Default", "Full Access"]))
        case verb:
            for sent in list(host.inviter.invitations):
                client.answer(sent, accept=verb == "accept")


@pytest.mark.parametrize("seed", range(150))
def test_both_sides_agree_after_an_unreliable_network(
    steered: Worlds, seed: int
) -> None:
    """After losses, copies and delays no client is left answering or out of date."""
    network = UnreliableNetwork(seed)
    draw = random.Random(-1 - seed)
    world = steered(network)
    invite(world, ADA, BEA)
    for _ in range(30):
        act(world, draw)
        world.advance(draw.randrange(3 * SECOND_US))
    network.quiet = True
    world.advance(200 * SECOND_US)
    assert hosted(world) == joined(world)
    known = [
        one
        for client in world.clients.values()
        for one in client.recipient.notifications.values()
    ]
    assert not [one for one in known if one.state is GuestState.ANSWERING]
    assert not [one for one in known if one.surfaces]
