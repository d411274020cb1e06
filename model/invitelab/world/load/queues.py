"""The relay's workers: one pool a kind of message, first come first served.

When a message reaches a pool, everything that decides about its departure is already
known: who is being served, who waits, and how long each of them takes. So its departure
is computed on arrival (Kiefer and Wolfowitz), and one event takes the place of three.
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
    """What the relay tells apart: each has workers of its own."""

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
    """Equal workers and one queue, of at most `longest` messages if that is given."""

    __slots__ = ("_free_at", "_longest", "_starts", "queue")

    def __init__(self, servers: int, longest: int | None = None) -> None:
        self._free_at = [0] * servers  # a heap: when each worker is free again
        self._longest = longest
        self._starts: deque[int] = deque()  # of those that wait, in order
        self.queue = 0
        """How many waited when the last message came."""

    def admit(self, now_us: int, service_us: int) -> int | None:
        """When its service starts; None when the queue is full."""
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
        """Forget everybody; the workers are back at this instant."""
        self._starts.clear()
        self._free_at = [free_us] * len(self._free_at)
