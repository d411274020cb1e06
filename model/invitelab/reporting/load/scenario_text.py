"""A resolved scenario as TOML-like text."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from invitelab.reporting.common.formatting import clean

WIDTH = 88
DEEPEST = 8
"""The deepest table with a heading; deeper values are written in one line."""

Document = Mapping[str, object]


def scenario_text(scenario: Document) -> str:
    """The text, ending in a newline; plain values first, then tables."""
    return "\n".join(_table(scenario, ())).strip() + "\n"


def _table(table: Document, path: tuple[str, ...]) -> Iterator[str]:
    nested = {key: value for key, value in table.items() if _stands_alone(value, path)}
    for key, value in table.items():
        if key not in nested and value is not None:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in nested.items():
        here = (*path, _key(key))
        if is_document(value):
            yield from ("", f"[{'.'.join(here)}]")
            yield from _table(value, here)
        elif is_list(value):
            for entry in value:
                yield from ("", f"[[{'.'.join(here)}]]")
                if is_document(entry):
                    yield from _table(entry, here)


def _stands_alone(value: object, path: tuple[str, ...]) -> bool:
    """Whether a value gets a heading; a short table is written in one line."""
    if len(path) >= DEEPEST:
        return False
    if is_document(value):
        return not path or len(_value(value)) > WIDTH
    return (
        is_list(value)
        and bool(value)
        and all(map(is_document, value))
        and (not path or len(_value(value)) > WIDTH)
    )


def is_document(value: object) -> TypeGuard[Document]:
    """Whether a value is a table."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a value is an array."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _key(key: str) -> str:
    bare = key.replace("_", "").replace("-", "")
    return key if bare.isascii() and bare.isalnum() else json.dumps(clean(key))


def _value(value: object) -> str:
    if is_document(value):
        pairs = (f"{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None)
        inner = ", ".join(pairs)
        return f"{{ {inner} }}" if inner else "{}"
    if is_list(value):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return json.dumps(clean(value), ensure_ascii=False)
    return json.dumps(value)
