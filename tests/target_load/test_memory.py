"""What a long run keeps: it follows what is pending, not how much there has been."""

import gc
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.target_load import judging
from invitelab.target_load.at_reference import SILENT
from invitelab.target_load.connection import Connection
from invitelab.target_load.courses import Courses, apart, attempts_of
from invitelab.target_load.part import Part
from invitelab.target_load.run import with_rooms
from invitelab.target_load.virtual import play
from invitelab.target_load.world import TargetWorld
from invitelab.world.scenario.file import Loaded

MINUTE_US = 60_000_000
OURS = ("invitelab.target_load", "invitelab.protocol.observed")
OF_CLIENTS = {"Resident", "TargetClient", "TargetDevice"}
"""What there is once of every client that takes part."""


def everything(number: int) -> bool:
    """Compare all attempts."""
    return number >= 0


def test_courses_are_alike_in_any_order_of_an_instant() -> None:
    """What happened at one instant has no order, and what is apart is told in words."""
    with Courses() as some, Courses() as others:
        for courses, texts in ((some, ("a", "b")), (others, ("b", "a"))):
            for text in texts:
                courses.note(7, 5_000, text)
            courses.note(100_000_007, 6_999, "end\n")
        assert [7, 100_000_007] == list(attempts_of(some, others, everything))
        assert [] == apart(some, others, everything)
        others.note(7, 5_000, "b")
        some.note(9, 1_000, "once")
        assert [7, 9] == apart(some, others, everything)
        assert [7] == apart(some, others, lambda number: number < 9)
        assert {7: ("5 ms: a", "5 ms: b", "5 ms: b")} == others.of([7])
        assert {9: (), 100_000_007: ("6 ms: end\n",)} == others.of([9, 100_000_007])


def test_a_course_takes_eight_bytes() -> None:
    """Nothing is kept in memory of what was noted but fingerprints, in arrays."""
    with Courses() as courses:
        courses.note(0, 0, "begin")
        before = sys.getallocatedblocks()  # other threads may allocate some
        for number in range(40_000):
            for at_us in range(0, 5_000, 1_000):
                courses.note(number, at_us, f"what was seen of {number}")
        assert sys.getallocatedblocks() - before < 1_000
        assert 40_000 == sum(1 for _ in courses.prints)


def alive() -> Counter[str]:
    """The objects of a run and of its judgement that exist now, by their type.

    Without those of the clients, of which more and more take part.
    """
    gc.collect()
    return Counter(
        kind.__name__
        for kind in map(type, gc.get_objects())
        if str(kind.__module__).startswith(OURS) and kind.__name__ not in OF_CLIENTS
    )


@pytest.mark.slow
def test_a_run_keeps_what_is_pending(
    scenario: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three times the invitations leave no more objects than the first third."""
    monkeypatch.setattr(judging, "MOST_KEPT", 100)
    changes = {"duration": "21min", "population__clients": 1_000}
    loaded = scenario(**changes, population__room=50, arrivals__rate="1/s")
    part = Part(scenario=with_rooms(loaded.scenario), seed=11)
    counted: dict[int, tuple[int, Counter[str]]] = {}
    worlds: list[TargetWorld] = []

    def watch(reached_us: int) -> None:
        for minutes in (7, 21):
            if reached_us >= minutes * MINUTE_US and minutes not in counted:
                counted[minutes] = worlds[0].sent_count, alive()

    with Courses() as courses:

        def began(world: TargetWorld) -> None:
            world.on_sight = courses.note
            worlds.append(world)

        connection = Connection(DirectTarget(Reference()))
        play(part, connection, SILENT, frozenset(), watch=watch, began=began)
    (few, early), (many, late) = counted[7], counted[21]
    assert few > 150
    assert many > 2.9 * few
    assert early["Observed"] > 100
    grown = {kind: (early[kind], late[kind]) for kind in late}
    assert sum(late.values()) < 1.25 * sum(early.values()), grown
