"""Runs of earlier: read back, drawn again, and compared."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeVar

import click
from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from invitelab.cli.provenance import now, provenance, told_facts
from invitelab.cli.simulating import HARNESS, make_room
from invitelab.errors import ExitCode, UsageError
from invitelab.reporting.load.files import (
    write_comparison,
    write_load_report,
    write_sweep_report,
)
from invitelab.reporting.load.terminal import print_comparison
from invitelab.reporting.terminal import report_console
from invitelab.results import Comparison, Results, Sweep
from invitelab.study.compare import compare
from invitelab.world.user_files import check_readable, printable, unreadable

MOST_BYTES = 500_000_000
"""A sweep of a hundred points with all their histograms has a fifth of it."""

RESULTS, SWEEP = "results.json", "sweep.json"

Document = TypeVar("Document", bound=BaseModel)

_HINT = "name a folder that invitelab simulate has written, or its results.json"
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of a results.json as it is written."""
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **Results.model_json_schema(mode="serialization"),
    }


def compare_stored(a: Path, b: Path, output: Path | None, *, quiet: bool) -> int:
    """Compare two earlier runs; written down only where `output` is given."""
    started = now()
    if output is not None:
        make_room(output)
    found = _told_apart(compare(read_results(a), read_results(b)), a, b)
    stored = None
    if output is not None:
        facts = provenance(started, HARNESS)
        stored = write_comparison(output, found, facts)
    print_comparison(report_console(), found, stored, quiet=quiet)
    return ExitCode.CONFORMANT


def draw_again(folder: Path) -> int:
    """Write the report of an earlier run or sweep anew, beside what it is drawn from.

    The facts about the run stay those of the run.
    """
    if folder.is_file():
        folder = folder.parent
    started = now()
    make = _sweep_report if (folder / SWEEP).is_file() else _load_report
    facts = told_facts(folder) or provenance(started, HARNESS)
    click.echo(f"report   {make(folder, facts)}")
    return ExitCode.CONFORMANT


def _sweep_report(folder: Path, facts: Mapping[str, object]) -> Path:
    return write_sweep_report(folder, _read(folder / SWEEP, Sweep), facts)


def _load_report(folder: Path, facts: Mapping[str, object]) -> Path:
    return write_load_report(folder, read_results(folder), facts)


def _told_apart(found: Comparison, a: Path, b: Path) -> Comparison:
    """Two runs of one scenario go by the names of their folders."""
    names = [_folder(path).name for path in (a, b)]
    if found.a != found.b or names[0] == names[1]:
        return found
    return found.model_copy(update={"a": names[0], "b": names[1]})


def _folder(path: Path) -> Path:
    whole = path.resolve()
    return whole if whole.is_dir() else whole.parent


# --- Reading ---------------------------------------------------------------------


def read_results(path: Path) -> Results:
    """The results in a folder or a file; UsageError in one sentence where none are."""
    if path.is_dir():
        path = _results_of(path)
    return _read(path, Results)


def _results_of(folder: Path) -> Path:
    """The results.json of a folder, or why it has none."""
    if (folder / RESULTS).is_file():
        return folder / RESULTS
    others = {
        "run.jsonl": "a conformance run",
        SWEEP: "a sweep",
        "comparison.json": "a comparison",
        "proof.json": "a proof",
    }
    for name, what in others.items():
        if (folder / name).is_file():
            raise UsageError(
                f"{printable(str(folder))} holds {what}, not a simulation", hint=_HINT
            )
    raise UsageError(f"{printable(str(folder))} holds no {RESULTS}", hint=_HINT)


def _read(path: Path, model: type[Document]) -> Document:
    check_readable(path, most_bytes=MOST_BYTES, hint=_HINT)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error, hint=_HINT) from error
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        reason = _why_not(content, model, error)
    raise UsageError(f"{printable(str(path))} {reason}", hint=_HINT)


def _why_not(content: bytes, model: type[BaseModel], error: ValidationError) -> str:
    """Why a file is not what it is taken for: the plainest of the reasons."""
    try:
        document = _JSON.validate_json(content)
    except ValidationError:
        return _not_a_document(content)
    if not isinstance(document, dict):
        return "is JSON, but no results of a simulation"
    kind = _kind(document)
    if kind not in {model.__name__.lower(), "unknown"}:
        return f"holds a {kind}, not the results of a simulation"
    version = document.get("format")
    if version is None:
        return "is JSON, but no results of a simulation"
    if version != 1:
        return f"has the format {json.dumps(version)[:40]}, and this version reads 1"
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(key) for key in first["loc"]) or "the document"
    words = first["msg"].removeprefix("Value error, ")
    return f"is damaged: {printable(place)} {words[:1].lower()}{words[1:]}"


def _kind(
    document: Mapping[str, JsonValue],
) -> Literal["results", "sweep", "comparison", "unknown"]:
    """What a document is, by what only such a one has."""
    if "scenario" in document and "outcomes" in document:
        return "results"
    if "points" in document:
        return "sweep"
    return "comparison" if "differences" in document else "unknown"


def _not_a_document(content: bytes) -> str:
    first = content.split(b"\n", 1)[0]
    try:
        _JSON.validate_json(first)
    except ValidationError:
        return "is not JSON, or was cut off"
    return "holds lines of JSON, as a conformance run does, and no results"
