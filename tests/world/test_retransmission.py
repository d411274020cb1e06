"""A message is repeated until it is acknowledged, and only the newest of its key."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invitelab.protocol.messages import (
    Answer,
    Gone,
    Joined,
    JoinSeen,
    Message,
    Offer,
    SessionEnded,
    SessionLeft,
    SessionUpdate,
    Shown,
    UpdateSeen,
    Withdraw,
)
from invitelab.protocol.values import ClientId, Identity, State
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.retransmission import (
    ACKNOWLEDGED,
    MAX_REPEATS,
    Retransmission,
    Timer,
    Unacknowledged,
    object_of,
)

RETRY_US = 2_000
BEA = ClientId("400500600")
CLEO = ClientId("700800900")


class Place:
    """A clock on the event queue, at a client that is connected unless it is not."""

    def __init__(self, env: CalendarEnvironment) -> None:
        """Go by this calendar."""
        self.env = env
        self.online = True

    def after(
        self,
        delay_us: int,
        action: Callable[[Unacknowledged], None],
        argument: Unacknowledged,
    ) -> Timer:
        """Call in a while."""
        return self.env.call_at(self.env.now_us + delay_us, action, argument)


class Voice:
    """Records the messages that it sends, when, and to which peer."""

    def __init__(self, env: CalendarEnvironment) -> None:
        """Speak by this clock."""
        self.env = env
        self.device = Place(env)
        self.words: list[tuple[int, str]] = []
        self.said: list[tuple[ClientId, Message]] = []
        self.listeners: set[ClientId] = set()
        self.heard: Callable[[], None] = lambda: None

    def utter(self, to: ClientId, message: Message) -> None:
        """Send it once; it may be acknowledged at the same time."""
        self.listeners.add(to)
        self.words.append((self.env.now_us, object_of(message)))
        self.said.append((to, message))
        self.heard()


def word(text: str) -> Withdraw:
    """Make a message that is distinct from others."""
    return Withdraw(invitation=text, state=State.CANCELLED)


def offer(revision: int) -> Offer:
    """Make an offer of one revision."""
    sender = Identity(id=BEA, alias=None)
    return Offer(invitation="i", revision=revision, ttl_us=1, sender=sender)


@pytest.fixture
def env() -> CalendarEnvironment:
    """Give a calendar at instant zero."""
    return CalendarEnvironment()


@pytest.fixture
def retransmission() -> Retransmission:
    """Give a retransmission that repeats every 2 ms."""
    return Retransmission(RETRY_US)


@pytest.fixture
def voice(env: CalendarEnvironment) -> Voice:
    """Give a sender."""
    return Voice(env)


def test_it_is_said_at_once(retransmission: Retransmission, voice: Voice) -> None:
    """The first time does not wait for a repeat."""
    retransmission.post(voice, BEA, word("hello"))
    assert ([(0, "hello")], {BEA}) == (voice.words, voice.listeners)


def test_it_is_said_until_it_is_heard(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """Every two milliseconds, and never again afterwards."""
    retransmission.post(voice, BEA, word("hello"))
    env.advance(2 * RETRY_US)
    retransmission.acknowledge(voice, BEA, Gone(invitation="hello"))
    env.advance(100 * RETRY_US)
    assert [(0, "hello"), (2_000, "hello"), (4_000, "hello")] == voice.words


def test_only_the_newest_is_repeated(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """A new message takes the place of the open one, with its own rhythm."""
    retransmission.post(voice, BEA, offer(1))
    env.advance(500)
    retransmission.post(voice, BEA, offer(2))
    env.advance(2_500)
    assert [(0, "i"), (500, "i"), (2_500, "i")] == voice.words
    assert (BEA, offer(2)) == voice.said[-1]


UPDATE = SessionUpdate(invitation="i", session="s", revision=2, permissions=frozenset())
OVER = SessionEnded(invitation="i", session="s")
JOINED = Joined(invitation="i", session="s")
CLICK = Answer(invitation="i", answer="i/1", accept=True)
SAID: list[Message] = [offer(2), word("i"), UPDATE, OVER, JOINED, CLICK]
RECEIPTS: list[Message] = [
    *(Shown(invitation="i", revision=revision) for revision in (1, 2, 3)),
    Gone(invitation="i"),
    *(UpdateSeen(invitation="i", session="s", revision=count) for count in (1, 2, 3)),
    SessionLeft(invitation="i", session="s"),
    JoinSeen(invitation="i", session="s"),
    OVER,
]
SETTLED: dict[Message, set[Message]] = {
    offer(2): {*RECEIPTS[1:3]},
    word("i"): {RECEIPTS[3]},
    UPDATE: {*RECEIPTS[5:7]},
    OVER: {RECEIPTS[7]},
    JOINED: {RECEIPTS[8], OVER},
    CLICK: set(),
}


@pytest.mark.parametrize("receipt", RECEIPTS, ids=repr)
@pytest.mark.parametrize("said", SAID, ids=lambda one: type(one).__name__)
def test_a_receipt_settles_its_own_class_and_revision(
    env: CalendarEnvironment,
    retransmission: Retransmission,
    voice: Voice,
    said: Message,
    receipt: Message,
) -> None:
    """Nothing else about the same invitation or session is settled by it."""
    retransmission.post(voice, BEA, said)
    retransmission.acknowledge(voice, BEA, receipt)
    env.advance(RETRY_US)
    assert (1 if receipt in SETTLED[said] else 2) == len(voice.said)


def test_every_receipt_is_tried() -> None:
    """Each class of message that settles another one is in the table above."""
    assert set(ACKNOWLEDGED) == {type(receipt) for receipt in RECEIPTS}


def test_a_key_names_the_peer(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """Messages to two peers are settled separately."""
    retransmission.post(voice, BEA, word("a"))
    retransmission.post(voice, CLEO, word("a"))
    retransmission.acknowledge(voice, CLEO, Gone(invitation="a"))
    env.advance(RETRY_US)
    assert [BEA, CLEO, BEA] == [to for to, _ in voice.said]


def test_a_key_names_the_sender(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """Messages of two senders about one invitation are settled separately."""
    other = Voice(env)
    for one in (voice, other):
        retransmission.post(one, BEA, word("a"))
    retransmission.acknowledge(other, BEA, Gone(invitation="a"))
    env.advance(RETRY_US)
    assert (2, 1) == (len(voice.said), len(other.said))


def test_what_needs_no_saying_any_more_is_settled(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """A sender may stop by itself, and stops that message alone."""
    retransmission.post(voice, BEA, CLICK)
    retransmission.post(voice, BEA, JOINED)
    retransmission.settle(voice, BEA, Answer, "i/1")
    env.advance(RETRY_US)
    assert [CLICK, JOINED, JOINED] == [message for _, message in voice.said]


def test_hearing_what_was_not_said_is_nothing(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """A late acknowledgement changes nothing, not even for a later message."""
    retransmission.acknowledge(voice, BEA, Gone(invitation="hello"))
    retransmission.post(voice, BEA, word("hello"))
    env.advance(RETRY_US)
    assert 2 == len(voice.words)


def test_a_key_can_be_used_again(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """The repeats of what was settled do not come back with the next message."""
    retransmission.post(voice, BEA, offer(1))
    retransmission.acknowledge(voice, BEA, Shown(invitation="i", revision=1))
    retransmission.post(voice, BEA, offer(2))
    env.advance(RETRY_US)
    assert [offer(1), offer(2), offer(2)] == [message for _, message in voice.said]


def test_what_is_heard_while_it_is_said_stops(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """Sending may settle it at the same time, as it does without latency."""
    gone = Gone(invitation="hello")
    voice.heard = lambda: retransmission.acknowledge(voice, BEA, gone)
    retransmission.post(voice, BEA, word("hello"))
    env.advance(10 * RETRY_US)
    assert [(0, "hello")] == voice.words


def test_who_forgets_says_nothing_more(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """All open messages of one sender are settled, and none of any other."""
    other = Voice(env)
    for text in ("a", "b"):
        retransmission.post(voice, BEA, word(text))
        retransmission.post(other, BEA, word(text))
    retransmission.forget(voice)
    env.advance(RETRY_US)
    assert (2, 4) == (len(voice.words), len(other.words))


def test_repeats_have_a_bound(
    env: CalendarEnvironment, retransmission: Retransmission, voice: Voice
) -> None:
    """Without any acknowledgement the repeats end after a while."""
    retransmission.post(voice, BEA, word("hello"))
    env.advance(3 * MAX_REPEATS * RETRY_US)
    last_us, _ = voice.words[-1]
    assert MAX_REPEATS == len(voice.words)
    assert (MAX_REPEATS - 1) * RETRY_US == last_us


# Any order, with loss and copies.


def receipt_of(message: Message) -> Message | None:
    """The acknowledgement of the peer; the reply to an answer is none."""
    match message:
        case Offer(invitation=id_, revision=revision):
            return Shown(invitation=id_, revision=revision)
        case Withdraw(invitation=id_):
            return Gone(invitation=id_)
        case SessionUpdate(invitation=id_, session=session, revision=revision):
            return UpdateSeen(invitation=id_, session=session, revision=revision)
        case SessionEnded(invitation=id_, session=session):
            return SessionLeft(invitation=id_, session=session)
        case Joined(invitation=id_, session=session):
            return JoinSeen(invitation=id_, session=session)
        case _:
            return None


class Line:
    """Two senders, two peers, and a line that loses, doubles and overtakes."""

    def __init__(self) -> None:
        """Begin without messages."""
        self.env = CalendarEnvironment()
        self.retransmission = Retransmission(RETRY_US)
        self.voices = [Voice(self.env), Voice(self.env)]
        self.newest: dict[tuple[int, ClientId, type[Message]], Message] = {}
        self.receipts: list[tuple[int, ClientId, Message]] = []
        self.known: set[tuple[int, ClientId, Message]] = set()

    def post(self, who: int, to: ClientId, message: Message) -> None:
        """Send a message; revisions never decrease."""
        key = (who, to, type(message))
        before = getattr(self.newest.get(key), "revision", 0)
        if getattr(message, "revision", 0) < before:
            return
        self.newest[key] = message
        self.known.discard((who, to, message))
        self.retransmission.post(self.voices[who], to, message)

    def hear(self, who: int, place: int) -> None:
        """Any earlier message arrives, perhaps again, and is acknowledged."""
        said = self.voices[who].said
        if said:
            to, message = said[place % len(said)]
            receipt = receipt_of(message)
            if receipt is not None:
                self.receipts.append((who, to, receipt))

    def return_receipt(self, place: int) -> None:
        """One of all receipts arrives, perhaps again, however late."""
        if not self.receipts:
            return
        who, by, receipt = self.receipts[place % len(self.receipts)]
        self.retransmission.acknowledge(self.voices[who], by, receipt)
        for (sender, to, _), message in self.newest.items():
            if (sender, to) == (who, by) and receipt in SETTLING[message]:
                self.known.add((who, by, message))

    def repeated(self) -> set[tuple[int, ClientId, Message]]:
        """The messages that are sent within one more period."""
        before = [len(voice.said) for voice in self.voices]
        self.env.advance(self.env.now_us + RETRY_US)
        return {
            (who, to, message)
            for who, voice in enumerate(self.voices)
            for to, message in voice.said[before[who] :]
        }


WORDS: list[Message] = [
    *(offer(revision) for revision in (1, 2, 3)),
    word("i"),
    *(
        SessionUpdate(
            invitation="i", session="s", revision=count, permissions=frozenset()
        )
        for count in (1, 2, 3)
    ),
    OVER,
    JOINED,
    CLICK,
]
SETTLING = {
    message: {
        receipt
        for other in WORDS
        if type(other) is type(message)
        and getattr(other, "revision", 0) >= getattr(message, "revision", 0)
        and (receipt := receipt_of(other)) is not None
    }
    for message in WORDS
}
PLACES = st.integers(0, 99)
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("post"),
            st.integers(0, 1),
            st.sampled_from([BEA, CLEO]),
            st.sampled_from(WORDS),
        ),
        st.tuples(st.just("hear"), st.integers(0, 1), PLACES),
        st.tuples(st.just("return_receipt"), PLACES),
        st.tuples(st.just("repeated")),
    ),
    min_size=60,
    max_size=90,
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, derandomize=True)
@given(steps=STEPS)
def test_only_what_was_acknowledged_is_not_repeated(
    steps: list[tuple[object, ...]],
) -> None:
    """After losses, copies and delays, exactly the open ones are repeated."""
    line = Line()
    for name, *arguments in steps:
        getattr(line, str(name))(*arguments)
    open_ = {(who, to, message) for (who, to, _), message in line.newest.items()}
    assert open_ - line.known == line.repeated()
