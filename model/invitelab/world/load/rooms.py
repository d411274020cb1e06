"""Rooms: parts of the population whose clients invite each other only.

An implementation under test is told all clients of a room at once, in one line, so a
room has to be small. The rooms of a population differ in size by one client at most.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST = 2
"""A client alone has nobody to invite."""


class Room(NamedTuple):
    """The clients with indexes from `start` on, `size` of them."""

    start: int
    size: int

    def neighbour(self, index: int, drawn: float) -> int:
        """Another client of the room, chosen by a number in [0, 1)."""
        step = 1 + int(drawn * (self.size - 1))
        return self.start + (index - self.start + step) % self.size

    @property
    def indexes(self) -> range:
        """The indexes of its clients."""
        return range(self.start, self.start + self.size)


class Rooms:
    """The rooms of so many clients; `most` clients a room, None for one room.

    A room has at least two clients, so that one may be larger than `most`.
    """

    def __init__(self, clients: int, most: int | None) -> None:
        self.clients = clients
        wanted = 1 if most is None else -(-clients // most)
        self.count = max(1, min(wanted, clients // LEAST))

    def room(self, number: int) -> Room:
        """The room with this number from 0."""
        start = number * self.clients // self.count
        return Room(start, (number + 1) * self.clients // self.count - start)

    def number_of(self, index: int) -> int:
        """The number of the room of a client."""
        return ((index + 1) * self.count - 1) // self.clients

    def of(self, index: int) -> Room:
        """The room of a client."""
        if self.count == 1:
            return Room(0, self.clients)
        return self.room(self.number_of(index))

    def of_many(
        self, indexes: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The starts and sizes of the rooms of many clients; one entry for one room."""
        if self.count == 1:
            return np.zeros(1, np.int64), np.full(1, self.clients)
        number = ((indexes + 1) * self.count - 1) // self.clients
        start = number * self.clients // self.count
        return start, (number + 1) * self.clients // self.count - start
