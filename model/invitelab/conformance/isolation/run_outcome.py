"""Outcome of a run in a process of its own: finished, or as far as it came."""

from dataclasses import dataclass

from invitelab.errors import InvitelabError
from invitelab.formats.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The run as it was read back, and the bytes it was read from."""

    run: Run
    text: str
    walk: str | None = None
    """The feature that random walks have found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A run without an end: why, and what was recorded until then."""

    error: InvitelabError | None
    """None where the user has interrupted it."""
    run: Run | None
    """None where not even the target was known."""
    text: str


Outcome = Finished | Unfinished
"""A run, or what there is of it."""


class SuitesInterrupted(KeyboardInterrupt):
    """The user has had enough; `outcomes` is what there is of each run begun."""

    def __init__(self, outcomes: dict[int, Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes
