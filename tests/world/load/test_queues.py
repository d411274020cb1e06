"""A pool serves as a queue with so many workers does, first come first served."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from invitelab.protocol.messages import Message
from invitelab.world.load.queues import CLASS_OF, MessageClass, Pool

Came = tuple[int, int]
"""A gap since the one before, and a service."""

SERVED = st.tuples(st.integers(0, 6), st.integers(0, 12))


class Queue:
    """A reference simulation, one time step after another: workers and a queue."""

    def __init__(self, servers: int, longest: int | None) -> None:
        """Begin with all workers idle."""
        self.busy_us = [0] * servers  # what is left to do for each
        self.line: list[tuple[int, int]] = []
        self.longest = longest
        self.starts: dict[int, int | None] = {}
        self.met: list[int] = []
        self.now_us = 0

    def pass_to(self, until_us: int) -> None:
        """Let time pass, a microsecond at a time."""
        while self.now_us < until_us:
            self.now_us += 1
            self.busy_us = [max(0, left - 1) for left in self.busy_us]
            self.take()

    def take(self) -> None:
        """Let idle workers take the first messages of the queue."""
        while self.line and 0 in self.busy_us:
            name, service_us = self.line.pop(0)
            self.busy_us[self.busy_us.index(0)] = service_us
            self.starts[name] = self.now_us

    def admit(self, name: int, service_us: int) -> None:
        """A message arrives."""
        self.met.append(len(self.line))
        full = self.longest is not None and len(self.line) >= self.longest
        if 0 not in self.busy_us and full:
            self.starts[name] = None
            return
        self.line.append((name, service_us))
        self.take()


@settings(max_examples=150, deadline=None)
@given(
    servers=st.integers(1, 4),
    longest=st.none() | st.integers(0, 4),
    came=st.lists(SERVED, max_size=40),
)
def test_a_pool_is_a_queue_with_workers(
    servers: int, longest: int | None, came: Sequence[Came]
) -> None:
    """Each starts when it does in the queue, meets as many, and is refused alike."""
    pool, queue = Pool(servers, longest), Queue(servers, longest)
    starts: dict[int, int | None] = {}
    met: list[int] = []
    now_us = 0
    for name, (gap_us, service_us) in enumerate(came):
        now_us += gap_us
        queue.pass_to(now_us)
        queue.admit(name, service_us)
        starts[name] = pool.admit(now_us, service_us)
        met.append(pool.queue)
    queue.pass_to(now_us + 13 * len(came))
    assert queue.starts == starts
    assert queue.met == met


def test_an_idle_pool_starts_at_once() -> None:
    """As many at one instant as there are workers, and then one after the other."""
    pool = Pool(2)
    assert [10, 10, 15, 17] == [pool.admit(10, service) for service in (5, 7, 9, 9)]


def test_a_full_queue_takes_nobody() -> None:
    """A rejected message takes no worker's time."""
    pool = Pool(1, longest=1)
    assert [0, 10, None, None] == [pool.admit(0, 10) for _ in range(4)]
    assert [20, None] == [pool.admit(10, 5), pool.admit(19, 5)]
    assert 25 == pool.admit(25, 5)


def test_without_a_queue_only_idle_workers_count() -> None:
    """A longest queue of 0 is none at all."""
    pool = Pool(1, longest=0)
    assert [0, None, 10] == [pool.admit(at_us, 10) for at_us in (0, 9, 10)]


def test_an_emptied_pool_begins_anew() -> None:
    """The queue is empty, and all workers are free at that time."""
    pool = Pool(2)
    for _ in range(9):
        pool.admit(0, 1_000)
    pool.empty(50)
    assert [50, 50, 51] == [pool.admit(40, 1) for _ in range(3)]
    assert 2 == pool.queue


def test_every_message_has_a_kind() -> None:
    """And every kind has messages."""
    assert set(Message.__args__) == set(CLASS_OF)
    assert set(MessageClass) == set(CLASS_OF.values())
