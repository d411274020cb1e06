"""Two machines side by side, and what the specification says of their differences."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from invitelab.conformance.features.clauses import level_of
from invitelab.formats.machine import (
    SPECIFICATION,
    Comparison,
    Difference,
    Standing,
)
from invitelab.learning.alphabet import Input
from invitelab.learning.difference_text import difference_says, specification_says
from invitelab.learning.judging import Judged, judged, participants
from invitelab.learning.mealy import Word, differences
from invitelab.learning.operations import Wait
from invitelab.learning.scenarios import scenario_of
from invitelab.learning.session import Learned
from invitelab.learning.sight import Output

MOST_JUDGED = 80
"""Differences from the reference that are judged, the shortest first."""
MOST_CONFIRMED = 200
"""Differences of an unfinished machine that are tried until one is real."""
EARLY_MS, LATE_MS = 1000, 1000
"""How far from the end of the lifetime required clauses decide."""

Inputs = tuple[Input, ...]


class Tale:
    """A sequence of inputs with the answers of two targets."""

    def __init__(self, one: Learned, other: Learned, inputs: Inputs) -> None:
        self.one = one
        self.other = other
        self.inputs = inputs
        self.here = _told(one, inputs)
        self.there = _told(other, inputs)

    @property
    def place(self) -> int | None:
        """The index of the first input that is answered otherwise; None: none is."""
        for place, (mine, theirs) in enumerate(zip(self.here, self.there, strict=True)):
            if mine != theirs:
                return place
        return None

    def until(self, inputs: int) -> "Tale":
        """Its beginning."""
        return Tale(self.one, self.other, self.inputs[:inputs])


def _told(learned: Learned, inputs: Inputs) -> tuple[Output, ...]:
    """What a target answers: by its machine, or where that is unfinished by itself."""
    letters = {one: letter for letter, one in enumerate(learned.plan.alphabet.inputs)}
    if learned.complete and all(one in letters for one in inputs):
        word = [letters[one] for one in inputs]
        return tuple(learned.outputs.all[n] for n in learned.machine.run(word))
    return learned.asked.outputs([one.operation for one in inputs])


class Judge:
    """Judges sequences of inputs on one target, each once."""

    def __init__(self, learned: Learned) -> None:
        self._learned = learned
        self._known: dict[Inputs, Judged] = {}

    def __call__(self, tale: Tale) -> Judged:
        """The judgement of a sequence. Raises CallError where the target ends."""
        known = self._known.get(tale.inputs)
        if known is None:
            known = self._known[tale.inputs] = self._judge(tale)
        return known

    def _judge(self, tale: Tale) -> Judged:
        learned = self._learned
        ready = learned.engine.shared()
        alphabet = learned.plan.alphabet
        offline = any(not one.online for one in alphabet.clients.values())
        if ready is None or offline:
            return Judged(standing=Standing.UNJUDGED, inputs=len(tale.inputs))
        token = f"j{len(self._known):x}"
        return judged(ready, token, alphabet, tale.inputs, tale.here)


# --- Differences -----------------------------------------------------------------


def tales(one: Learned, other: Learned) -> Iterator[Tale]:
    """Sequences whose last answers differ, the shortest first."""
    found = _words(one, other)
    if one.complete and other.complete:
        yield from (_tale(one, other, word) for word in found)
        return
    for word in islice(found, MOST_CONFIRMED):
        tale = _tale(one, other, word)
        if tale.place is not None:
            yield tale.until(tale.place + 1)


def _tale(one: Learned, other: Learned, word: Word) -> Tale:
    return Tale(one, other, tuple(one.plan.alphabet.inputs[letter] for letter in word))


def _words(one: Learned, other: Learned) -> Iterator[Word]:
    return differences(one.machine, other.machine)


def timed_tales(one: Learned, other: Learned) -> Iterator[Tale]:
    """Waits of which one target shows the end of a timer, and the other does not.

    An alphabet has a few waits only; a timer is known to the millisecond.
    """
    mine = {timer.after: timer.ms for timer in one.timers}
    theirs = {timer.after: timer.ms for timer in other.timers}
    by_name = {an_input.name: an_input for an_input in one.plan.alphabet.inputs}
    never = max([*mine.values(), *theirs.values(), 0]) * 2
    for after in dict.fromkeys([*mine, *theirs]):
        first, last = sorted([mine.get(after, never), theirs.get(after, never)])
        for ms in _between(first, last, theirs.get(after, first)):
            wait = Input(
                name=f"wait {ms:,} ms",
                words=f"{ms} milliseconds pass",
                operation=Wait(ms=ms),
            )
            yield Tale(one, other, (*(by_name[name] for name in after), wait))


def _between(first: int, last: int, end: int) -> list[int]:
    """Instants before the last: where a required clause decides, and the first."""
    edges = (end - EARLY_MS, end + LATE_MS)
    inside = [ms for ms in edges if first <= ms < last]
    return [*inside, first] if first < last else []


def against_specification(
    learned: Learned, reference: Learned, judge: Judge
) -> Comparison:
    """The shortest difference of each clause that is broken, or that deviates.

    Candidates are the differences from the reference, whose behaviour is allowed.
    """
    found: dict[str, Difference] = {}
    shown: list[Inputs] = []
    candidates = 0
    for tale in _candidates(learned, reference):
        if any(tale.inputs[: len(one)] == one for one in shown):
            continue
        if candidates >= MOST_JUDGED:
            break
        candidates += 1
        told = interpreted(judge(tale), tale, reference)
        if told.clause is not None:
            shown.append(tale.inputs[: told.inputs])
            short = tale.until(told.inputs)
            found.setdefault(told.clause, _difference(short, told))
    ordered = sorted(
        found.values(), key=lambda one: one.standing is not Standing.BROKEN
    )
    return Comparison(
        against=SPECIFICATION,
        differences=tuple(ordered),
        says=specification_says(ordered, candidates),
    )


def _candidates(learned: Learned, reference: Learned) -> Iterator[Tale]:
    yield from timed_tales(learned, reference)
    yield from tales(learned, reference)


def interpreted(told: Judged, tale: Tale, reference: Learned) -> Judged:
    """The judgement, by the clause of an interpretation where the last answer is one.

    The reference interprets as the clauses say: whoever answers otherwise deviates.
    """
    clause = told.interpretation
    if clause is None or told.clause is not None:
        return told
    if tale.other is not reference:
        tale = Tale(tale.one, reference, tale.inputs)
    if tale.here[-1] == tale.there[-1]:
        return told
    level = level_of((clause,))
    return replace(told, standing=Standing.DEVIATES, clause=clause, level=level)


def side_by_side(
    one: Learned, other: Learned, judge: Judge, reference: Learned
) -> Comparison:
    """The shortest difference of two targets, judged for the first."""
    tale = next(tales(one, other), None) or next(timed_tales(one, other), None)
    size = other.machine.size
    if tale is None:
        says = "no difference over this alphabet"
        return Comparison(against=other.shown, states=size, says=says)
    difference = _difference(tale, interpreted(judge(tale), tale, reference))
    return Comparison(
        against=other.shown,
        states=size,
        differences=(difference,),
        says=difference.says,
    )


def _difference(tale: Tale, told: Judged) -> Difference:
    names = tuple(one.name for one in tale.inputs)
    here, there = tale.here[-1], tale.there[-1]
    return Difference(
        inputs=names,
        here=here.text,
        there=there.text,
        standing=told.standing,
        clause=told.clause,
        level=told.level,
        says=difference_says(names, here, there, told),
        scenario=told.feature or _scenario(tale),
    )


def _scenario(tale: Tale) -> str | None:
    ready = tale.one.engine.shared()
    if ready is None:
        return None
    alphabet = tale.one.plan.alphabet
    return scenario_of(
        alphabet,
        participants(alphabet, ready),
        tale.inputs,
        tale.here,
        expected=tale.there[-1],
        title=f"What {tale.one.shown} answers otherwise than {tale.other.shown}",
    )


def comparisons(
    one: Learned, others: Sequence[Learned], reference: Learned
) -> Iterator[Comparison]:
    """One target beside the specification, the reference and the others."""
    judge = Judge(one)
    yield against_specification(one, reference, judge)
    if one is not reference:
        yield side_by_side(one, reference, judge, reference)
    for other in others:
        if other is not one and other is not reference:
            yield side_by_side(one, other, judge, reference)
