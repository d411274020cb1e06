"""When a sent invitation may have come to its deadline unnoticed."""

import pytest

from invitelab.adapters import messages as wire
from invitelab.adapters.wire_types import Empty
from invitelab.conformance.execution.scenario_state import Sent
from invitelab.conformance.features.people import Person

BLUR_MS = 270
DONE = wire.Done(ok=Empty())
REFUSED = wire.Done(refused=wire.Refused(reason="not-pending"))


def sent(at_ms: int, *, since_ms: int | None = None) -> Sent:
    """Make an invitation from Ada to Bob that was sent then."""
    ada, bob = (
        Person(name=name, token=name, id="123456789", alias=None, version="7.1.4")
        for name in ("Ada", "Bob")
    )
    since_ms = at_ms if since_ms is None else since_ms
    return Sent(
        inviter=ada,
        recipient=bob,
        id="i",
        at_ms=at_ms,
        since_ms=since_ms,
        seen_before=0,
    )


@pytest.mark.parametrize(
    ("waited_ms", "now_ms", "late"),
    [
        (119_000, 119_729, False),
        (119_000, 119_730, True),
        (119_730, 119_800, False),  # the story itself has gone on to the deadline
    ],
)
def test_the_danger_begins_a_blur_before_the_deadline(
    waited_ms: int, now_ms: int, *, late: bool
) -> None:
    """Unless the story has waited for it."""
    assert late == sent(0).is_late(waited_ms, now_ms, BLUR_MS)


def test_the_earliest_time_of_sending_counts() -> None:
    """The call may have come long before its answer."""
    assert sent(500, since_ms=100).is_late(119_000, 119_830, BLUR_MS)
    assert not sent(500, since_ms=101).is_late(119_000, 119_830, BLUR_MS)


def test_what_was_answered_is_in_no_danger() -> None:
    """What its answer shows later is judged."""
    one = sent(0)
    one.ends_with(REFUSED)
    assert one.is_late(119_000, 119_900, BLUR_MS)
    one.ends_with(DONE)
    assert not one.is_late(119_000, 119_900, BLUR_MS)
    one.ends_with(REFUSED)
    assert not one.is_late(119_000, 119_900, BLUR_MS)


@pytest.mark.parametrize(
    ("inviter", "recipient", "fits"),
    [
        (None, None, True),
        ("Ada", None, True),
        (None, "Bob", True),
        ("Bob", None, False),
        ("Ada", "Ada", False),
    ],
)
def test_an_invitation_is_found_by_its_people(
    inviter: str | None, recipient: str | None, *, fits: bool
) -> None:
    """None is anybody."""
    assert fits == sent(0).fits(inviter, recipient)
