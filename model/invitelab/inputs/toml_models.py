"""A user's TOML file as a pydantic model: every mistake at once, each at its place."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeGuard, TypeVar

from pydantic import BaseModel, ValidationError

from invitelab.inputs.toml_errors import Mistake, parsed, read_text, refusal
from invitelab.inputs.toml_positions import KeyPath, Place, places
from invitelab.inputs.validation import KEY, shown

Model = TypeVar("Model", bound=BaseModel)
Doubts = Callable[[Mapping[str, object]], Iterable[tuple[KeyPath, Mistake]]]
"""Finds mistakes that the model does not; the sentence begins without the key."""

_TOP = Place(line=1, key_column=1, value_column=1)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


def no_doubts(_document: Mapping[str, object]) -> Iterator[tuple[KeyPath, Mistake]]:
    """Find nothing."""
    yield from ()


def read_model(
    path: Path, model: type[Model], *, hint: str, doubts: Doubts = no_doubts
) -> Model:
    """Read a file as that model. Raises UsageError with every mistake and its place."""
    text = read_text(path, hint=hint)
    document = parsed(text)
    if isinstance(document, Mistake):
        raise refusal(path, text, [document], hint=hint)
    where = places(text)
    mistakes = [_placed(where, key, found) for key, found in doubts(document)]
    try:
        made = model.model_validate(document)
    except ValidationError as error:
        mistakes += _shape(error, where)
        raise refusal(path, text, mistakes, hint=hint) from error
    if mistakes:
        raise refusal(path, text, mistakes, hint=hint)
    return made


def as_table(value: object) -> Mapping[str, object]:
    """A value of a document as a table; empty where it is something else."""
    return value if _is_table(value) else {}


def as_list(value: object) -> Sequence[object]:
    """A value of a document as a list; empty where it is something else."""
    return value if _is_list(value) else ()


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _shape(error: ValidationError, where: Mapping[KeyPath, Place]) -> Iterator[Mistake]:
    """The mistakes that pydantic has found, as sentences of ours."""
    for one in error.errors(include_url=False):
        is_key = one["loc"][-1:] == (KEY,)
        path = one["loc"][:-1] if is_key else one["loc"]
        words = str(one["ctx"]["error"]) if "ctx" in one else one["msg"]
        keys = [key for key in path if isinstance(key, str)]
        name = _bare(keys[-1]) if keys else "the file"
        found = Mistake(sentence=f"{name} {words}")
        yield _placed(where, path, found, is_key=is_key)


def _placed(
    where: Mapping[KeyPath, Place],
    path: KeyPath,
    found: Mistake,
    *,
    is_key: bool = False,
) -> Mistake:
    """A mistake at a key, or at the nearest table around a missing one."""
    known = [path[:length] for length in range(len(path), 0, -1)]
    place = next((where[prefix] for prefix in known if prefix in where), _TOP)
    column = place.key_column if is_key else place.value_column
    return Mistake(sentence=found.sentence, line=place.line, column=column)


def _bare(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else shown(key)
