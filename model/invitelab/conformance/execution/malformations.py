"""Malformed answers that come again: what one mistake repeats need not be repeated."""

import re

from invitelab.errors import MOST_SHOWN, Blame, MalformedError, RunError, StrayLineError

NUMBER = re.compile(r"\d+")
STRAY = "stray"


class Malformations:
    """The malformed answers of a target, over all its processes.

    One is a scenario's error, and the target is started again. A second one of the same
    kind says that the adapter does so always: `repeated` is why the run ends then.
    """

    def __init__(self, outlet: str) -> None:
        """`outlet` is where answers are written, such as `stdout`."""
        self._outlet = outlet
        self._first: dict[str, MalformedError] = {}
        self.repeated: RunError | None = None

    def note(self, error: MalformedError) -> None:
        """Remember it, or find that it has come before. Threads may share this."""
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
    """What two of the same kind have in common; ids and positions may differ."""
    return STRAY if isinstance(error, StrayLineError) else NUMBER.sub("#", str(error))
