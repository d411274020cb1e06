"""The table is complete, its terminal states are final, and it alone changes states."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from invitelab.protocol.host import (
    AnswerFrom,
    Cancel,
    HostEvent,
    Modify,
    PollFrom,
    Restart,
    SessionOver,
    Tick,
    classify,
    decide,
)
from invitelab.protocol.policy import Policy
from invitelab.protocol.table import TABLE, Effect, Event, step
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    Invitation,
    State,
)

ADA = ClientId("100200300")
BEA = ClientId("400500600")
CLEO = ClientId("700800900")
CLICK = "i/400500600/1"

ENDS = [state for state in State if state.terminal]
ENDED_ROW = set(Event) - {
    Event.SEND,
    Event.EXPIRE,
    Event.SESSION_OVER,
    Event.REPEATED_ANSWER,
}
ROWS: dict[State | None, set[Event]] = {
    None: {Event.SEND},
    State.PENDING: set(Event) - {Event.SEND, Event.SESSION_OVER, Event.REPEATED_ANSWER},
    State.ACCEPTED: ENDED_ROW | {Event.SESSION_OVER, Event.REPEATED_ANSWER},
    State.REJECTED: ENDED_ROW,
    State.CANCELLED: ENDED_ROW,
    State.EXPIRED: ENDED_ROW,
}
CELLS = [(state, event) for state, row in TABLE.items() for event in row]
HOLES = [pair for pair in itertools.product(TABLE, Event) if pair not in CELLS]

EVENTS: list[HostEvent] = [
    Modify(by=ADA, profile=BUILT_IN_PROFILES[2]),
    Modify(by=ADA, profile=None),
    Modify(by=BEA, profile=BUILT_IN_PROFILES[2]),
    Cancel(by=ADA),
    Cancel(by=CLEO),
    AnswerFrom(by=BEA, answer=CLICK, accept=True),
    AnswerFrom(by=BEA, answer="i/400500600/2", accept=True),
    AnswerFrom(by=BEA, answer=CLICK, accept=False),
    AnswerFrom(by=CLEO, answer="i/700800900/1", accept=True),
    AnswerFrom(by=ADA, answer="i/100200300/1", accept=False),
    PollFrom(by=BEA),
    PollFrom(by=CLEO),
    Restart(),
]


def named(value: State | HostEvent) -> str:
    """Give a state or an event a name that is the same in every process."""
    if isinstance(value, State):
        return value.name
    alike = [one for one in EVENTS if type(one) is type(value)]
    return f"{type(value).__name__}{alike.index(value) if value in alike else ''}"


MEETINGS = [
    *itertools.product(ENDS, EVENTS),
    (State.ACCEPTED, SessionOver()),
]


def in_state(invitation: Invitation, state: State) -> Invitation:
    """Bring an invitation to a state, with the record that leads there."""
    session = f"session-{CLICK}" if state is State.ACCEPTED else None
    answered = state in {State.ACCEPTED, State.REJECTED}
    return replace(
        invitation, state=state, answer=CLICK if answered else None, session=session
    )


def changes() -> Iterator[tuple[State | None, State]]:
    """List the pairs of different states that a cell leads between."""
    for state, row in TABLE.items():
        yield from ((state, cell.next) for cell in row.values() if cell.next != state)


def test_every_state_has_a_row() -> None:
    """A row for each state, and one for no invitation at all."""
    assert {None, *State} == set(TABLE)


@pytest.mark.parametrize("state", TABLE)
def test_a_row_holds_what_can_happen(state: State | None) -> None:
    """The design says which events can meet which state: these and no others."""
    assert ROWS[state] == set(TABLE[state])


@pytest.mark.parametrize(("state", "event"), CELLS)
def test_a_cell_is_what_a_step_finds(state: State | None, event: Event) -> None:
    """`step` looks it up and adds nothing."""
    assert TABLE[state][event] == step(state, event)


@pytest.mark.parametrize(("state", "event"), HOLES)
def test_what_cannot_happen_raises(state: State | None, event: Event) -> None:
    """A hole in the table is an error that names the event and the state."""
    name = "no invitation" if state is None else state.value
    with pytest.raises(LookupError) as caught:
        step(state, event)
    expected = f"the table has no cell for {event.value!r} with {name}"
    assert expected == str(caught.value)


@pytest.mark.parametrize("state", ENDS)
def test_an_end_is_never_left(state: State) -> None:
    """All four ends absorb whatever comes (S1)."""
    assert {state} == {cell.next for cell in TABLE[state].values()}


@pytest.mark.parametrize("state", ENDS)
def test_an_end_starts_nothing(state: State) -> None:
    """Neither a session nor an offer nor a timer comes out of an end."""
    effects = {effect for cell in TABLE[state].values() for effect in cell.effects}
    assert set[Effect]() == effects & {
        Effect.START_SESSION,
        Effect.OFFER,
        Effect.TIMER,
    }


def test_only_an_accept_starts_a_session() -> None:
    """One cell of the whole table starts one (S2, S3)."""
    starting = [pair for pair in CELLS if Effect.START_SESSION in step(*pair).effects]
    assert [(State.PENDING, Event.ACCEPT)] == starting


def test_states_change_in_five_ways() -> None:
    """It comes to be pending, and then ends in one of four ways."""
    expected = {(None, State.PENDING), *((State.PENDING, end) for end in ENDS)}
    assert expected == set(changes())


def test_every_cell_can_be_reached() -> None:
    """A walk from nothing gets to every row, and so to every cell."""
    reached: set[State | None] = {None}
    for _ in TABLE:
        reached |= {new for state, new in changes() if state in reached}
    assert set(TABLE) == reached


@pytest.mark.parametrize("seed", range(5))
def test_a_long_walk_meets_every_cell(seed: int) -> None:
    """Whatever order events come in, the first end is the last."""
    chance = random.Random(seed)
    met: set[tuple[State | None, Event]] = set()
    for _ in range(400):
        state: State | None = None
        for _ in range(20):
            event = chance.choice(list(TABLE[state]))
            met.add((state, event))
            was, state = state, step(state, event).next
            assert state is was or was in {None, State.PENDING}
    assert set(CELLS) == met


def test_the_passing_of_time_is_an_expiry(invitation: Invitation) -> None:
    """A tick's column is the one that applies what is due."""
    assert Event.EXPIRE == classify(invitation, Tick(), Policy())


@pytest.mark.parametrize("event", EVENTS, ids=named)
@pytest.mark.parametrize("state", State)
def test_the_host_goes_where_the_table_says(
    invitation: Invitation, ada: ClientSpec, state: State, event: HostEvent
) -> None:
    """Within the lifetime a decision's state is the cell's, and no other."""
    before = in_state(invitation, state)
    cell = step(state, classify(before, event, Policy()))
    after = decide(before, event, 6_000_000, ada, Policy()).invitation
    assert cell.next == after.state


@pytest.mark.parametrize(("state", "event"), MEETINGS, ids=named)
def test_no_event_at_any_time_revives_an_end(
    invitation: Invitation, ada: ClientSpec, state: State, event: HostEvent
) -> None:
    """An end is an end before its deadline, at it and long after."""
    before = in_state(invitation, state)
    times_us = (6_000_000, 125_000_000, 10**12)
    after = {decide(before, event, us, ada, Policy()).invitation for us in times_us}
    assert {(state, 1)} == {(found.state, found.revision) for found in after}
