"""`exchanges.jsonl`: the bytes that a check and its target have sent each other.

A header, then for each scenario one line about it and one for each of its calls, in the
order in which they were made. Calls outside of scenarios, such as `initialize`, have no
scenario. Of a scenario that is run several times the file has the run that `run.jsonl`
shows. Wall-clock times are here and not there: this file differs from run to run.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from invitelab.errors import UsageError
from invitelab.formats.reading import read_bytes
from invitelab.formats.run import ScenarioRecord, Verdict
from invitelab.formats.tried import Record

FORMAT: Final = 1
EXCHANGES: Final = "exchanges.jsonl"
"""The name of the file, beside `run.jsonl`."""

Key = tuple[str, int, str, str, tuple[str, ...], str]
"""Feature, line, title, example and clauses, and the clause of a further record: they
tell the records of a run apart."""


class ExchangesHeader(Record):
    """The first line."""

    record: Literal["exchanges"] = "exchanges"
    format: int = FORMAT
    harness: str
    target: str
    began: str
    """When the run began, in UTC; `wall_s` counts from here."""


class PlayedScenario(Record):
    """A scenario whose calls follow, and what has to be known to run it again."""

    record: Literal["scenario"] = "scenario"
    scenario: str
    """Its title."""
    feature: str
    line: int
    example: str | None = None
    clauses: tuple[str, ...] = ()
    verdict: Verdict
    token: str = ""
    """Its name in the calls."""
    draw: int = 0
    """The place of its row of values in the plan of the run."""
    besides: str | None = None
    """In a further record of a scenario, the clause that it shows something about; left
    out in the record of the scenario itself."""
    left_out: int = 0
    """How many calls were made after the last one that is here."""


class RawExchange(Record):
    """One call: the bytes in both directions, as text if they are UTF-8."""

    record: Literal["exchange"] = "exchange"
    scenario: str | None = None
    """The title of its scenario; None outside of any."""
    call: int
    """Its place among the calls of the scenario, from 1."""
    id: int | None = None
    """The id of the request; None where nothing was sent."""
    method: str
    at_ms: int | None = None
    """Protocol time when it was made, in milliseconds."""
    wall_s: float
    """Seconds of wall time since the run began."""
    took_ms: float
    """Milliseconds of wall time until the answer."""
    sent: str = ""
    sent_base64: str | None = None
    """In place of `sent`, where the bytes are not UTF-8."""
    sent_bytes: int | None = None
    """How many there were, where not all are here."""
    received: str = ""
    received_base64: str | None = None
    received_bytes: int | None = None
    error: str | None = None
    """How the call has failed: the kind of the error and its sentence."""

    @property
    def request(self) -> bytes:
        """The bytes that were sent, as far as they are here."""
        return _bytes(self.sent, self.sent_base64)

    @property
    def answer(self) -> bytes:
        """The bytes that were received, as far as they are here."""
        return _bytes(self.received, self.received_base64)


def _bytes(text: str, encoded: str | None) -> bytes:
    if encoded is None:
        return text.encode(errors="surrogatepass")
    try:
        return base64.b64decode(encoded)
    except binascii.Error:
        return b""


def direction(name: str, kept: bytes, size: int) -> dict[str, object]:
    """The fields of one direction of a call: `name` is `sent` or `received`.

    `kept` are the first bytes of all `size`.
    """
    fields: dict[str, object] = {}
    try:
        fields[name] = kept.decode()
    except UnicodeDecodeError:
        fields[f"{name}_base64"] = base64.b64encode(kept).decode()
    if size > len(kept):
        fields[f"{name}_bytes"] = size
    return fields


def line_of(fields: Mapping[str, object]) -> str:
    """One line of the file, with its newline; only ASCII."""
    return json.dumps(fields, separators=(",", ":")) + "\n"


# --- Reading ---------------------------------------------------------------------

Line = Annotated[
    ExchangesHeader | PlayedScenario | RawExchange, Field(discriminator="record")
]
_LINE: TypeAdapter[Line] = TypeAdapter(Line)
_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class Played(Record):
    """A scenario with its calls."""

    scenario: PlayedScenario
    calls: tuple[RawExchange, ...]


OUTSIDE: Final[Key] = ("", 0, "", "", (), "")
"""In place of the key of a scenario, for the calls that belong to none."""

_NO_SCENARIO = PlayedScenario(scenario="", feature="", line=0, verdict=Verdict.NOT_RUN)


def key_of(record: ScenarioRecord) -> Key:
    """The key of a record of a run, by which its calls are found."""
    example, besides = record.example or "", shown_besides(record) or ""
    return record.feature, record.line, record.title, example, record.clauses, besides


def shown_besides(record: ScenarioRecord) -> str | None:
    """The clause that a further record of a scenario is there for; None: it is none."""
    return (record.blocked_by or record.clauses[0]) if record.besides else None


def _key(one: PlayedScenario) -> Key:
    example, besides = one.example or "", one.besides or ""
    return one.feature, one.line, one.scenario, example, one.clauses, besides


def parse(text: str, titles: Sequence[str] | None = None) -> Mapping[Key, Played]:
    """The scenarios of a file with their calls; with `titles`, only of that title.

    A last line without its end was being written when the writer was stopped. Raises
    ValueError, as `is damaged: line 7: ...`, or for another format.
    """
    lines = text.splitlines()
    if text and not text.endswith("\n"):
        lines.pop()
    if lines:
        _check_format(lines[0])
    marks = None if titles is None else _marks(titles)
    found: dict[Key, tuple[PlayedScenario, list[RawExchange]]] = {}
    outside: list[RawExchange] = []
    current: list[RawExchange] = []
    for number, line in enumerate(lines[1:], start=2):
        if marks is not None and not any(mark in line for mark in marks):
            continue
        match _line(number, line):
            case PlayedScenario() as one:
                current = []
                found[_key(one)] = one, current
            case RawExchange(scenario=str()) as exchange:
                current.append(exchange)
            case RawExchange() as exchange:
                outside.append(exchange)
            case _:
                pass
    if outside:
        found[OUTSIDE] = _NO_SCENARIO, outside
    return {
        key: Played(scenario=scenario, calls=tuple(calls))
        for key, (scenario, calls) in found.items()
    }


def _marks(titles: Sequence[str]) -> Sequence[str]:
    """What each line of interest has: parsing all lines takes long."""
    of_titles = [f'"scenario":{json.dumps(title)}' for title in titles]
    return ['"scenario":null', *of_titles]


def _check_format(line: str) -> None:
    try:
        header = _OBJECT.validate_json(line)
    except ValidationError as error:
        raise ValueError("is damaged: line 1 is no object of JSON") from error
    if header.get("record") != "exchanges":
        raise ValueError("does not hold the exchanges of a check")
    if header.get("format") != FORMAT:
        raise ValueError(f"has the format {header.get('format')}, not {FORMAT}")


def _line(number: int, line: str) -> Line:
    try:
        return _LINE.validate_json(line)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise ValueError(f"is damaged: line {number}: {reason}") from error


def read(path: Path, titles: Sequence[str] | None = None) -> Mapping[Key, Played]:
    """Read an `exchanges.jsonl`; see `parse`. Raises UsageError."""
    hint = "invitelab check writes it beside run.jsonl: run the check again"
    try:
        return parse(read_bytes(path, hint=hint).decode(), titles)
    except ValueError as error:
        raise UsageError(f"{path} {error}", hint=hint) from error


def of_failures(text: str, records: Sequence[ScenarioRecord]) -> Mapping[Key, Played]:
    """The calls of these records, and those outside; none where the text is damaged.

    A report is made without them, too.
    """
    try:
        found = parse(text, sorted({one.title for one in records}))
    except ValueError:
        return {}
    wanted = [OUTSIDE, *map(key_of, records)]
    return {key: found[key] for key in wanted if key in found}


def schema() -> dict[str, object]:
    """The JSON Schema of one line of `exchanges.jsonl`."""
    return _LINE.json_schema()
