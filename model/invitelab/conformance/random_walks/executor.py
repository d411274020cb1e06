"""Executor of one walk: makes the moves, and checks every view after each of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from invitelab.adapters import handshake
from invitelab.adapters import messages as wire
from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.features.clauses import level_of
from invitelab.conformance.features.steps.registry import definition_of
from invitelab.conformance.random_walks.gherkin_writer import WalkHistory
from invitelab.conformance.random_walks.model import Invited
from invitelab.conformance.random_walks.moves import (
    interpretations,
    invitations,
    presence,
    sessions,
)
from invitelab.conformance.random_walks.moves.base import Check, Move, MoveContext
from invitelab.conformance.random_walks.observation_log import ObservedScenarioContext
from invitelab.conformance.random_walks.oracle import violations
from invitelab.conformance.random_walks.participants import Cells, Participants, id_of
from invitelab.errors import CallError
from invitelab.formats.run import Level

Result = TypeVar("Result")

KINDS: Sequence[tuple[int, Callable[[MoveContext], Iterator[Move]]]] = (
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
"""The kinds of moves with their weights, for walks over the required clauses."""

DRAWN_BELOW = 4096
"""Upper bound, exclusive, of the two numbers that choose a move."""

KINDS_WITH_INTERPRETATIONS: Sequence[
    tuple[int, Callable[[MoveContext], Iterator[Move]]]
] = (
    (24, invitations.invites),
    (28, interpretations.overlapping_invites),
    (16, invitations.accepts),
    (20, invitations.waits),
    (10, invitations.changes),
    (10, invitations.cancels),
    (8, invitations.rejects),
    (4, invitations.late_moves),
    (12, sessions.switches),
    (4, sessions.edits),
    (12, interpretations.third_party_moves),
    (28, interpretations.unusual_addresses),
    (16, interpretations.unusual_invites),
    (12, interpretations.changes_to_unusable),
    (16, interpretations.repeated_accepts),
    (16, interpretations.waits_near_expiry),
    (10, interpretations.popup_closings),
    (8, presence.disconnections),
    (16, presence.reconnections),
    (16, presence.invites_to_offline),
)
"""The same for walks that also make moves that depend on an interpretation."""


SEEN_ONCE = "did not hold at first, but held when it was checked again"
"""Message of a violation that the second check does not show: nothing lies between."""

MOST_STALLED_MOVES = 6
"""Number of moves without any possible invitation after which a walk starts again."""


class Finding(Exception):  # noqa: N818 - a finding, not an error of ours
    """A check of the model that did not hold, or a move that could not be made."""

    def __init__(
        self,
        check: Check,
        message: str,
        history: WalkHistory,
        interpretation: str | None,
    ) -> None:
        super().__init__(message)
        self.own_clause = check.clause
        """The clause of the check, whatever interpretation it depends on."""
        if interpretation is not None and level_of((check.clause,)) is Level.REQUIRED:
            check = replace(check, clause=interpretation)
        self.check = check
        self.message = message
        self.history = history
        self.ended: TargetEnded | None = None
        """How the target ended while this was being shrunk; None: it did not."""

    @property
    def required(self) -> bool:
        """Whether a required clause is broken, under every interpretation."""
        return level_of((self.check.clause,)) is Level.REQUIRED


class TargetEnded(Exception):  # noqa: N818 - the end of a walk, not an error of ours
    """The target crashed, hung or broke the protocol: there is nothing to shrink."""

    def __init__(self, error: CallError, history: WalkHistory) -> None:
        super().__init__(str(error))
        self.error = error
        self.history = history


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
        self._kinds = KINDS_WITH_INTERPRETATIONS if with_interpretations else KINDS
        self._interpretation: str | None = None
        """The clause of the last interpretation that the walk depends on, if any."""
        self._stalled_moves = 0
        """Number of moves since an invitation was pending or could be sent."""
        self._has_finding = False
        """Whether the walk has a finding."""
        self.history = WalkHistory(participants)
        self.state = state = participants.initial_state()
        capabilities = frozenset(ready.answer.capabilities)
        self.move_context = MoveContext(state=state, capabilities=capabilities)
        self._move_s = ready.driver.limits.call_s
        """Seconds that every move adds to the limit of a scenario."""
        set_up = ready.set_up(token)
        self._session = set_up.session
        self.context = ObservedScenarioContext(set_up, token, Trace(silent=True))

    def open(self) -> None:
        """Begin the scenario, and check every view and menu."""
        for line in self.history.participant_lines:
            self._run_step(line.kind, line.text, line.table)
        self._call(self.context.begin)
        for name in self.state.participants:
            self._observe(name)
            self._observe_menu(name)

    @property
    def is_over(self) -> bool:
        """Whether there is a finding, or no further move could be judged."""
        return (
            self._has_finding
            or self.state.undetermined
            or self._stalled_moves >= MOST_STALLED_MOVES
        )

    def choose(self, kind: int, which: int) -> Move | None:
        """The move that two numbers mean now; None if no move is possible."""
        if self.state.undetermined:
            return None
        possible = [
            (weight, of_kind)
            for weight, of_kind in self._kinds
            if next(of_kind(self.move_context), None) is not None
        ]
        ticket = kind * sum(weight for weight, _ in possible) // DRAWN_BELOW
        for weight, of_kind in possible:
            if ticket < weight:
                options = list(of_kind(self.move_context))
                return options[which % len(options)]
            ticket -= weight
        return None

    def offered(self, name: str) -> list[Move]:
        """The possible moves of its kind up to the move of that name.

        Empty if no such move is possible.
        """
        if self.state.undetermined:
            return []
        for _, of_kind in self._kinds:
            options = list(of_kind(self.move_context))
            names = [move.name for move in options]
            if name in names:
                return options[: names.index(name) + 1]
        return []

    def make(self, move: Move) -> None:
        """Make a move, then check every view; raises Finding or TargetEnded."""
        self.history.moves.append(move)
        self._session.extend(self._move_s)
        alive = invitations.pending(self.state) or len(self.state.available()) > 1
        self._stalled_moves = 0 if alive else self._stalled_moves + 1
        if move.menu_of is not None:
            self._observe_menu(move.menu_of)
            return
        interpretation = self._interpretation
        self._interpretation = move.interpretation or interpretation
        self.context.outcome = None
        for place, text in enumerate(move.lines):
            self.history.failed_line = place
            self._check(Check(clause=move.clause, text=text), kind="when")
        self.history.failed_line = None
        self.context.first.clear()
        self.state.now_ms = self.context.now_ms
        for check in move.checks:
            self._check(check)
        succeeded = self._succeeded()
        move.effect(succeeded)
        for sent in move.settles:
            self._settle(sent)
        for name in self.state.online():
            self._observe(name)
        if not succeeded:
            self._interpretation = interpretation  # a refusal changes nothing

    def close(self) -> None:
        """Close the scenario."""
        self._call(self.context.end)

    def _settle(self, sent: Invited) -> None:
        """Update the model from what both sides show of the invitation."""
        names = (sent.inviter, sent.recipient)
        if not set(names) <= set(self.state.online()):
            return
        lists, sees = (self._view(name) for name in names)
        id_ = self.context.sent[sent.number].id
        listed = ((row.invitation, row.state) for row in lists.invitations)
        senders = {row.from_.id.replace(" ", "") for row in sees.notifications}
        shown = id_of(sent.inviter) in senders
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

    def _observe(self, name: str) -> None:
        ids = [sent.id for sent in self.context.sent]
        first = self.context.first.get(name)  # a Then has seen it before
        for view in (self._view(name), *([first] if first is not None else [])):
            for check in violations(self.move_context, name, view, ids):
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
        self._has_finding = True
        return Finding(
            check, message, self.history, self._interpretation or self._near_expiry()
        )

    def _near_expiry(self) -> str | None:
        """The clause of the expiry instant, if a deadline is too near for any other."""
        far = self.state.no_deadline_near(self.context.now_ms)
        return None if far else interpretations.EXPIRY_INSTANT

    def _run_step(self, kind: str, text: str, table: Cells = ()) -> None:
        """Run one step with its step definition."""
        definition = definition_of(kind, text)
        arguments: dict[str, object] = dict(
            definition.parser.parse_arguments(text) or {}
        )
        if table:
            arguments["datatable"] = [list(row) for row in table]
        self._call(lambda: definition.step_func(context=self.context, **arguments))

    def _call(self, work: Callable[[], Result]) -> Result:
        """Call the target; raises TargetEnded when it ends."""
        try:
            return work()
        except CallError as error:
            raise TargetEnded(error, self.history) from error
