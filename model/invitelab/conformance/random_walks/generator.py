"""Generator of one walk: the seed and its number determine participants and moves.

Numbers are drawn with `random.Random.random` only, after seeding with a text: for that
alone Python guarantees the same sequence in every version. Each walk has a generator of
its own, so that it depends neither on the number of walks nor on the other walks.
"""

import random
from collections.abc import Generator
from contextlib import contextmanager, suppress

from invitelab.adapters.handshake import Capability
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.executor import (
    DRAWN_BELOW,
    Finding,
    TargetEnded,
    WalkExecutor,
)
from invitelab.conformance.random_walks.participants import (
    GROUPS,
    NEW,
    VERSIONS,
    ParticipantSpec,
    choose_participants,
)
from invitelab.errors import LostError

MOST_PARTICIPANTS = max(map(len, GROUPS))

MOVES = {False: 27, True: 31}
"""Number of moves in a walk, by whether it includes interpretations."""


class Draws:
    """Random numbers of one walk: a function of the seed and the number of the walk."""

    def __init__(self, seed: int, number: int) -> None:
        self._random = random.Random()  # noqa: S311 - reproducible, not secret
        self._random.seed(f"{seed}:{number}", version=2)

    def below(self, bound: int) -> int:
        """Draw a number from 0 to `bound` - 1, uniformly."""
        return int(self._random.random() * bound)


def uses_interpretations(number: int) -> bool:
    """Whether the walk of that number, from 0, includes moves on interpretations.

    Every second walk does: so the first walks are the same for any number of walks.
    """
    return number % 2 == 1


class DrawnWalk:
    """A walk on this target: participants are drawn first, then move by move."""

    def __init__(self, ready: Ready, *, seed: int, number: int) -> None:
        self.with_interpretations = uses_interpretations(number)
        self.finding: Finding | None = None
        """The first failure; a required-clause failure replaces a deviation."""
        self._ready = ready
        self._number = number
        self._scenarios = 0
        """Number of scenarios used: a walk that cannot continue starts a new one."""
        self._draws = draws = Draws(seed, number)
        self._group = draws.below(len(GROUPS))
        self._specs = tuple(self._draw_spec() for _ in range(MOST_PARTICIPANTS))
        self._executor = self._new_executor()

    def make(self) -> None:
        """Make the moves, until a required clause is broken.

        A deviation does not end the walk: a required clause may be broken later. Raises
        TargetEnded when the target ends, and LostError when it ended before.
        """
        try:
            with self._findings_kept():
                self._executor.open()
            for _ in range(MOVES[self.with_interpretations]):
                if self.finding is not None and self.finding.required:
                    return
                with self._findings_kept():
                    self._move()
        finally:
            # A target that ended needs no closing.
            with suppress(TargetEnded, LostError):
                self._executor.close()

    def _draw_spec(self) -> ParticipantSpec:
        """Draw a participant; with interpretations no client is too old."""
        below = self._draws.below
        return ParticipantSpec(
            version=below(len(NEW if self.with_interpretations else VERSIONS)),
            shape=below(64),
            contacts=below(16),
            extras=below(16),
        )

    def _new_executor(self) -> WalkExecutor:
        """Start a new scenario with the same participants."""
        self._scenarios += 1
        declared = set(self._ready.answer.capabilities)
        participants = choose_participants(
            self._group,
            self._specs,
            locks=Capability.SESSION_PERMISSIONS in declared,
            tiles=Capability.TILES in declared,
        )
        token = f"w{self._number:x}-{self._scenarios:x}"
        return WalkExecutor(
            self._ready,
            token,
            participants,
            with_interpretations=self.with_interpretations,
        )

    def _move(self) -> None:
        """Make one move, if any is possible.

        Two numbers are drawn in any case, so that every move has its own.
        """
        kind, which = (self._draws.below(DRAWN_BELOW) for _ in range(2))
        if self._executor.is_over:
            self._executor.close()
            self._executor = self._new_executor()
            self._executor.open()
        move = self._executor.choose(kind, which)
        if move is not None:
            self._executor.make(move)

    @contextmanager
    def _findings_kept(self) -> Generator[None]:
        """Keep a finding that is raised."""
        try:
            yield
        except Finding as finding:
            if self.finding is None or finding.required:
                self.finding = finding
