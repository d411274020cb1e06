"""Rooms: every client is in one, they differ by one client, and nobody leaves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.world.load.rooms import Rooms


@given(clients=st.integers(2, 500), most=st.none() | st.integers(2, 600))
def test_every_client_is_in_one_room(clients: int, most: int | None) -> None:
    """By number, one by one and as arrays."""
    rooms = Rooms(clients, most)
    indexes = [
        index for number in range(rooms.count) for index in rooms.room(number).indexes
    ]
    assert indexes == list(range(clients))
    sizes = {rooms.room(number).size for number in range(rooms.count)}
    assert max(sizes) - min(sizes) <= 1
    assert min(sizes) >= 2
    if most is not None:
        assert max(sizes) <= max(most, 3)
    for index in range(clients):
        assert rooms.of(index) == rooms.room(rooms.number_of(index))
    starts, widths = rooms.of_many(np.arange(clients))
    expected = [rooms.of(index) for index in range(clients)]
    assert np.broadcast_to(starts, clients).tolist() == [one.start for one in expected]
    assert np.broadcast_to(widths, clients).tolist() == [one.size for one in expected]


@given(
    clients=st.integers(2, 300),
    most=st.none() | st.integers(2, 50),
    drawn=st.floats(0, 1, exclude_max=True),
    data=st.data(),
)
def test_a_neighbour_is_another_client_of_the_room(
    clients: int, most: int | None, drawn: float, data: st.DataObject
) -> None:
    """Whatever is drawn."""
    index = data.draw(st.integers(0, clients - 1))
    room = Rooms(clients, most).of(index)
    other = room.neighbour(index, drawn)
    assert other in room.indexes
    assert other != index


@pytest.mark.parametrize("most", [None, 2, 5])
def test_all_others_of_a_room_are_reached(most: int | None) -> None:
    """Each by as many draws as any other."""
    room = Rooms(10, most).of(4)
    others = [room.neighbour(4, step / 1000) for step in range(1000)]
    assert set(others) == set(room.indexes) - {4}
