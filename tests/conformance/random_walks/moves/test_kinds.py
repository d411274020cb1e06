"""Kinds of moves are drawn by their weights, among those that are possible."""

from collections import Counter
from collections.abc import Iterator

import pytest

from invitelab.adapters.handshake import Capability
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.moves.base import (
    Move,
    MoveContext,
    Pick,
    nothing,
)
from invitelab.conformance.random_walks.moves.kinds import DRAWN_BELOW, KindTable
from invitelab.conformance.random_walks.participants import ALL_PERMISSIONS


def move(text: str) -> Move:
    """Make a move of one step."""
    return Move(lines=(text,), effect=nothing)


def never(_context: MoveContext) -> Iterator[Move]:
    """Make a kind of which no move is possible."""
    return iter(())


def rarely(_context: MoveContext) -> Iterator[Move]:
    """Make a kind with one move."""
    yield move("rarely")


def often(context: MoveContext) -> Iterator[Move]:
    """Make a kind with twelve moves, of which one row is picked first."""
    for row in context.some(range(3)):
        for column in range(4):
            yield move(f"{row}{column}")


@pytest.fixture
def context() -> MoveContext:
    """Give a context in which nobody takes part."""
    state = ModelState(participants={}, all_permissions=ALL_PERMISSIONS)
    return MoveContext(state=state, capabilities=frozenset(Capability))


def test_every_possible_kind_has_its_weight(context: MoveContext) -> None:
    """Three quarters and a quarter, though half of the weight is impossible."""
    table = KindTable(((1, rarely), (4, never), (3, often)))
    drawn = Counter(
        found[0].__name__
        for number in range(DRAWN_BELOW)
        if (found := table.draw(context, number, 0)) is not None
    )
    assert DRAWN_BELOW == sum(drawn.values())
    assert {"rarely", "often"} == set(drawn)
    assert 0.72 < drawn["often"] / DRAWN_BELOW < 0.78


def test_every_move_of_a_kind_can_be_drawn(context: MoveContext) -> None:
    """Equally often, whatever is picked first."""
    table = KindTable(((1, often),))
    drawn = Counter(
        found[1].name
        for number in range(DRAWN_BELOW)
        if (found := table.draw(context, 0, number)) is not None
    )
    assert 12 == len(drawn)
    assert max(drawn.values()) - min(drawn.values()) <= 1


def test_nothing_is_drawn_where_nothing_is_possible(context: MoveContext) -> None:
    """In a bounded number of tries."""
    assert KindTable(((1, never),)).draw(context, 17, 4) is None


def test_all_moves_are_possible_where_none_is_picked(context: MoveContext) -> None:
    """By kind, as shrinking needs them."""
    possible = KindTable(((1, rarely), (1, often))).possible(context)
    assert [1, 12] == [len(moves) for moves in possible]


def test_a_number_picks_again_and_again() -> None:
    """What is left of it is the next number."""
    pick = Pick(2 + 3 * (1 + 2 * 4))
    assert ("c", "y", 4) == (
        pick.one_of("abc"),
        pick.one_of("xy"),
        pick.one_of(range(5)),
    )
