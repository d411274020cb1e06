"""Malformed answers of a target: the second one of a kind ends the run."""

import re

from invitelab.errors import MOST_SHOWN, Blame, MalformedError, RunError, StrayLineError

NUMBER = re.compile(r"\d+")
STRAY = "stray"


class Malformations:
    """The malformed answers of a target, over all its processes.

    The first one of a kind is the error of a scenario, and the target is started again.
    A second one is a systematic mistake of the adapter: `repeated` then ends the run.
    """

    def __init__(self, *, served: bool) -> None:
        """A target that is `served` answers over a connection, others on stdout."""
        self._outlet = "the connection" if served else "stdout"
        self._first: dict[str, MalformedError] = {}
        self.repeated: RunError | None = None

    def note(self, error: MalformedError) -> None:
        """Count an error. May be called from several threads."""
        first = self._first.setdefault(_kind(error), error)
        if first is not error and self.repeated is None:
            self.repeated = RunError(
                self._sentence(first), hint=first.hint, blame=Blame.ADAPTER
            )

    def _sentence(self, first: MalformedError) -> str:
        line = first.line[:MOST_SHOWN]
        if isinstance(first, StrayLineError):
            says = f"something prints on {self._outlet}: write to stderr"
            return f"{says}; the first such line: {line}"
        return f"twice {first}: {line}"


def _kind(error: MalformedError) -> str:
    """The key of errors of one kind, whose numbers (ids, positions) may differ."""
    return STRAY if isinstance(error, StrayLineError) else NUMBER.sub("#", str(error))
