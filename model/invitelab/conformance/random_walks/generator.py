"""Generator of one walk: the seed and its number determine participants and moves."""

from collections.abc import Generator
from contextlib import contextmanager, suppress

from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.drawing import Draws, draw
from invitelab.conformance.random_walks.executor import WalkExecutor, declared
from invitelab.conformance.random_walks.findings import Finding, TargetEnded
from invitelab.conformance.random_walks.moves.kinds import DRAWN_BELOW
from invitelab.conformance.random_walks.reached import Reaching
from invitelab.conformance.random_walks.stories import Story, story_of
from invitelab.errors import LostError

MOVES = {False: 25, True: 29}
"""Number of moves in a walk, by whether it includes interpretations."""


MOST_IN_REAL_TIME = 10
"""Moves of a walk in real time: each takes about as long as the target settles."""


def uses_interpretations(number: int) -> bool:
    """Whether the walk of that number, from 0, includes moves on interpretations.

    Every second walk does: so the first walks are the same for any number of walks.
    """
    return number % 2 == 1


class DrawnWalk:
    """A walk on this target: participants are drawn first, then move by move."""

    def __init__(
        self, ready: Ready, *, seed: int, number: int, reaching: Reaching | None = None
    ) -> None:
        self.with_interpretations = uses_interpretations(number)
        self.finding: Finding | None = None
        """The first failure; a required-clause failure replaces a deviation."""
        self.story: Story | None = None
        """The longest scenario of the walk that had no finding and has ended."""
        self._ready = ready
        self._number = number
        count = MOVES[self.with_interpretations]
        real = ready.clock_driver.terms.kind is ClockKind.REAL
        self._count = min(count, MOST_IN_REAL_TIME) if real else count
        self._scenarios = 0
        """Number of scenarios used: a walk that cannot continue starts a new one."""
        self._reaching = reaching or Reaching()
        self._draws = Draws(seed, number)
        drawn = draw(self._draws, with_interpretations=self.with_interpretations)
        self._participants = drawn.participants.supported(declared(ready.answer))
        self._salt = f"{self._draws.below(DRAWN_BELOW):x}"
        self._executor = self._new_executor()
        self._reaching.have(drawn.values)

    def make(self) -> None:
        """Make the moves, until a required clause is broken.

        A deviation does not end the walk: a required clause may be broken later. Raises
        TargetEnded when the target ends, and LostError when it ended before.
        """
        try:
            with self._findings_kept():
                self._executor.open()
            for _ in range(self._count):
                if self.finding is not None and self.finding.required:
                    return
                with self._findings_kept():
                    self._move()
            self._keep_story()
        finally:
            # A target that ended needs no closing.
            with suppress(TargetEnded, LostError):
                self._executor.close()

    def _new_executor(self) -> WalkExecutor:
        """Start a new scenario with the same participants."""
        self._scenarios += 1
        self._reaching.begin()
        token = f"w{self._number:x}-{self._scenarios:x}-{self._salt}"
        return WalkExecutor(
            self._ready,
            token,
            self._participants,
            with_interpretations=self.with_interpretations,
        )

    def _move(self) -> None:
        """Make one move, if any is possible.

        Two numbers are drawn in any case, so that every move has its own.
        """
        kind, which = (self._draws.below(DRAWN_BELOW) for _ in range(2))
        if self._executor.is_over:
            self._keep_story()
            self._executor.close()
            self._executor = self._new_executor()
            self._executor.open(menus=False)  # those of the same participants again
        drawn = self._executor.choose(kind, which)
        if drawn is not None:
            of_kind, move = drawn
            self._executor.make(move)
            self._reaching.make(of_kind, self._executor.state)

    def _keep_story(self) -> None:
        """Keep what happened in this scenario, if it is the most so far."""
        if not self._executor.has_finding:
            story = story_of(self._executor.history)
            if self.story is None or len(story.moves) > len(self.story.moves):
                self.story = story

    @contextmanager
    def _findings_kept(self) -> Generator[None]:
        """Keep a finding that is raised."""
        try:
            yield
        except Finding as finding:
            if self.finding is None or finding.required:
                self.finding = finding
