"""What must be heard is said again until it is, and only the newest of it."""

from collections.abc import Callable

import pytest

from invitelab.protocol.messages import Message, Poll
from invitelab.protocol.values import ClientId
from invitelab.world.clock import CalendarEnvironment
from invitelab.world.delivery import MAX_REPEATS, Delivery, Open, Timer

RETRY_US = 2_000
BEA = ClientId("400500600")


class Place:
    """Where time passes as the calendar says."""

    def __init__(self, env: CalendarEnvironment) -> None:
        """Go by this calendar."""
        self.env = env

    def after(
        self, delay_us: int, action: Callable[[Open], None], argument: Open
    ) -> Timer:
        """Call in a while."""
        return self.env.call_at(self.env.now_us + delay_us, action, argument)


class Voice:
    """Notes what it says, when, and to whom."""

    def __init__(self, env: CalendarEnvironment) -> None:
        """Speak by this clock."""
        self.env = env
        self.site = Place(env)
        self.words: list[tuple[int, str]] = []
        self.listeners: set[ClientId] = set()
        self.heard: Callable[[], None] = lambda: None

    def utter(self, to: ClientId, message: Message) -> None:
        """Say it once; it may be heard at this very instant."""
        assert isinstance(message, Poll)
        self.listeners.add(to)
        self.words.append((self.env.now_us, message.invitation))
        self.heard()


def word(text: str) -> Poll:
    """Make a message that tells itself from others."""
    return Poll(invitation=text)


@pytest.fixture
def env() -> CalendarEnvironment:
    """Give a calendar at instant zero."""
    return CalendarEnvironment()


@pytest.fixture
def delivery() -> Delivery:
    """Give a delivery that repeats every 2 ms."""
    return Delivery(RETRY_US)


@pytest.fixture
def voice(env: CalendarEnvironment) -> Voice:
    """Give somebody who speaks."""
    return Voice(env)


def test_it_is_said_at_once(delivery: Delivery, voice: Voice) -> None:
    """The first time does not wait for a repeat."""
    delivery.post("key", voice, BEA, word("hello"))
    assert ([(0, "hello")], {BEA}) == (voice.words, voice.listeners)


def test_it_is_said_until_it_is_heard(
    env: CalendarEnvironment, delivery: Delivery, voice: Voice
) -> None:
    """Every two milliseconds, and never again afterwards."""
    delivery.post("key", voice, BEA, word("hello"))
    env.advance(2 * RETRY_US)
    delivery.settle("key")
    env.advance(100 * RETRY_US)
    assert [(0, "hello"), (2_000, "hello"), (4_000, "hello")] == voice.words


def test_only_the_newest_is_repeated(
    env: CalendarEnvironment, delivery: Delivery, voice: Voice
) -> None:
    """A new message takes the place of the open one, with its own rhythm."""
    delivery.post("key", voice, BEA, word("old"))
    env.advance(500)
    delivery.post("key", voice, BEA, word("new"))
    env.advance(2_500)
    assert [(0, "old"), (500, "new"), (2_500, "new")] == voice.words


def test_keys_are_independent(
    env: CalendarEnvironment, delivery: Delivery, voice: Voice
) -> None:
    """Hearing one message settles no other."""
    delivery.post(("id", Poll), voice, BEA, word("a"))
    delivery.post(("id", Message), voice, BEA, word("b"))
    delivery.settle(("id", Poll))
    env.advance(RETRY_US)
    assert [(0, "a"), (0, "b"), (RETRY_US, "b")] == voice.words


def test_hearing_what_was_not_said_is_nothing(
    env: CalendarEnvironment, delivery: Delivery, voice: Voice
) -> None:
    """A late acknowledgement changes nothing, not even for a later message."""
    delivery.settle("key")
    delivery.post("key", voice, BEA, word("hello"))
    env.advance(RETRY_US)
    assert 2 == len(voice.words)


def test_a_key_can_be_used_again(
    env: CalendarEnvironment, delivery: Delivery, voice: Voice
) -> None:
    """The repeats of what was settled do not come back with the next message."""
    delivery.post("key", voice, BEA, word("first"))
    delivery.settle("key")
    delivery.post("key", voice, BEA, word("second"))
    env.advance(RETRY_US)
    assert ["first", "second", "second"] == [text for _, text in voice.words]


def test_what_is_heard_while_it_is_said_stops(
    env: CalendarEnvironment, delivery: Delivery, voice: Voice
) -> None:
    """Saying it may settle it at the same instant, as it does without latency."""
    voice.heard = lambda: delivery.settle("key")
    delivery.post("key", voice, BEA, word("hello"))
    env.advance(10 * RETRY_US)
    assert [(0, "hello")] == voice.words


def test_who_forgets_says_nothing_more(
    env: CalendarEnvironment, delivery: Delivery, voice: Voice
) -> None:
    """All that one speaker had open is settled, and nothing of anybody else."""
    other = Voice(env)
    for key in ("a", "b"):
        delivery.post((key, "mine"), voice, BEA, word(key))
        delivery.post((key, "other"), other, BEA, word(key))
    delivery.forget(voice)
    env.advance(RETRY_US)
    assert (2, 4) == (len(voice.words), len(other.words))


def test_repeats_have_a_bound(
    env: CalendarEnvironment, delivery: Delivery, voice: Voice
) -> None:
    """Nobody listens: after a while nobody speaks."""
    delivery.post("key", voice, BEA, word("hello"))
    env.advance(3 * MAX_REPEATS * RETRY_US)
    last_us, _ = voice.words[-1]
    assert MAX_REPEATS == len(voice.words)
    assert (MAX_REPEATS - 1) * RETRY_US == last_us
