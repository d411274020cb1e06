"""Stories are told to a target operation by operation, and compared in words."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.messages import Begin
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.random_walks.participants import (
    Participants,
    ParticipantSpec,
)
from invitelab.conformance.random_walks.sight import Sight
from invitelab.conformance.random_walks.stories import (
    Moment,
    Story,
    difference,
    tell,
)

ADA_AND_BOB = Participants(
    specs={
        "Ada": ParticipantSpec(id="100200300", alias="ada@ad"),
        "Bob": ParticipantSpec(id="400500600", alias="bob@ad"),
    }
)
BOTH = ("Ada", "Bob")
INVITES = ("Ada invites Bob",)
REJECTS = ("Bob rejects the invitation from Ada",)


class Notes(Reference):
    """Reference that notes its calls."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, Mapping[str, Json]]] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Note the call."""
        self.asked.append((method, params))
        return super().request(method, params)


def told(
    story: Story,
    target: Reference | None = None,
    whose: Sequence[str] = BOTH,
    from_move: int = 0,
) -> list[Moment]:
    """Tell a story to the reference."""
    ready = Engine(DirectTarget(target or Reference()), None).shared()
    assert ready is not None
    return tell(ready, "t", story, whose, from_move=from_move)


def story(*moves: tuple[str, ...], begins_ms: int = 0, other: bool = False) -> Story:
    """Make a story of Ada and Bob."""
    return Story(
        participants=ADA_AND_BOB,
        moves=moves,
        begins_ms=begins_ms,
        other_tokens=other,
    )


def test_what_everybody_sees_is_kept_after_each_operation() -> None:
    """And whether the target agreed."""
    invited, rejected = told(story(INVITES, REJECTS))
    assert ("Ada invites Bob", "ok") == (invited.line, invited.agreed)
    assert 'invitation 1 to Bob with "Default", pending' in invited.sights["Ada"].rows
    assert 2 == invited.sights["Bob"].rows.total()
    assert rejected.sights["Bob"].quiet


def test_a_refusal_and_what_cannot_be_tried_are_told_apart() -> None:
    """A wait asks for nothing."""
    wait = ("1 seconds have passed since Ada invited Bob",)
    unknown = ('Ada invites "999888777"',)
    never_seen = ("Bob accepts the invitation from Ada",)
    moments = told(story(never_seen, unknown, INVITES, wait))
    assert [
        "it could not be tried",
        "a refusal",
        "ok",
        "nothing was asked",
    ] == [moment.agreed for moment in moments]


def test_only_some_people_are_looked_at() -> None:
    """Others take part all the same."""
    (moment,) = told(story(INVITES), whose=("Bob",))
    assert ["Bob"] == list(moment.sights)


def test_what_was_before_a_move_is_past() -> None:
    """The second invitation is the first of its story."""
    first, again = story(INVITES, REJECTS), story(INVITES, REJECTS, INVITES, REJECTS)
    moments = told(again, from_move=2)
    assert 2 == len(moments)
    assert difference(told(first), moments) is None


def test_nothing_is_told_where_something_is_still_going_on() -> None:
    """Here the first invitation is pending."""
    assert [] == told(story(INVITES, INVITES), from_move=1)


def test_it_can_begin_later_and_with_other_tokens() -> None:
    """Neither is seen."""
    target = Notes()
    moments = told(story(INVITES, begins_ms=7000, other=True), target)
    assert difference(told(story(INVITES)), moments) is None
    asked = dict(target.asked)
    assert 7000 == asked["clock.advance"]["ms"]
    clients = Begin.model_validate(asked["scenario.begin"]).clients
    assert ["400500600", "100200300"] == [client.id for client in clients]
    assert {"other-1", "other-2"} == {client.client for client in clients}


@pytest.mark.parametrize("latency_ms", [0, 80])
def test_effects_may_take_time(latency_ms: int) -> None:
    """They are waited for."""
    moments = told(story(INVITES, REJECTS), Reference(latency_ms=latency_ms))
    assert difference(told(story(INVITES, REJECTS)), moments) is None


# Differences


def moment(line: str, agreed: str, *rows: str) -> Moment:
    """Make a moment in which Ada sees these rows."""
    sight = Sight(rows=Counter(rows), ended={})
    return Moment(line=line, agreed=agreed, sights={"Ada": sight})


def test_a_difference_names_the_operation_and_both_sides() -> None:
    """The first one only."""
    before = [moment("Ada waits", "ok", "a", "b"), moment("Ada goes", "ok")]
    after = [moment("Ada waits", "ok", "b", "c", "d"), moment("Ada goes", "ok", "x")]
    expected = 'what Ada sees after "Ada waits": now c and 1 more; no longer a'
    assert expected == difference(before, after)
    assert difference(before, before) is None
    assert difference(before, before[:1]) is None


def test_an_answer_counts_where_nothing_else_shows_it() -> None:
    """An accept that comes too late may be refused, or granted without effect."""
    for line, counts in (("Ada invites Bob", True), ("Bob accepts it", False)):
        found = difference([moment(line, "ok")], [moment(line, "a refusal")])
        assert counts == (found is not None)
