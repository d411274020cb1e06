"""How often a target that died may be started again in one run."""

from dataclasses import dataclass

from invitelab.errors import Blame, CrashError, HandshakeError, HangError
from invitelab.formats.run import ScenarioRecord

MAX_RESTARTS = 10


@dataclass(slots=True)
class Restarts:
    """Counts the starts after the first, and knows what the last of them was for."""

    number: int = 0
    blame: Blame = Blame.IMPLEMENTATION
    """That of the last scenario that has one."""
    trouble: str = ""
    """The message of the last scenario that ended the target."""

    def note(self, record: ScenarioRecord) -> None:
        """Take a record of the run into account."""
        self.blame = record.blame or self.blame
        if record.kind in {CrashError.kind, HangError.kind} and record.message:
            self.trouble = record.message

    def count(self) -> None:
        """Count one more. Raises HandshakeError if it is one too many."""
        self.number += 1
        if self.number > MAX_RESTARTS:
            last = f"; the last time: {self.trouble}" if self.trouble else ""
            msg = (
                "the target had to be started again more than"
                f" {MAX_RESTARTS} times{last}"
            )
            raise HandshakeError(msg, blame=self.blame)
