"""What a walk has found is told in as few words as it takes."""

from collections.abc import Callable

import pytest

from invitelab.adapters.base import Adapter
from invitelab.conformance.random_walks import WalkResult
from invitelab.conformance.random_walks.gherkin_writer import parsed
from invitelab.conformance.random_walks.participants import (
    Part,
    Participants,
    cast,
    givens,
)
from invitelab.proof.mutants import MUTANTS

Walks = Callable[..., WalkResult]

ODD = Part(version=9, shape=61, contacts=13, extras=14)
PLAIN = Part(version=0, shape=0, contacts=0, extras=0)

TOLD = {
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
"""The shortest story of a sin: known from the sin, not from what was found."""


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("seed", [0, 1])
def test_nothing_is_told_that_is_not_needed(walks: Walks, name: str, seed: int) -> None:
    """Neither moves nor people nor what is special about them."""
    found = walks(MUTANTS[name].make(), examples=60, seed=seed).counterexample
    assert found is not None
    assert found.confirmed
    steps = parsed(found.feature).steps
    assert TOLD[name] == "\n".join(step.name for step in steps)


def said(casting: Participants) -> int:
    """How many sentences it takes."""
    return len(list(givens(casting.world())))


def test_a_plainer_casting_has_less_to_say() -> None:
    """Of each of the many ways to be plainer, down to one plain person."""
    casting = cast(0, (ODD,) * 4, locks=True, tiles=True)
    while plainer := next(casting.plainer(), None):
        assert said(plainer) <= said(casting)
        casting = plainer
    assert [PLAIN] == list(casting.parts.values())


def test_two_who_are_swapped_keep_their_parts() -> None:
    """Under each other's names, in the order of the stage."""
    casting = cast(0, (PLAIN, ODD, PLAIN, PLAIN), locks=True, tiles=True)
    swapped = casting.swapped("Ada", "Bob")
    assert {"Ada": ODD, "Bob": PLAIN, "Cid": PLAIN} == swapped.parts
    assert ["Ada", "Bob", "Cid"] == list(swapped.parts)
    alone = Participants(parts={"Dora": ODD}, locks=True, tiles=True)
    assert {"Ada": ODD} == alone.swapped("Ada", "Dora").parts


def test_who_dies_while_it_is_shortened_has_been_found_out(
    walks: Walks, dying: Adapter
) -> None:
    """What is shortest by then is told, though nobody can confirm it, and the death."""
    result = walks(dying, examples=60)
    assert result.counterexample is not None
    assert result.counterexample.clause == "NOTIFY-4"
    assert not result.counterexample.confirmed
    assert "the target died" in str(result.trouble)
