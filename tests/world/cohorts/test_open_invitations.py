"""The table of open invitations."""

import numpy as np

from invitelab.world.cohorts.open_invitations import OpenInvitations
from invitelab.world.cohorts.timelines import FAR, Integers, Intents


def intents(numbers: Integers) -> Intents:
    """Make intents of attempts, all of which are ignored."""
    never = np.full(len(numbers), FAR)
    return Intents(
        number=numbers,
        sent_us=numbers * 1000,
        choice=np.full(len(numbers), 2, np.int8),
        think_us=never,
        cancel_us=never,
        modify_us=never,
    )


def test_only_attempts_that_are_there_have_a_place() -> None:
    """Emails, refusals and what is over have none, however many are asked for."""
    table = OpenInvitations()
    table.add(intents(np.array([3, 7, 9, 20])), np.arange(4))
    asked = np.array([1, 4, 5, 6, 7, 8, 20, 21, 22])
    assert [1, 3] == table.places(asked).tolist()


def test_pairs_are_found_again_while_one_is_open() -> None:
    """Among the new ones, and between a new one and one that was there."""
    table = OpenInvitations()
    table.add(intents(np.array([1, 2, 3])), np.array([50, 60, 70]))
    assert [] == table.again(0)
    table.add(intents(np.array([4, 5])), np.array([60, 80]))
    assert [1, 3] == table.again(3)
