"""A story told with the values of a row: other steps of the same vocabulary.

What is drawn is written as steps, so that a report shows what was run and anybody can
paste it into a feature.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from invitelab.conformance.factors.cast import Row
from invitelab.conformance.factors.retelling import events, people, profiles
from invitelab.conformance.factors.retelling.telling import DrawnStep, Telling
from invitelab.conformance.factors.story import Story

if TYPE_CHECKING:
    from pytest_bdd.parser import Scenario

__all__ = ["DrawnStep", "retold"]

IN_TURN = (
    people.people,
    people.portable,
    people.ways,
    people.lists,
    profiles.custom_names,
    profiles.story_profile,
    profiles.profiles,
    profiles.locks,
    profiles.changes,
    profiles.earlier_changes,
    events.history,
    events.bystander,
    events.was_offline,
    events.start,
    events.when,
    events.place_of_the_answer,
    events.look_again,
    events.nothing_for_others,
)
"""What sees to one factor each, or to some that belong together."""


def retold(scenario: "Scenario", story: Story, row: Row) -> "Scenario":
    """The scenario with the values of that row; the same one for a plain row."""
    if not row:
        return scenario
    telling = Telling(scenario.steps, story, row)
    for tell in IN_TURN:
        tell(telling)
    return replace(scenario, steps=telling.steps)
