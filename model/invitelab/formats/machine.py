"""`machine.json`: the state machine that was learned of one target.

Every picture and every page of a machine is a pure function of this document. It holds
no wall-clock time and nothing of the way there, so that the same target, alphabet and
seed give the same bytes, however often the learning was interrupted.
"""

from enum import StrEnum
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from invitelab.formats.product import ProductRecord
from invitelab.formats.reading import Kind, read_document
from invitelab.formats.run import Level
from invitelab.formats.tried import Record

FORMAT: Final = 1
SPECIFICATION: Final = "specification"
REFERENCE: Final = "reference"
"""What a machine is compared with beside the targets that the user has named."""


class MachineStatus(StrEnum):
    """How far the learning came."""

    COMPLETE = "COMPLETE"
    """The machine explains every answer, and no question was left."""
    INCOMPLETE = "INCOMPLETE"
    """The learning was ended early: the machine is the one until then."""
    NONDETERMINISTIC = "NONDETERMINISTIC"
    """The target gave two answers to one question: it has no such machine."""


class LearnedTarget(Record):
    """The target: how it was named, and what it says of itself."""

    text: str
    """What the user wrote."""
    name: str | None = None
    """What the user calls it, in place of what it calls itself."""
    implementation: str | None = None
    """Its own name and version."""
    clock: str | None = None
    settle_ms: int = 0
    declined: dict[str, str] = Field(default_factory=dict[str, str])
    """Capabilities that it declined, with its reasons."""

    @property
    def title(self) -> str:
        """The shortest name of it."""
        return self.name or self.text


class AlphabetInput(Record):
    """One input: an operation with roles in place of ids."""

    name: str
    """Short, as in `send`."""
    words: str
    """The step of a feature, as in `Ada invites Bob`."""
    wait_ms: int | None = None
    """Milliseconds that pass, where the input is a wait."""
    until_ms: int | None = None
    """Milliseconds since the newest invitation of `since`, until which time passes."""
    since: tuple[str, str] | None = None
    """Who invited whom, where the input is such a wait."""


class AlphabetRecord(Record):
    """The alphabet: who takes part, and what may happen."""

    name: str
    says: str
    """What it is about, in one sentence."""
    file: str | None = None
    """The file of a user's own alphabet."""
    people: dict[str, str]
    """Names of the participants, each with a description of the client."""
    inputs: tuple[AlphabetInput, ...]


class State(Record):
    """A state, named by what people see in it."""

    id: int
    name: str
    """Such as "pending"; unique within the machine."""
    access: tuple[str, ...]
    """Names of the inputs of the shortest way there."""
    seen: tuple[str, ...] = ()
    """What the participants see after that way, a line each."""


class Transition(Record):
    """An input in a state: the answer, what changes to be seen, and the next state."""

    state: int
    input: str
    """Name of an input of the alphabet."""
    answer: str
    """`ok` or `refused`; `nothing`: there was nothing to do that to; `time`: a wait."""
    changes: tuple[str, ...] = ()
    """What each participant sees appear or disappear."""
    next: int

    @property
    def output(self) -> str:
        """The answer and the changes in one line."""
        return "; ".join((self.answer, *self.changes))


class Timer(Record):
    """What time alone brings about, to the millisecond."""

    after: tuple[str, ...]
    """Names of the inputs before it."""
    ms: int
    """Milliseconds after the last of them."""
    changes: tuple[str, ...]
    """What appears or disappears then."""
    kept_by: tuple[str, ...] = ()
    """Names of inputs that do not move it."""
    restarted_by: tuple[str, ...] = ()
    """Names of inputs after which it takes that long again."""
    moved_by: dict[str, int] = Field(default_factory=dict[str, int])
    """By input, milliseconds that it takes after it where both are wrong."""
    says: str
    """All of that as a sentence."""


class Bound(Record):
    """What was asked to the end, and what follows from it."""

    states: int
    """Implementations with at most that many states are told apart."""
    extra: int
    """How many more than the learned machine has."""
    method: Literal["Wp"] = "Wp"
    questions: int
    """Number of questions of the method."""
    says: str
    """The bound in words, with its premise."""


class Standing(StrEnum):
    """What the specification says of a difference."""

    BROKEN = "broken"
    """A required clause is broken."""
    DEVIATES = "deviates"
    """An interpretation is another one: reported, and never a failure."""
    ALLOWED = "allowed"
    """Both answers are allowed."""
    UNJUDGED = "unjudged"
    """No clause is known that decides between the two."""


class Difference(Record):
    """A shortest sequence of inputs in whose last answer two machines differ."""

    inputs: tuple[str, ...]
    here: str
    """The last output of this target."""
    there: str
    """That of the other one."""
    standing: Standing
    clause: str | None = None
    level: Level | None = None
    says: str
    """The difference as a sentence."""
    scenario: str | None = None
    """A feature with the scenario that shows it, ready to be run."""


class Comparison(Record):
    """This machine beside another one over the same alphabet."""

    against: str
    """`specification`, `reference`, or the title of another target."""
    states: int | None = None
    """Number of states of the other machine; None: the specification is none."""
    differences: tuple[Difference, ...] = ()
    """The shortest first; empty: the two cannot be told apart over this alphabet."""
    says: str

    @property
    def same(self) -> bool:
        """Whether no difference was found."""
        return not self.differences


class TwoAnswers(Record):
    """The same question, and two answers."""

    inputs: tuple[str, ...]
    first: tuple[str, ...]
    """Outputs of the first time, one an input."""
    second: tuple[str, ...]


class Counts(Record):
    """How much was asked. Repeated questions, and those of a run before, count once."""

    scenarios: int
    """Scenarios that were begun at the target."""
    steps: int
    """Inputs that were given in them, without those that measured a timer."""
    questions: int
    """Questions of the learner; most are answered by earlier ones."""
    probes: int = 0
    """How many of the scenarios measured a timer."""


class Machine(Record):
    """Everything that `invitelab learn` has found out about one target."""

    format: Literal[1] = FORMAT
    kind: Literal["machine"] = "machine"
    harness: str
    target: LearnedTarget
    profile: ProductRecord | None = None
    seed: int
    alphabet: AlphabetRecord
    status: MachineStatus
    problem: str | None = None
    """Why the learning ended early, in one sentence."""
    hint: str | None = None
    states: tuple[State, ...]
    initial: int = 0
    transitions: tuple[Transition, ...]
    timers: tuple[Timer, ...] = ()
    bound: Bound | None = None
    """None: no bound was asked to the end, so none is claimed."""
    comparisons: tuple[Comparison, ...] = ()
    two_answers: TwoAnswers | None = None
    counts: Counts

    @model_validator(mode="after")
    def _closed(self) -> Self:
        """Raise ValueError unless every state and input that is named exists."""
        ids = [state.id for state in self.states]
        inputs = {one.name for one in self.alphabet.inputs}
        if ids != list(range(len(ids))) or self.initial not in ids:
            raise ValueError("the states are not numbered from 0")
        for one in self.transitions:
            if not {one.state, one.next} <= set(ids) or one.input not in inputs:
                raise ValueError("a transition names a missing state or input")
        pairs = {(one.state, one.input) for one in self.transitions}
        whole = len(ids) * len(inputs)
        if len(pairs) != len(self.transitions):
            raise ValueError("two transitions have the same state and input")
        if self.status is MachineStatus.COMPLETE and len(pairs) != whole:
            raise ValueError("a transition is missing")
        if (self.two_answers is None) == (
            self.status is MachineStatus.NONDETERMINISTIC
        ):
            raise ValueError("two answers and the status contradict each other")
        if self.bound is not None and self.status is not MachineStatus.COMPLETE:
            raise ValueError("a bound is claimed of an incomplete machine")
        return self


def read(path: Path) -> Machine:
    """Read a `machine.json`.

    Raises UsageError when the file is missing, another document, of another format, or
    damaged.
    """
    hint = "name a machine.json that `invitelab learn` has written"
    return read_document(path, Machine, Kind.MACHINE, known=FORMAT, hint=hint)


def written(machine: Machine) -> str:
    """The content of a `machine.json`."""
    return machine.model_dump_json(indent=2) + "\n"
