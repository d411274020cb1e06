"""A stored document with safe texts: what every view makes of one before it shows it.

Any program may have written a document. Each view shows it through `safe_document`, so
that no view depends on which program wrote it, or on which of its fields hold text.
"""

import re
from collections.abc import Mapping
from typing import Final, TypeVar, cast
from weakref import WeakValueDictionary

from pydantic import BaseModel

from invitelab.safe_text import escaped

LINES: Final = frozenset({"stderr", "Difference.scenario"})
"""Fields that have several lines: of any record, or of one."""

_ESCAPE = re.compile(r"\\[bfnrtu]")
"""How JSON writes a hidden character."""

Document = TypeVar("Document", bound=BaseModel)


def safe_document(document: Document) -> Document:
    """The document with every text in it escaped; itself where nothing is to be.

    Goes through all fields, whatever they are. Those in LINES keep their lines.
    """
    if _plain.get(id(document)) is document:
        return document
    safe = document if _is_plain(document) else _changed(document)
    _plain[id(safe)] = safe
    return safe


_plain: WeakValueDictionary[int, BaseModel] = WeakValueDictionary()
"""Documents known to be safe, which never change: each view asks for the same one."""


def _is_plain(document: BaseModel) -> bool:
    """Whether nothing is to be escaped, as is mostly so: quicker than `_changed`."""
    try:
        text = document.model_dump_json()
    except ValueError:  # half a surrogate pair
        return False
    without_backslashes = text.replace("\\\\", "")  # those that are part of a text
    return text.isprintable() and _ESCAPE.search(without_backslashes) is None


def _changed(document: Document) -> Document:
    changed: dict[str, object] = {}
    for name, value in document.__dict__.items():
        lines = bool(LINES & {name, f"{type(document).__name__}.{name}"})
        safe = _safe(value, lines=lines)
        if safe is not value:
            changed[name] = safe
    return document.model_copy(update=changed) if changed else document


def _safe(value: object, *, lines: bool = False) -> object:
    if type(value) is str:  # and no member of an enumeration
        return _text(value, lines=lines)
    if isinstance(value, BaseModel):
        return _changed(value)
    if isinstance(value, tuple | list):
        items = cast("tuple[object, ...] | list[object]", value)
        safe = [_safe(item, lines=lines) for item in items]
        same = all(a is b for a, b in zip(safe, items, strict=True))
        return items if same else type(items)(safe)
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        safe_entries = {_safe(key): _safe(one) for key, one in entries.items()}
        return entries if safe_entries == entries else safe_entries
    return value


def _text(text: str, *, lines: bool) -> str:
    if text.isprintable():
        return text
    if not lines:
        return escaped(text)
    return "\n".join(escaped(line) for line in text.split("\n"))
