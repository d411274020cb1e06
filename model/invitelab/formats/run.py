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
from typing import Annotated, Final, Literal, Self

from pydantic import Field, JsonValue, PrivateAttr, TypeAdapter, ValidationError

from invitelab.errors import Blame, ExitCode, UsageError
from invitelab.formats.learned_beside import LearnedBeside
from invitelab.formats.product import ProductRecord
from invitelab.formats.reading import (
    Kind,
    check_first_line,
    check_no_mark,
    read_bytes,
    unreadable,
)
from invitelab.formats.tried import Record, Tried
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


class Header(Record):
    """The target, the suite and the clock; `implementation` is its own name."""

    record: Literal["header"] = "header"
    format: int = FORMAT
    harness: str
    suite: str
    """Digest of the features and clauses that were run."""
    target: str
    name: str | None = None
    """What the user calls the target, in place of what it calls itself."""
    implementation: str | None = None
    clock: str | None = None
    proven: bool = False
    settle_ms: int = 0
    resolution_ms: int = 0
    """The smallest step of the target's clock."""
    early_ms: int | None = None
    """By how much an invitation may end too early, where the target says so."""
    late_ms: int | None = None
    """By how much an invitation may end too late, where the target says so."""
    lifetime_ms: int | None = None
    """The lifetime of an invitation where the target's is set shorter; all waits of the
    features are shorter in proportion."""
    settle_assumed: bool | None = None
    """True where the target does not say how long its effects take: `settle_ms` is then
    what is assumed of a real clock."""
    declined: dict[str, str] = Field(default_factory=dict[str, str])
    features: str | None = None
    """Where the features of a user's own are that were run as well, if any."""
    profile: ProductRecord | None = None
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
    """For an error: crash, hang, protocol, setup, fault ...; `delay` where unplanned
    time has left it undecided."""
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
    _traffic: object = PrivateAttr(default=None)

    @property
    def traffic(self) -> object:
        """The calls of the run on record, which no file of records has."""
        return self._traffic

    def played(self, traffic: object) -> Self:
        """The same record with its calls."""
        copy = self.model_copy()
        copy._traffic = traffic  # noqa: SLF001 - a copy of its own class
        return copy


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


class Footer(Record):
    """The verdict of a run with its reasons, the totals, and the digest of the file."""

    record: Literal["footer"] = "footer"
    verdict: RunVerdict
    reason: str | None = None
    blame: Blame | None = None
    exit_code: int
    tolerance_ms: int = 0
    """With a real clock, how late this machine was at most; 0 with any other."""
    advice: str | None = None
    """With a real clock that left something undecided, what would decide it."""
    walks: str | None = None
    """What random walks found, in a sentence; None where there were none."""
    coverage: Tried | None = None
    """What was tried; None for a part of the suite."""
    learned: LearnedBeside | None = None
    """The state machine of the target; None where none was asked for."""
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
_HINT = "name a run.jsonl that a check has written, or run the check again"


class Run(Record):
    """A whole run, read back. `footer` None: INCOMPLETE."""

    header: Header
    scenarios: tuple[ScenarioRecord, ...]
    clauses: tuple[ClauseRecord, ...]
    footer: Footer | None


LEFT_OUT = "left-out"
"""Kind of a scenario that was not run because it waits for too long."""

LATER = (
    *("advice", "early_ms", "features", "late_ms", "learned", "lifetime_ms", "name"),
    *("profile", "settle_assumed"),
)
"""Fields that records of the first edition do not have."""


def dump(record: Record) -> str:
    """One line of JSON without its newline; keys in the order of the class.

    Fields of `LATER` are left out where they say nothing.
    """
    fields = record.model_dump(mode="json", exclude_defaults=False)
    for name in LATER:
        if fields.get(name, ...) is None:
            del fields[name]
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
    check_first_line(lines, Kind.RUN, FORMAT)
    records: list[Line] = []
    for number, line in enumerate(lines, start=1):
        try:
            records.append(_LINE.validate_json(line))
        except ValidationError as error:
            reason = f"{error.errors()[0]['msg']}"
            raise ValueError(f"is damaged: line {number}: {reason}") from error
    return _assemble(lines, records)


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
