"""Scenario files: read, validated as a whole, and each mistake shown at its place."""

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeGuard

from pydantic import ValidationError
from pydantic.json_schema import GenerateJsonSchema

from invitelab.errors import UsageError
from invitelab.inputs.toml_errors import Mistake, parsed_in_part, read_text, told
from invitelab.inputs.toml_positions import KeyPath, Place, places
from invitelab.inputs.validation import KEY, shown
from invitelab.world.scenario.schema import Scenario

KINDS = frozenset(
    {
        "closed",
        "constant",
        "crash",
        "delay",
        "duplicate",
        "exponential",
        "lognormal",
        "loss",
        "partition",
        "poisson",
        "relay-restart",
        "reorder",
        "skew",
        "stages",
        "suspend",
        "trace",
        "uniform",
    }
)
"""Every `kind` and `distribution`; pydantic adds them to the location of a mistake."""

_HINT = "scenarios/README.md tells every key with its unit and default"
_UNCHANGED: Mapping[str, object] = MappingProxyType({})
_LONGEST_KEY = 40
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_CHANGE_KEY = re.compile(r'"([^"]*)"|([^."]+)')
_INDEX = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A scenario and its origin; file names in it are relative to `folder`.

    `changed` are the dotted paths of the values that replaced those of the file.
    """

    scenario: Scenario
    name: str
    folder: Path
    text: str
    changed: frozenset[str] = frozenset()


class ScenarioError(UsageError):
    """An invalid scenario. `str(error)` shows every mistake in its line."""

    def __init__(self, source: Path, text: str, mistakes: Sequence[Mistake]) -> None:
        super().__init__(told(source, text, mistakes), hint=_HINT)
        self.mistakes = tuple(mistakes)


def load(path: Path, changes: Mapping[str, object] = _UNCHANGED) -> Loaded:
    """Read a scenario file, with some values replaced: `{"relay.servers": 4}`.

    Raises ScenarioError for what is in the file or the changes, and UsageError when
    the file cannot be read.
    """
    text = read_text(path, hint=_HINT)
    return _loaded(text, path, changes, folder=path.parent)


def loads(
    text: str,
    changes: Mapping[str, object] = _UNCHANGED,
    *,
    source: Path = Path("scenario.toml"),
) -> Loaded:
    """Read a scenario from text; `source` names it. Raises ScenarioError.

    It is not checked whether the file of a trace exists.
    """
    return _loaded(text, source, changes, folder=None)


def schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of a scenario as it is written in a file."""
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **Scenario.model_json_schema(),
    }


def _loaded(
    text: str, source: Path, changes: Mapping[str, object], *, folder: Path | None
) -> Loaded:
    text = text.replace("\r\n", "\n")
    in_part = parsed_in_part(text)
    document, mistakes = in_part.document, [*in_part.mistakes]
    if document is None:
        raise ScenarioError(source, text, mistakes)
    is_whole = not mistakes
    laid = [_lay_over(document, path, changes[path]) for path in changes]
    mistakes += [one for one in laid if isinstance(one, Mistake)]
    scenario: Scenario | None = None
    try:
        scenario = Scenario.model_validate(document, context=folder)
    except ValidationError as error:
        changed = [one for one in laid if not isinstance(one, Mistake)]
        found = _Finder(in_part.text, document, changed)
        mistakes += [
            found.mistake(one["loc"], str(one["ctx"]["error"]))
            for one in error.errors(include_url=False)
            # What the lines that were left out may have said is not missing.
            if "ctx" in one and (is_whole or found.is_value(one["loc"]))
        ]
    if mistakes or scenario is None:
        mistakes.sort(key=lambda mistake: (mistake.line, mistake.column))
        raise ScenarioError(source, text, mistakes) from None
    return Loaded(
        scenario=scenario,
        name=source.stem,
        folder=source.parent,
        text=text,
        changed=frozenset(changes),
    )


# --- Syntax and changes ----------------------------------------------------------


def _lay_over(
    document: dict[str, object], path: str, value: object
) -> KeyPath | Mistake:
    """Set the value at a dotted path; missing tables on the path are created.

    It is a mistake if the path leads through something that is no table.
    """
    keys = [quoted or bare for quoted, bare in _CHANGE_KEY.findall(path)]
    here: object = document
    taken: list[str | int] = []
    for key in keys:
        last = len(taken) == len(keys) - 1
        if _is_table(here):
            taken.append(key)
            if last:
                here[key] = copy.deepcopy(value)
            here = here.setdefault(key, {})
        elif _is_list(here) and _INDEX.fullmatch(key) and int(key) < len(here):
            taken.append(int(key))
            if last:
                here[int(key)] = copy.deepcopy(value)
            here = here[int(key)]
        else:
            break
    if not keys or len(taken) < len(keys):
        return Mistake(sentence=f"there is no {shown(path)} to change")
    return tuple(taken)


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


# --- Places and sentences of mistakes --------------------------------------------


class _Finder:
    """Finds the place in the document of each mistake that the model reports."""

    def __init__(
        self, text: str, document: dict[str, object], changed: Sequence[KeyPath]
    ) -> None:
        self._document = document
        self._changed = changed
        self._places = places(text)

    def mistake(self, location: KeyPath, words: str) -> Mistake:
        """The mistake at one of pydantic's locations, with its path and place."""
        is_key = location[-1:] == (KEY,)
        path = _without_tags(location[:-1] if is_key else location, self._document)
        sentence = f"{_written(path)} {words}"
        if any(path[: len(change)] == change for change in self._changed):
            return Mistake(sentence=f"{sentence} (changed for this run)")
        place = self._place(path)
        if any(change[: len(path)] == path for change in self._changed):
            sentence = f"{sentence} (with a part changed for this run)"
        column = place.value_column
        if is_key and path in self._places:
            column = place.key_column
        return Mistake(sentence=sentence, line=place.line, column=column)

    def is_value(self, location: KeyPath) -> bool:
        """Whether a mistake is about a value or a key that is there, and no table."""
        is_key = location[-1:] == (KEY,)
        path = _without_tags(location[:-1] if is_key else location, self._document)
        here: object = self._document
        for key in path:
            if _is_table(here) and key in here:
                here = here[str(key)]
            elif _is_list(here) and isinstance(key, int) and key < len(here):
                here = here[key]
            else:
                return False
        return is_key or not (_is_table(here) or _is_list(here))

    def _place(self, path: KeyPath) -> Place:
        """The place of the path, or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._places:
                return self._places[path[:length]]
        return Place(line=1, key_column=1, value_column=1)


def _without_tags(location: KeyPath, document: object) -> KeyPath:
    """The location without the kinds that pydantic inserts between two keys."""
    path: list[str | int] = []
    here: object = document
    untagged = True
    for key in location:
        table = here if _is_table(here) else {}
        tags = (table.get("kind"), table.get("distribution"))
        if untagged and key in KINDS and key in tags:
            untagged = False
            continue
        untagged = True
        path.append(key)
        if _is_table(here):
            here = here.get(str(key))
        elif _is_list(here) and isinstance(key, int) and key < len(here):
            here = here[key]
        else:
            here = None
    return tuple(path)


def _written(path: KeyPath) -> str:
    """The path as a dotted key; the document itself where it is empty."""
    keys = [
        key if _BARE_KEY.fullmatch(key) and len(key) <= _LONGEST_KEY else shown(key)
        for key in map(str, path)
    ]
    return ".".join(keys) or "the scenario"
