"""A story is read for what it fixes."""

import pytest

from invitelab.conformance.factors.story import NEW, OLD, read

STEPS = (
    f"Ada and Bob use version {NEW}",
    f"Cid uses {OLD} on Linux",
    "Dora uses version 10.0.0",
    "Bob has a portable client",
)


def test_the_people_are_those_who_enter() -> None:
    """With the version that the story says, or none where it leaves that open."""
    people = read(STEPS).people
    assert ["Ada", "Bob", "Cid", "Dora"] == list(people)
    assert [None, None, None, "10.0.0"] == [one.version for one in people.values()]
    assert [False, False, True, False] == [one.old for one in people.values()]
    assert ["Windows", "Windows", "Linux", "Windows"] == [
        one.platform for one in people.values()
    ]
    assert [False, True, False, False] == [one.portable for one in people.values()]


@pytest.mark.parametrize(
    ("steps", "inviter", "recipient", "sends"),
    [
        (["Cid has invited Bob by ID", "Bob invites Ada"], "Cid", "Bob", 2),
        (["Bob invites Ada from the tile in Favorites"], "Bob", "Ada", 1),
        (['Bob invites "999888777"'], "Ada", None, 0),
        (["Bob has started an invitation email from X"], "Bob", None, 0),
        (["Bob is offered the invitation icon"], "Ada", None, 0),
    ],
)
def test_the_first_invitation_says_who_invites_whom(
    steps: list[str], inviter: str, recipient: str | None, sends: int
) -> None:
    """Without one it is the first email's author, else the first of the people."""
    story = read([*STEPS, *steps])
    assert (inviter, recipient, sends) == (story.inviter, story.recipient, story.sends)


def test_a_story_says_what_a_step_of_it_says() -> None:
    """Any pattern, in any step."""
    story = read(STEPS)
    assert story.says("nothing", "portable")
    assert not story.says("nothing")
