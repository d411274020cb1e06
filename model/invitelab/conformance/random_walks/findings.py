"""What ends a walk: a finding, or the end of the target."""

from dataclasses import replace

from invitelab.conformance.features.clauses import level_of
from invitelab.conformance.random_walks.gherkin_writer import WalkHistory
from invitelab.conformance.random_walks.moves.base import Check
from invitelab.errors import CallError
from invitelab.formats.run import Level


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
