"""Stories told again show what may not matter and does, and nothing else."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.driver import Reachable
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.random_walks import metamorphic as relations_tried
from invitelab.conformance.random_walks.gherkin_writer import parsed
from invitelab.conformance.random_walks.metamorphic import (
    WALKS_A_STORY,
    Varied,
    how_many,
    metamorphic,
)
from invitelab.conformance.random_walks.relations import RELATIONS
from invitelab.conformance.random_walks.search import walk
from invitelab.conformance.random_walks.stories import Story
from invitelab.errors import CrashError
from invitelab.proof.conforming_variants import INTERPRETATIONS, VARIANTS
from invitelab.proof.mutants import MUTANTS
from invitelab.protocol.policy import Policy

Row = dict[str, Json]


class Odd(Reference):
    """Reference that says of some invitations that have ended that they were cancelled.

    The model does not judge that, so that only a comparison finds it.
    """

    def __init__(self, differs: Callable[["Odd", Json, Row], bool]) -> None:
        super().__init__()
        self.differs = differs
        self.clients: dict[Json, dict[Json, Row]] = {}
        self.now_ms: Counter[Json] = Counter()
        self.sent: Counter[Json] = Counter()
        self.aliases: dict[Json, set[Json]] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer, and have some entries look different."""
        scenario = params.get("scenario")
        if method == "scenario.begin":
            declared = params["clients"]
            assert isinstance(declared, list)
            clients = [one for one in declared if isinstance(one, dict)]
            self.clients[scenario] = {one["client"]: one for one in clients}
            for one in clients:
                self.aliases.setdefault(one["id"], set()).add(one.get("alias"))
        self.sent[scenario] += method == "invitation.send"
        answer = super().request(method, params)
        if method == "clock.advance" and isinstance(answer, dict):
            self.now_ms[scenario] += int(str(params["ms"]))
        if method == "client.view" and isinstance(answer, dict):
            rows = answer["invitations"]
            assert isinstance(rows, list)
            for row in rows:
                assert isinstance(row, dict)
                if row["state"] != "pending" and self.differs(self, scenario, row):
                    row["state"] = "cancelled"
        return answer

    def discovers(self, scenario: Json) -> bool:
        """Whether anybody has anybody in Discovery."""
        contacts = [one["contacts"] for one in self.clients[scenario].values()]
        return any(isinstance(one, dict) and one["discovery"] for one in contacts)


DIFFERENT: Mapping[str, Callable[[Odd, Json, Row], bool]] = {
    "renaming everybody": lambda _odd, _scenario, row: str(row["to"])[0] < "5",
    "beginning later": lambda odd, scenario, _: odd.now_ms[scenario] // 40_000 % 2 == 1,
    "one more client": lambda odd, scenario, _: len(odd.clients[scenario]) == 4,
    "moving contacts to other lists": lambda odd, scenario, _: odd.discovers(scenario),
    "doing it a second time": lambda odd, scenario, row: (
        odd.sent[scenario] > 4 and len(odd.clients[scenario]) < 6 and bool(row)
    ),
    "others who did the same before": lambda odd, scenario, _: (
        len(odd.clients[scenario]) > 5
    ),
    "an earlier scenario": lambda odd, _, row: len(odd.aliases.get(row["to"], ())) > 1,
    "telling the same story again": lambda odd, _scenario, _row: (
        len(odd.clients) % 3 == 0
    ),
}
"""What invitations look different by, and the relation that this breaks."""


def told_again(target: Reachable, examples: int, seed: int = 0) -> Varied | None:
    """Tell stories of so many walks again."""
    engine = Engine(target, None)
    ready = engine.shared()
    assert ready is not None
    try:
        return metamorphic(ready, examples=examples, seed=seed)
    finally:
        engine.abort()


@cache
def stories_of(examples: int, seed: int) -> Sequence[Story]:
    """Give the stories of so many walks on the reference."""
    ready = Engine(DirectTarget(Reference()), None).shared()
    assert ready is not None
    return walk(ready, examples=examples, seed=seed).stories


def told_to(adapter: Adapter, examples: int = 100, seed: int = 0) -> Varied | None:
    """Tell all such stories to another adapter that knows what the reference knows."""
    ready = Engine(DirectTarget(adapter), None).shared()
    assert ready is not None
    stories = stories_of(examples, seed)
    enough = WALKS_A_STORY * len(stories)
    return metamorphic(ready, examples=enough, seed=seed, stories=stories)


@pytest.mark.parametrize("relation", DIFFERENT)
def test_what_may_not_matter_and_does_is_found(
    monkeypatch: pytest.MonkeyPatch, relation: str
) -> None:
    """The sentence names the relation, who sees it, and both views."""
    # Another relation may show the same, and be tried before this one.
    own = [one for one in RELATIONS if one.changed == f"{relation} changed"]
    monkeypatch.setattr(relations_tried, "RELATIONS", tuple(own) or RELATIONS)
    tried = (told_to(Odd(DIFFERENT[relation]), seed=seed) for seed in range(40))
    found = next(filter(None, tried))
    assert found.says.startswith(f"{relation} changed what ")
    now, no_longer = found.says.split("; no longer ")
    assert now.endswith(", cancelled") != no_longer.endswith(", cancelled")
    assert found.counterexample is None
    assert found.says in found.feature


def test_every_relation_has_a_target_that_breaks_it() -> None:
    """And the one that a target breaks which is not deterministic."""
    names = [relation.changed.removesuffix(" changed") for relation in RELATIONS]
    assert {*names, "telling the same story again"} == set(DIFFERENT)


def test_the_same_seed_finds_the_same() -> None:
    """In every word."""
    first, again = (told_to(Odd(DIFFERENT["renaming everybody"])) for _ in range(2))
    assert first == again
    assert first is not None


# Conforming targets

IN_PROCESS = [
    name for name in VARIANTS if name not in {"crlf", "own-json", "slow-start", "noisy"}
]


@pytest.mark.parametrize("name", IN_PROCESS)
def test_nothing_is_found_on_unusual_variants(name: str) -> None:
    """Their own ids, the order of lists and what is left out do not count."""
    assert told_again(VARIANTS[name].reach(), examples=30) is None


def test_nothing_is_found_with_every_other_interpretation() -> None:
    """Whatever the rules are, they are the same for everybody."""
    policy = replace(Policy(), **dict.fromkeys(INTERPRETATIONS, False))
    assert told_again(DirectTarget(Reference(policy=policy)), examples=60) is None


@pytest.mark.slow  # a whole policy each
@pytest.mark.parametrize("name", INTERPRETATIONS)
def test_nothing_is_found_with_one_other_interpretation(name: str) -> None:
    """For each of them."""
    target = DirectTarget(Reference(policy=replace(Policy(), **{name: False})))
    assert told_again(target, examples=60) is None


@pytest.mark.slow  # processes of their own
@pytest.mark.parametrize("name", sorted(set(VARIANTS) - set(IN_PROCESS)))
def test_nothing_is_found_on_variants_in_other_processes(name: str) -> None:
    """They differ in how they write only."""
    assert told_again(VARIANTS[name].reach(), examples=14) is None


# What is wrong


def test_what_the_model_finds_in_the_other_story_is_a_scenario(
    keeps_locks: Adapter,
) -> None:
    """It fails by itself at its last step."""
    found = told_to(keeps_locks)
    assert found is not None
    assert found.says.startswith("an earlier scenario changed what ")
    assert found.counterexample is not None
    assert found.counterexample.confirmed
    assert found.counterexample.clause in {"SESSION-2", "SESSION-3", "SESSION-5"}
    assert parsed(found.counterexample.feature).steps


def test_both_stories_are_short() -> None:
    """Two participants, and what they have to do."""
    found = told_to(Odd(DIFFERENT["renaming everybody"]))
    assert found is not None
    once, again = found.feature.split("Scenario:")[1:]
    assert 2 == once.count("uses version") == again.count("uses version")
    assert once.count("When ") + once.count("\n      And ") <= 6


class CrashesLater(Reference):
    """Reference that crashes after so many scenarios."""

    def __init__(self, scenarios: int) -> None:
        super().__init__()
        self.left = scenarios

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Count the scenarios."""
        self.left -= method == "scenario.begin"
        if self.left < 0:
            raise CrashError("the target crashed")
        return super().request(method, params)


def scenarios_of(told: Callable[[DirectTarget], object]) -> int:
    """Count the scenarios of walks, or of stories."""
    target = CrashesLater(10_000)
    told(DirectTarget(target))
    return 10_000 - target.left


def test_a_crash_is_not_swallowed() -> None:
    """Whoever tells the stories has to report it."""
    most = scenarios_of(lambda target: told_again(target, examples=14))
    with pytest.raises(CrashError):
        told_again(DirectTarget(CrashesLater(most - 1)), examples=14)


def test_few_of_the_walks_are_told_again() -> None:
    """One of seven, and one at least."""
    assert [0, 1, 1, 2, 8] == [how_many(amount) for amount in (0, 1, 7, 8, 50)]


def test_the_stories_are_those_of_the_walks() -> None:
    """Of the walks over the required clauses, drawn again or given."""
    ready = Engine(DirectTarget(Reference()), None).shared()
    assert ready is not None
    stories = walk(ready, examples=20, seed=0).stories
    assert 10 == len(stories)
    found: list[Varied | None] = []
    for given in (stories, None):
        odd = Odd(DIFFERENT["renaming everybody"])
        ready = Engine(DirectTarget(odd), None).shared()
        assert ready is not None
        found.append(metamorphic(ready, examples=100, seed=0, stories=given))
    assert found[0] == found[1]
    assert found[0] is not None


@pytest.mark.slow  # whole walks
@pytest.mark.parametrize("name", sorted(MUTANTS)[::40])
def test_mutants_mostly_treat_everybody_alike(name: str) -> None:
    """A difference is only told where there is one: two tellings differ again."""
    first, again = (
        told_again(DirectTarget(MUTANTS[name].make()), examples=30) for _ in range(2)
    )
    assert first == again
