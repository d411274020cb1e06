"""Stories: the operations of a walk without its model, told to a target again.

After each operation every person's view is kept, and whether the target agreed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from invitelab.adapters import messages as wire
from invitelab.conformance.execution.outcomes import (
    ExpectationFailed,
    Inconclusive,
    NotApplicable,
)
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.gherkin_writer import WalkHistory
from invitelab.conformance.random_walks.participants import (
    Line,
    Participants,
    givens,
)
from invitelab.conformance.random_walks.sight import Eyes, Sight, names_of
from invitelab.conformance.random_walks.steps import run_step
from invitelab.errors import LostError

Move = tuple[str, ...]
"""The steps of one move, each a When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Participants, and what they do one after the other."""

    participants: Participants
    moves: tuple[Move, ...]
    begins_ms: int = 0
    """How long nothing happens at first."""
    other_tokens: bool = False
    """Whether clients have other tokens, and are declared in another order."""

    def lines(self) -> tuple[Line, ...]:
        """The steps of a scenario that tells it, but for how long it waits at first."""
        whens = (Line(kind="when", text=text) for move in self.moves for text in move)
        return (*givens(self.participants), *whens)


def story_of(history: WalkHistory) -> Story:
    """What happened in a walk, without what was only looked at."""
    moves = tuple(move.lines for move in history.moves if move.lines)
    return Story(participants=history.participants, moves=moves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What there was after one operation."""

    line: str
    agreed: str
    """Whether the target agreed, in a word or two."""
    sights: Mapping[str, Sight]
    """What every person saw."""


def tell(
    ready: Ready, token: str, story: Story, whose: Sequence[str], *, from_move: int = 0
) -> list[Moment]:
    """Tell a story, and keep what these people see after each operation from a move on.

    What was seen before that move counts as past. Gives fewer moments where settling
    comes too near to a deadline, and none where something of theirs is pending or going
    on at that move. Raises CallError.
    """
    context = ScenarioContext(ready.set_up(token), token, Trace(silent=True))
    for line in givens(story.participants):
        run_step(context, line.kind, line.text, line.table)
    if story.other_tokens:
        _give_other_tokens(context)
    names = names_of(context.people)
    eyes = {name: Eyes(names) for name in whose}
    moments: list[Moment] = []
    try:
        context.begin()
        context.pass_until(story.begins_ms)
        for number, move in enumerate(story.moves):
            if number == from_move and number and not _is_quiet(context, eyes):
                break
            for text in move:
                moment = _moment(context, text, eyes)
                if number >= from_move:
                    moments.append(moment)
    except Inconclusive:  # what was seen until then counts
        pass
    finally:
        with suppress(LostError):  # a target that ended has nothing to close
            context.end()
    return moments


def _give_other_tokens(context: ScenarioContext) -> None:
    people = list(reversed(context.people.items()))
    context.people = dict(people)
    for number, (name, person) in enumerate(people, start=1):
        context.trace.people.pop(person.token, None)
        person.token = f"other-{number}"
        context.trace.people[person.token] = name


def _is_quiet(context: ScenarioContext, eyes: Mapping[str, Eyes]) -> bool:
    """Whether nothing is pending or going on; what was seen so far is past then."""
    sights = _look(context, eyes)
    for one in eyes.values():
        one.forget()
    return all(sight.quiet for sight in sights.values())


def _moment(context: ScenarioContext, text: str, eyes: Mapping[str, Eyes]) -> Moment:
    agreed = _try(context, text)
    context.expect_settled(lambda: None)
    return Moment(line=text, agreed=agreed, sights=_look(context, eyes))


def _try(context: ScenarioContext, text: str) -> str:
    """Whether the target agreed."""
    context.outcome = None
    try:
        run_step(context, "when", text)
    except (ExpectationFailed, NotApplicable):
        return "it could not be tried"
    return _agreed(context.outcome)


def _agreed(outcome: wire.OutcomeBase | None) -> str:
    if outcome is None:
        return "nothing was asked"
    return "ok" if outcome.refused is None else "a refusal"


def _look(context: ScenarioContext, eyes: Mapping[str, Eyes]) -> Mapping[str, Sight]:
    return {
        name: one.see(context.view(context.person(name))) for name, one in eyes.items()
    }


ANSWERED = re.compile(r"\w+ (invites|starts) ")
"""Steps whose answer counts. All others have an effect that is seen, or may be answered
either way: what nobody can do any more is refused, or granted without effect."""


def difference(before: Sequence[Moment], after: Sequence[Moment]) -> str | None:
    """The first thing in which two tellings differ, in words; None: there is none.

    They are compared as far as both were told.
    """
    for one, other in zip(before, after, strict=False):
        if one.agreed != other.agreed and ANSWERED.match(one.line):
            return f'the answer to "{one.line}": {other.agreed}, not {one.agreed}'
        for name, sight in one.sights.items():
            gone, come = sight.unlike(other.sights[name])
            if gone or come:
                said = "; ".join(_in_words(gone, come))
                return f'what {name} sees after "{one.line}": {said}'
    return None


def _in_words(gone: Sequence[str], come: Sequence[str]) -> Iterator[str]:
    if come:
        yield f"now {_first(come)}"
    if gone:
        yield f"no longer {_first(gone)}"


def _first(rows: Sequence[str]) -> str:
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    return f"{rows[0]}{more}"
