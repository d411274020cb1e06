"""Outcome of a run in a process of its own: finished or unfinished."""

from dataclasses import dataclass, replace
from typing import Self

from invitelab.errors import InvitelabError
from invitelab.formats.learned_beside import LearnedBeside
from invitelab.formats.run import Run, dump, seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A complete run, and the text it was parsed from."""

    run: Run
    text: str
    walk: str | None = None
    """The feature that random walks have found, if any."""
    exchanges: str = ""
    """The bytes of the calls, as the text of `exchanges.jsonl`."""

    def with_learned(self, learned: LearnedBeside) -> Self:
        """The same with what was learned of its target, sealed anew."""
        assert self.run.footer is not None, "the run is whole"
        before = self.text.splitlines()[:-1]
        footer = seal(before, self.run.footer.model_copy(update={"learned": learned}))
        text = "\n".join([*before, dump(footer)]) + "\n"
        run = self.run.model_copy(update={"footer": footer})
        return replace(self, run=run, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A run without an end, and what was recorded before."""

    error: InvitelabError | None
    """Why it has no end; None if the user interrupted it."""
    run: Run | None
    """The records before; None if there is not even a header."""
    text: str
    exchanges: str = ""


Outcome = Finished | Unfinished
"""A run, or the part of it that was recorded."""


class SuitesInterrupted(KeyboardInterrupt):
    """The user interrupted; `outcomes` has each run begun, by its place."""

    def __init__(self, outcomes: dict[int, Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes
