"""Everything that can go wrong, in one tree, in the order of a run's life.

    InvitelabError            what a user may see: one sentence, a hint, an exit code
    |- UsageError             the command line or a user's file is wrong       exit 2
    |- RunError               the run cannot count, whatever the target did    exit 3
    |  |- CannotStartError    no process, no module, no answer to the first message
    |  |- HandshakeError      the first answer is not one we can work with
    |  `- ClockLiedError      the clock that was claimed is not the clock that is
    |- CallError              one exchange went wrong: it ends a scenario, not the run
    |  |- CrashError          the target's process or method died under a call
    |  |- HangError           no answer within the limit
    |  |- MalformedError      an answer that is not the protocol's
    |  |  `- StrayLineError   no answer at all: something else writes there
    |  |- MethodMissingError  a declared method does not exist
    |  `- FaultError          the target itself reported an error
    |- LostError              another scenario ended the target: run this one again
    |- InterruptedRunError    the user has had enough                          exit 130
    `- HarnessError           our own bug                                      exit 70

Each carries the *blame*: `implementation` is what is being tested, `adapter` is what
its author wrote to be driven by us, `environment` is the machine, `harness` is us.
"""

from enum import IntEnum, StrEnum

MOST_SHOWN = 200
"""Characters of a bad line in a sentence."""


def one_line(text: str) -> str:
    """The lines of somebody else's text in one, for a sentence."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


class ExitCode(IntEnum):
    """What the process says to its caller. One meaning each."""

    CONFORMANT = 0
    NON_CONFORMANT = 1
    USAGE = 2
    INVALID = 3
    INCONCLUSIVE = 4
    STALE_BASELINE = 5
    HARNESS = 70
    INTERRUPTED = 130


class Blame(StrEnum):
    """Whose fault an error is."""

    IMPLEMENTATION = "implementation"
    ADAPTER = "adapter"
    ENVIRONMENT = "environment"
    HARNESS = "harness"


class InvitelabError(Exception):
    """The root. `str(error)` is one sentence; `hint` says what to try."""

    code = ExitCode.HARNESS
    blame = Blame.HARNESS

    def __init__(
        self, message: str, *, hint: str = "", blame: Blame | None = None
    ) -> None:
        super().__init__(message)
        self.hint = hint
        if blame is not None:
            self.blame = blame


class UsageError(InvitelabError):
    """The command line, or a file it names, cannot be meant."""

    code = ExitCode.USAGE
    blame = Blame.ENVIRONMENT


class RunError(InvitelabError):
    """The whole run is INVALID."""

    code = ExitCode.INVALID
    blame = Blame.ADAPTER


class CannotStartError(RunError):
    """The target did not come up."""


class HandshakeError(RunError):
    """The target came up and answered `initialize` with something else."""


class ClockLiedError(RunError):
    """A virtual clock that runs by itself, or does not run when told."""


class CallError(InvitelabError):
    """One exchange failed. `kind` is the word the report shows."""

    code = ExitCode.NON_CONFORMANT
    blame = Blame.IMPLEMENTATION
    kind = "fault"
    fatal = False
    """Whether the connection is unusable afterwards."""

    @property
    def told(self) -> str:
        """The sentence for a report, with what belongs to it."""
        return str(self)


class CrashError(CallError):
    """End of stream, exit or signal while an answer was due."""

    kind = "crash"
    fatal = True


class HangError(CallError):
    """No answer within the call limit."""

    kind = "hang"
    fatal = True


class MalformedError(CallError):
    """Not JSON, not UTF-8, too long, too deep, or not what the schema says.

    `line` keeps the first bad line, shortened, for the report.
    """

    kind = "protocol"
    blame = Blame.ADAPTER
    fatal = True

    def __init__(self, message: str, *, line: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.line = line

    @property
    def told(self) -> str:
        """With the beginning of the line."""
        return f"{self}: {self.line[:MOST_SHOWN]}" if self.line else str(self)


class StrayLineError(MalformedError):
    """Text where only answers may be, as from a `print` that was left in."""


class MethodMissingError(CallError):
    """JSON-RPC -32601 (or 1002) for a method of a declared capability."""

    kind = "missing-method"


class FaultError(CallError):
    """Any other JSON-RPC error; `rpc_code` is its code."""

    kind = "fault"
    blame = Blame.ADAPTER

    def __init__(
        self, message: str, *, rpc_code: int, blame: Blame = Blame.ADAPTER
    ) -> None:
        super().__init__(message, blame=blame)
        self.rpc_code = rpc_code


class LostError(InvitelabError):
    """The target was ended while this scenario was open, by another one's doing."""

    blame = Blame.IMPLEMENTATION


class InterruptedRunError(InvitelabError):
    """A scenario that waited was told to stop."""

    code = ExitCode.INTERRUPTED
    blame = Blame.ENVIRONMENT


class HarnessError(InvitelabError):
    """We sent, or did, what we must never do."""
