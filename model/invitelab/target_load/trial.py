"""What a thorough run finds of an implementation, sooner than the whole run does.

The rooms are played in shares, the small ones first, until a required clause breaks:
most defects show in few rooms. Only what breaks none in all of them is compared with
the reference, since interpretations have to be tried then.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from invitelab.adapters.driver import Reachable
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.errors import RunError
from invitelab.study.interruption import StoppedError
from invitelab.target_load.at_reference import SILENT, Beside
from invitelab.target_load.connection import Connection
from invitelab.target_load.courses import Courses, apart
from invitelab.target_load.part import Part
from invitelab.target_load.virtual import play
from invitelab.target_load.world import TargetWorld
from invitelab.world.load.rooms import Rooms

SHARES = (0.0, 0.16, 0.44, 1.0)
"""Where the shares of the rooms end."""
LOOK_EVERY = 8
"""How often it is looked whether something broke, in steps of the progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it: the clauses that broke first, or what differed without a name.

    `deviations` are clauses of interpretations that were seen to deviate.
    """

    broken: tuple[str, ...] = ()
    failed: int = 0
    """The calls that failed."""
    apart: int = 0
    """The attempts that went otherwise than with the reference."""
    unexplained: int = 0
    """Those of them that no interpretation explains, in the first share with any."""
    interpretations: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()

    @property
    def is_found(self) -> bool:
        """Whether a run on it ends with exit code 1."""
        return bool(self.broken or self.failed or self.unexplained)


class Trials:
    """Tries implementations with one part of a scenario."""

    def __init__(self, part: Part, required: frozenset[str]) -> None:
        self._required = required
        population = part.scenario.population
        every = range(Rooms(population.clients, population.room).count)
        rooms = sorted(every if part.rooms is None else part.rooms)
        ends = [round(share * len(rooms)) for share in SHARES]
        self._parts = [
            replace(part, rooms=set(rooms[begin:end]))
            for begin, end in pairwise(ends)
            if begin < end
        ]
        self._references: dict[int, _Played] = {}

    def on(self, reach: Callable[[], Reachable]) -> Trial:
        """Try an implementation, a new one for each share."""
        with ExitStack() as opened:
            return self._on(reach, opened)

    def _on(self, reach: Callable[[], Reachable], opened: ExitStack) -> Trial:
        otherwise: list[tuple[Part, _Played]] = []
        count, deviations = 0, set[str]()
        for place, part in enumerate(self._parts):
            connection = opened.enter_context(closing(Connection(reach())))
            courses = opened.enter_context(Courses())
            played = self._play(part, connection, courses, until_broken=True)
            if played.broken or played.failed:
                return Trial(broken=played.broken, failed=played.failed)
            deviations |= played.deviations
            if played.connection.terms.settle_us:
                continue  # when something shows is not to be compared
            differing = played.differing(self._reference(place, part))
            count += differing
            if differing:
                otherwise.append((part, played))
        if not otherwise:
            return Trial(deviations=tuple(sorted(deviations)))
        part, played = otherwise[0]
        found = Beside(part, played.connection, self._required).compare(
            played.courses, lambda _reached_us: None, suspected=deviations
        )
        return Trial(
            apart=count,
            unexplained=found.attempts - found.explained,
            interpretations=found.interpretations,
            deviations=tuple(sorted(deviations)),
        )

    def _reference(self, place: int, part: Part) -> "_Played":
        known = self._references.get(place)
        if known is None:
            made = Connection(DirectTarget(Reference()))
            with closing(made) as connection, Courses() as courses:
                known = self._play(part, connection, courses, until_broken=False)
            self._references[place] = known
        return known

    def _play(
        self,
        part: Part,
        connection: Connection,
        courses: Courses,
        *,
        until_broken: bool,
    ) -> "_Played":
        worlds: list[TargetWorld] = []
        steps = 0

        def began(world: TargetWorld) -> None:
            world.on_sight = courses.note
            worlds.append(world)

        def watch(_reached_us: int) -> None:
            nonlocal steps
            steps += 1
            if until_broken and steps % LOOK_EVERY == 0 and _broken(worlds):
                raise StoppedError

        with suppress(StoppedError, RunError):  # of an end too many, calls have failed
            play(part, connection, SILENT, self._required, watch=watch, began=began)
        return _Played(connection, courses, worlds)


@dataclass(frozen=True, slots=True)
class _Played:
    connection: Connection
    courses: Courses
    worlds: Sequence[TargetWorld]

    @property
    def broken(self) -> tuple[str, ...]:
        return tuple(sorted(_broken(self.worlds)))

    @property
    def failed(self) -> int:
        return sum(sum(world.calls.errors.values()) for world in self.worlds)

    @property
    def deviations(self) -> set[str]:
        findings = (world.judging.findings for world in self.worlds)
        return {clause for one in findings for clause in one.deviations}

    def differing(self, other: "_Played") -> int:
        """The number of attempts that went otherwise."""
        return len(apart(self.courses, other.courses, lambda _number: True))


def _broken(worlds: Collection[TargetWorld]) -> set[str]:
    findings = (world.judging.findings for world in worlds)
    return {clause for one in findings for clause in one.broken}
