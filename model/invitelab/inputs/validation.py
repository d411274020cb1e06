"""Messages of invalid values: one sentence each, which continues the value's path.

pydantic finds the mistakes, and this module words them. A ValueError of a validator has
such a sentence already, and is left as it is.
"""

import datetime as dt
import difflib
import json
from collections.abc import Mapping, Sequence

from pydantic_core import ErrorDetails, InitErrorDetails

KEY = "[key]"
"""Marks, in pydantic's location, a mistake in the key of a table, not in its value."""

_LONGEST_SHOWN = 40
_LARGEST_BITS = 128
_SHAPES: Mapping[str, str] = {
    "bool_type": "has to be true or false",
    "dict_type": "has to be a table",
    "finite_number": "has to be a finite number",
    "float_type": "has to be a number",
    "int_type": "has to be a whole number",
    "mapping_type": "has to be a table",
    "model_attributes_type": "has to be a table",
    "model_type": "has to be a table",
    "string_type": "has to be a text in quotes",
    "tuple_type": "has to be a list",
}
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("has to be above", "gt"),
    "greater_than_equal": ("has to be at least", "ge"),
    "less_than": ("has to be below", "lt"),
    "less_than_equal": ("has to be at most", "le"),
}
_LENGTHS: Mapping[str, str] = {
    "string_too_long": "has to have at most {max_length} characters",
    "string_too_short": "must not be empty",
    "too_long": "has to have at most {max_length} entries",
}


def shown(value: object) -> str:
    """A value as TOML would write it: on one line, short, without control codes."""
    match value:
        case bool():
            return str(value).lower()
        case int() if value.bit_length() > _LARGEST_BITS:
            return "a huge number"
        case int() | float():
            return str(value)
        case str():
            text = json.dumps(value)
            whole = len(text) <= _LONGEST_SHOWN
            return text if whole else f'{text[: _LONGEST_SHOWN - 4]}..."'
        case dt.date() | dt.time():
            return value.isoformat()
        case Mapping():
            return "a table"
        case Sequence():
            return "a list"
        case _:
            return f"a value of type {type(value).__name__}"


def closest(word: str, known: Sequence[str]) -> str:
    """`did you mean "rate"?` if a known word is close; then all known words."""
    near = difflib.get_close_matches(word, known, n=1)
    guess = f'did you mean "{near[0]}"? ' if near else ""
    return f"{guess}known: {', '.join(known)}"


def retold(error: ErrorDetails, keys: Sequence[str]) -> InitErrorDetails:
    """One mistake of a table with these keys, as a ValueError with its sentence."""
    path, sentence = _sentence(error, keys)
    return InitErrorDetails(
        type="value_error",
        loc=path,
        input=error["input"],
        ctx={"error": ValueError(sentence)},
    )


def _sentence(
    error: ErrorDetails, keys: Sequence[str]
) -> tuple[tuple[int | str, ...], str]:
    path, kind, value = error["loc"], error["type"], error["input"]
    context = error.get("ctx", {})
    match kind:
        case "value_error":
            return path, str(context["error"])
        case "missing":
            return path, "is missing"
        case "extra_forbidden":
            return (*path, KEY), f"is not a key: {closest(str(path[-1]), keys)}"
        case "union_tag_not_found" | "union_tag_invalid":
            return _tag_sentence(error, context)
        case "literal_error" | "enum":
            known = str(context["expected"]).replace("'", '"')
            return path, f"has to be {known}, not {shown(value)}"
        case _ if kind in _BOUNDS:
            words, bound = _BOUNDS[kind]
            return path, f"{words} {_plain(context[bound])}, not {shown(value)}"
        case _ if kind in _LENGTHS:
            return path, _LENGTHS[kind].format_map(context)
        case _ if kind in _SHAPES:
            return path, f"{_SHAPES[kind]}, not {shown(value)}"
        case _:
            # A kind of mistake that no field raises today; pydantic's own words.
            return path, f"is wrong: {error['msg']}"


def _plain(bound: object) -> str:
    """A bound without a fraction of zero: 1, not 1.0."""
    return f"{bound:g}" if isinstance(bound, float) else str(bound)


def _tag_sentence(
    error: ErrorDetails, context: Mapping[str, object]
) -> tuple[tuple[int | str, ...], str]:
    """The path and sentence where the kind of a table is missing or unknown."""
    name = str(context["discriminator"]).strip("'")
    path = (*error["loc"], name)
    if error["type"] == "union_tag_not_found":
        return path, "is missing"
    known = [tag.strip(" '") for tag in str(context["expected_tags"]).split(",")]
    given = str(context["tag"])
    return path, f"is unknown as {shown(given)}: {closest(given, known)}"
