"""One walk: its seed and its number draw who takes part, and every move.

Only `random.Random.random` is drawn from, after a seed that is a text: of that alone
Python promises that it stays the same from version to version. Each walk has its own
generator, so that none depends on how many walks were asked for, or on what the others
have drawn.
"""

import random
from collections.abc import Generator
from contextlib import contextmanager, suppress

from invitelab.adapters.messages import Capability
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.executor import (
    DRAWN_BELOW,
    Ended,
    Found,
    Walker,
)
from invitelab.conformance.random_walks.participants import (
    CASTS,
    NEW,
    VERSIONS,
    Part,
    cast,
)
from invitelab.errors import LostError

MOST_PEOPLE = max(map(len, CASTS))

MOVES = {False: 27, True: 31}
"""Moves in one walk; by whether it goes freely."""


class Draws:
    """The numbers of one walk: a function of the seed and of the walk's number."""

    def __init__(self, seed: int, number: int) -> None:
        self._random = random.Random()  # noqa: S311 - to be found again, not secret
        self._random.seed(f"{seed}:{number}", version=2)

    def below(self, bound: int) -> int:
        """A number from zero up to, and not including, the bound; all alike."""
        return int(self._random.random() * bound)


def goes_freely(number: int) -> bool:
    """Whether the walk of that number, from zero, goes where the page is silent too.

    Every other one does: the first of many walks are all of fewer.
    """
    return number % 2 == 1


class DrawnWalk:
    """A walk on this target. Everybody's part is drawn first, then move by move."""

    def __init__(self, ready: Ready, *, seed: int, number: int) -> None:
        self.freely = goes_freely(number)
        self.found: Found | None = None
        """What went wrong: the first, or else what the page demands."""
        self._ready = ready
        self._number = number
        self._scenarios = 0
        """How many scenarios it has taken: a walk that is over sets out once more."""
        self._draws = draws = Draws(seed, number)
        self._company = draws.below(len(CASTS))
        self._parts = tuple(self._part() for _ in range(MOST_PEOPLE))
        self._walker = self._new_walker()

    def make(self) -> None:
        """Make the moves, until something goes wrong that the page demands.

        What only deviates ends no walk: something that is demanded may follow. Ended
        when the target ends; LostError when another scenario has ended it.
        """
        try:
            with self._noted():
                self._walker.open()
            for _ in range(MOVES[self.freely]):
                if self.found is not None and self.found.required:
                    return
                with self._noted():
                    self._move()
        finally:
            with suppress(Ended, LostError):  # what has died needs no closing
                self._walker.close()

    def _part(self) -> Part:
        """Of too old a client the page says it all: whoever goes freely has none."""
        below = self._draws.below
        return Part(
            version=below(len(NEW if self.freely else VERSIONS)),
            shape=below(64),
            contacts=below(16),
            extras=below(16),
        )

    def _new_walker(self) -> Walker:
        """A scenario of its own, with everybody as they were cast."""
        self._scenarios += 1
        declared = set(self._ready.answer.capabilities)
        casting = cast(
            self._company,
            self._parts,
            locks=Capability.SESSION_PERMISSIONS in declared,
            tiles=Capability.TILES in declared,
        )
        token = f"w{self._number:x}-{self._scenarios:x}"
        return Walker(self._ready, token, casting, freely=self.freely)

    def _move(self) -> None:
        """Somebody does something, or time passes.

        Two numbers are drawn whatever can be done: so all moves have their own.
        """
        kind, which = (self._draws.below(DRAWN_BELOW) for _ in range(2))
        if self._walker.is_over:
            self._walker.close()
            self._walker = self._new_walker()
            self._walker.open()
        move = self._walker.choose(kind, which)
        if move is not None:
            self._walker.make(move)

    @contextmanager
    def _noted(self) -> Generator[None]:
        """Keep what is found."""
        try:
            yield
        except Found as found:
            if self.found is None or found.required:
                self.found = found
