"""Shrinking: from a walk with a finding to the shortest walk with the same finding.

The drawn numbers are not shrunk: what a number means depends on everything before it.
Instead whole moves are removed or simplified, participants are removed or simplified,
and the model decides whether the remaining moves are possible. The reductions are tried
in turn until none of them helps, as in delta debugging (Zeller and Hildebrandt,
"Simplifying and Isolating Failure-Inducing Input", 2002).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations, permutations

from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.executor import WalkExecutor
from invitelab.conformance.random_walks.findings import Finding, TargetEnded
from invitelab.conformance.random_walks.moves.base import Move
from invitelab.conformance.random_walks.participants import (
    PLAIN_NAMES,
    Participants,
)
from invitelab.conformance.random_walks.replacing import (
    built_in_for,
    quoted,
    replaced,
)
from invitelab.errors import LostError

MOST_TRIES = 600
"""Maximum number of walks to shrink one finding."""

MOST_SIMPLER = 12
"""Maximum number of simpler moves that are tried in place of one."""

NAMES = ("Ada", "Bob", "Cid", "Dora", "Eve")
"""Names of participants; the first ones are preferred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A walk to try: its participants, and the names of its moves."""

    participants: Participants
    moves: tuple[str, ...]
    simpler: tuple[int, int] | None = None
    """Index of the move to simplify, and index of the simpler move."""


def shrunk(finding: Finding, ready: Ready, *, with_interpretations: bool) -> Finding:
    """Shrink a finding; a finding about a required clause may replace it."""
    search = _Shrinker(finding, ready, with_interpretations=with_interpretations)
    with suppress(_StopShrinkingError):
        while search.apply_all():
            pass
    search.best.ended = search.ended
    return search.best


class _StopShrinkingError(Exception):
    """The limit of walks is reached, or the target has ended."""


class _Shrinker:
    """The shortest finding so far, and the search for a shorter one."""

    def __init__(
        self, finding: Finding, ready: Ready, *, with_interpretations: bool
    ) -> None:
        self.best = finding
        self.ended: TargetEnded | None = None
        """How the target ended during the search; None: it did not."""
        self._ready = ready
        self._with_interpretations = with_interpretations
        self._tries = 0

    def apply_all(self) -> bool:
        """Apply all reductions; whether one of them made the finding shorter."""
        before = self.best
        for reduction in REDUCTIONS:
            self._apply(reduction)
        return self.best is not before

    def _apply(self, reduction: Callable[[Candidate], Iterator[Candidate]]) -> None:
        """Apply a reduction until it helps no more."""
        while any(map(self._fails_likewise, reduction(_candidate(self.best)))):
            pass

    def _fails_likewise(self, candidate: Candidate) -> bool:
        self._tries += 1
        if self._tries > MOST_TRIES:
            raise _StopShrinkingError
        finding = self._replay(candidate)
        simpler = candidate.simpler is not None
        if finding is None or not _is_as_severe(finding, self.best, simpler=simpler):
            return False
        self.best = finding
        return True

    def _replay(self, candidate: Candidate) -> Finding | None:
        token = f"s{self._tries:x}"
        executor = WalkExecutor(
            self._ready,
            token,
            candidate.participants,
            with_interpretations=self._with_interpretations,
        )
        try:
            executor.open()
            for place, name in enumerate(candidate.moves):
                move = _choose(executor, place, name, candidate.simpler)
                if move is None:
                    break
                executor.make(move)
        except Finding as finding:
            return finding
        except TargetEnded as ended:
            self.ended = ended
            raise _StopShrinkingError from ended
        except LostError as error:
            raise _StopShrinkingError from error
        finally:
            with suppress(TargetEnded, LostError):
                executor.close()
        return None


def _is_as_severe(finding: Finding, before: Finding, *, simpler: bool) -> bool:
    """Whether it is the same finding, or one about a required clause.

    The same check may depend on another interpretation: so only those interpretations
    are left that the finding depends on. With a simpler move the same check may be
    about another clause, which is then the one that says what is wrong: nobody can be
    invited, rather than nobody by alias.
    """
    if finding.required is not before.required:
        return finding.required
    if simpler and finding.check.text == before.check.text:
        return len(finding.history.moves) == len(before.history.moves)
    same = finding.check.clause == before.check.clause
    return same or (not finding.required and finding.own_clause == before.own_clause)


def _candidate(finding: Finding) -> Candidate:
    names = tuple(move.name for move in finding.history.moves)
    return Candidate(participants=finding.history.participants, moves=names)


def _choose(
    executor: WalkExecutor, place: int, name: str, simpler: tuple[int, int] | None
) -> Move | None:
    """The move of that name, or a simpler one; None if it is not possible."""
    options = executor.offered(name)
    if not options or simpler is None or simpler[0] != place:
        return options[-1] if options else None
    by_name = {move.name: move for move in options[:-1]}
    simple = [move for move in by_name.values() if len(move.name) <= len(name)]
    simple.sort(key=lambda move: len(move.name))
    return simple[simpler[1]] if simpler[1] < len(simple) else None


# Reductions.


def _with_fewer_moves(candidate: Candidate) -> Iterator[Candidate]:
    """Remove half of the moves, then fewer at a time, but never the last one.

    Two at a time, and three, are removed anywhere: an invitation, what became of it,
    and a wait since then.
    """
    moves = candidate.moves
    for size in _sizes(len(moves) - 1):
        step = size if size > FEW else 1
        for start in range(0, len(moves) - size, step):
            yield replace(candidate, moves=moves[:start] + moves[start + size :])


FEW = 3


def _sizes(whole: int) -> Iterator[int]:
    """How many of so many moves to remove at once."""
    size = whole
    while size > FEW:
        yield size
        size //= 2
    yield from range(min(whole, FEW), 0, -1)


INVITES = re.compile(r"(\w+) invites (\w+)")


def _without_invites_for_timing(candidate: Candidate) -> Iterator[Candidate]:
    """Remove an invitation that only serves as a point in time, with its moves."""
    pairs = [match.groups() for match in map(INVITES.match, candidate.moves) if match]
    for one, other in permutations(dict.fromkeys(pairs), 2):
        said, instead = (f"since {a} invited {b}" for a, b in (one, other))
        moves = tuple(
            move.replace(said, instead)
            for move in candidate.moves
            if said in move or not set(one) <= set(re.findall(r"\w+", move))
        )
        if len(moves) < len(candidate.moves):
            yield replace(candidate, moves=moves)


def _with_simpler_participants(candidate: Candidate) -> Iterator[Candidate]:
    for participants in candidate.participants.simpler():
        yield replace(candidate, participants=participants)


def _with_a_simpler_move(candidate: Candidate) -> Iterator[Candidate]:
    for place in range(len(candidate.moves)):
        for which in range(MOST_SIMPLER):
            yield replace(candidate, simpler=(place, which))


def _with_built_in_profiles(candidate: Candidate) -> Iterator[Candidate]:
    """Use the built-in profiles, also in the moves."""
    instead = built_in_for(candidate.participants.profile_names)
    participants = candidate.participants.with_profiles(None)
    yield from _with_other_profiles(candidate, participants, instead)


def _with_plain_profile_names(candidate: Candidate) -> Iterator[Candidate]:
    """Give custom profiles names like any other, also in the moves."""
    names = candidate.participants.profile_names
    instead = dict(zip(names, PLAIN_NAMES, strict=False))
    participants = candidate.participants.with_profiles(instead)
    yield from _with_other_profiles(candidate, participants, instead)


def _with_other_profiles(
    candidate: Candidate, participants: Participants, instead: Mapping[str, str]
) -> Iterator[Candidate]:
    if participants != candidate.participants:
        moves = tuple(replaced(move, quoted(instead)) for move in candidate.moves)
        yield replace(candidate, participants=participants, moves=moves)


def _with_swapped_names(candidate: Candidate) -> Iterator[Candidate]:
    """Swap two participants, if that sorts before the current walk."""
    for one, other in combinations(NAMES, 2):
        names = {one: other, other: one}
        moves = tuple(replaced(move, names) for move in candidate.moves)
        participants = candidate.participants.renamed(names)
        swapped = replace(candidate, participants=participants, moves=moves)
        if _sort_key(swapped) < _sort_key(candidate):
            yield swapped


def _sort_key(candidate: Candidate) -> tuple[tuple[str, ...], ...]:
    return candidate.moves, tuple(candidate.participants.specs)


REDUCTIONS = (
    _with_fewer_moves,
    _without_invites_for_timing,
    _with_simpler_participants,
    _with_built_in_profiles,
    _with_plain_profile_names,
    _with_a_simpler_move,
    _with_swapped_names,
)
