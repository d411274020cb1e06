"""Foreign text made visible: nothing moves a cursor, turns text around or ends a line.

A record may have been written by anybody. Whatever shows one shows it through `shown`,
so that no view depends on who has written it, or on which of its fields has text.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, TypeVar, cast

from pydantic import BaseModel

HIDDEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Categories that move, hide or break text; XML has no place for some of them."""

LINES: Final = frozenset({"stderr"})
"""Names of fields that have several lines."""

_ESCAPE = re.compile(r"\\[bfnrtu]")
"""How JSON writes what cannot be seen."""

Document = TypeVar("Document", bound=BaseModel)


def escaped(text: str) -> str:
    """The text on one line, with an escape sequence for each hidden character."""
    if text.isprintable():
        return text
    return "".join(
        char
        if unicodedata.category(char) not in HIDDEN
        else char.encode("unicode_escape", "backslashreplace").decode("ascii")
        for char in text
    )


def shown(document: Document) -> Document:
    """The document with every text in it escaped; itself where nothing is to be.

    Field by field, whatever fields there are. Those named in LINES keep their lines.
    """
    return document if _is_plain(document) else _changed(document)


def _is_plain(document: BaseModel) -> bool:
    """Whether nothing is to be done, as is mostly so: by far quicker than to look."""
    try:
        text = document.model_dump_json()
    except ValueError:  # half a surrogate pair
        return False
    without_backslashes = text.replace("\\\\", "")  # those that are seen
    return text.isprintable() and _ESCAPE.search(without_backslashes) is None


def _changed(document: Document) -> Document:
    changed: dict[str, object] = {}
    for name, value in document.__dict__.items():
        safe = _shown(value, lines=name in LINES)
        if safe is not value:
            changed[name] = safe
    return document.model_copy(update=changed) if changed else document


def _shown(value: object, *, lines: bool = False) -> object:
    if type(value) is str:  # and no word of an enumeration
        whole = "\n" if lines else None
        return value if value.isprintable() else _text(value, whole)
    if isinstance(value, BaseModel):
        return _changed(value)
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        safe = tuple(_shown(item, lines=lines) for item in items)
        same = all(a is b for a, b in zip(safe, items, strict=True))
        return items if same else safe
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        safe_entries = {
            _shown(key): _shown(one, lines=lines) for key, one in entries.items()
        }
        return entries if safe_entries == entries else safe_entries
    return value


def _text(text: str, line_end: str | None) -> str:
    if line_end is None:
        return escaped(text)
    return line_end.join(escaped(line) for line in text.split(line_end))
