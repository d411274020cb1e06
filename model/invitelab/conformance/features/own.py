"""Features of a user's own: the folder that has them, and what lies beside them.

    *.feature            scenarios, in any language that there are phrases for
    clauses.toml         clauses of one's own
    phrases.LANG.toml    words of steps in another language
    steps.py             steps of one's own, made with `invitelab.conformance.steps`

What is added is known to the whole process, as the suite is.
"""

import importlib.util
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from invitelab.conformance.features import translation
from invitelab.conformance.features.own_lint import mistakes, step_mistakes
from invitelab.conformance.features.steps import registry
from invitelab.errors import UsageError, one_line
from invitelab.formats.feature import feature_text
from invitelab.formats.run import Level
from invitelab.formats.specification import (
    Clause,
    add_own_clauses,
    forget_own_clauses,
    own_clauses,
    shipped_clauses,
)
from invitelab.inputs.part import Part
from invitelab.inputs.toml_errors import Mistake
from invitelab.inputs.toml_models import as_list, as_table, read_model
from invitelab.inputs.toml_positions import KeyPath
from invitelab.inputs.validation import shown
from invitelab.resources import (
    add_own_features,
    feature_files,
    forget_own_features,
    own_feature_files,
    own_file_label,
    remove_own_features,
)
from invitelab.safe_text import printable

HINT = "docs/own-features.md shows what a folder of features holds"
SECTION = "a clause of your own"
CLAUSES, STEPS = "clauses.toml", "steps.py"
ID = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFeatures:
    """What was added: the feature files, and the clauses beside them."""

    files: tuple[Path, ...]
    clauses: Mapping[str, Clause]


class FeatureMistakesError(UsageError):
    """Mistakes in features of a user's own, a line each."""


def use_own_features(path: Path, *, more_steps: bool = False) -> OwnFeatures:
    """Add the features of a folder, or one feature file, and what is beside them.

    Imports `steps.py`. With `more_steps`, others may be defined later, as in a test
    module: then `unknown_steps` looks for those that are not.
    Raises UsageError with every mistake, each with its place.
    """
    files = _files(path)
    folder = path if path.is_dir() else path.parent
    tables = sorted(folder.glob("phrases.*.toml"))
    steps, clauses = folder / STEPS, folder / CLAUSES
    for one in tables:
        translation.refuse_unknown_language(one)
        translation.add_own_table(one.resolve())
    found: Mapping[str, Clause] = {}
    if clauses.is_file():
        found = read_clauses(clauses)
    for id_, clause in found.items():
        if own_clauses().get(id_, clause) != clause:
            msg = f"{printable(str(clauses))}: another folder has another {id_}"
            raise UsageError(msg, hint="choose another area or number for one of them")
    add_own_clauses(found.values())
    beside = [one for one in (clauses, *tables, steps) if one.is_file()]
    add_own_features(files, beside, path)
    if steps.is_file():
        load_steps(steps.resolve())
    told = list(mistakes(files, found, whole=path.is_dir(), steps=not more_steps))
    if told:
        remove_own_features(files)
        raise FeatureMistakesError("\n".join(told), hint=HINT)
    return OwnFeatures(files=files, clauses=found)


def unknown_steps() -> list[str]:
    """A sentence for each step of own features that is not defined exactly once."""
    return list(step_mistakes(own_feature_files()))


def forget_everything() -> None:
    """Have the suite that ships alone again; for tests."""
    forget_own_features()
    forget_own_clauses()
    translation.forget_own_tables()
    registry.forget_own()
    for name in _imported:
        sys.modules.pop(name, None)
    _imported.clear()


def own_tags() -> frozenset[str]:
    """The tags of all own features that are no clauses."""
    tags: set[str] = set()
    for path in own_feature_files():
        tags |= set(_tags(feature_text(path).tree.get("feature")))
    return frozenset(tags - set(own_clauses()) - set(shipped_clauses()))


def _tags(node: object) -> Iterator[str]:
    """The names of all tags in a tree."""
    for key, value in as_table(node).items():
        if key == "tags":
            names = (as_table(tag)["name"] for tag in as_list(value))
            yield from (str(name).removeprefix("@") for name in names)
        else:
            yield from _tags(value)
    for child in as_list(node):
        yield from _tags(child)


def _files(path: Path) -> tuple[Path, ...]:
    """The feature files there. Raises UsageError if there is none."""
    name = printable(str(path))
    if not path.exists():
        raise UsageError(f"{name} does not exist", hint=HINT)
    found = sorted(path.rglob("*.feature")) if path.is_dir() else [path]
    if not found:
        raise UsageError(f"{name} has no file that ends in .feature", hint=HINT)
    if path.is_file() and path.suffix != ".feature":
        raise UsageError(f"{name} is no feature: those end in .feature", hint=HINT)
    shipped = {one.resolve() for one in feature_files()}
    if any(one.resolve() in shipped for one in found):
        raise UsageError(f"{name} is the suite itself", hint="leave out --features")
    return tuple(one.resolve() for one in found)


# --- Clauses ---------------------------------------------------------------------


class _Clause(Part):
    """The keys of a clause."""

    id: str
    level: Literal["required", "interpretation"]
    text: str
    section: str = SECTION


class _Clauses(Part):
    """The keys of a file of clauses."""

    clause: list[_Clause] = Field(default_factory=list[_Clause])


def read_clauses(path: Path) -> Mapping[str, Clause]:
    """The clauses of a file by id. Raises UsageError with every mistake."""
    file = read_model(path, _Clauses, hint=HINT, doubts=_doubts)
    return {
        one.id: Clause(
            id=one.id,
            level=Level(one.level),
            text=one.text,
            section=one.section,
        )
        for one in file.clause
    }


def _doubts(document: Mapping[str, object]) -> Iterator[tuple[KeyPath, Mistake]]:
    """Ids that cannot be those of a clause, and texts that say nothing."""
    seen = set[str]()
    for index, table in enumerate(as_list(document.get("clause"))):
        id_, text = as_table(table).get("id"), as_table(table).get("text")
        if isinstance(text, str) and not text.strip():
            sentence = "text is empty: say what must be observable"
            yield ("clause", index, "text"), Mistake(sentence=sentence)
        if not isinstance(id_, str):
            continue
        words = None
        if ID.fullmatch(id_) is None:
            words = f"has to be capitals, a dash and a number, not {shown(id_)}"
        elif id_ in shipped_clauses():
            words = f"{id_} is a clause of the suite: choose another area or number"
        elif id_ in seen:
            words = f"{id_} is in this file already"
        if words is not None:
            yield ("clause", index, "id"), Mistake(sentence=f"id {words}")
        seen.add(id_)


_imported: list[str] = []
"""Names of the modules that were made of files of steps."""

# --- Steps -----------------------------------------------------------------------


def load_steps(path: Path) -> None:
    """Import a file of steps, unless it is imported. Raises UsageError.

    What lies beside it can be imported there.
    """
    loaded = {getattr(module, "__file__", None) for module in [*sys.modules.values()]}
    if str(path) in loaded:
        return
    name = f"invitelab_own_steps_{len(loaded)}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None, "it is a file of Python"
    assert spec.loader is not None, "it is a file of Python"
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    _imported.append(name)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise UsageError(_told(path, error), hint=HINT) from error


def _told(path: Path, error: BaseException) -> str:
    """Where importing a file of steps failed, and why."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    line = error.lineno if isinstance(error, SyntaxError) else [*lines, 0][0]
    why = one_line(f"{type(error).__name__}: {error}".removesuffix(": "))
    return printable(f"{own_file_label(path)}:{line}: {why}")
