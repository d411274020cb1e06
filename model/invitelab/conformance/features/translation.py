"""Steps in other languages: tables of phrases, and the look-up of a step's words.

A table is `phrases.LANGUAGE.toml`. Those that ship are beside the features; a user's
own, beside their features, adds to them and takes precedence.

    [phrases]
    "{a} lädt {b}[ per {form}] ein" = "{a} invites {b}[ by {form}]"

    [words]
    Kennung = "ID"

`{name}` is any text. In quotes it is taken over as it stands; elsewhere `[words]` may
have another for all of it, or for each small word in it, as `und` in an enumeration.
`[...]` may be left out, on both sides at once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from gherkin.dialect import DIALECTS
from pydantic import Field

from invitelab.conformance.features.steps.registry import matching
from invitelab.errors import UsageError
from invitelab.inputs.part import Part
from invitelab.inputs.toml_errors import Mistake
from invitelab.inputs.toml_models import as_table, read_model
from invitelab.inputs.toml_positions import KeyPath
from invitelab.resources import features_dir
from invitelab.safe_text import printable

HINT = "docs/own-features.md shows a table of phrases"
FILE = re.compile(r"phrases\.(?P<language>[A-Za-z-]{2,20})\.toml")
_PIECE = re.compile(r"\{(?P<slot>[a-z_][a-z0-9_]*)\}|(?P<open>\[)|(?P<close>\])")

_SMALL_WORD = re.compile(r"(?<![\w'])[^\W\d_A-Z]+(?![\w'])")


class _Table(Part):
    """The keys of a table."""

    phrases: dict[str, str] = Field(default_factory=dict[str, str])
    words: dict[str, str] = Field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Phrase:
    """A step in two languages: a pattern of one, and the pieces of the other."""

    pattern: re.Pattern[str]
    pieces: Sequence["_Piece"]
    text: str
    """As the table has it."""

    def told(self, text: str, words: Mapping[str, str]) -> str | None:
        """The text in the other language; None where it is not this phrase."""
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        values = found.groupdict()
        return "".join(
            piece.told(values, words)
            for piece in self.pieces
            if piece.option is None or values[piece.option] is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Part of a phrase: a text, or the name of a slot; `option` is its bracket."""

    text: str = ""
    slot: str | None = None
    option: str | None = None
    quoted: bool = False

    def told(self, values: Mapping[str, str], words: Mapping[str, str]) -> str:
        """Its text, or the value of its slot with the words of the other language."""
        if self.slot is None:
            return self.text
        value = values[self.slot]
        if self.quoted:
            return value
        if value in words:
            return words[value]
        return _SMALL_WORD.sub(lambda found: words.get(found[0], found[0]), value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """All phrases of one language, a user's own first."""

    phrases: tuple[Phrase, ...] = ()
    words: Mapping[str, str]

    def candidates(self, text: str) -> Iterator[str]:
        """What a text may mean in the other language."""
        for one in self.phrases:
            told = one.told(text, self.words)
            if told is not None:
                yield told


def make_translation(
    phrases: Mapping[str, str], words: Mapping[str, str]
) -> Translation:
    """The translation that a table describes. Raises ValueError for a bad phrase."""
    made = tuple(_phrase(one, other) for one, other in phrases.items())
    return Translation(phrases=made, words=words)


def _phrase(one: str, other: str) -> Phrase:
    source, target = _pieces(one), _pieces(other)
    for what in ("slot", "option"):
        here = {getattr(piece, what) for piece in source}
        there = {getattr(piece, what) for piece in target}
        missing = sorted(str(name) for name in there - here - {None})
        if missing and what == "slot":
            raise ValueError(f"has {{{missing[0]}}} on the right side alone")
        if missing:
            raise ValueError("has more parts in brackets on its right side")
    return Phrase(re.compile(_pattern(source)), target, one)


def _pieces(text: str) -> list[_Piece]:
    """The pieces of one side. Raises ValueError for brackets that do not fit."""
    pieces: list[_Piece] = []
    end, option, options = 0, None, 0
    for found in _PIECE.finditer(text):
        pieces.append(_Piece(text=text[end : found.start()], option=option))
        end = found.end()
        if found["slot"]:
            quoted = text[: found.start()].endswith('"')
            pieces.append(_Piece(slot=found["slot"], option=option, quoted=quoted))
        elif bool(found["open"]) is (option is not None):
            raise ValueError("has brackets that do not fit each other")
        elif found["open"]:
            option, options = f"option_{options}", options + 1
        else:
            option = None
    if option is not None:
        raise ValueError("has brackets that do not fit each other")
    return [*pieces, _Piece(text=text[end:])]


def _pattern(pieces: Sequence[_Piece]) -> str:
    """The regular expression of one side."""
    pattern, seen, option = "", set[str](), None
    for piece in pieces:
        if piece.option != option:
            pattern += ")?" if option is not None else ""
            pattern += f"(?P<{piece.option}>" if piece.option is not None else ""
            option = piece.option
        if piece.slot is None:
            pattern += re.escape(piece.text)
        elif piece.slot in seen:
            pattern += f"(?P={piece.slot})"
        else:
            seen.add(piece.slot)
            pattern += f"(?P<{piece.slot}>.+?)"
    return pattern + (")?" if option is not None else "")


# --- Tables ----------------------------------------------------------------------

_own: dict[Path, Translation] = {}


def add_own_table(path: Path) -> None:
    """Add the table in this file. Raises UsageError with every mistake."""
    _own[path] = read_table(path)
    translation_of.cache_clear()


def refuse_unknown_language(path: Path) -> None:
    """Raise UsageError for a table that no feature can use, by its name."""
    found = FILE.fullmatch(path.name)
    word = path.name.split(".", 1)[1].removesuffix(".toml")
    if found is not None and found["language"] in DIALECTS and word != "en":
        return
    languages = cast("Mapping[str, Mapping[str, str]]", DIALECTS)
    near = [
        code
        for code, dialect in languages.items()
        if word.casefold() in {dialect["name"].casefold(), dialect["native"].casefold()}
    ]
    msg = f"{printable(str(path))}: {word!r} is no code of a language in Gherkin"
    if word == "en":
        msg = f"{printable(str(path))}: features in English are not translated"
    hint = f"name it phrases.{near[0]}.toml" if near else HINT
    raise UsageError(msg, hint=hint)


def forget_own_tables() -> None:
    """Have the tables that ship alone again."""
    _own.clear()
    translation_of.cache_clear()


def read_table(path: Path) -> Translation:
    """The translation in a file. Raises UsageError with every mistake and its place."""
    table = read_model(path, _Table, hint=HINT, doubts=_doubts)
    return make_translation(table.phrases, table.words)


def _doubts(document: Mapping[str, object]) -> Iterator[tuple[KeyPath, Mistake]]:
    """Phrases that cannot be read."""
    for one, other in as_table(document.get("phrases")).items():
        if isinstance(other, str):
            try:
                _phrase(one, other)
            except ValueError as error:
                yield ("phrases", one), Mistake(sentence=f"the phrase {error}")


@cache
def translation_of(language: str) -> Translation | None:
    """The phrases of a language; None where there is no table for it."""
    shipped = features_dir() / f"phrases.{language}.toml"
    tables = [one for path, one in _own.items() if path.name == shipped.name]
    if shipped.is_file():
        tables.append(read_table(shipped))
    if not tables:
        return None
    words = {key: value for one in reversed(tables) for key, value in one.words.items()}
    phrases = tuple(phrase for one in tables for phrase in one.phrases)
    return Translation(phrases=phrases, words=words)


def translated(language: str, step_type: str, text: str) -> str | None:
    """The step of this suite that the words mean; None for a step as it stands.

    Words that are a step themselves need no translation. Raises UsageError for a
    language without a table.
    """
    if matching(step_type, text):
        return None
    translation = translation_of(language)
    if translation is None:
        msg = f"there are no phrases for the language {language!r}"
        raise UsageError(msg, hint=f"write phrases.{language}.toml beside the feature")
    known = (told for told in translation.candidates(text) if matching(step_type, told))
    return next(known, None)
