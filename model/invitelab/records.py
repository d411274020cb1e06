"""`run.jsonl`: one frozen class per line, and the only truth about a run.

A run is a header, one line a scenario, one line a clause, and a footer with the totals
and a digest of all lines before it. A file without its footer is INCOMPLETE. Every
report is a pure function of these records; none of them holds a wall-clock time, so
that the same run of the same target writes the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from invitelab.errors import Blame, UsageError

FORMAT = 1


class Level(StrEnum):
    """Whether breaking a clause breaks the page, or only differs from our reading."""

    REQUIRED = "required"
    INTERPRETATION = "interpretation"


class Verdict(StrEnum):
    """What became of a scenario, and of a clause."""

    PASS = "pass"
    FAIL = "fail"
    DEVIATION = "deviation"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"
    NOT_APPLICABLE = "not-applicable"
    NOT_RUN = "not-run"


class RunVerdict(StrEnum):
    """What became of a run."""

    CONFORMANT = "CONFORMANT"
    NON_CONFORMANT = "NON-CONFORMANT"
    INCONCLUSIVE = "INCONCLUSIVE"
    INVALID = "INVALID"
    PARTIAL = "PARTIAL"


class Record(BaseModel):
    """What every line has in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")


WALK = "features/walk.feature"
"""The feature of what random walks have found: none that ships has this name."""


def walk_options(examples: int | str, seed: int | str) -> str:
    """The words that walk so again; the example of what was found by it."""
    return f"--walks {examples} --seed {seed}"


def in_vain(examples: int | str, seed: int | str) -> str:
    """What a footer says of walks that found nothing."""
    return f"{examples} with seed {seed}: nothing was found"


class Header(Record):
    """What was run against what. The target's own words are in `implementation`."""

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
    problem: str | None = None
    """Why nothing could be run, in one sentence; None where it could."""
    hint: str | None = None
    blame: Blame | None = None
    stderr: str = ""
    """The last that the target wrote before the problem."""


class Exchange(Record):
    """One call and its answer, ids normalised: `i1` is the first invitation seen."""

    at_ms: int
    method: str
    client: str | None = None
    request: str
    response: str
    other: str | None = None
    """Whom the call concerns beside its client: a name; None where nobody is known."""
    outcome: Literal["ok", "refused", "broken"] = "ok"
    """`broken`: there was no answer that counts."""
    gist: str = ""
    """The call, or what was seen, in a few words: `accepts i1`, `sees nothing`."""


class StepRecord(Record):
    """One line of Gherkin as it was run."""

    keyword: str
    text: str
    line: int
    at_ms: int
    status: Literal["passed", "failed", "not-reached"]
    table: tuple[tuple[str, ...], ...] = ()
    """The data table below the step, its heading first."""
    exchanges: tuple[Exchange, ...] = ()


class Absent(Record):
    """What had to come from one person to another, and did not: names of people."""

    source: str
    target: str
    what: str
    """A word or two: `invitation`, `pop-up`, `session`."""


class ScenarioRecord(Record):
    """One scenario, or one row of an outline."""

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
    absent: Absent | None = None
    known: str | None = None
    """Where this failure is worked on, when the baseline has it; its verdict stays."""
    steps: tuple[StepRecord, ...] = ()
    stderr: str = ""


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


class Footer(Record):
    """The verdict, all denominators, and the digest of the lines above."""

    record: Literal["footer"] = "footer"
    verdict: RunVerdict
    reason: str | None = None
    blame: Blame | None = None
    exit_code: int
    tolerance_ms: int = 0
    """How late this machine was at most while a real clock ran; 0 with any other."""
    walks: str | None = None
    """What random walks have found, in a sentence; None where nobody walked."""
    stale: tuple[str, ...] = ()
    """One sentence for each entry of the baseline that is no longer what it says."""
    totals: dict[str, int]
    sha256: str


Line = Annotated[
    Header | ScenarioRecord | ClauseRecord | Footer, Field(discriminator="record")
]
_LINE: TypeAdapter[Line] = TypeAdapter(Line)


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


def read(path: Path) -> Run:
    """Read a `run.jsonl`.

    Raises UsageError when the file is missing, not ours, or was changed afterwards.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {error}"
        raise UsageError(
            msg, hint="name a run.jsonl that a check has written"
        ) from error
    records: list[Line] = []
    for number, line in enumerate(lines, start=1):
        try:
            records.append(_LINE.validate_json(line))
        except ValidationError as error:
            msg = f"{path}:{number} is not a line of a run: {error.errors()[0]['msg']}"
            raise UsageError(msg, hint="the file was cut or changed") from error
    return _assemble(path, lines, records)


def _assemble(path: Path, lines: list[str], records: list[Line]) -> Run:
    headers = [record for record in records if isinstance(record, Header)]
    footers = [record for record in records if isinstance(record, Footer)]
    if len(headers) != 1 or records[0] is not headers[0]:
        msg = f"{path} does not begin with the header of a run"
        raise UsageError(msg, hint="name a run.jsonl that a check has written")
    footer = footers[0] if footers else None
    if footer is not None and digest(lines[:-1]) != footer.sha256:
        msg = f"{path} was changed after the run: its digest does not fit"
        raise UsageError(msg, hint="run the check again")
    return Run(
        header=headers[0],
        scenarios=tuple(r for r in records if isinstance(r, ScenarioRecord)),
        clauses=tuple(r for r in records if isinstance(r, ClauseRecord)),
        footer=footer,
    )


def schema() -> dict[str, object]:
    """The JSON Schema of one line of `run.jsonl`."""
    return _LINE.json_schema()
