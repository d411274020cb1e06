"""From a walk that goes wrong to the shortest one that goes wrong in the same way.

To shorten the numbers that the moves were drawn with would leave moves behind that
nobody needs: what a number means depends on everything before it. So whole moves are
left out or made plainer, people leave or lose what is special about them, and of
whatever remains the model says whether it can be done at all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations, permutations

from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.features.people import KNOWN
from invitelab.conformance.random_walks.executor import Ended, Found, Walker
from invitelab.conformance.random_walks.moves.invitations import Move
from invitelab.conformance.random_walks.participants import (
    BUILT_IN,
    OWN,
    Participants,
    id_of,
)
from invitelab.errors import LostError

MOST_TRIES = 600
"""Walks that are spent on one finding."""

MOST_PLAINER = 6
"""Moves that are tried in the place of one."""

USUAL = dict(zip(OWN[-1], BUILT_IN, strict=False))
"""What every client has in the place of somebody's own profiles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A walk to be tried: who takes part, and the names of the moves."""

    casting: Participants
    moves: tuple[str, ...]
    plainer: tuple[int, int] | None = None
    """Which move is to be a plainer one, and which of those."""


def shortened(found: Found, ready: Ready, *, freely: bool) -> Found:
    """The shortest finding about the same clause, or one that the page demands."""
    search = _Search(found, ready, freely=freely)
    with suppress(_OverError):
        while search.improve_in_every_way():
            pass
    search.best.ended = search.ended
    return search.best


class _OverError(Exception):
    """It has been tried enough, or nothing more can be tried."""


class _Search:
    """The shortest so far, and what it takes to find a shorter one."""

    def __init__(self, found: Found, ready: Ready, *, freely: bool) -> None:
        self.best = found
        self.ended: Ended | None = None
        """How the target ended meanwhile, if it did."""
        self._ready = ready
        self._freely = freely
        self._tries = 0

    def improve_in_every_way(self) -> bool:
        """Whether one of them led to a shorter one."""
        before = self.best
        for way in WAYS:
            self._improve(way)
        return self.best is not before

    def _improve(self, way: Callable[[Sketch], Iterator[Sketch]]) -> None:
        """Take what goes wrong as well, until that way leads no further."""
        while any(map(self._is_as_wrong, way(_sketch(self.best)))):
            pass

    def _is_as_wrong(self, sketch: Sketch) -> bool:
        self._tries += 1
        if self._tries > MOST_TRIES:
            raise _OverError
        found = self._walked(sketch)
        if found is None or not _is_as_grave(found, self.best):
            return False
        self.best = found
        return True

    def _walked(self, sketch: Sketch) -> Found | None:
        token = f"s{self._tries:x}"
        walker = Walker(self._ready, token, sketch.casting, freely=self._freely)
        try:
            walker.open()
            for place, name in enumerate(sketch.moves):
                move = _chosen(walker, place, name, sketch.plainer)
                if move is None:
                    break
                walker.make(move)
        except Found as found:
            return found
        except Ended as ended:
            self.ended = ended
            raise _OverError from ended
        except LostError as error:
            raise _OverError from error
        finally:
            with suppress(Ended, LostError):
                walker.close()
        return None


def _is_as_grave(found: Found, before: Found) -> bool:
    """Whether it is the same thing, whatever that leans on, or one that is demanded.

    So of several liberties that were taken only those are left that it takes.
    """
    if found.required is not before.required:
        return found.required
    same = found.check.clause == before.check.clause
    return same or (not found.required and found.breaks == before.breaks)


def _sketch(found: Found) -> Sketch:
    names = tuple(move.name for move in found.story.moves)
    return Sketch(casting=found.story.casting, moves=names)


def _chosen(
    walker: Walker, place: int, name: str, plainer: tuple[int, int] | None
) -> Move | None:
    """The move of that name, or a plainer one; None where it cannot be made."""
    options = walker.offered(name)
    if not options or plainer is None or plainer[0] != place:
        return options[-1] if options else None
    plain = [move for move in options[:-1] if len(move.name) <= len(name)]
    plain.sort(key=lambda move: len(move.name))
    return plain[plainer[1]] if plainer[1] < len(plain) else None


# Ways to a shorter one.


def _without_some(sketch: Sketch) -> Iterator[Sketch]:
    """Half of the moves left out, then fewer at a time; the last is what goes wrong."""
    moves = sketch.moves
    size = len(moves) - 1
    while size > 0:
        for start in range(0, len(moves) - 1, size):
            end = min(start + size, len(moves) - 1)
            yield replace(sketch, moves=moves[:start] + moves[end:])
        size //= 2


INVITES = re.compile(r"(\w+) invites (\w+)")


def _with_the_time_of_others(sketch: Sketch) -> Iterator[Sketch]:
    """An invitation that is there for its time alone left out with all about it."""
    pairs = [found.groups() for found in map(INVITES.match, sketch.moves) if found]
    for one, other in permutations(dict.fromkeys(pairs), 2):
        said, instead = (f"since {a} invited {b}" for a, b in (one, other))
        moves = tuple(
            move.replace(said, instead)
            for move in sketch.moves
            if said in move or not set(one) <= set(re.findall(r"\w+", move))
        )
        if len(moves) < len(sketch.moves):
            yield replace(sketch, moves=moves)


def _with_plainer_people(sketch: Sketch) -> Iterator[Sketch]:
    for casting in sketch.casting.plainer():
        yield replace(sketch, casting=casting)


def _with_a_plainer_move(sketch: Sketch) -> Iterator[Sketch]:
    for place in range(len(sketch.moves)):
        for which in range(MOST_PLAINER):
            yield replace(sketch, plainer=(place, which))


def _with_the_usual_profiles(sketch: Sketch) -> Iterator[Sketch]:
    """Nobody's own ones; the moves name others of those that every client has."""
    usual = sketch.casting.with_usual_profiles()
    if usual != sketch.casting:
        moves = tuple(_changed(move, USUAL) for move in sketch.moves)
        yield replace(sketch, casting=usual, moves=moves)


def _with_others(sketch: Sketch) -> Iterator[Sketch]:
    """Two people in each other's place, where the first are named first then."""
    for one, other in combinations(KNOWN, 2):
        names = {
            **dict(zip(_names(one), _names(other), strict=True)),
            **dict(zip(_names(other), _names(one), strict=True)),
        }
        moves = tuple(_changed(move, names) for move in sketch.moves)
        casting = sketch.casting.swapped(one, other)
        swapped = replace(sketch, casting=casting, moves=moves)
        if _order(swapped) < _order(sketch):
            yield swapped


def _names(name: str) -> tuple[str, ...]:
    return (name, name.lower(), id_of(name))


def _order(sketch: Sketch) -> tuple[tuple[str, ...], ...]:
    return sketch.moves, tuple(sketch.casting.parts)


def _changed(text: str, words: Mapping[str, str]) -> str:
    return re.sub("|".join(words), lambda found: words[found[0]], text)


WAYS = (
    _without_some,
    _with_the_time_of_others,
    _with_plainer_people,
    _with_the_usual_profiles,
    _with_a_plainer_move,
    _with_others,
)
