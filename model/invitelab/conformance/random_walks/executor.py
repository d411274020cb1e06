"""Executor of one walk: makes the moves, and checks every view after each of them."""

from collections.abc import Callable
from typing import TypeVar

from invitelab.adapters import handshake
from invitelab.adapters import messages as wire
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.conformance.execution.outcomes import ExpectationFailed, Inconclusive
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.findings import Finding, TargetEnded
from invitelab.conformance.random_walks.gherkin_writer import WalkHistory
from invitelab.conformance.random_walks.model_values import Invited
from invitelab.conformance.random_walks.moves import invitations, sessions
from invitelab.conformance.random_walks.moves.base import Check, Kind, Move, MoveContext
from invitelab.conformance.random_walks.moves.kinds import (
    KINDS,
    KINDS_WITH_INTERPRETATIONS,
    KindTable,
    without_waits,
)
from invitelab.conformance.random_walks.moves.waits import EXPIRY_INSTANT, waits
from invitelab.conformance.random_walks.observation_log import ObservedScenarioContext
from invitelab.conformance.random_walks.oracle import Oracle
from invitelab.conformance.random_walks.participants import Cells, Participants, givens
from invitelab.conformance.random_walks.steps import run_step
from invitelab.errors import CallError

Result = TypeVar("Result")

TABLES = {False: KindTable(KINDS), True: KindTable(KINDS_WITH_INTERPRETATIONS)}
"""The kinds of moves, by whether a walk includes interpretations."""

TABLES_IN_REAL_TIME = {
    False: KindTable(without_waits(KINDS)),
    True: KindTable(without_waits(KINDS_WITH_INTERPRETATIONS)),
}
"""The same without waits."""

WAITS = KindTable(((1, waits),))
"""The only moves near a deadline, if the target is not judged to the millisecond."""

SEEN_ONCE = "did not hold at first, but held when it was checked again"
"""Message of a violation that the second check does not show: nothing lies between."""

MOST_STALLED_MOVES = 6
"""Number of moves without any possible invitation after which a walk starts again."""


def declared(answer: handshake.Initialized) -> frozenset[handshake.Capability]:
    """The capabilities that a target has not declined."""
    declined = {entry.capability for entry in answer.declines}
    return frozenset(handshake.Capability) - declined


class WalkExecutor:
    """Executor of one walk on one target."""

    def __init__(
        self,
        ready: Ready,
        token: str,
        participants: Participants,
        *,
        with_interpretations: bool,
    ) -> None:
        set_up = ready.set_up(token)
        self._waits = set_up.terms.kind is not ClockKind.REAL
        """Whether time may be let pass: with a real clock that would take long."""
        tables = TABLES if self._waits else TABLES_IN_REAL_TIME
        self._table = tables[with_interpretations]
        self._interpretation: str | None = None
        """The clause of the last interpretation that the walk depends on, if any."""
        self._stalled_moves = 0
        """Number of moves since an invitation was pending or could be sent."""
        self.has_finding = False
        """Whether a check did not hold."""
        self._move_s = ready.driver.limits.call_s
        """Seconds that every move adds to the limit of a scenario."""
        self.history = WalkHistory(participants)
        self._session = set_up.session
        self._settle_ms = set_up.terms.settle_ms
        self.context = ObservedScenarioContext(set_up, token, Trace(silent=True))
        for line in givens(participants):
            self._run_step(line.kind, line.text, line.table)
        self.state = participants.initial_state(self.context.people)
        self.move_context = MoveContext(
            state=self.state,
            capabilities=declared(ready.answer),
            blur_ms=0 if set_up.terms.exact else set_up.terms.blur_ms,
        )

    def open(self, *, menus: bool = True) -> None:
        """Begin the scenario, and check every view, and every menu if asked to."""
        self._call(self.context.begin)
        for name in self.state.participants:
            self._observe(name)
            if menus:
                self._observe_menu(name)

    @property
    def is_over(self) -> bool:
        """Whether there is a finding, or no further move could be judged."""
        return (
            self.has_finding
            or self.state.undetermined
            or self._stalled_moves >= MOST_STALLED_MOVES
        )

    def choose(self, kind: int, which: int) -> tuple[Kind, Move] | None:
        """The move that two numbers mean now, with its kind; None if none is possible.

        Where none is, the walk is over.
        """
        if not self._waits:
            self.state.now_ms = self.context.now_ms
            self.state.undetermined |= not self._is_clear()
        if self.state.undetermined:
            return None
        table = self._table if self._is_clear() else WAITS
        drawn = table.draw(self.move_context, kind, which)
        self.state.undetermined = drawn is None
        return drawn

    def offered(self, name: str) -> list[Move]:
        """The possible moves of its kind up to the move of that name.

        Empty if no such move is possible.
        """
        if self.state.undetermined:
            return []
        for options in self._table.possible(self.move_context):
            names = [move.name for move in options]
            if name in names:
                return options[: names.index(name) + 1]
        return []

    def called(self, name: str) -> Move | None:
        """The possible move of that name; None if walks of neither kind make it now."""
        if self.state.undetermined:
            return None
        for table in TABLES.values():
            for options in table.possible(self.move_context):
                for move in options:
                    if move.name == name:
                        return move
        return None

    def make(self, move: Move) -> None:
        """Make a move, then check every view; raises Finding or TargetEnded."""
        self.history.moves.append(move)
        self._session.extend(self._move_s)
        alive = invitations.pending(self.state) or len(self.state.available()) > 1
        self._stalled_moves = 0 if alive else self._stalled_moves + 1
        try:
            if move.menu_of is not None:
                self._observe_menu(move.menu_of)
            else:
                self._make(move)
        except Inconclusive:  # settling came too near to a deadline
            self.state.undetermined = True

    def _make(self, move: Move) -> None:
        interpretation = self._interpretation
        self._interpretation = move.interpretation or interpretation
        self.context.outcome = None
        for place, text in enumerate(move.lines):
            self.history.failed_line = place
            self._check(Check(clause=move.clause, text=text), kind="when")
        self.history.failed_line = None
        self.state.now_ms = self.context.now_ms
        self._let_settle()
        self.context.first.clear()
        for check in move.checks:
            self._check(check)
        succeeded = self._succeeded()
        move.effect(succeeded)
        self.state.now_ms = self.context.now_ms
        for sent in move.settles:
            self._settle(sent)
        if self._is_clear():
            self._observe_everybody()
        if not succeeded:
            self._interpretation = interpretation  # a refusal changes nothing

    def close(self) -> None:
        """Close the scenario."""
        self._call(self.context.end)

    def _is_clear(self) -> bool:
        """Whether the target can be judged now, as far as its clock is concerned."""
        blur_ms = self.move_context.blur_ms
        return not blur_ms or self.state.no_deadline_near(
            self.state.now_ms, blur_ms + self._settle_ms
        )

    def _let_settle(self) -> None:
        """Let time pass until the effects of the move are visible everywhere."""
        if self._settle_ms:
            self._call(lambda: self.context.expect_settled(lambda: None))

    def _settle(self, sent: Invited) -> None:
        """Update the model from what both sides show of the invitation."""
        names = (sent.inviter, sent.recipient)
        if not set(names) <= set(self.state.online()):
            return
        lists, sees = (self._view(name) for name in names)
        id_ = self.context.sent[sent.number].id
        listed = ((row.invitation, row.state) for row in lists.invitations)
        senders = {row.from_.id.replace(" ", "") for row in sees.notifications}
        shown = self.state.participants[sent.inviter].id in senders
        self.state.settle(sent, pending=(id_, "pending") in listed, shown=shown)

    def _succeeded(self) -> bool:
        """Whether the move was an attempt, and the target did not refuse it."""
        outcome = self.context.outcome
        return outcome is not None and outcome.refused is None

    def _view(self, name: str) -> wire.View:
        """Get a view; in a scenario the pending check would do the same."""
        self.history.pending_check = f"{name} sees no session request"
        view = self._call(lambda: self.context.view(self.context.person(name)))
        self.history.pending_check = None
        return view

    def _observe_everybody(self) -> None:
        oracle = Oracle(self.move_context, [sent.id for sent in self.context.sent])
        for name in self.state.online():
            self._observe(name, oracle)

    def _observe(self, name: str, oracle: Oracle | None = None) -> None:
        oracle = oracle or Oracle(self.move_context, ())
        first = self.context.first.get(name)  # a Then has seen it before
        for view in (self._view(name), *([first] if first is not None else [])):
            for check in oracle.violations(name, view):
                self._raise_violation(check)

    def _observe_menu(self, name: str) -> None:
        if not self.move_context.has(handshake.Capability.MENU):
            return
        self.history.pending_check = f"{name} is offered no entry point"
        try:
            menu = self._call(lambda: self.context.menu(self.context.person(name)))
        except ExpectationFailed:
            menu = wire.Menu(entries=())
        self.history.pending_check = None
        entries = {(row.entry, row.contact) for row in menu.entries}
        participant = self.state.participants[name]
        for check in sessions.menu_violations(self.move_context, participant, entries):
            self._raise_violation(check)

    def _raise_violation(self, check: Check) -> None:
        """Raise the finding; a scenario would check again, which may not show it."""
        self._check(check)
        raise self._new_finding(check, f"{check.text}: {SEEN_ONCE}")

    def _check(self, check: Check, *, kind: str = "then") -> None:
        """Run the step; raises Finding when it does not hold or cannot be run."""
        self.history.pending_check = check.text if kind == "then" else None
        try:
            self._run_step(kind, check.text)
            self.history.pending_check = None
        except ExpectationFailed as failure:
            raise self._new_finding(check, str(failure)) from failure

    def _new_finding(self, check: Check, message: str) -> Finding:
        self.has_finding = True
        return Finding(
            check, message, self.history, self._interpretation or self._near_expiry()
        )

    def _near_expiry(self) -> str | None:
        """The clause of the expiry instant, if a deadline is too near for any other."""
        if self.move_context.blur_ms or self.state.no_deadline_near(
            self.context.now_ms
        ):
            return None
        return EXPIRY_INSTANT

    def _run_step(self, kind: str, text: str, table: Cells = ()) -> None:
        """Run one step; raises TargetEnded when the target ends."""
        self._call(lambda: run_step(self.context, kind, text, table))

    def _call(self, work: Callable[[], Result]) -> Result:
        """Call the target; raises TargetEnded when it ends."""
        try:
            return work()
        except CallError as error:
            raise TargetEnded(error, self.history) from error
