"""`run.jsonl`: the records of a run, one frozen class for each kind of line.

A run is a header, one line a scenario, one line a clause, and a footer with the totals
and a digest of the whole file. A file without its footer is INCOMPLETE. Every report is
a function of these records alone. No record holds a wall-clock time, so the same run of
the same target writes the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
)

from invitelab.errors import Blame, ExitCode, UsageError
from invitelab.formats.reading import (
    Kind,
    check_no_mark,
    kind_of,
    read_bytes,
    unreadable,
    wrong_format,
)
from invitelab.safe_text import printable

FORMAT: Final = 4
"""Since 2 the digest covers the footer, and the conclusion can be drawn again. Since 3
an exchange holds values in place of sentences. Since 4 a scenario is run with several
rows of values."""


class Level(StrEnum):
    """What a clause rests on: the specification, or an interpretation of it."""

    REQUIRED = "required"
    INTERPRETATION = "interpretation"


class Verdict(StrEnum):
    """The verdict of a scenario, or of a clause."""

    PASS = "pass"
    FAIL = "fail"
    DEVIATION = "deviation"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not-applicable"
    NOT_RUN = "not-run"


class RunVerdict(StrEnum):
    """The verdict of a run."""

    CONFORMANT = "CONFORMANT"
    NON_CONFORMANT = "NON-CONFORMANT"
    INCONCLUSIVE = "INCONCLUSIVE"
    INVALID = "INVALID"
    PARTIAL = "PARTIAL"


MOST_MS = 10**10
"""The latest instant in a record, four months of protocol time: a bound for drawing."""

Instant = Annotated[int, Field(ge=0, le=MOST_MS)]


class Record(BaseModel):
    """The base of all records."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Header(Record):
    """The target, the suite and the clock; `implementation` is its own name."""

    record: Literal["header"] = "header"
    format: int = FORMAT
    harness: str
    suite: str
    """Digest of the features and clauses that were run."""
    target: str
    implementation: str | None = None
    clock: str | None = None
    proven: bool = False
    settle_ms: int = 0
    resolution_ms: int = 0
    """The smallest step of the target's clock."""
    declined: dict[str, str] = Field(default_factory=dict[str, str])
    seed: int = 0
    """Seed of all that is drawn: identities, values, tokens and walks."""
    depth: str | None = None
    """How much of the values is tried; None before the clock is known."""
    problem: str | None = None
    """Why no scenario could be run, in one sentence; None where one could."""
    hint: str | None = None
    blame: Blame | None = None
    stderr: str = ""
    """The last lines that the target wrote to stderr before the problem."""


class Exchange(Record):
    """One call and what came back, as values; `exchange_text` has the words for it.

    Ids are normalised: `i1` is the first invitation seen, `s1` the first session, and
    a person's ID in a result is the person's name.
    """

    at_ms: Instant
    method: str
    client: str | None = None
    params: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """Without the scenario and the client."""
    outcome: Literal["ok", "refused", "broken"] = "ok"
    """`broken`: there was no answer that counts."""
    result: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """Of an outcome `ok`: what the implementation answered, in the protocol's names."""
    reason: str | None = None
    """The reason of a refusal, or the kind of an error."""
    message: str | None = None
    """The message of a refusal or an error."""
    other: str | None = None
    """The person whom the call concerns beside its client, as far as that is known."""
    left_out: dict[str, int] = Field(default_factory=dict[str, int])
    """By name of a list in the result: how many of its entries are not on record."""


class StepRecord(Record):
    """One step of a scenario, as it was run."""

    keyword: str
    text: str
    line: int
    at_ms: Instant
    status: Literal["passed", "failed", "not-reached"]
    drawn: bool = False
    """Whether the feature does not have this step, or not with these words."""
    table: tuple[tuple[str, ...], ...] = ()
    """The data table below the step, its heading first."""
    exchanges: tuple[Exchange, ...] = ()


class Absent(Record):
    """Something that one person had to see of another, and did not; both by name."""

    source: str
    target: str
    what: str
    """A word or two: `invitation`, `pop-up`, `session`."""


class ScenarioRecord(Record):
    """One scenario, or one row of an outline, with every row of drawn values.

    The steps are those of the run that failed, or else of the first one.
    """

    record: Literal["scenario"] = "scenario"
    feature: str
    line: int
    title: str
    example: str | None = None
    clauses: tuple[str, ...]
    level: Level
    verdict: Verdict
    kind: str | None = None
    """For an error: crash, hang, protocol, setup, fault ..."""
    blame: Blame | None = None
    message: str | None = None
    blocked_by: str | None = None
    """The clause of the operation in a Given that the target refused."""
    absent: Absent | None = None
    known: str | None = None
    """The issue of a known failure; the verdict stays what it is."""
    place: int = 0
    """Its place in the suite, from 0: scenarios are run in a drawn order."""
    runs: int = 1
    """With how many rows of values it was run."""
    failed_runs: int = 0
    values: dict[str, str] = Field(default_factory=dict[str, str])
    """The drawn values of the recorded run, by factor."""
    needed: tuple[str, ...] = ()
    """The values without which it does not fail; none where it fails in any case."""
    refusals: int = 0
    """How many operations were refused in the recorded run."""
    besides: bool = False
    """Whether this is a further record of a scenario: what its values show about
    another clause. The scenario itself is judged by its other record."""
    cast: dict[str, str] = Field(default_factory=dict[str, str])
    """Version, ID and alias of everybody in the recorded run, by name."""
    steps: tuple[StepRecord, ...] = ()
    stderr: str = ""


def length_ms(record: ScenarioRecord) -> int:
    """The length of a scenario in milliseconds of protocol time, as far as recorded."""
    steps = [step.at_ms for step in record.steps]
    calls = [one.at_ms for step in record.steps for one in step.exchanges]
    return max([0, *steps, *calls])


class ClauseRecord(Record):
    """One clause, over all its scenarios that ran."""

    record: Literal["clause"] = "clause"
    clause: str
    level: Level
    text: str
    verdict: Verdict | None
    """None: untested in this run."""
    passed: int
    scenarios: int


class Problem(Record):
    """Why a run as a whole could not go on."""

    message: str
    blame: Blame
    exit_code: ExitCode


class StaleEntry(Record):
    """An entry of the baseline that is out of date: its scenarios, and the reason."""

    scenario: str
    clause: str
    example: str | None = None
    sentence: str


class Tried(Record):
    """What the rows of a run cover; shares are (tried, possible)."""

    runs: int
    values: tuple[int, int]
    pairs: tuple[int, int]
    triples: tuple[int, int]
    """Of the core factors."""
    by_clause: tuple[int, int]
    """Clauses with a value that can matter to them."""
    left_out: dict[str, tuple[str, ...]] = Field(
        default_factory=dict[str, tuple[str, ...]]
    )
    """By factor the values that the target cannot be given."""
    rare: tuple[tuple[str, int], ...] = ()
    """The pairs that occur the least, and how often."""


class Footer(Record):
    """The verdict of a run with its reasons, the totals, and the digest of the file."""

    record: Literal["footer"] = "footer"
    verdict: RunVerdict
    reason: str | None = None
    blame: Blame | None = None
    exit_code: int
    tolerance_ms: int = 0
    """With a real clock, how late this machine was at most; 0 with any other."""
    walks: str | None = None
    """What random walks found, in a sentence; None where there were none."""
    coverage: Tried | None = None
    """What was tried; None for a part of the suite."""
    stale: tuple[str, ...] = ()
    """One sentence for each entry of the baseline that is out of date."""
    stale_entries: tuple[StaleEntry, ...] = ()
    """The same entries, with the scenarios that each is about."""
    whole: bool = False
    """Whether the whole suite was selected and run to its end."""
    problem: Problem | None = None
    totals: dict[str, int]
    sha256: str
    """The digest of all lines before, and of this one without it; no signature."""


Line = Annotated[
    Header | ScenarioRecord | ClauseRecord | Footer, Field(discriminator="record")
]
_LINE: TypeAdapter[Line] = TypeAdapter(Line)
_JSON: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
_HINT = "name a run.jsonl that a check has written, or run the check again"


class Run(Record):
    """A whole run, read back. `footer` None: INCOMPLETE."""

    header: Header
    scenarios: tuple[ScenarioRecord, ...]
    clauses: tuple[ClauseRecord, ...]
    footer: Footer | None


def dump(record: Record) -> str:
    """One line of JSON without its newline; keys in the order of the class."""
    fields = record.model_dump(mode="json", exclude_defaults=False)
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":"))


def digest(lines: Iterable[str]) -> str:
    """The sha256 of these lines, each with its newline, in hexadecimal."""
    total = hashlib.sha256()
    for line in lines:
        total.update(line.encode() + b"\n")
    return total.hexdigest()


def seal(lines: Iterable[str], footer: Footer) -> Footer:
    """The footer with the digest of the lines before it and of its other fields."""
    unsealed = footer.model_copy(update={"sha256": ""})
    sha256 = digest([*lines, dump(unsealed)])
    return footer.model_copy(update={"sha256": sha256})


def read(path: Path) -> Run:
    """Read a `run.jsonl`.

    Raises UsageError when the file is missing, another document, of another format, or
    damaged. The digest is no signature: a program that changes a file can make a new
    one. See `conformance.execution.conclusion.read_run` for what else is checked.
    """
    content = read_bytes(path, hint=_HINT)
    check_no_mark(path, content)
    try:
        return parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise unreadable(path, error, hint=_HINT) from error
    except ValueError as error:
        raise UsageError(f"{printable(str(path))} {error}", hint=_HINT) from error


def parse(text: str) -> Run:
    """The run that some lines hold; raises ValueError with a reason.

    A last line without its end was being written when the writer was stopped: the run
    is INCOMPLETE, as without a footer.
    """
    lines = text.splitlines()
    if text and not text.endswith(("\n", "\r")):
        lines.pop()
    _check_header(lines)
    records: list[Line] = []
    for number, line in enumerate(lines, start=1):
        try:
            records.append(_LINE.validate_json(line))
        except ValidationError as error:
            reason = f"{error.errors()[0]['msg']}"
            raise ValueError(f"is damaged: line {number}: {reason}") from error
    return _assemble(lines, records)


def _check_header(lines: Sequence[str]) -> None:
    """Check kind and format first: a file of another version is not damaged."""
    kind = kind_of("\n".join(lines).encode())
    if kind is not Kind.RUN:
        found = "is not" if kind is None else f"holds {kind}, not"
        raise ValueError(f"{found} {Kind.RUN}")
    try:
        first = _JSON.validate_json(lines[0])
    except ValidationError as error:
        raise ValueError(f"is damaged: line 1: {error.errors()[0]['msg']}") from error
    if first.get("record") != "header":
        raise ValueError("is damaged: it does not begin with the header of a run")
    problem = wrong_format(first.get("format"), Kind.RUN, FORMAT)
    if problem is not None:
        raise ValueError(problem)


def _assemble(lines: Sequence[str], records: Sequence[Line]) -> Run:
    header, *others = records
    last = others[-1] if others else None
    footer = last if isinstance(last, Footer) else None
    others = others[:-1] if footer is not None else others
    assert isinstance(header, Header), "the first line was looked at"
    if any(isinstance(record, Header | Footer) for record in others):
        raise ValueError("is damaged: it has a header or footer in its middle")
    if footer is not None and seal(lines[:-1], footer) != footer:
        raise ValueError("is damaged: its digest does not fit what it says")
    scenarios = [r for r in others if isinstance(r, ScenarioRecord)]
    return Run(
        header=header,
        scenarios=tuple(sorted(scenarios, key=lambda record: record.place)),
        clauses=tuple(r for r in others if isinstance(r, ClauseRecord)),
        footer=footer,
    )


def schema() -> dict[str, object]:
    """The JSON Schema of one line of `run.jsonl`."""
    return _LINE.json_schema()
