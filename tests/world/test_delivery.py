"""What must be heard is said again until it is, and only the newest of it."""

import pytest
import simpy

from invitelab.world.clock import advance
from invitelab.world.delivery import MAX_REPEATS, Delivery
from invitelab.world.network import Network

RETRY_US = 2_000


@pytest.fixture
def env() -> simpy.Environment:
    """Give an environment at integer zero."""
    return simpy.Environment(initial_time=0)


@pytest.fixture
def delivery(env: simpy.Environment) -> Delivery:
    """Give a delivery that repeats every 2 ms."""
    return Delivery(Network(env), RETRY_US)


@pytest.fixture
def said(env: simpy.Environment) -> "Said":
    """Give a record of what was said when."""
    return Said(env)


class Said:
    """Notes words with their time."""

    def __init__(self, env: simpy.Environment) -> None:
        """Look at this clock."""
        self.env = env
        self.words: list[tuple[int, str]] = []

    def __call__(self, word: str) -> None:
        """Note it."""
        self.words.append((int(self.env.now), word))


def test_it_is_said_at_once(delivery: Delivery, said: Said) -> None:
    """The first time does not wait for a repeat."""
    delivery.post("key", lambda: said("hello"))
    assert [(0, "hello")] == said.words


def test_it_is_said_until_it_is_heard(
    env: simpy.Environment, delivery: Delivery, said: Said
) -> None:
    """Every two milliseconds, and never again afterwards."""
    delivery.post("key", lambda: said("hello"))
    advance(env, 2 * RETRY_US)
    delivery.settle("key")
    advance(env, 100 * RETRY_US)
    assert [(0, "hello"), (2_000, "hello"), (4_000, "hello")] == said.words


def test_only_the_newest_is_repeated(
    env: simpy.Environment, delivery: Delivery, said: Said
) -> None:
    """A new message takes the place of the open one, with its own rhythm."""
    delivery.post("key", lambda: said("old"))
    advance(env, 500)
    delivery.post("key", lambda: said("new"))
    advance(env, 2_500)
    assert [(0, "old"), (500, "new"), (2_500, "new")] == said.words


def test_keys_are_independent(
    env: simpy.Environment, delivery: Delivery, said: Said
) -> None:
    """Hearing one message settles no other."""
    delivery.post("a", lambda: said("a"))
    delivery.post("b", lambda: said("b"))
    delivery.settle("a")
    advance(env, RETRY_US)
    assert [(0, "a"), (0, "b"), (RETRY_US, "b")] == said.words


def test_hearing_what_was_not_said_is_nothing(
    env: simpy.Environment, delivery: Delivery, said: Said
) -> None:
    """A late acknowledgement changes nothing, not even for a later message."""
    delivery.settle("key")
    delivery.post("key", lambda: said("hello"))
    advance(env, RETRY_US)
    assert 2 == len(said.words)


def test_a_key_can_be_used_again(
    env: simpy.Environment, delivery: Delivery, said: Said
) -> None:
    """The repeats of what was settled do not come back with the next message."""
    delivery.post("key", lambda: said("first"))
    delivery.settle("key")
    delivery.post("key", lambda: said("second"))
    advance(env, RETRY_US)
    assert ["first", "second", "second"] == [word for _, word in said.words]


def test_what_hears_itself_stops(
    env: simpy.Environment, delivery: Delivery, said: Said
) -> None:
    """Saying it may settle it at the same instant, as it does without latency."""

    def say() -> None:
        said("hello")
        delivery.settle("key")

    delivery.post("key", say)
    advance(env, 10 * RETRY_US)
    assert [(0, "hello")] == said.words


def test_repeats_have_a_bound(
    env: simpy.Environment, delivery: Delivery, said: Said
) -> None:
    """Nobody listens: after a while nobody speaks."""
    delivery.post("key", lambda: said("hello"))
    advance(env, 3 * MAX_REPEATS * RETRY_US)
    last_us, _ = said.words[-1]
    assert MAX_REPEATS == len(said.words)
    assert (MAX_REPEATS - 1) * RETRY_US == last_us
