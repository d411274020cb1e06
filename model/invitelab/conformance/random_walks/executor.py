"""One walk on one target: it makes moves, and looks at everybody after each of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from invitelab.adapters import messages as wire
from invitelab.adapters.driver import ScenarioSession
from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import SetUp
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.execution.step_runner import definition_of
from invitelab.conformance.features.clauses import level_of
from invitelab.conformance.random_walks.gherkin_writer import Story
from invitelab.conformance.random_walks.model import Invited
from invitelab.conformance.random_walks.moves import (
    interpretations,
    invitations,
    presence,
    sessions,
)
from invitelab.conformance.random_walks.moves.invitations import Check, Move, Table
from invitelab.conformance.random_walks.observation_log import ObservedScenarioContext
from invitelab.conformance.random_walks.oracle import wrongs
from invitelab.conformance.random_walks.participants import Cells, Participants, id_of
from invitelab.errors import CallError
from invitelab.formats.run import Level

Result = TypeVar("Result")

KINDS: Sequence[tuple[int, Callable[[Table], Iterator[Move]]]] = (
    (30, invitations.invites),
    (12, invitations.tile_invites),
    (24, invitations.accepts),
    (50, invitations.last_moves),
    (20, invitations.waits),
    (18, invitations.changes),
    (10, invitations.cancels),
    (10, invitations.rejects),
    (12, invitations.late_moves),
    (16, sessions.switches),
    (3, invitations.dismissals),
    (2, sessions.edits),
    (2, sessions.emails),
    (8, sessions.connects),
    (5, sessions.menus),
)
"""The kinds of moves, and how often each is made where all can be."""

DRAWN_BELOW = 4096
"""The two numbers that choose a move are less than this."""

FREELY: Sequence[tuple[int, Callable[[Table], Iterator[Move]]]] = (
    (24, invitations.invites),
    (28, interpretations.more_invites),
    (16, invitations.accepts),
    (20, invitations.waits),
    (10, invitations.changes),
    (10, invitations.cancels),
    (8, invitations.rejects),
    (4, invitations.late_moves),
    (12, sessions.switches),
    (4, sessions.edits),
    (12, interpretations.meddling),
    (28, interpretations.odd_addresses),
    (16, interpretations.odd_ways),
    (12, interpretations.odd_changes),
    (16, interpretations.more_accepts),
    (16, interpretations.near_waits),
    (10, interpretations.closings),
    (8, presence.leavings),
    (16, presence.returns),
    (16, presence.absent_invites),
)
"""The same for whoever walks where the page is silent, too."""


SEEN_ONCE = "it was not so, and a moment later it was"
"""Of what a second look does not show: between the two nothing has happened."""

PATIENCE = 6
"""Moves until a walk is left in which nobody can invite anybody any more."""


class Found(Exception):  # noqa: N818 - a finding, not an error of ours
    """Something that the model expects did not hold, or could not be done."""

    def __init__(
        self, check: Check, message: str, story: Story, leant_on: str | None
    ) -> None:
        super().__init__(message)
        self.breaks = check.clause
        """The clause that is broken, if nothing is read otherwise."""
        if leant_on is not None and level_of((check.clause,)) is Level.REQUIRED:
            check = replace(check, clause=leant_on)
        self.check = check
        self.message = message
        self.story = story
        self.ended: Ended | None = None
        """How the target has ended while this was made shorter, if it has."""

    @property
    def required(self) -> bool:
        """Whether the page demands what did not hold, however it is read."""
        return level_of((self.check.clause,)) is Level.REQUIRED


class Ended(Exception):  # noqa: N818 - the end of a walk, not an error of ours
    """The target has crashed, hung or talked nonsense: there is nothing to shrink."""

    def __init__(self, error: CallError, story: Story) -> None:
        super().__init__(str(error))
        self.error = error
        self.story = story


class Walker:
    """One walk on one target: it moves, and looks."""

    def __init__(
        self, ready: Ready, token: str, casting: Participants, *, freely: bool
    ) -> None:
        self._kinds = FREELY if freely else KINDS
        self._silent: str | None = None
        """The clause that names our reading, once something leans on one."""
        self._idle = 0
        """Moves since anything could be invited, or was."""
        self._spoilt = False
        """Whether something was found."""
        self.story = Story(casting)
        self.world = world = casting.world()
        capabilities = frozenset(ready.answer.capabilities)
        self.table = Table(world=world, capabilities=capabilities)
        self._lane = lane = ScenarioSession(ready.driver)
        self._move_s = ready.driver.limits.call_s
        """What every move adds to the time of a scenario: walks are longer than any."""
        set_up = SetUp(
            lane=lane,
            target=ready.answer,
            terms=ready.keeper.terms,
            clock=ready.keeper.clock(lane, token),
        )
        self.stage = ObservedScenarioContext(set_up, token, Trace(silent=True))

    def open(self) -> None:
        """Everybody enters, sees nothing, and has their menu."""
        for line in self.story.parties:
            self._say(line.kind, line.text, line.table)
        self._called(self.stage.begin)
        for name in self.world.figures:
            self._look(name)
            self._look_at_menu(name)

    @property
    def is_over(self) -> bool:
        """Whether something went wrong, or nothing can follow that is not known."""
        return self._spoilt or self.world.over or self._idle >= PATIENCE

    def choose(self, kind: int, which: int) -> Move | None:
        """The move that two numbers mean now; None where nothing can be done."""
        if self.world.over:
            return None
        possible = [
            (weight, of_kind)
            for weight, of_kind in self._kinds
            if next(of_kind(self.table), None) is not None
        ]
        ticket = kind * sum(weight for weight, _ in possible) // DRAWN_BELOW
        for weight, of_kind in possible:
            if ticket < weight:
                options = list(of_kind(self.table))
                return options[which % len(options)]
            ticket -= weight
        return None

    def offered(self, name: str) -> list[Move]:
        """The kind of moves that has one of that name now, up to that one.

        Empty where no such move can be made.
        """
        if self.world.over:
            return []
        for _, of_kind in self._kinds:
            options = list(of_kind(self.table))
            names = [move.name for move in options]
            if name in names:
                return options[: names.index(name) + 1]
        return []

    def make(self, move: Move) -> None:
        """Make a move, then look at everybody."""
        self.story.moves.append(move)
        self._lane.extend(self._move_s)
        alive = invitations.pending(self.world) or len(self.world.able()) > 1
        self._idle = 0 if alive else self._idle + 1
        if move.menu_of is not None:
            self._look_at_menu(move.menu_of)
            return
        leant_on = self._silent
        self._silent = move.liberty or leant_on
        self.stage.outcome = None
        for place, text in enumerate(move.lines):
            self.story.stuck_at = place
            self._hold(Check(clause=move.clause, text=text), kind="when")
        self.story.stuck_at = None
        self.stage.first.clear()
        self.world.now_ms = self.stage.now_ms
        for check in move.checks:
            self._hold(check)
        succeeded = self._succeeded()
        move.effect(succeeded)
        for sent in move.settles:
            self._settle(sent)
        for name in self.world.online():
            self._look(name)
        if not succeeded:
            self._silent = leant_on  # nothing has changed

    def close(self) -> None:
        """Close the scenario."""
        self._called(self.stage.end)

    def _settle(self, sent: Invited) -> None:
        """Its inviter's list says whether it is pending, its recipient what is seen."""
        names = (sent.inviter, sent.recipient)
        if not set(names) <= set(self.world.online()):
            return
        lists, sees = (self._view(name) for name in names)
        id_ = self.stage.sent[sent.number].id
        listed = ((row.invitation, row.state) for row in lists.invitations)
        senders = {row.from_.id.replace(" ", "") for row in sees.notifications}
        shown = id_of(sent.inviter) in senders
        self.world.settle(sent, pending=(id_, "pending") in listed, shown=shown)

    def _succeeded(self) -> bool:
        """Whether the move has tried something, and was not refused."""
        outcome = self.stage.outcome
        return outcome is not None and outcome.refused is None

    def _view(self, name: str) -> wire.View:
        self.story.under_way = f"{name} sees no session request"  # it looks, in words
        view = self._called(lambda: self.stage.view(self.stage.person(name)))
        self.story.under_way = None
        return view

    def _look(self, name: str) -> None:
        ids = [sent.id for sent in self.stage.sent]
        first = self.stage.first.get(name)  # a Then may have looked before
        for view in (self._view(name), *([first] if first is not None else [])):
            for check in wrongs(self.table, name, view, ids):
                self._show(check)

    def _look_at_menu(self, name: str) -> None:
        if not self.table.has(wire.Capability.MENU):
            return
        self.story.under_way = f"{name} is offered no entry point"  # looks, in words
        try:
            menu = self._called(lambda: self.stage.menu(self.stage.person(name)))
        except ExpectationFailed:
            menu = wire.Menu(entries=())
        self.story.under_way = None
        entries = {(row.entry, row.contact) for row in menu.entries}
        figure = self.world.figures[name]
        for check in sessions.wrong_offers(self.table, figure, entries):
            self._show(check)

    def _show(self, check: Check) -> None:
        """It does not hold: say so as a scenario would, which looks once more."""
        self._hold(check)
        raise self._found(check, f"{SEEN_ONCE}: {check.text}")

    def _hold(self, check: Check, *, kind: str = "then") -> None:
        """Say it; Found when it does not hold, or cannot be done."""
        self.story.under_way = check.text if kind == "then" else None
        try:
            self._say(kind, check.text)
            self.story.under_way = None
        except ExpectationFailed as unmet:
            raise self._found(check, str(unmet)) from unmet

    def _found(self, check: Check, message: str) -> Found:
        self._spoilt = True
        return Found(check, message, self.story, self._silent or self._near())

    def _near(self) -> str | None:
        """The clause about the tick, when a deadline is too near for any other."""
        return None if self.world.clear(self.stage.now_ms) else interpretations.THE_TICK

    def _say(self, kind: str, text: str, table: Cells = ()) -> None:
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
