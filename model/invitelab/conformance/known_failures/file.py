"""The file of known failures: reader, and writer of a draft from a run.

seed = 0                           # of the run; left out: the entries hold with any

[[known]]
scenario = "Accepting after more than two minutes starts nothing"
clause = "EXPIRY-2"
example = "by ID, 121, 10.0.0"     # one row of an outline; without it, every row
kind = "crash"                     # left out where an expectation is not met
issue = "https://example.org/issues/12"
"""

import difflib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeGuard, get_args

from pydantic import AfterValidator, Field, ValidationError

from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import Pickle, pickles
from invitelab.conformance.known_failures.entries import (
    LARGEST_SEED,
    NO_ISSUE,
    Baseline,
    Kind,
    Known,
)
from invitelab.formats.evidence import broken
from invitelab.formats.run import Level, ScenarioRecord, Verdict
from invitelab.formats.walk_text import WALK
from invitelab.inputs.part import Part
from invitelab.inputs.toml_errors import Mistake, parsed, read_text, refusal
from invitelab.inputs.toml_positions import KeyPath, Place, places
from invitelab.inputs.validation import KEY, shown
from invitelab.safe_text import printable

MOST_ENTRIES = 500
"""Limit of entries in a file; the suite has fewer scenarios."""

_HINT = "invitelab explain 5 tells what an entry needs"
_LINK = re.compile(r"https?://[^\s<>\"]+|[\w./-]*#[0-9]+")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TOP = Place(line=1, key_column=1, value_column=1)

_Places = Mapping[KeyPath, Place]


def link(text: str) -> str:
    """The same text. Raises ValueError if it is neither a link nor an issue number."""
    if _LINK.fullmatch(text) is None:
        raise ValueError(
            "has to name where the failure is worked on, as "
            f'"https://..." or "#12", not {shown(text)}'
        )
    return text


def _link_or_nothing(text: str) -> str:
    """The same, but empty text is allowed: a draft has no issue yet."""
    return link(text) if text else text


class _Entry(Part):
    """The keys of an entry."""

    scenario: str
    clause: str
    issue: Annotated[str, AfterValidator(_link_or_nothing)]
    example: str | None = None
    kind: Kind | None = None


class _File(Part):
    """The keys of a file."""

    known: Annotated[tuple[_Entry, ...], Field(strict=False)] = ()
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None


def read(path: Path) -> Baseline:
    """Read a file of known failures.

    Raises UsageError with every mistake and its place: of the file's form, and of names
    that the scenarios of this installation do not have.
    """
    text = read_text(path, hint=_HINT)
    document = parsed(text)
    if isinstance(document, Mistake):
        raise refusal(path, text, [document], hint=_HINT)
    if len(list(_tables(document))) > MOST_ENTRIES:
        many = Mistake(sentence=f"at most {MOST_ENTRIES} failures can be known")
        raise refusal(path, text, [many], hint=_HINT)
    where = places(text)
    mistakes = list(_meaning(document, where))
    file = _File()
    try:
        file = _File.model_validate(document)
    except ValidationError as error:
        mistakes += _shape(error, where)
    if mistakes:
        raise refusal(path, text, mistakes, hint=_HINT)
    known = tuple(
        _known(entry, where["known", index].line)
        for index, entry in enumerate(file.known)
    )
    return Baseline(name=printable(path.name), entries=known, seed=file.seed)


def _known(entry: _Entry, line: int) -> Known:
    return Known(
        scenario=entry.scenario,
        clause=entry.clause,
        issue=entry.issue,
        example=entry.example,
        kind=entry.kind,
        line=line,
    )


def _shape(error: ValidationError, where: _Places) -> Iterator[Mistake]:
    """The mistakes that pydantic has found, as sentences of ours."""
    for one in error.errors(include_url=False):
        is_key = one["loc"][-1:] == (KEY,)
        path = one["loc"][:-1] if is_key else one["loc"]
        words = str(one["ctx"]["error"]) if "ctx" in one else one["msg"]
        yield _mistake(where, path, words, is_key=is_key)


def _mistake(
    where: _Places, path: KeyPath, words: str, *, is_key: bool = False
) -> Mistake:
    """A mistake at a key, or at the nearest table around a missing one."""
    keys = [key for key in path if isinstance(key, str)]
    known = [path[:length] for length in range(len(path), 0, -1)]
    place = next((where[prefix] for prefix in known if prefix in where), _TOP)
    column = place.key_column if is_key else place.value_column
    return Mistake(
        sentence=f"{_bare(keys[-1])} {words}", line=place.line, column=column
    )


def _bare(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else shown(key)


def _meaning(document: Mapping[str, object], where: _Places) -> Iterator[Mistake]:
    """Mistakes against the suite or an earlier entry; entries may be malformed."""
    suite: dict[str, list[Pickle]] = {}
    for pickle in pickles():
        suite.setdefault(pickle.scenario.name, []).append(pickle)
    earlier: list[tuple[object, object, int]] = []
    for index, table in _tables(document):
        title, example = table.get("scenario"), table.get("example")
        said = dict(_doubts(table, suite))
        for other, row, line in earlier:
            if title == other and (example == row or None in (example, row)):
                said.setdefault("scenario", f"is known already by line {line}")
        earlier.append((title, example, where["known", index].line))
        for key, words in said.items():
            yield _mistake(where, ("known", index, key), words)


def _tables(document: Mapping[str, object]) -> Iterator[tuple[int, dict[str, object]]]:
    known = document.get("known")
    if _is_list(known):
        for index, table in enumerate(known):
            if _is_table(table):
                yield index, table


def _doubts(
    table: Mapping[str, object], suite: Mapping[str, Sequence[Pickle]]
) -> Iterator[tuple[str, str]]:
    """Keys, with a sentence, whose value names nothing that can be a known failure."""
    title, clause = table.get("scenario"), table.get("clause")
    pickled = suite.get(title, ()) if isinstance(title, str) else ()
    if isinstance(title, str) and not pickled:
        yield "scenario", f"is in no feature: {_nearest(title, [*suite])}"
    if isinstance(clause, str):
        tags = {tag for pickle in pickled for tag in pickle.scenario.tags}
        words = _clause_doubt(clause, tags, table.get("kind"))
        if words is not None:
            yield "clause", words
    example = table.get("example")
    if isinstance(example, str) and pickled:
        rows = [pickle.example for pickle in pickled if pickle.example is not None]
        if not rows:
            yield "example", "must not be there: the scenario is no outline"
        elif example not in rows:
            yield "example", f"is no row of the scenario: {_nearest(example, rows)}"


def _clause_doubt(clause: str, tags: Collection[str], kind: object) -> str | None:
    if clause not in load():
        return f"is in no table: {_nearest(clause, [*load()])}"
    if tags and clause not in tags:
        return f"is not what the scenario cites: that is {', '.join(sorted(tags))}"
    is_deviation = kind is None or kind == "setup"
    if load()[clause].level is Level.REQUIRED or not is_deviation:
        return None
    return "is an interpretation: to differ is no failure, and needs no entry"


def _nearest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    if not near:
        return "nothing there is like it"
    return f"the nearest is {json.dumps(near[0], ensure_ascii=False)}"


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def draft(
    scenarios: Sequence[ScenarioRecord],
    known: Baseline | None = None,
    *,
    issue: str = "",
    selected_all: bool = True,
    seed: int = 0,
) -> str:
    """The text of a file with all failures; `issue` is that of the new entries.

    `seed` is that of the run: other values may fail in other scenarios.

    Entries of `known` that no scenario contradicts are kept. Findings of random walks
    are left out: they are in no feature; and so is what is blocked, as an entry would
    have to name the operation that was refused.
    """
    kept = (known or Baseline()).still_true(scenarios, selected_all=selected_all)
    lines = ["# Known failures. Each needs the issue in which it is worked on."]
    if not selected_all:
        lines.append("# Only a part was run: nothing else was looked at.")
    lines.append(f"seed = {seed} # with another one, what passes is not stale")
    failures = {(record.title, record.example): record for record in broken(scenarios)}
    new = [
        _drafted(record, issue)
        for record in failures.values()
        if record.kind in {None, *get_args(Kind)}
        and record.feature != WALK
        and record.verdict is not Verdict.BLOCKED
        and not any(entry.matches(record) for entry in kept)
    ]
    for entry in (*kept, *new):
        lines += ["", "[[known]]", *_written(entry)]
    return "\n".join(lines) + "\n"


def _drafted(record: ScenarioRecord, issue: str) -> Known:
    known = None if record.known == NO_ISSUE else record.known
    return Known(
        scenario=record.title,
        clause=record.clauses[0],
        issue=known or issue,
        example=record.example,
        kind=_kind(record.kind),
    )


def _kind(text: str | None) -> Kind | None:
    return next((kind for kind in get_args(Kind) if kind == text), None)


def _written(entry: Known) -> Iterator[str]:
    """The lines of an entry."""
    for key in ("scenario", "example", "clause", "kind", "issue"):
        value = getattr(entry, key)
        if value is not None:
            # A text of JSON is one of TOML.
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}"
