"""The rooms of one world that are open at the target: each from its first use on."""

from collections.abc import Callable, Collection
from contextlib import suppress

from invitelab.errors import CallError
from invitelab.target_load.directory import TargetDirectory
from invitelab.target_load.room import OpenRoom


class OpenRooms:
    """Opens the rooms of some clients, all or those with `numbers`."""

    def __init__(
        self,
        directory: TargetDirectory,
        numbers: Collection[int] | None,
        make: Callable[[str], OpenRoom],
    ) -> None:
        """`make` makes a room by its token."""
        self._directory = directory
        self._rooms = directory.population.rooms
        self._numbers = range(self._rooms.count) if numbers is None else numbers
        self._make = make
        self._open: dict[int, OpenRoom] = {}
        self._opened = 0

    def has(self, index: int) -> bool:
        """Whether a client is in one of the rooms."""
        return self._rooms.number_of(index) in self._numbers

    def number_of(self, index: int) -> int:
        """The number of the room of a client."""
        return self._rooms.number_of(index)

    def of(self, index: int) -> OpenRoom:
        """The room of a client, opened if need be. Raises CallError."""
        number = self._rooms.number_of(index)
        known = self._open.get(number)
        return self._begin(number) if known is None else known

    def known(self, index: int) -> OpenRoom | None:
        """The room of a client if it is open."""
        return self._open.get(self._rooms.number_of(index))

    def open_all(self) -> None:
        """Open all rooms. Raises CallError."""
        for number in sorted(self._numbers):
            self._begin(number)

    def close(self) -> None:
        """Close all rooms."""
        for room in self._open.values():
            with suppress(CallError):
                room.end()
        self._open.clear()

    def abandon(self) -> set[int]:
        """Forget all rooms, which have ended with the target; their numbers."""
        lost = set(self._open)
        self._open.clear()
        return lost

    def _begin(self, number: int) -> OpenRoom:
        self._opened += 1
        room = self._make(f"room-{number}-{self._opened}")
        room.begin(self._directory.room_members(number))
        self._open[number] = room
        return room
