"""The same attempts at the reference: which went otherwise, and by which reading.

The people are the same, with the same draws, and so is the manner of looking. In
virtual time without settling, every attempt must go as it does with the reference, to
the millisecond. Where it does not, interpretations of the reference are flipped, one
more at a time, as long as that explains more attempts in the rooms concerned.
"""

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.formats.target_run import BesideReference, FirstDifference
from invitelab.protocol.policy import Knob, Policy, knobs
from invitelab.target_load.again import AT_ONCE
from invitelab.target_load.connection import Connection
from invitelab.target_load.courses import (
    ByNumber,
    Courses,
    apart,
    attempts_of,
)
from invitelab.target_load.part import Part
from invitelab.target_load.virtual import play
from invitelab.target_load.world import TargetWorld
from invitelab.world.load.controls import Told
from invitelab.world.load.load_world import Watch

MOST_FLIPPED = 4
"""The most interpretations in which a target is looked for."""
ROOMS_TRIED = 2
"""The rooms in which each interpretation is tried."""
MOST_READ = 1_000
"""The attempts among which the first difference is looked for, by number."""


@dataclass(frozen=True, slots=True)
class _Silent:
    """Told of everything, and does nothing."""

    def tell(self, hook: str, *arguments: object) -> None:
        """Do nothing."""


SILENT: Told = _Silent()


class Beside:
    """Compares the courses of one run with those at the reference."""

    def __init__(
        self, part: Part, connection: Connection, required: frozenset[str]
    ) -> None:
        """`connection` is that of the target, whose declines count here, too."""
        self._part = part
        self._terms = connection.terms
        self._required = required
        self._rooms = ByNumber()
        """One more than the number of each attempt's room."""

    def compare(
        self,
        courses: Courses,
        watch: Watch,
        *,
        explain: bool = True,
        suspected: Collection[str] = (),
        troubled: Collection[int] = (),
    ) -> BesideReference:
        """Compare all attempts; what differs is explained only if asked for.

        The interpretations of `suspected` clauses are tried first. The rooms that are
        `troubled` are left out: a call that failed is no other reading.
        """

        def counts(number: int) -> bool:
            return self._room(number) not in troubled

        with self._at_reference(Policy(), self._part, watch) as reference:
            attempts = sum(1 for _ in attempts_of(courses, reference, counts))
            differing = apart(courses, reference, counts)
            if not differing:
                return BesideReference(
                    attempts=attempts, equal=attempts, explained=attempts
                )
            first = self._first(courses, reference, differing)
        flipped = self._explain(courses, differing, suspected) if explain else []
        left = len(differing)
        if flipped:
            with self._at_reference(_flip(Policy(), flipped), self._part) as reference:
                left = len(apart(courses, reference, counts))
        return BesideReference(
            attempts=attempts,
            equal=attempts - len(differing),
            explained=attempts - left,
            interpretations=tuple(one.clause for one in flipped),
            first=first,
        )

    def _first(
        self, courses: Courses, reference: Courses, differing: Sequence[int]
    ) -> FirstDifference:
        """The difference that came about first."""
        read = sorted(differing, key=lambda number: number % AT_ONCE)[:MOST_READ]
        mine, other = courses.of(read), reference.of(read)
        first = min(read, key=lambda one: (_begin(mine[one], other[one]), one))
        return FirstDifference(
            attempt=first,
            room=self._room(first),
            target=mine[first],
            reference=other[first],
        )

    def _room(self, number: int) -> int:
        """The room of an attempt, also of one that the reference has not seen.

        It follows from another attempt then, in the same room.
        """
        return (self._rooms[number] or self._rooms[number % AT_ONCE] or 1) - 1

    def _explain(
        self, courses: Courses, differing: Sequence[int], suspected: Collection[str]
    ) -> list[Knob]:
        """The interpretations that explain most, in the rooms of the first of them."""
        order = sorted(knobs(), key=lambda knob: knob.clause not in suspected)
        rooms = list(dict.fromkeys(self._room(one) for one in differing))
        part = replace(self._part, rooms=set(rooms[:ROOMS_TRIED]))
        flipped: list[Knob] = []
        least = self._apart(courses, part, Policy())
        while least and len(flipped) < MOST_FLIPPED:
            found = self._next(courses, part, flipped, order)
            if found is None or found[0] >= least:
                break
            least = found[0]
            flipped.append(found[1])
        return flipped

    def _next(
        self,
        courses: Courses,
        part: Part,
        flipped: Sequence[Knob],
        order: Sequence[Knob],
    ) -> tuple[int, Knob] | None:
        """The interpretation that leaves the fewest attempts apart, and how many."""
        best: tuple[int, Knob] | None = None
        for knob in order:
            if knob in flipped:
                continue
            policy = _flip(Policy(), [*flipped, knob])
            left = self._apart(courses, part, policy)
            if best is None or left < best[0]:
                best = left, knob
            if not left:
                break
        return best

    def _apart(self, courses: Courses, part: Part, policy: Policy) -> int:
        """How many attempts of some rooms go otherwise at the reference as that."""
        rooms = part.rooms or ()
        with self._at_reference(policy, part) as reference:
            return len(apart(courses, reference, lambda one: self._room(one) in rooms))

    def _at_reference(
        self, policy: Policy, part: Part, watch: Watch = lambda _us: None
    ) -> Courses:
        """The courses at the reference with a policy."""
        courses = Courses()

        def began(world: TargetWorld) -> None:
            world.on_sight = courses.note
            world.on_room = self._note_room

        try:
            with closing(Connection(DirectTarget(Reference(policy=policy)))) as made:
                made.terms = self._terms
                play(part, made, SILENT, self._required, watch=watch, began=began)
        except BaseException:
            courses.close()
            raise
        return courses

    def _note_room(self, number: int, room: int) -> None:
        self._rooms[number] = room + 1


def _begin(mine: tuple[str, ...], other: tuple[str, ...]) -> int:
    """When the first of several differences came about, in milliseconds."""
    texts = [one for one in (*mine, *other) if (one in mine) != (one in other)]
    heads = [text.split(" ", 1)[0] for text in texts]
    return min((int(one) for one in heads if one.isdigit()), default=0)


def _flip(policy: Policy, some: Sequence[Knob]) -> Policy:
    return replace(policy, **{one.name: False for one in some})
