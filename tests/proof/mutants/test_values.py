"""Every value of a factor has a mutant, which nothing but that value shows."""

from collections.abc import Mapping
from functools import cache

import pytest
from value_stories import stories

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.factors.openness import open_values
from invitelab.conformance.factors.run_plan import story_of
from invitelab.conformance.factors.table import Value, factors
from invitelab.formats.proof import MutantStatus
from invitelab.proof.mutant_trial import try_mutant
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.suite_run import every_pickle

OF_A_VALUE = {
    name: mutant.value for name, mutant in MUTANTS.items() if mutant.value is not None
}

WITHOUT = {
    "inviter's alias: letters": "what breaks a plain alias breaks all of them",
    "recipient's alias: letters": "what breaks a plain alias breaks all of them",
    "portable: nobody": "what breaks clients with an alias breaks nearly everything",
    "recipient's platform: Windows": "the clauses are about Windows",
    "way to invite: icon by ID": "the way that most scenarios take",
    "lists with the contact: one": "what breaks one list breaks all of them",
    "profile: Default": "what scenarios choose that are not about profiles",
    "was offline: nobody": "what breaks a client that stays breaks all scenarios",
    "after the history: at once": "what breaks at once breaks everything",
    "history: nothing": "what breaks the first invitation of all breaks all scenarios",
    "name of the custom profile: letters": "what breaks a plain name breaks all",
    "permissions of the custom profile: some": "a set like those that are built in",
    "profile of the same name elsewhere: the same": "nothing can be mistaken",
    "locks: none": "nothing is locked",
    "changes: none": "nothing is changed",
    "bystander: none": "nobody is there",
    "where it is answered: client": "ANSWER-6 says where in scenarios of its own",
    "look again: never": "nothing is looked at",
    "start: at once": "what breaks at once breaks everything",
    "earlier changes: none": "the change that the story is about is the first",
    "profile of the story: as told": "the profiles that are built in have mutants",
}
"""First values of factors for which no defect would be a natural one."""

CONTEXT: Mapping[str, Mapping[str, str]] = {
    "recipient's alias": {"way to invite": "icon by alias"},
    "recipient's namespace": {"way to invite": "icon by alias"},
    "place in the list": {"way to invite": "tile in Favorites"},
    "lists with the contact": {"way to invite": "tile in Favorites"},
    "name of the custom profile": {"profile": "custom"},
    "permissions of the custom profile": {"profile": "custom"},
    "profile of the same name elsewhere": {"changes": "one"},
    "earlier changes": {"changes": "one"},
    "after the history": {"history": "rejected", "when": "after a while"},
    "profile of the story": {"changes": "one"},
    "locks-go-offline": {"locks": "some denied"},
    "accept-lost-after-midnight": {"when": "just before the end"},
    "no-icon-at-7-0-0": {"recipient's version": "8.0.1"},
    "tile-drops-a-group-of-zeros": {"way to invite": "tile in Favorites"},
    "first-profile-for-portable-recipients": {"profile": "Screen Sharing"},
    "ten-is-one": {"profile": "Screen Sharing"},
    "everything-for-a-minute": {"profile": "custom", "when": "just before the end"},
}
"""What a story needs beside the value, by factor or by mutant."""


@cache
def _reference(chosen: tuple[tuple[str, str], ...]) -> list[list[Json]]:
    return [*stories(Reference(), dict(chosen))]


def shows(name: str, value: str | None) -> bool:
    """Whether the mutant tells another story than the reference with this value."""
    factor = OF_A_VALUE[name].partition(": ")[0]
    needs = CONTEXT.get(name) or CONTEXT.get(factor, {})
    chosen = {**needs, **({} if value is None else {factor: value})}
    adapter = MUTANTS[name].make()
    return [*stories(adapter, chosen)] != _reference(tuple(chosen.items()))


def test_every_value_has_a_mutant() -> None:
    """Those without one are listed, each with its reason."""
    known = {str(value) for values in factors().values() for value in values}
    having = set(OF_A_VALUE.values())
    assert set[str]() == having - known
    assert known - having == set(WITHOUT)
    assert all(WITHOUT.values())


@pytest.mark.parametrize("name", OF_A_VALUE)
def test_a_mutant_differs_with_its_value(name: str) -> None:
    """And not with the first value of that factor, or with another one if it is it."""
    factor, _, value = OF_A_VALUE[name].partition(": ")
    others = [other.name for other in factors()[factor] if other.name != value]
    is_first = factors()[factor][0].name == value
    assert shows(name, value)
    if is_first:
        assert not all(shows(name, other) for other in others)
    else:
        assert not shows(name, None)


def test_the_stories_are_told_alike_each_time() -> None:
    """Otherwise a difference would prove nothing."""
    chosen = {"history": "two rejected", "bystander": "third client"}
    assert [*stories(Reference(), chosen)] == [*stories(Reference(), chosen)]


def test_the_clause_of_a_mutant_meets_its_value() -> None:
    """In a scenario that leaves it open, or because the value leans on the clause."""
    met: dict[Value, set[str]] = {}
    for pickle in every_pickle():
        for values in open_values(story_of(pickle)).values():
            for value in values:
                met.setdefault(value, set()).update(pickle.scenario.tags)
    by_name = {str(value): value for values in factors().values() for value in values}
    for name, value_name in OF_A_VALUE.items():
        value, clause = by_name[value_name], MUTANTS[name].clause
        assert clause == value.leans or clause in met[value], name


@pytest.mark.slow  # two runs of the suite each
@pytest.mark.parametrize("name", OF_A_VALUE)
def test_a_mutant_of_a_value_is_killed_by_its_clause(name: str) -> None:
    """At the standard depth, in a scenario that was not written for the value."""
    tried = try_mutant(name)
    assert MutantStatus.KILLED is tried.status, tried
