"""Metamorphic relations: what may not change what anybody sees.

A relation makes another story of a story. Whatever the rules of an implementation are,
both have to look the same: nothing in them depends on who somebody is, when it begins,
or what others do elsewhere. So a relation needs no knowledge of what is right, as in
T. Y. Chen et al., "Metamorphic testing: a review of challenges and opportunities",
ACM Computing Surveys 51 (2018).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from invitelab.conformance.factors.identities import Identities, Shape
from invitelab.conformance.features.people import LISTS
from invitelab.conformance.random_walks.drawing import Draws, draw_shape
from invitelab.conformance.random_walks.participants import (
    ALL_PERMISSIONS,
    Participants,
    ParticipantSpec,
)
from invitelab.conformance.random_walks.replacing import replaced
from invitelab.conformance.random_walks.stories import Move, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """Another story that has to look the same as a story."""

    story: Story
    from_move: int = 0
    """The move at which the same begins."""
    before: Story | None = None
    """A story that is told before, in a scenario of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One relation; `changed` begins the sentence about a difference."""

    changed: str
    vary: Callable[[Story, Draws], Variation | None]
    """Makes the other story; None where the relation says nothing of this one."""


BYSTANDER = "Fay"
DOUBLES = {"Ada": "Fay", "Bob": "Gus", "Cid": "Hal", "Dora": "Ivy", "Eve": "Jon"}
"""Others who do what somebody does."""
EVERYBODY = (*DOUBLES, *DOUBLES.values())

# Who somebody is.


def _renamed(story: Story, draws: Draws) -> Variation:
    participants = _with_identities(story.participants, draws)
    return Variation(story=replace(story, participants=participants, other_tokens=True))


def _with_identities(participants: Participants, draws: Draws) -> Participants:
    """The same participants with new IDs and aliases.

    They are drawn for everybody who may take part: so that somebody has the same where
    others are left out.
    """
    identities = Identities(draws)
    drawn = {name: identities.draw(draw_shape(draws)) for name in EVERYBODY}
    specs = {
        name: replace(
            spec,
            id=drawn[name].id,
            alias=None if spec.alias is None else drawn[name].alias,
        )
        for name, spec in participants.specs.items()
    }
    return Participants(specs=specs)


# When it begins.

MOST_SECONDS = 90


def _later(story: Story, draws: Draws) -> Variation:
    begins_ms = 1000 * (1 + draws.below(MOST_SECONDS)) + draws.below(1000)
    return Variation(story=replace(story, begins_ms=begins_ms))


# Who else is there.


def _with_bystander(story: Story, draws: Draws) -> Variation:
    identity = Identities(draws).draw(Shape())
    specs = dict(story.participants.specs)
    aliases = any(spec.alias is not None for spec in specs.values())
    specs[BYSTANDER] = ParticipantSpec(
        id=identity.id, alias=identity.alias if aliases else None
    )
    return Variation(story=replace(story, participants=Participants(specs=specs)))


def _others_first(story: Story, draws: Draws) -> Variation:
    """Others have done the same before, in the same scenario."""
    doubles = _with_identities(story.participants.renamed(DOUBLES), draws)
    both = {**story.participants.specs, **doubles.specs}
    moves = tuple(_replaced(move, DOUBLES) for move in story.moves)
    return Variation(
        story=replace(
            story,
            participants=Participants(specs=both),
            moves=(*moves, *story.moves),
        ),
        from_move=len(moves),
    )


# Where a tile is.


def _other_list(story: Story, _draws: Draws) -> Variation | None:
    """Every list has become another one, and so has the tile that is used."""
    lists = [*LISTS]
    others = dict(zip(lists, [*lists[1:], lists[0]], strict=True))
    if not any("from the tile in" in text for move in story.moves for text in move):
        return None
    specs = {
        name: replace(
            spec, contacts=tuple((others[list_], them) for list_, them in spec.contacts)
        )
        for name, spec in story.participants.specs.items()
    }
    tiles = {f"tile in {list_}": f"tile in {other}" for list_, other in others.items()}
    moves = tuple(_replaced(move, tiles) for move in story.moves)
    participants = Participants(specs=specs)
    return Variation(story=replace(story, participants=participants, moves=moves))


# What was before.

ENDS = re.compile(
    r"\w+ (invites|changes the|cancels the|rejects the) .*"
    r"|\w+ closes the pop-up|\d+ \w+ have passed since \w+ invited \w+"
)
"""Steps of which nothing is left ten minutes later."""

INVITES = re.compile(r"(\w+) invites (\w+)")
LONG_S = 601


def _again(story: Story, _draws: Draws) -> Variation | None:
    """The same people have done the same before, and nothing is left of it."""
    texts = [text for move in story.moves for text in move]
    invites = [match for match in map(INVITES.match, texts) if match]
    if not invites or not all(map(ENDS.fullmatch, texts)):
        return None
    inviter, recipient = invites[-1].groups()
    wait = (f"{LONG_S} seconds have passed since {inviter} invited {recipient}",)
    return Variation(
        story=replace(story, moves=(*story.moves, wait, *story.moves)),
        from_move=len(story.moves) + 1,
    )


def _after_another(story: Story, draws: Draws) -> Variation:
    """The same IDs had other aliases, profiles and locks in an earlier scenario.

    They are new to the target, so that the earlier scenario is the first to have them.
    """
    participants = _with_identities(story.participants, draws)
    strangers = _with_identities(story.participants, draws)
    lockable = any(spec.locks for spec in participants.specs.values())
    before = {
        name: replace(
            spec,
            alias=strangers.specs[name].alias,
            profiles=tuple(
                (profile, _others(permissions))
                for profile, permissions in spec.all_profiles.items()
            ),
            locks=_other_locks(dict(spec.locks)) if lockable else (),
        )
        for name, spec in participants.specs.items()
    }
    return Variation(
        story=replace(story, participants=participants),
        before=replace(story, participants=Participants(specs=before)),
    )


def _other_locks(locks: Mapping[str, bool]) -> tuple[tuple[str, bool], ...]:
    """A lock of every permission, with another value than it has."""
    return tuple((name, not locks.get(name, True)) for name in ALL_PERMISSIONS)


def _others(permissions: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in ALL_PERMISSIONS if name not in permissions)


def _same(story: Story, _draws: Draws) -> Variation:
    return Variation(story=story)


def _replaced(move: Move, words: Mapping[str, str]) -> Move:
    return tuple(replaced(text, words) for text in move)


RENAMED = Relation(changed="renaming everybody changed", vary=_renamed)
RELATIONS = (
    RENAMED,
    Relation(changed="beginning later changed", vary=_later),
    Relation(changed="one more client changed", vary=_with_bystander),
    Relation(changed="moving contacts to other lists changed", vary=_other_list),
    Relation(changed="doing it a second time changed", vary=_again),
    Relation(changed="others who did the same before changed", vary=_others_first),
    Relation(changed="an earlier scenario changed", vary=_after_another),
)
SAME = Relation(changed="telling the same story again changed", vary=_same)
"""What a target that is not deterministic breaks, whatever else it breaks."""
