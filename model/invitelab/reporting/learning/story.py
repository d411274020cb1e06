"""A sequence of inputs as a story: what was done, what came back, and who saw what.

It is walked through the machine, so that each step has the output that was learned, and
becomes the same diagram as a failure of a check.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from invitelab.formats.machine import AlphabetInput, Machine, Transition
from invitelab.reporting.common.scene import Kind, Mark, Scene, shortened

OK, REFUSED, NOTHING, TIME = "ok", "refused", "nothing", "time"
_INVITES = re.compile(r"\w+ invites \w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One input of a story, with what the machine does at it."""

    at_ms: int
    """When it is done; a wait ends then."""
    input: AlphabetInput
    transition: Transition | None
    """None where the machine does not know it."""


def steps(machine: Machine, inputs: Sequence[str]) -> Iterator[Step]:
    """Each input with its instant and its transition, from the initial state."""
    known = {one.name: one for one in machine.alphabet.inputs}
    table = {(one.state, one.input): one for one in machine.transitions}
    state: int | None = machine.initial
    at_ms = 0
    sent_ms: dict[str, int] = {}
    for name in inputs:
        one = known.get(name, AlphabetInput(name=name, words=name))
        at_ms = _end_ms(one, at_ms, sent_ms)
        transition = None if state is None else table.get((state, name))
        if transition is not None and transition.answer == OK:
            sent_ms |= dict.fromkeys(_invites(one), at_ms)
        state = None if transition is None else transition.next
        yield Step(at_ms=at_ms, input=one, transition=transition)


def _end_ms(one: AlphabetInput, at_ms: int, sent_ms: Mapping[str, int]) -> int:
    """When an input is over that is given at this time."""
    if one.since is None or one.until_ms is None:
        return at_ms + (one.wait_ms or 0)
    sent = sent_ms.get(f"{one.since[0]} invites {one.since[1]}")
    return at_ms if sent is None else max(at_ms, sent + one.until_ms)


def _invites(one: AlphabetInput) -> Iterator[str]:
    """Who invites whom by an input, in the words in which `sent_ms` has it."""
    found = _INVITES.match(one.words)
    if found is not None:
        yield found[0]


def told(machine: Machine, inputs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each step as its words and its output."""
    for step in steps(machine, inputs):
        output = "not known" if step.transition is None else step.transition.output
        yield step.input.words, output


def scene(machine: Machine, inputs: Sequence[str], trouble: str) -> Scene:
    """The diagram of a story that ends in trouble."""
    people = tuple(machine.alphabet.people)
    marks: list[Mark] = []
    last_ms = 0
    for step in steps(machine, inputs):
        marks += _marks(step, people)
        last_ms = step.at_ms
    marks.append(Mark(at_ms=last_ms, kind=Kind.TROUBLE, words=trouble))
    ends = {end for mark in marks for end in (mark.source, mark.target)}
    return Scene(
        people=tuple(name for name in people if name in ends),
        marks=tuple(shortened(marks, elsewhere=", listed beside")),
        later=None,
    )


def _is_wait(one: AlphabetInput) -> bool:
    return one.wait_ms is not None or one.since is not None


def _marks(step: Step, people: Sequence[str]) -> Iterator[Mark]:
    """What was done, unless time alone passed, and what each person saw change."""
    doers = named(step.input.words, people)
    if not _is_wait(step.input) and doers:
        yield Mark(
            at_ms=step.at_ms,
            kind=Kind.ACT,
            words=_act(step, doers[0]),
            source=doers[0],
            target=doers[1] if len(doers) > 1 else None,
            outcome=REFUSED if _answer(step) == REFUSED else "ok",
        )
    for name, seen in _changes(step, people):
        yield Mark(at_ms=step.at_ms, kind=Kind.LOOK, words=seen, source=name)


def _answer(step: Step) -> str:
    return "" if step.transition is None else step.transition.answer


def _act(step: Step, doer: str) -> str:
    words = step.input.words.removeprefix(f"{doer} ")
    match _answer(step):
        case "refused":
            return f"{words}: refused"
        case "nothing":
            return f"{words}: there is nothing to do that to"
        case _:
            return words


def _changes(step: Step, people: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Who sees what appear (+) or disappear (-)."""
    for change in () if step.transition is None else step.transition.changes:
        name, _, seen = change.partition(": ")
        if name in people and seen:
            yield name, seen


def named(words: str, people: Sequence[str]) -> list[str]:
    """The people in the order in which a sentence names them, each once."""
    pattern = "|".join(re.escape(name) for name in sorted(people, key=len)[::-1])
    if not pattern:
        return []
    return list(dict.fromkeys(re.findall(rf"\b(?:{pattern})\b", words)))
