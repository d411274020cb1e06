"""A finding is shrunk to the fewest participants and moves that show it."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.random_walks import WalkResult
from invitelab.conformance.random_walks.gherkin_writer import parsed
from invitelab.conformance.random_walks.participants import (
    Participants,
    ParticipantSpec,
    givens,
)
from invitelab.proof.mutants import MUTANTS

Walks = Callable[..., WalkResult]

COMPLEX = ParticipantSpec(
    version="6.9.9",
    platform="iOS",
    contacts=(("Favorites", ("Bob", "Cid")), ("Discovery", ("Cid",))),
    profiles=(("Default", ("view",)), ("é", ())),
    locks=(("view", True), ("input", False)),
    id="012345678",
    alias="A.x@corp",
)
PORTABLE = ParticipantSpec(portable=True, id="012345679", alias="never@said")
SIMPLE = ParticipantSpec()

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


def test_an_identity_stays_where_the_finding_needs_it(walks: Walks) -> None:
    """Here an alias with capital letters: others are found."""
    found = walks(MUTANTS["alias-case-matters"].make(), examples=60).counterexample
    assert found is not None
    assert found.clause == "DIRECT-6"
    declared = [
        step.name
        for step in parsed(found.feature).steps
        if "has the alias" in step.name or "has the ID" in step.name
    ]
    assert 1 == len(declared)
    alias = declared[0].split('"')[1]
    assert alias != alias.lower()


def givens_of(participants: Participants) -> int:
    """Count the Givens that declare the participants, and the words in them."""
    return sum(
        len(line.text) + sum(map(len, line.table)) for line in givens(participants)
    )


def test_simpler_participants_take_less_to_declare() -> None:
    """In every step, down to one participant with the simplest spec."""
    participants = Participants(specs={"Ada": COMPLEX, "Bob": PORTABLE, "Cid": COMPLEX})
    while simpler := next(participants.simpler(), None):
        assert givens_of(simpler) <= givens_of(participants)
        participants = simpler
    assert [SIMPLE] == list(participants.specs.values())


def test_who_does_not_take_part_is_no_contact() -> None:
    """A tile needs somebody whose it is."""
    participants = Participants(specs={"Ada": COMPLEX, "Cid": SIMPLE, "Dora": SIMPLE})
    without = next(one for one in participants.simpler() if "Cid" not in one.specs)
    assert (("Favorites", ("Bob",)),) == without.specs["Ada"].contacts


def test_renamed_participants_keep_their_specs() -> None:
    """Under each other's name, in alphabetical order, also as contacts."""
    participants = Participants(specs={"Ada": SIMPLE, "Bob": PORTABLE, "Dora": COMPLEX})
    swapped = participants.renamed({"Ada": "Dora", "Dora": "Ada", "Cid": "Eve"})
    assert ["Ada", "Bob", "Dora"] == list(swapped.specs)
    assert (SIMPLE, PORTABLE) == (swapped.specs["Dora"], swapped.specs["Bob"])
    contacts = (("Favorites", ("Bob", "Eve")), ("Discovery", ("Eve",)))
    assert contacts == swapped.specs["Ada"].contacts


def test_a_more_general_clause_replaces_that_of_a_way(walks: Walks) -> None:
    """Nobody can be invited, whatever the way: that is what is wrong."""

    class InvitesNobody(Reference):
        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            if method == "invitation.send":
                return {"refused": {}}
            return super().request(method, params)

    for seed in range(4):
        found = walks(InvitesNobody(), examples=20, seed=seed).counterexample
        assert found is not None
        assert "DIRECT-5" == found.clause


def test_a_crash_while_shrinking_leaves_the_shortest_finding(
    walks: Walks, crashes_while_shrinking: Adapter
) -> None:
    """The finding cannot be confirmed any more; the crash is reported with it."""
    result = walks(crashes_while_shrinking, examples=60)
    assert result.counterexample is not None
    assert result.counterexample.clause == "NOTIFY-4"
    assert not result.counterexample.confirmed
    assert "the target crashed" in str(result.target_error)
