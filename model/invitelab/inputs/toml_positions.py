"""The position of each key in a TOML document, so that a mistake can be shown there.

The standard library's parser reports values without positions. This scanner reads a
document that is known to be valid, so it has to find only keys and brackets.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""Keys and indexes from the top: `("objectives", 0, "at_most")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Line and columns, from 1. The value of a table is at the place of its key."""

    line: int
    key_column: int
    value_column: int


_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\w+:-]+"
    r"|[][{}=,.\n]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int
    column: int


class _Scanner:
    """One pass over the tokens; every method consumes the tokens that it reads."""

    def __init__(self, text: str) -> None:
        self.places: dict[KeyPath, Place] = {}
        self._tokens = list(_tokens(text))
        self._next = 0
        self._last_index: dict[KeyPath, int] = {}

    def document(self) -> None:
        """Read the whole document: headers and pairs, one a line."""
        table: KeyPath = ()
        while self._next < len(self._tokens):
            token = self._peek()
            if token == "\n":
                self._take()
            elif token == "[":
                table = self._header()
            else:
                self._pair(table)

    def _peek(self) -> str:
        """The text of the next token; a line feed at the end of the document."""
        if self._next < len(self._tokens):
            return self._tokens[self._next].text
        return "\n"

    def _take(self) -> _Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _header(self) -> KeyPath:
        """Read `[a.b]` or `[[a.b]]`; returns the path of the table that it opens."""
        self._take()
        several = self._peek() == "["
        if several:
            self._take()
        keys = self._keys()
        path: KeyPath = ()
        for position, (key, token) in enumerate(keys, start=1):
            path = (*path, key)
            self._note(path, token, token)
            if several and position == len(keys):
                self._last_index[path] = self._last_index.get(path, -1) + 1
            if path in self._last_index:
                path = (*path, self._last_index[path])
                self._note(path, token, token)
        for _ in range(2 if several else 1):
            self._take()
        return path

    def _pair(self, table: KeyPath) -> None:
        """Read `a.b = value`, in a table or in an inline table."""
        path = table
        keys = self._keys()
        self._take()  # The equals sign.
        for key, token in keys[:-1]:
            path = (*path, key)
            self._note(path, token, token)
        key, token = keys[-1]
        path = (*path, key)
        self._note(path, token, self._tokens[self._next])
        self._value(path)

    def _keys(self) -> list[tuple[str, _Token]]:
        """Read a dotted key; returns each part with its token."""
        parts = [self._key()]
        while self._peek() == ".":
            self._take()
            parts.append(self._key())
        return parts

    def _key(self) -> tuple[str, _Token]:
        token = self._take()
        if token.text[0] not in "\"'":
            return token.text, token
        return next(iter(tomllib.loads(f"{token.text} = 0"))), token

    def _value(self, path: KeyPath) -> None:
        match self._peek():
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case _:
                # A number or a time may consist of several tokens.
                while self._peek() not in {"\n", ",", "]", "}"}:
                    self._take()

    def _array(self, path: KeyPath) -> None:
        self._take()
        index = 0
        while self._peek() != "]":
            if self._peek() in {"\n", ","}:
                self._take()
                continue
            token = self._tokens[self._next]
            self._note((*path, index), token, token)
            self._value((*path, index))
            index += 1
        self._take()

    def _inline_table(self, path: KeyPath) -> None:
        self._take()
        while self._peek() != "}":
            if self._peek() in {"\n", ","}:
                self._take()
            else:
                self._pair(path)
        self._take()

    def _note(self, path: KeyPath, key: _Token, value: _Token) -> None:
        """Store the place of a path; the first one, as a table can be opened again."""
        place = Place(line=key.line, key_column=key.column, value_column=value.column)
        self.places.setdefault(path, place)


def _tokens(text: str) -> Iterator[_Token]:
    """All tokens, without spaces and comments."""
    line, line_start = 1, 0
    for match in _TOKEN.finditer(text):
        if not match[0].startswith("#"):
            yield _Token(match[0], line, match.start() - line_start + 1)
        breaks = match[0].count("\n")
        if breaks:
            line += breaks
            line_start = match.start() + match[0].rindex("\n") + 1


def places(text: str) -> dict[KeyPath, Place]:
    """The place of every key and every entry of a valid document.

    Lines end in a line feed alone.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.places
