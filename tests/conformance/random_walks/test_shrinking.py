"""A finding is shrunk to the fewest participants and moves that show it."""

from collections.abc import Callable

import pytest

from invitelab.adapters.base import Adapter
from invitelab.conformance.random_walks import WalkResult
from invitelab.conformance.random_walks.gherkin_writer import parsed
from invitelab.conformance.random_walks.participants import (
    Participants,
    ParticipantSpec,
    choose_participants,
    givens,
)
from invitelab.proof.mutants import MUTANTS

Walks = Callable[..., WalkResult]

COMPLEX = ParticipantSpec(version=9, shape=61, contacts=13, extras=14)
SIMPLE = ParticipantSpec(version=0, shape=0, contacts=0, extras=0)

SHORTEST = {
    "alias-missing": """\
Ada uses version 7.1.4
Bob uses version 7.1.4
Ada invites Bob
the notification shows Bob the alias of Ada""",
    "alias-of-contacts-only": """\
Ada uses version 7.1.4
Bob uses version 7.1.4
Ada invites Bob by alias
the attempt succeeds""",
    "email-to-none": """\
Ada uses version 7.1.4
Ada has a portable client
Ada starts an invitation email from the context menu of the own ID
the email contains the ID or the alias of Ada""",
    "ghost-after-cancel": """\
Ada uses version 7.1.4
Bob uses version 7.1.4
Ada has invited Bob
Ada cancels the invitation to Bob
Bob sees no invitation from Ada""",
}
"""The shortest scenario of a mutant, derived from its defect, not from a result."""


@pytest.mark.parametrize("name", SHORTEST)
@pytest.mark.parametrize("seed", [0, 1])
def test_nothing_is_left_that_is_not_needed(walks: Walks, name: str, seed: int) -> None:
    """No moves, participants or properties."""
    found = walks(MUTANTS[name].make(), examples=60, seed=seed).counterexample
    assert found is not None
    assert found.confirmed
    steps = parsed(found.feature).steps
    assert SHORTEST[name] == "\n".join(step.name for step in steps)


def givens_of(participants: Participants) -> int:
    """Count the Givens that declare the participants."""
    return len(list(givens(participants.initial_state())))


def test_simpler_participants_take_fewer_givens() -> None:
    """In every step, down to one participant with the simplest spec."""
    participants = choose_participants(0, (COMPLEX,) * 4, locks=True, tiles=True)
    while simpler := next(participants.simpler(), None):
        assert givens_of(simpler) <= givens_of(participants)
        participants = simpler
    assert [SIMPLE] == list(participants.specs.values())


def test_swapped_participants_keep_their_specs() -> None:
    """Under each other's name, in the order of the known people."""
    participants = choose_participants(
        0, (SIMPLE, COMPLEX, SIMPLE, SIMPLE), locks=True, tiles=True
    )
    swapped = participants.swapped("Ada", "Bob")
    assert {"Ada": COMPLEX, "Bob": SIMPLE, "Cid": SIMPLE} == swapped.specs
    assert ["Ada", "Bob", "Cid"] == list(swapped.specs)
    alone = Participants(specs={"Dora": COMPLEX}, locks=True, tiles=True)
    assert {"Ada": COMPLEX} == alone.swapped("Ada", "Dora").specs


def test_a_crash_while_shrinking_leaves_the_shortest_finding(
    walks: Walks, crashes_while_shrinking: Adapter
) -> None:
    """The finding cannot be confirmed any more; the crash is reported with it."""
    result = walks(crashes_while_shrinking, examples=60)
    assert result.counterexample is not None
    assert result.counterexample.clause == "NOTIFY-4"
    assert not result.counterexample.confirmed
    assert "the target crashed" in str(result.target_error)
