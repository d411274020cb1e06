"""Mistakes in the syntax of a feature file: the first one, with what was meant.

Gherkin's parser goes on after a mistake, and reports each line that follows from it.
"""

import difflib
import re

from gherkin.dialect import DIALECTS, Dialect
from gherkin.errors import (
    CompositeParserException,
    NoSuchLanguageException,
    ParserException,
    UnexpectedEOFException,
    UnexpectedTokenException,
)

from invitelab.conformance.features.gherkin import ENGLISH
from invitelab.conformance.features.translation import translation_of
from invitelab.errors import one_line

_PLACE = re.compile(r"^\(\d+:\d+\): ")
_LANGUAGE = re.compile(r"^\s*#\s*language\s*:\s*(?P<code>\S+)\s*$", re.MULTILINE)
_WORD = re.compile(r"(?P<word>[^\s:]+(?:\s[^\s:]+)?)\s*:|(?P<first>\S+)")


def syntax_mistake(error: BaseException | None, source: str) -> tuple[int, str]:
    """The line and a sentence for the first thing in a file that is no Gherkin."""
    errors = error.errors if isinstance(error, CompositeParserException) else [error]
    first = min(errors, key=_line)
    found = _LANGUAGE.search(source)
    code = ENGLISH if found is None else found["code"]
    return _line(first), _words(first, code)


def _line(error: BaseException | None) -> int:
    location = error.location if isinstance(error, ParserException) else None
    return (location or {"line": 1}).get("line", 1)


def _words(error: BaseException | None, code: str) -> str:
    """What is wrong, and what was meant as far as it can be guessed."""
    if isinstance(error, NoSuchLanguageException):
        return f"Gherkin has no language {code!r}: {_language(code)}"
    if isinstance(error, UnexpectedEOFException):
        return "the file ends here, and something is missing: a scenario, or its steps?"
    words = _PLACE.sub("", one_line(str(error)))
    if not isinstance(error, UnexpectedTokenException):
        return words
    got = words[words.rindex("got ") :]
    near = _keyword(got.removeprefix("got '"), code)
    hint = f": did you mean {near!r}?" if near else ""
    return f"this line is not Gherkin: {got}{hint}"


def _language(code: str) -> str:
    """The nearest language; one that has phrases before any other."""
    spoken = [one for one in DIALECTS if one == ENGLISH or translation_of(one)]
    near = difflib.get_close_matches(code, spoken, n=1, cutoff=0.5)
    near = near or difflib.get_close_matches(code, list(DIALECTS), n=1)
    return f"the nearest is {near[0]!r}" if near else f"English is {ENGLISH!r}"


def _keyword(text: str, code: str) -> str | None:
    """The keyword of a language that is nearest to the beginning of a line."""
    found = _WORD.match(text)
    dialect = Dialect.for_name(code if code in DIALECTS else ENGLISH)
    if found is None or dialect is None:
        return None
    blocks = (
        dialect.feature_keywords,
        dialect.rule_keywords,
        dialect.background_keywords,
        dialect.scenario_keywords,
        dialect.scenario_outline_keywords,
        dialect.examples_keywords,
    )
    steps = (
        dialect.given_keywords,
        dialect.when_keywords,
        dialect.then_keywords,
        dialect.and_keywords,
        dialect.but_keywords,
    )
    titled = found["word"] is not None
    known = {
        word.strip(): f"{word.strip()}:" if titled else word.strip()
        for words in (blocks if titled else steps)
        for word in words
    }
    near = difflib.get_close_matches(
        found["word"] or found["first"], list(known), n=1, cutoff=0.6
    )
    return known[near[0]] if near else None
