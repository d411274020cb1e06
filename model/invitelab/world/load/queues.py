"""The relay's workers: one first-come-first-served pool for each message class.

When a message arrives at a pool, all that determines its departure is known: the
messages that are served or wait, and their service times. So the departure is computed
on arrival, in one event instead of three, by the recursion of J. Kiefer and J.
Wolfowitz, "On the theory of queues with many servers", Transactions of the American
Mathematical Society 78 (1955), page 1.
"""

from collections import deque
from enum import IntEnum
from heapq import heapreplace

from invitelab.protocol.messages import (
    Answer,
    Change,
    Closed,
    Gone,
    Joined,
    JoinSeen,
    Message,
    Offer,
    Poll,
    Refused,
    SessionEnded,
    SessionLeft,
    SessionRequest,
    SessionUpdate,
    Shown,
    Started,
    UpdateSeen,
    Withdraw,
)


class MessageClass(IntEnum):
    """The classes of messages that have workers of their own."""

    OFFER = 0
    RECEIPT = 1
    POLL = 2
    ANSWER = 3
    VERDICT = 4
    WITHDRAWAL = 5


CLASS_OF: dict[type[Message], MessageClass] = {
    Offer: MessageClass.OFFER,
    SessionUpdate: MessageClass.OFFER,
    Shown: MessageClass.RECEIPT,
    Gone: MessageClass.RECEIPT,
    UpdateSeen: MessageClass.RECEIPT,
    SessionLeft: MessageClass.RECEIPT,
    JoinSeen: MessageClass.RECEIPT,
    Poll: MessageClass.POLL,
    Answer: MessageClass.ANSWER,
    Change: MessageClass.ANSWER,
    Joined: MessageClass.ANSWER,
    SessionRequest: MessageClass.ANSWER,
    Started: MessageClass.VERDICT,
    Closed: MessageClass.VERDICT,
    Refused: MessageClass.VERDICT,
    SessionEnded: MessageClass.VERDICT,
    Withdraw: MessageClass.WITHDRAWAL,
}


class Pool:
    """Equal workers and one queue, of at most `longest` messages (None: no limit)."""

    __slots__ = ("_free_at", "_longest", "_starts", "queue")

    def __init__(self, servers: int, longest: int | None = None) -> None:
        self._free_at = [0] * servers  # a heap: when each worker is free again, in us
        self._longest = longest
        self._starts: deque[int] = deque()  # when each waiting message is served
        self.queue = 0
        """The number of messages that waited when the last one arrived."""

    def admit(self, now_us: int, service_us: int) -> int | None:
        """Take a message: when its service starts, or None if the queue is full."""
        start_us = self._free_at[0]
        if start_us <= now_us:
            self._starts.clear()
            self.queue = 0
            heapreplace(self._free_at, now_us + service_us)
            return now_us
        waiting = self._starts
        while waiting and waiting[0] <= now_us:
            waiting.popleft()
        self.queue = len(waiting)
        if self._longest is not None and self.queue >= self._longest:
            return None
        waiting.append(start_us)
        heapreplace(self._free_at, start_us + service_us)
        return start_us

    def empty(self, free_us: int) -> None:
        """Drop all messages; every worker is free again at `free_us`."""
        self._starts.clear()
        self._free_at = [free_us] * len(self._free_at)
