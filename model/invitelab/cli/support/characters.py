"""Replacements for characters that the terminal's encoding lacks.

Commands print any Unicode text; this is the only place that replaces what cannot be
encoded, so that a minus sign, say, becomes a hyphen and not a question mark.
"""

import codecs
import unicodedata

PLAIN = "invitelab.plain"
"""Name of the codec error handler, for `reconfigure(errors=PLAIN)`."""

REPLACEMENTS = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{PLUS-MINUS SIGN}": "+/-",
    "\N{ALMOST EQUAL TO}": "~",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{LEFTWARDS ARROW}": "<-",
    "\N{MICRO SIGN}": "u",
    "\N{GREEK SMALL LETTER MU}": "u",
    "\N{MIDDLE DOT}": ".",
    "\N{BULLET}": "*",
    "\N{WHITE CIRCLE}": "o",
    "\N{BLACK CIRCLE}": "*",
    "\N{BLACK DIAMOND}": "*",
    "\N{BLACK SQUARE}": "#",
    "\N{CHECK MARK}": "ok",
    "\N{BALLOT X}": "x",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
}
"""Signs in our own output, and common ones in foreign text."""

BOX_DRAWING = range(0x2500, 0x2580)
BLOCKS = range(0x2580, 0x25A0)
LESS_THAN_HALF = "\u258d\u258e\u258f"
"""The last cell of a bar, rounded down."""

UNKNOWN = "?"


def plain(text: str) -> str:
    """The text in ASCII: similar signs, and letters without accents."""
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if char.isascii():
        return char
    if char in REPLACEMENTS:
        return REPLACEMENTS[char]
    if ord(char) in BOX_DRAWING:
        return _line(unicodedata.name(char, ""))
    if ord(char) in BLOCKS:
        return " " if char in LESS_THAN_HALF else "#"
    alike = unicodedata.normalize("NFKD", char)
    found = "".join(one for one in alike if not unicodedata.combining(one))
    return found if found.isascii() else UNKNOWN


def _line(name: str) -> str:
    """The ASCII form of a box-drawing character, from its Unicode name."""
    if name.endswith("HORIZONTAL"):
        return "-"
    return "|" if name.endswith("VERTICAL") else "+"


def _handle(error: UnicodeError) -> tuple[str, int]:
    """Replace what cannot be encoded; raise any other error."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


codecs.register_error(PLAIN, _handle)
