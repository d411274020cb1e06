"""The scenarios that ship: they load, and their README and schema are complete."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeGuard

import jsonschema
import pytest

from invitelab.inputs.toml_positions import KeyPath, places
from invitelab.world.scenario.file import Loaded, load, schema
from invitelab.world.scenario.schema import METRICS, Scenario, Trace
from invitelab.world.scenario.trace import read_trace

FOLDER = Path(__file__).parents[1] / "scenarios"
FILES = sorted(FOLDER.glob("*.toml"))
README = (FOLDER / "README.md").read_text(encoding="utf-8")
SCHEMA = FOLDER / "schema" / "scenario-v1.json"
PUBLISHED: Mapping[str, object] = json.loads(SCHEMA.read_text(encoding="utf-8"))
FIRST_LINE = "#:schema schema/scenario-v1.json"

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether a value is a table."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Whether a value is a list."""
    return isinstance(value, list)


def table(value: object) -> Mapping[str, object]:
    """The value, which has to be a table."""
    assert is_table(value)
    return value


def schema_error(document: object) -> str:
    """The first error of a document by the published schema; empty if it is valid."""
    validator = jsonschema.Draft202012Validator(PUBLISHED)
    plain = json.loads(json.dumps(document))
    try:
        validator.validate(plain)  # pyright: ignore[reportUnknownMemberType]  # its stubs
    except jsonschema.ValidationError as error:
        return error.message
    return ""


def keys(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every key of a document, with its path."""
    if is_table(value):
        for key, child in value.items():
            yield (*path, key), key
            yield from keys(child, (*path, key))
    elif is_list(value):
        for index, child in enumerate(value):
            yield from keys(child, (*path, index))


def rows(*header: str) -> Iterator[list[str]]:
    """Rows of all README tables with this header, without backticks."""
    title = re.escape(f"| {' | '.join(header)} |")
    for found in re.finditer(
        rf"^{title}\n\|[-|]+\|\n((?:\|.*\n)+)", README, re.MULTILINE
    ):
        for line in found[1].splitlines():
            yield [cell.strip().replace("`", "") for cell in line.split("|")[1:-1]]


# --- The files -------------------------------------------------------------------


def test_there_are_ten() -> None:
    """Those that the README lists, and no other."""
    listed = [row[0] for row in rows("scenario", "what it shows")]
    assert 10 == len(FILES)
    assert {path.stem for path in FILES} == set(listed)


@every_file
def test_a_scenario_loads(path: Path) -> None:
    """It names its schema, and its summary says what it shows."""
    loaded: Loaded = load(path)
    first, second, *_ = loaded.text.split("\n")
    assert FIRST_LINE == first
    assert second.startswith("# ")
    assert loaded.scenario.objectives
    assert loaded.scenario.summary


@every_file
def test_a_scenario_is_valid_by_the_published_schema(path: Path) -> None:
    """As written, and as resolved."""
    assert "" == schema_error(tomllib.loads(path.read_text(encoding="utf-8")))
    assert "" == schema_error(load(path).scenario.document())


@every_file
def test_every_key_is_found_in_its_line(path: Path) -> None:
    """An error is shown at a line that contains the key."""
    text = path.read_text(encoding="utf-8")
    found, lines = places(text), text.split("\n")
    for at, key in keys(tomllib.loads(text)):
        line = lines[found[at].line - 1]
        assert line[found[at].key_column - 1 :].lstrip('"').startswith(key), at


@every_file
def test_a_scenario_has_a_reasonable_size(path: Path) -> None:
    """At most 150,000 invitations a replication, so that it is quick to try.

    Or 1,500,000 of plain ones, for cohorts; and few where each has its own oddities.
    """
    scenario = load(path).scenario
    if isinstance(scenario.arrivals, Trace):
        count: float = len(read_trace(path.parent / scenario.arrivals.file))
    else:
        count = scenario.arrivals.expected(scenario.duration)
    most = 1_500_000 if path.stem == "million" else 150_000
    least = 500 if path.stem == "unusual_day" else 1_000
    assert least <= count <= most


def test_the_trace_lies_within_its_hour() -> None:
    """All of its 6,000 instants are replayed, and its file is small."""
    path = FOLDER / "trace_replay.csv"
    instants_us = read_trace(path)
    duration_us = load(FOLDER / "trace_replay.toml").scenario.duration
    assert 6_000 == len(instants_us)
    assert instants_us[-1] < duration_us
    assert path.stat().st_size < 80_000


# --- The schema ------------------------------------------------------------------


def test_the_published_schema_is_up_to_date() -> None:
    """The file is what the model generates."""
    fresh = json.dumps(schema(), indent=2) + "\n"
    assert fresh == SCHEMA.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(PUBLISHED)


@pytest.mark.parametrize(
    ("key", "value"),
    [("duration", 600), ("duration", "10"), ("replications", 0), ("sed", 1)],
)
def test_the_published_schema_refuses_what_the_model_refuses(
    key: str, value: object
) -> None:
    """So that an editor shows the same errors."""
    document = load(FILES[0]).scenario.document()
    assert "" == schema_error(document)
    assert schema_error({**document, key: value})


def test_the_published_defaults_are_the_models() -> None:
    """An editor shows the value that a missing key gets."""
    shown = {
        key: table(node)["default"]
        for key, node in table(PUBLISHED["properties"]).items()
        if table(node).get("default") is not None
    }
    written = tomllib.loads(FILES[0].read_text(encoding="utf-8"))
    bare = {key: value for key, value in written.items() if key not in shown}
    resolved = Scenario.model_validate(bare).document()
    assert {"warm_up", "drain", "seed"} <= set(shown)
    assert shown == {key: resolved[key] for key in shown}


# --- The README ------------------------------------------------------------------


def definition(
    node: Mapping[str, object],
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The named tables that a value of the schema may be: one, or a union."""
    choices = node.get("oneOf") or node.get("anyOf") or [node]
    assert is_list(choices)
    for choice in choices:
        name = str(table(choice).get("$ref", "")).removeprefix("#/$defs/")
        if name:
            yield name, table(table(PUBLISHED["$defs"])[name])


def default(node: Mapping[str, object], *, required: bool) -> str:
    """A default as the README has it: a TOML value, `required` or `none`."""
    if required:
        return "required"
    return written(node.get("default")) if node.get("default") is not None else "none"


def written(value: object) -> str:
    """A value as TOML."""
    if is_table(value):
        pairs = ", ".join(f"{key} = {written(one)}" for key, one in value.items())
        return f"{{ {pairs} }}"
    return json.dumps(value)


def described(
    node: Mapping[str, object], prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Every key that a table of the schema can have, with its default."""
    needed = node.get("required", [])
    assert is_list(needed)
    for key, value in table(node.get("properties", {})).items():
        child, path = table(value), f"{prefix}{key}"
        parts = [*definition(child)]
        if path not in Scenario.model_fields or "default" in child or not parts:
            yield path, default(child, required=key in needed)
        for name, part in parts:
            if name not in {"Constant", "Uniform", "Exponential", "Lognormal"}:
                yield from described(part, f"{path}.")
        if "items" in child:
            for _, part in definition(table(child["items"])):
                yield from described(part, f"{path}.*.")


def test_the_readme_has_every_key_with_its_default() -> None:
    """And no other key."""
    expected = dict(described(PUBLISHED))
    told = {row[0]: row[2] for row in rows("key", "unit", "default", "meaning")}
    assert len(told) > 50
    assert expected == told


def kinds(tag: str) -> dict[str, set[str]]:
    """The keys of each kind of a union that not all kinds have."""
    shared = {tag, "at", "for"}
    found: dict[str, set[str]] = {}
    for part in table(PUBLISHED["$defs"]).values():
        properties = table(table(part).get("properties", {}))
        if tag in properties:
            name = str(table(properties[tag])["const"])
            found[name] = set(properties) - shared
    return found


@pytest.mark.parametrize("tag", ["kind", "distribution"])
def test_the_readme_has_every_kind_with_its_keys(tag: str) -> None:
    """Kinds of arrivals, faults and distributions."""
    told = {
        row[0]: set(filter(None, row[1].split(", ")))
        for row in rows(tag, "keys", "meaning")
    }
    assert kinds(tag) == told


def test_the_readme_has_every_metric_with_its_unit() -> None:
    """The model has times in microseconds, and other metrics as plain numbers."""
    told = {row[0]: row[1] for row in rows("metric", "unit", "meaning")}
    assert {*METRICS} == {*told}
    assert METRICS == {name: "us" if told[name] == "time" else "1" for name in told}
