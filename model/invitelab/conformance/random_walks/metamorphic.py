"""Metamorphic search: what changes though nothing that matters has changed.

Stories of walks are told to the target a second time, varied so that nobody may see
any difference. It needs no model: it finds what depends on who somebody is, on the time
of day, on others, or on what was before.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.counterexamples import (
    Counterexample,
    counterexample_of,
)
from invitelab.conformance.random_walks.drawing import Draws
from invitelab.conformance.random_walks.executor import WalkExecutor
from invitelab.conformance.random_walks.findings import Finding, TargetEnded
from invitelab.conformance.random_walks.generator import (
    DrawnWalk,
    uses_interpretations,
)
from invitelab.conformance.random_walks.gherkin_writer import gherkin
from invitelab.conformance.random_walks.participants import (
    Participants,
    ParticipantSpec,
)
from invitelab.conformance.random_walks.relations import (
    RELATIONS,
    RENAMED,
    SAME,
    Relation,
    Variation,
)
from invitelab.conformance.random_walks.replacing import (
    built_in_for,
    quoted,
    replaced,
)
from invitelab.conformance.random_walks.shrinking import shrunk
from invitelab.conformance.random_walks.stories import (
    Moment,
    Story,
    difference,
    tell,
)
from invitelab.errors import LostError

WALKS_A_STORY = 7
"""Of that many walks one story is told again."""

REPETITIONS = 3
"""How often the same story is told again: the target may not be deterministic."""

MOST_TRIES = 200
"""How often a shorter story is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """A difference that no implementation may show."""

    says: str
    """The relation and the difference, in words."""
    feature: str
    """Both stories, to read."""
    counterexample: Counterexample | None = None
    """What the model finds wrong with the varied story, if it finds anything."""


def metamorphic(
    ready: Ready, *, examples: int, seed: int, stories: Sequence[Story] | None = None
) -> Varied | None:
    """Tell stories of walks again, varied, until a difference is seen.

    The stories are those of so many walks unless they are given. Raises CallError when
    the target ends.
    """
    if stories is None:
        stories = tuple(_stories(ready, examples, seed))
    for number, story in enumerate(stories[: how_many(examples)]):
        search = _Search(ready, seed, number)
        found = search.difference(story)
        if found is not None:
            return search.finding(*found)
    return None


def how_many(examples: int) -> int:
    """How many stories of so many walks are told again."""
    return -(-examples // WALKS_A_STORY)


def _stories(ready: Ready, examples: int, seed: int) -> Iterator[Story]:
    """The stories of walks that do nothing on which the specification is silent."""
    for number in range(examples):
        if not uses_interpretations(number):
            walk = DrawnWalk(ready, seed=seed, number=number)
            walk.make()
            if walk.story is not None:
                yield walk.story


class _Search:
    """The search for a difference in one story, and for a shorter one."""

    def __init__(self, ready: Ready, seed: int, number: int) -> None:
        self._ready = ready
        self._seed = seed
        self._number = number
        self._told = 0

    def difference(self, story: Story) -> tuple[Relation, Story, str] | None:
        """A relation that this story breaks, and the difference in words.

        Only one relation is tried: of those that say something of the story the first,
        beginning with another one for each story.
        """
        start = self._number % len(RELATIONS)
        for relation in (*RELATIONS[start:], *RELATIONS[:start]):
            if self._vary(relation, story) is not None:
                said = self._differs(relation, story)
                return None if said is None else (relation, story, said)
        return None

    def finding(self, relation: Relation, story: Story, said: str) -> Varied:
        """Describe the difference in the shortest story that shows it.

        A target that breaks a simpler relation too is said to break that one.
        """
        for simpler in (*(SAME,) * REPETITIONS, RENAMED):
            found = self._differs(simpler, story)
            if found is not None:
                relation, said = simpler, found
                break
        story, said = self._shortest(relation, story, said)
        variation = self._vary(relation, story)
        assert variation is not None, "the relation says something of this story"
        says = f"{relation.changed} {said}"
        return Varied(
            says=says,
            feature=_feature(says, story, variation),
            counterexample=_judged(self._ready, variation),
        )

    def _vary(self, relation: Relation, story: Story) -> Variation | None:
        draws = Draws(self._seed, self._number, f":{relation.changed}")
        return relation.vary(story, draws)

    def _differs(self, relation: Relation, story: Story) -> str | None:
        """Tell the story and its variation, and give the first difference."""
        variation = self._vary(relation, story)
        if variation is None:
            return None
        whose = tuple(story.participants.specs)
        first = self._tell(story, whose)
        if variation.before is not None:
            self._tell(variation.before, whose)
        second = self._tell(variation.story, whose, variation.from_move)
        return difference(first, second)

    def _tell(
        self, story: Story, whose: Sequence[str], from_move: int = 0
    ) -> list[Moment]:
        self._told += 1
        token = f"m{self._seed:x}-{self._number:x}-{self._told:x}"
        return tell(self._ready, token, story, whose, from_move=from_move)

    def _shortest(
        self, relation: Relation, story: Story, said: str
    ) -> tuple[Story, str]:
        """Leave out what the difference does not need, and describe what is left."""
        tries = 0
        before = None
        while story != before:
            before = story
            for reduction in REDUCTIONS:
                candidates = reduction(story)
                while (candidate := next(candidates, None)) is not None:
                    if relation is RENAMED and _readdressed(candidate, story):
                        continue  # they are what the relation is about
                    tries += 1
                    if tries > MOST_TRIES:
                        return story, said
                    found = self._differs(relation, candidate)
                    if found is not None:
                        story, said = candidate, found
                        candidates = reduction(story)
        return story, said


def _with_fewer_moves(story: Story) -> Iterator[Story]:
    moves = story.moves
    for size in (len(moves) // 2, 3, 2, 1):
        if 0 < size < len(moves):
            for start in reversed(range(0, len(moves) - size + 1, size)):
                yield replace(story, moves=moves[:start] + moves[start + size :])


def _with_fewer_people(story: Story) -> Iterator[Story]:
    """The story without somebody who does nothing in it."""
    said = " ".join(text for move in story.moves for text in move)
    for name in story.participants.specs:
        if name not in said and len(story.participants.specs) > 1:
            yield replace(story, participants=story.participants.without(name))


def _with_plain_people(story: Story) -> Iterator[Story]:
    """The story of people of whom nothing but their address is special."""
    specs = {
        name: ParticipantSpec(id=spec.id, alias=spec.alias, portable=spec.portable)
        for name, spec in story.participants.specs.items()
    }
    yield from _with_specs(story, specs)


def _with_simpler_people(story: Story) -> Iterator[Story]:
    for name, spec in story.participants.specs.items():
        for simple in spec.simpler():
            yield from _with_specs(story, {**story.participants.specs, name: simple})


def _with_specs(story: Story, specs: Mapping[str, ParticipantSpec]) -> Iterator[Story]:
    participants = Participants(specs=specs)
    if participants != story.participants:
        yield replace(story, participants=participants)


def _readdressed(candidate: Story, story: Story) -> bool:
    """Whether anybody has another ID than before."""
    specs = story.participants.specs
    return any(
        spec.id != specs[name].id for name, spec in candidate.participants.specs.items()
    )


def _with_built_in_profiles(story: Story) -> Iterator[Story]:
    """The story with the built-in profiles, if it has others."""
    words = quoted(built_in_for(story.participants.profile_names))
    participants = story.participants.with_profiles(None)
    if participants != story.participants:
        moves = tuple(
            tuple(replaced(text, words) for text in move) for move in story.moves
        )
        yield replace(story, participants=participants, moves=moves)


REDUCTIONS = (
    _with_fewer_moves,
    _with_fewer_people,
    _with_built_in_profiles,
    _with_plain_people,
    _with_simpler_people,
)
"""What is left out of a story that shows a difference, in this order."""


def _judged(ready: Ready, variation: Variation) -> Counterexample | None:
    """What the model finds wrong with the varied story, confirmed as a scenario.

    None also where a scenario does not show it: it begins at once, and is alone.
    """
    finding = _first_finding(ready, variation.story)
    if finding is None:
        return None
    finding = shrunk(finding, ready, with_interpretations=False)
    found = counterexample_of(finding, ready)
    return found if found.confirmed and finding.ended is None else None


def _first_finding(ready: Ready, story: Story) -> Finding | None:
    executor = WalkExecutor(
        ready, "judged", story.participants, with_interpretations=False
    )
    try:
        executor.open()
        for move in story.moves:
            options = executor.offered(" and ".join(move))
            if not options:
                return None
            executor.make(options[-1])
    except Finding as finding:
        return finding
    except TargetEnded as ended:
        raise ended.error from ended
    finally:
        with suppress(TargetEnded, LostError):
            executor.close()
    return None


def _feature(says: str, story: Story, variation: Variation) -> str:
    """Both stories as scenarios, below the sentence about them."""
    told = [("Told once", story)]
    if variation.before is not None:
        told.append(("Then in a scenario of its own", variation.before))
    told.append(("Told again", variation.story))
    scenarios = (gherkin(title, "", one.lines()) for title, one in told)
    return f"Feature: What is not the same\n\n  {says}\n\n" + "\n".join(scenarios)
