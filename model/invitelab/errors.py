"""The errors of invitelab, in one tree, in the order of a run's life.

    InvitelabError            shown to users: one sentence, a hint, an exit code
    |- UsageError             the command line or a user's file is wrong       exit 2
    |- RunError               the run is INVALID, whatever the target did      exit 3
    |  |- CannotStartError    no process, no module, no answer to the first message
    |  |- HandshakeError      the answer to the first message is unusable
    |  |- ClockLiedError      the clock does not behave as declared
    |  `- OwnStepError        a step of the user's own raises what it may not
    |- CallError              one exchange failed: it ends a scenario, not the run
    |  |- CrashError          the target's process or method died during a call
    |  |- HangError           no answer within the limit
    |  |- MalformedError      the answer breaks the adapter protocol
    |  |  `- StrayLineError   a line that is no answer, such as a debug print
    |  |- MethodMissingError  a declared method does not exist
    |  `- FaultError          the target itself reported an error
    |- LostError              another scenario ended the target: run this one again
    |- InterruptedRunError    the user interrupted the run                     exit 130
    `- HarnessError           a bug in invitelab                               exit 70
       `- ScenarioTextError   steps that contradict each other, in the suite

Each carries a *blame*: the `implementation` under test, the `adapter` that connects it
to invitelab, the `environment` (machine or command line), or the `harness` (invitelab).
Where an adapter that runs another program has crashed it is one of the first two.
"""

from enum import IntEnum, StrEnum

MOST_SHOWN = 200
"""Characters of a malformed line that an error message quotes."""


def one_line(text: str) -> str:
    """The lines of a foreign text joined into one, for an error message."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


class ExitCode(IntEnum):
    """Exit code of the process; each has one meaning."""

    CONFORMANT = 0
    NON_CONFORMANT = 1
    USAGE = 2
    INVALID = 3
    INCONCLUSIVE = 4
    STALE_BASELINE = 5
    HARNESS = 70
    INTERRUPTED = 130


class Blame(StrEnum):
    """The party that caused an error."""

    IMPLEMENTATION = "implementation"
    ADAPTER = "adapter"
    ENVIRONMENT = "environment"
    HARNESS = "harness"
    EITHER = "adapter or implementation"
    """A process that runs another program has crashed: it may be either of them."""


class InvitelabError(Exception):
    """Root of the tree. `str(error)` is one sentence; `hint` suggests what to do.

    `code` is the exit code; `blame` can differ from that of the class.
    """

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
    """The command line, or a file that it names, is invalid."""

    code = ExitCode.USAGE
    blame = Blame.ENVIRONMENT


class RunError(InvitelabError):
    """The whole run is INVALID."""

    code = ExitCode.INVALID
    blame = Blame.ADAPTER


class CannotStartError(RunError):
    """The target did not start, or did not answer the first message."""


class HandshakeError(RunError):
    """The target started, and gave an unusable answer to `initialize`."""


class ClockLiedError(RunError):
    """The virtual clock runs by itself, or does not advance when told to."""


class OwnStepError(RunError):
    """A step of a user's own is wrong; the message has its file and line."""

    blame = Blame.ENVIRONMENT


class CallError(InvitelabError):
    """One exchange failed. `kind` is the word for it in reports."""

    code = ExitCode.NON_CONFORMANT
    blame = Blame.IMPLEMENTATION
    kind = "fault"
    fatal = False
    """Whether the connection is unusable afterwards."""

    @property
    def told(self) -> str:
        """The message for a report, with details."""
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
    """Not JSON, not UTF-8, too long, nested too deep, or invalid by the schema.

    `line` is the first malformed line, shortened, for the report.
    """

    kind = "protocol"
    blame = Blame.ADAPTER
    fatal = True

    def __init__(self, message: str, *, line: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.line = line

    @property
    def told(self) -> str:
        """The message with the beginning of the line."""
        return f"{self}: {self.line[:MOST_SHOWN]}" if self.line else str(self)


class StrayLineError(MalformedError):
    """Other text on the channel of answers, such as a forgotten debug `print`."""


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
    """Another scenario ended the target while this one was open."""

    blame = Blame.IMPLEMENTATION


class InterruptedRunError(InvitelabError):
    """The user interrupted a scenario while it waited."""

    code = ExitCode.INTERRUPTED
    blame = Blame.ENVIRONMENT


class HarnessError(InvitelabError):
    """A bug in invitelab."""


class ScenarioTextError(HarnessError):
    """The steps of a scenario contradict each other, or name what there is not.

    In the suite that is a bug of invitelab; in a user's own feature it is a mistake of
    its text.
    """
