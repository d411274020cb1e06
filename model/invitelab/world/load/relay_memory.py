"""The relay's memory: a slot for each state that it keeps, and only so many slots.

The model is a proxy that keeps a transaction for each request (RFC 3261, section 16.7):

* An offer takes a slot for its invitation, unless that has one. It is kept until the
  lifetime of the invitation is over, or until its end has been passed on: a withdrawal,
  or the host's verdict on an answer.
* A withdrawal is a request of its own, and takes a slot of its own.
* Every slot is kept for `LINGER_US` more, to recognise late copies.
* All other messages are replies, or need no state, and take none.

So a relay whose memory is full fails at both ends of an invitation: a new one is not
carried, and the end of one that was cancelled or has expired is not told. As such an
end frees no slot before the lifetime is over, the memory stays full for longer.
"""

from heapq import heappop, heappush

from invitelab.protocol.messages import Closed, Message, Offer, Started, Withdraw

LINGER_US = 5_000_000
"""How long a state is kept once it has done its work, in microseconds.

The default of Kamailio (module tm, `wt_timer`).
"""

State = tuple[str, bool]
"""An invitation's id, and whether it is the state of its withdrawal."""


class RelayMemory:
    """Slots for `size` states; times are world time in microseconds, never falling."""

    __slots__ = ("_lapses", "_size", "_until_us")

    def __init__(self, size: int) -> None:
        self._size = size
        self._until_us: dict[State, int] = {}
        # A heap by time; an entry whose time is not that of its state is out of date.
        self._lapses: list[tuple[int, State]] = []

    def has_room(self, now_us: int, message: Message) -> bool:
        """Whether the message has a slot, needs none, or finds a free one."""
        state = _state_of(message)
        if state is None:
            return True
        self._free(now_us)
        return state in self._until_us or len(self._until_us) < self._size

    def hold(self, now_us: int, message: Message, departure_us: int) -> None:
        """Take the slot of a message with room, which is passed on at `departure_us`.

        The message of an end shortens the time for which its invitation has a slot.
        """
        if isinstance(message, Offer):
            over_us = max(now_us + message.ttl_us, departure_us)
            self._take((message.invitation, False), over_us)
        elif isinstance(message, Withdraw):
            self._take((message.invitation, True), departure_us)
            self._release((message.invitation, False), departure_us)
        elif isinstance(message, Started | Closed):
            self._release((message.invitation, False), departure_us)

    def clear(self) -> None:
        """Forget everything, as in a restart."""
        self._until_us.clear()
        self._lapses.clear()

    def _take(self, state: State, over_us: int) -> None:
        """Take a slot, unless the state has one: a copy keeps it no longer."""
        if state not in self._until_us:
            self._keep_until(state, over_us + LINGER_US)

    def _release(self, state: State, over_us: int) -> None:
        kept_us = self._until_us.get(state)
        if kept_us is not None and over_us + LINGER_US < kept_us:
            self._keep_until(state, over_us + LINGER_US)

    def _keep_until(self, state: State, until_us: int) -> None:
        self._until_us[state] = until_us
        heappush(self._lapses, (until_us, state))

    def _free(self, now_us: int) -> None:
        """Free the slots whose time is over; one is kept up to its end, exclusive."""
        lapses = self._lapses
        while lapses and lapses[0][0] <= now_us:
            until_us, state = heappop(lapses)
            if self._until_us.get(state) == until_us:
                del self._until_us[state]


def _state_of(message: Message) -> State | None:
    """The state that a message needs at the relay; None if it needs none."""
    if isinstance(message, Offer):
        return message.invitation, False
    if isinstance(message, Withdraw):
        return message.invitation, True
    return None
