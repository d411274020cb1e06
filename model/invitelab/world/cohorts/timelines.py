"""Timelines of many invitations as arrays, and the messages that they send."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from invitelab.world.load.network_conditions import ORDER_BITS
from invitelab.world.load.time_spent import Stage

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]
Services = NDArray[np.uint32]
"""Four bytes each, as an open invitation has ten messages and more."""

FAR = 1 << 62
"""An instant that never comes, in microseconds."""


class End(IntEnum):
    """How an invitation ends; the codes of `Timelines.state`."""

    ACCEPTED = 0
    REJECTED = 1
    CANCELLED = 2
    EXPIRED = 3
    NONE = 4
    """It was not sent, or the run ended first."""


@dataclass(slots=True, kw_only=True)
class Intents:
    """What the users of invitations intend, one entry each; `number` rises.

    `choice` is 0 to accept, 1 to reject and 2 to do nothing. Times are in microseconds:
    `think_us` from the showing on, the other two from the sending on, FAR for never.
    """

    number: Integers
    sent_us: Integers
    choice: Codes
    think_us: Integers
    cancel_us: Integers
    modify_us: Integers

    def __len__(self) -> int:
        """The number of invitations."""
        return len(self.number)

    def some(self, which: Integers | Flags) -> "Intents":
        """Those at these places."""
        return Intents(
            number=self.number[which],
            sent_us=self.sent_us[which],
            choice=self.choice[which],
            think_us=self.think_us[which],
            cancel_us=self.cancel_us[which],
            modify_us=self.modify_us[which],
        )


class Spent(IntEnum):
    """The parts of a delay that `Timelines.spent_us` has: see `load.time_spent`."""

    THINK = 0
    QUEUE = 1
    SERVICE = 2
    REPEATS = 3


SPENT = (len(Stage), len(Spent))


@dataclass(slots=True, kw_only=True)
class Timelines:
    """What becomes of invitations: instants in microseconds, FAR for never.

    `spoken_us` is when the last message of one reaches the relay. `unusual` are those
    that the array operations do not cover: the core has to. `spent_us`, of shape
    `(count, *SPENT)`, splits the delay to each stage; what is left is the network's.
    """

    shown_us: Integers
    ended_us: Integers
    joined_us: Integers
    spoken_us: Integers
    state: Codes
    unusual: Flags
    spent_us: Integers

    @classmethod
    def none(cls, count: int) -> "Timelines":
        """As many that are not computed yet."""
        return cls(
            shown_us=np.full(count, FAR),
            ended_us=np.full(count, FAR),
            joined_us=np.full(count, FAR),
            spoken_us=np.zeros(count, np.int64),
            state=np.full(count, End.NONE, np.int8),
            unusual=np.zeros(count, np.bool_),
            spent_us=np.zeros((count, *SPENT), np.int64),
        )

    def put(self, places: Integers, others: "Timelines") -> None:
        """Replace the timelines at these places."""
        self.shown_us[places] = others.shown_us
        self.ended_us[places] = others.ended_us
        self.joined_us[places] = others.joined_us
        self.spoken_us[places] = others.spoken_us
        self.state[places] = others.state
        self.unusual[places] = others.unusual
        self.spent_us[places] = others.spent_us

    def some(self, which: Integers | Flags) -> "Timelines":
        """Those at these places."""
        return Timelines(
            shown_us=self.shown_us[which],
            ended_us=self.ended_us[which],
            joined_us=self.joined_us[which],
            spoken_us=self.spoken_us[which],
            state=self.state[which],
            unusual=self.unusual[which],
            spent_us=self.spent_us[which],
        )


@dataclass(slots=True, kw_only=True)
class Messages:
    """Messages of one class: their order (`order_of`), arrival and service in us."""

    order: Integers
    arrival_us: Integers
    service_us: Services

    def __len__(self) -> int:
        """The number of messages."""
        return len(self.order)

    @property
    def number(self) -> Integers:
        """The attempt that each belongs to."""
        return self.order >> ORDER_BITS

    def some(self, which: Integers | Flags) -> "Messages":
        """Those at these places."""
        return Messages(
            order=self.order[which],
            arrival_us=self.arrival_us[which],
            service_us=self.service_us[which],
        )


def joined(parts: list[Messages]) -> Messages:
    """All of these messages."""
    if len(parts) == 1:
        return parts[0]
    empty = np.empty(0, np.int64)
    none = np.empty(0, np.uint32)
    return Messages(
        order=np.concatenate([empty, *(part.order for part in parts)]),
        arrival_us=np.concatenate([empty, *(part.arrival_us for part in parts)]),
        service_us=np.concatenate([none, *(part.service_us for part in parts)]),
    )


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits in the relay that are not zero: `order` rises, `wait_us` above zero."""

    order: Integers
    wait_us: Integers

    @classmethod
    def none(cls) -> "Waits":
        """Nobody waits."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64))

    def __len__(self) -> int:
        """The number of messages that wait."""
        return len(self.order)

    def of(self, orders: Integers) -> Integers:
        """The wait of each of these messages."""
        if not len(self.order):
            return np.zeros(len(orders), np.int64)
        places = np.searchsorted(self.order, orders)
        places[places == len(self.order)] = 0
        return np.where(self.order[places] == orders, self.wait_us[places], 0)

    def plus(self, other: "Waits") -> "Waits":
        """These and others, of other messages."""
        order = np.concatenate((self.order, other.order))
        sorting = np.argsort(order, kind="stable")
        wait_us = np.concatenate((self.wait_us, other.wait_us))
        return Waits(order[sorting], wait_us[sorting])

    def some(self, which: Flags) -> "Waits":
        """Those at these places."""
        return Waits(self.order[which], self.wait_us[which])

    def changed(self, other: "Waits") -> Integers:
        """The orders of messages whose waits differ, in order."""
        mine = self.order[other.of(self.order) != self.wait_us]
        others = other.order[self.of(other.order) != other.wait_us]
        return np.union1d(mine, others)
