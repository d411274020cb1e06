"""One walk on one target: it makes moves, and looks at everybody after each of them."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from invitelab.adapters import messages as wire
from invitelab.adapters.driver import Lane
from invitelab.conformance.execute import definition_of
from invitelab.conformance.outcomes import Unmet
from invitelab.conformance.performance import Ready
from invitelab.conformance.stage import SetUp, Stage
from invitelab.conformance.trace import Trace
from invitelab.conformance.walks import casting, doings, moves
from invitelab.conformance.walks.looking import wrongs
from invitelab.conformance.walks.model import World
from invitelab.conformance.walks.moves import Check, Move, Table
from invitelab.conformance.walks.telling import Story
from invitelab.errors import CallError

Result = TypeVar("Result")

KINDS: Sequence[tuple[int, Callable[[Table], Iterator[Move]]]] = (
    (30, moves.invites),
    (24, moves.accepts),
    (14, moves.waits),
    (14, moves.changes),
    (10, moves.cancels),
    (10, moves.rejects),
    (12, moves.late_moves),
    (16, doings.switches),
    (3, moves.dismissals),
    (2, doings.edits),
    (2, doings.emails),
    (8, doings.connects),
    (1, doings.menus),
)
"""The kinds of moves, and how often each is made where all can be."""


class Found(Exception):  # noqa: N818 - a finding, not an error of ours
    """A Then did not hold."""

    def __init__(self, check: Check, message: str, story: Story) -> None:
        super().__init__(message)
        self.check = check
        self.message = message
        self.story = story


class Ended(BaseException):
    """The target has crashed, hung or talked nonsense: there is nothing to shrink.

    No Exception, so that Hypothesis lets it through.
    """

    def __init__(self, error: CallError, story: Story) -> None:
        super().__init__(str(error))
        self.error = error
        self.story = story


class Walker:
    """One walk on one target: it moves, and looks."""

    def __init__(self, ready: Ready, token: str, world: World) -> None:
        self.story = Story(tuple(casting.givens(world)))
        self.world = world
        capabilities = frozenset(ready.answer.capabilities)
        self.table = Table(world=world, capabilities=capabilities)
        lane = Lane(ready.driver)
        set_up = SetUp(
            lane=lane,
            target=ready.answer,
            terms=ready.keeper.terms,
            clock=ready.keeper.clock(lane, token),
        )
        self.stage = Stage(set_up, token, Trace())

    def open(self) -> None:
        """Everybody enters, sees nothing, and has their menu."""
        for line in self.story.parties:
            self._say(line.kind, line.text, line.table)
        self._called(self.stage.begin)
        for name in self.world.figures:
            self._look(name)
            self._look_at_menu(name)

    def choose(self, kind: int, which: int) -> Move | None:
        """The move that two small numbers mean now; None where nothing can be done."""
        possible = [
            (weight, of_kind)
            for weight, of_kind in KINDS
            if next(of_kind(self.table), None) is not None
        ]
        ticket = kind % max(1, sum(weight for weight, _ in possible))
        for weight, of_kind in possible:
            if ticket < weight:
                options = list(of_kind(self.table))
                return options[which % len(options)]
            ticket -= weight
        return None

    def make(self, move: Move) -> None:
        """Make a move, then look at everybody."""
        self.story.moves.append(move)
        if move.menu_of is not None:
            self._look_at_menu(move.menu_of)
            return
        clause = move.checks[0].clause if move.checks else "EXPIRY-1"
        for text in move.lines:
            self._hold("when", Check(clause=clause, text=text))
        self.world.now_ms = self.stage.now_ms
        for check in move.checks:
            self._hold("then", check)
        outcome = self.stage.outcome
        move.effect(outcome is not None and outcome.refused is None)
        for name in self.world.figures:
            self._look(name)

    def close(self) -> None:
        """Close the scenario."""
        self._called(self.stage.end)

    def _look(self, name: str) -> None:
        view = self._called(lambda: self.stage.view(self.stage.person(name)))
        ids = [sent.id for sent in self.stage.sent]
        for check in wrongs(self.table, name, view, ids):
            self._hold("then", check)

    def _look_at_menu(self, name: str) -> None:
        if not self.table.has(wire.Capability.MENU):
            return
        try:
            menu = self._called(lambda: self.stage.menu(self.stage.person(name)))
        except Unmet:
            menu = wire.Menu(entries=())
        entries = {(row.entry, row.contact) for row in menu.entries}
        figure = self.world.figures[name]
        for check in doings.wrong_offers(self.table, figure, entries):
            self._hold("then", check)

    def _hold(self, kind: str, check: Check) -> None:
        """Say it; Found when it does not hold."""
        try:
            self._say(kind, check.text)
        except Unmet as unmet:
            raise Found(check, str(unmet), self.story) from unmet

    def _say(self, kind: str, text: str, table: casting.Cells = ()) -> None:
        """One step, as a scenario would make it."""
        definition = definition_of(kind, text)
        arguments: dict[str, object] = dict(
            definition.parser.parse_arguments(text) or {}
        )
        if table:
            arguments["datatable"] = [list(row) for row in table]
        self._called(lambda: definition.step_func(stage=self.stage, **arguments))

    def _called(self, work: Callable[[], Result]) -> Result:
        """Whatever ends the target ends the walk."""
        try:
            return work()
        except CallError as error:
            raise Ended(error, self.story) from error
