"""An invitation that breaks a clause, as the content of a sequence diagram."""

from invitelab.formats.observed import InvitationTrace, Moment, Outcome
from invitelab.formats.target_run import FindingExample
from invitelab.reporting.common.scene import Kind
from invitelab.reporting.load.broken_scene import broken_scene, scenes

LIFETIME_US = 120_000_000
SENT_US = 7_000_000


def moment(after_ms: int, kind: str, side: str, detail: str = "") -> Moment:
    """Make a moment so long after it was sent."""
    return Moment.model_validate(
        {
            "at_us": SENT_US + after_ms * 1000,
            "kind": kind,
            "side": side,
            "detail": detail,
        }
    )


def example(*moments: Moment) -> FindingExample:
    """Make an example of these moments."""
    trace = InvitationTrace(
        number=3,
        invitation="3-1-2",
        inviter="ada@ad",
        recipient="ben@ad",
        outcome=Outcome.EXPIRED,
        moments=moments,
    )
    what = "ben@ad still saw it after it was expired"
    return FindingExample(at_us=SENT_US, room=0, what=what, attempt=3, trace=trace)


LATE = example(
    moment(0, "sent", "inviter"),
    moment(0, "shown", "recipient"),
    moment(121_000, "ended", "inviter", "expired"),
    moment(125_000, "clicked", "recipient", "accept refused"),
)


def test_it_begins_when_it_was_sent_and_ends_with_what_broke() -> None:
    """The two minutes are between, and the reason is last."""
    found = broken_scene(LATE, LIFETIME_US)
    assert found is not None
    assert ("ada@ad", "ben@ad") == found.people
    assert [
        (0, Kind.ACT, "invites"),
        (0, Kind.LOOK, "sees it"),
        (120_000, Kind.DEADLINE, "120 s since it was sent"),
        (121_000, Kind.LOOK, "sees it expired"),
        (125_000, Kind.ACT, "accepts: refused"),
        (125_000, Kind.TROUBLE, "ben@ad still saw it after it was expired"),
    ] == [(mark.at_ms, mark.kind, mark.words) for mark in found.marks]


def test_a_click_goes_from_who_made_it() -> None:
    """It does not arrive where it was refused."""
    found = broken_scene(LATE, LIFETIME_US)
    assert found is not None
    (click,) = [mark for mark in found.marks if mark.outcome == "refused"]
    assert ("ben@ad", "ada@ad") == (click.source, click.target)


def test_a_deadline_far_away_is_beside_the_picture() -> None:
    """What broke at once is drawn to its own scale."""
    found = broken_scene(example(moment(0, "sent", "inviter")), LIFETIME_US)
    assert found is not None
    assert found.later is not None
    assert 120_000 == found.later.at_ms


def test_what_is_no_invitation_has_no_picture() -> None:
    """A menu, for instance."""
    menu = FindingExample(at_us=0, room=0, what="no icon is offered")
    assert broken_scene(menu, LIFETIME_US) is None
    assert [] == list(scenes((menu,), LIFETIME_US))
