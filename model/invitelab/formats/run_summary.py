"""What a run says in a line: from the first and the last lines of its file.

A `run.jsonl` has some megabytes of scenarios, and a list of runs needs none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from invitelab.errors import UsageError
from invitelab.formats.product import ProductRecord
from invitelab.formats.reading import read_bytes
from invitelab.safe_text import escaped, printable

_CLAUSE = b'{"record":"clause"'
_SCENARIO = b'{"record":"scenario"'
_BESIDES = b'"besides":true'
"""A further record of a scenario that another line has."""

MOST_SHOWN = 200

_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
_COUNTS: TypeAdapter[dict[str, int]] = TypeAdapter(dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """Header, totals and verdicts of a run."""

    target: str
    name: str | None
    implementation: str
    suite: str
    seed: int
    verdict: str
    """`INCOMPLETE` for a run without an end."""
    whole: bool
    totals: Mapping[str, int]
    clauses: Mapping[str, str]
    """The verdict of each clause that was judged; by id, in the order of the file."""
    scenarios: int
    profile: ProductRecord | None = None
    """The variant of the product that it was judged by; None for the specification."""
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    """What each clause demands, by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a run was judged by, beside the suite that ships."""

    profile: ProductRecord | None = None
    features: str | None = None
    """Where the features of a user's own are."""


def basis_of(path: Path) -> Basis:
    """What the run of a file was judged by. Raises UsageError."""
    hint = "run the check again"
    first, _, _ = read_bytes(path, hint=hint).partition(b"\n")
    try:
        header = _object(first)
        features = header.get("features")
        return Basis(
            profile=_profile(header),
            features=str(features) if features else None,
        )
    except ValueError as error:
        msg = f"{printable(str(path))} is damaged"
        raise UsageError(msg, hint=hint) from error


def summary_of(path: Path) -> RunSummary:
    """Read the summary of a run file. Raises UsageError."""
    hint = "run the check again"
    lines = read_bytes(path, hint=hint).splitlines()
    try:
        header = _object(lines[0])
        last = _object(lines[-1])
        clauses = [_object(line) for line in lines if line.startswith(_CLAUSE)]
        footer: Mapping[str, object] = {}
        if last.get("record") == "footer":
            footer = last
        return RunSummary(
            target=_text(header["target"]),
            name=_text(header["name"]) if header.get("name") else None,
            implementation=_text(header.get("implementation") or ""),
            suite=_text(header["suite"]),
            seed=int(str(header.get("seed", 0))),
            profile=_profile(header),
            verdict=_text(footer.get("verdict", "INCOMPLETE")),
            whole=footer.get("whole") is True,
            totals=_counts(footer.get("totals")),
            clauses={
                _text(one["clause"]): _text(one["verdict"])
                for one in clauses
                if one.get("verdict")
            },
            texts={_text(one["clause"]): _text(one["text"]) for one in clauses},
            scenarios=sum(
                line.startswith(_SCENARIO) and _BESIDES not in line for line in lines
            ),
        )
    except (IndexError, KeyError, ValueError) as error:
        msg = f"{printable(str(path))} is damaged"
        raise UsageError(msg, hint=hint) from error


def _profile(header: Mapping[str, object]) -> ProductRecord | None:
    found = header.get("profile")
    return ProductRecord.model_validate(found) if found else None


def _object(line: bytes) -> Mapping[str, object]:
    return _OBJECT.validate_json(line)


def _text(value: object) -> str:
    return escaped(str(value), MOST_SHOWN)


def _counts(value: object) -> Mapping[str, int]:
    return _COUNTS.validate_python(value or {})
