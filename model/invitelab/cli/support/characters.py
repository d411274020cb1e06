"""What a terminal shows in place of the characters that it lacks.

Output is written as it should look; whatever the terminal's encoding cannot say is
replaced here and nowhere else, so that no number loses its sign to a question mark.
"""

import codecs
import unicodedata

PLAIN = "invitelab.plain"
"""The name of the error handler, for `reconfigure(errors=PLAIN)`."""

INSTEAD = {
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
"""The signs that output has, and those that texts of others often have."""

BOX_DRAWING = range(0x2500, 0x2580)
BLOCKS = range(0x2580, 0x25A0)
LESS_THAN_HALF = "\u258d\u258e\u258f"
"""The end of a bar, rounded down."""

NOTHING_LIKE_IT = "?"


def plain(text: str) -> str:
    """Say it in ASCII: signs by their like, letters without their accents."""
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if char.isascii():
        return char
    if char in INSTEAD:
        return INSTEAD[char]
    if ord(char) in BOX_DRAWING:
        return _line(unicodedata.name(char, ""))
    if ord(char) in BLOCKS:
        return " " if char in LESS_THAN_HALF else "#"
    alike = unicodedata.normalize("NFKD", char)
    found = "".join(one for one in alike if not unicodedata.combining(one))
    return found if found.isascii() else NOTHING_LIKE_IT


def _line(name: str) -> str:
    """A piece of a frame, by its Unicode name."""
    if name.endswith("HORIZONTAL"):
        return "-"
    return "|" if name.endswith("VERTICAL") else "+"


def _handle(error: UnicodeError) -> tuple[str, int]:
    """Replace what cannot be encoded; everything else is an error still."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


codecs.register_error(PLAIN, _handle)
