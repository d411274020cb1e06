"""An adapter whose free texts are markup, escapes or commands.

py:nasty:right    and yet every answer is right
py:nasty:wrong    what the suite compares is nasty too, and so it is wrong
"""

from collections.abc import Mapping

from invitelab.adapters.base import ADAPTER_FAULT, AdapterError, Json
from invitelab.adapters.reference.adapter import Reference

WORDS = (
    "<script>alert('owned')</script><img src=x onerror=alert(1)>",
    "</pre></style></title>&lt;&#60;]]><!-- \"'`><{{7*7}}${7*7}",
    "\x1b[31m\x1b]0;owned\x07\x9b2J\r\x08\x7f\x00",
    "\u202egnp.exe\u2066\u2067\u200f\ufeff\u00ad",
    "\n# owned\n~~~~\n```\n| a | b |\n[x](javascript:alert(1))\u2028\u2029\x85",
    '=HYPERLINK("http://owned.example","x")+cmd|/C!A0',
    "../../../../etc/passwd\0.html",
    "%s%n{0}{owned!r}\\N{BELL}\\x1b[0m",
    "\U000e0001\U0001f468\u200d\U0001f469\u0301\u0489" + "\u0335" * 20,
)
NASTY = " ".join(WORDS)
IDS = {"invitation", "session"}
SAID = {"reason", "message", "text", "name", "version", "language"}
COMPARED = {"alias", "profile", "to", "entry", "corner", "opened_with"}


class Nasty(Reference):
    """The reference in other words; ids are translated back when they return."""

    def __init__(self, *, wrong: bool) -> None:
        super().__init__()
        self.changed = SAID | COMPARED if wrong else SAID

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer like the reference, in other words."""
        plain = {
            key: value.removeprefix(NASTY) if isinstance(value, str) else value
            for key, value in params.items()
        }
        return self.told(super().request(method, plain))

    def told(self, value: Json) -> Json:
        """Change every word that may be changed."""
        if isinstance(value, list):
            return [self.told(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        return {key: self.word(key, entry) for key, entry in value.items()}

    def word(self, key: str, value: Json) -> Json:
        """Put it before the word: then an id can be told apart."""
        if not isinstance(value, str):
            return self.told(value)
        if key in {"name", "version", "language"}:
            return NASTY[:150] + value[:40]
        return NASTY + value if key in IDS | self.changed else value


class Unable(Reference):
    """The reference, which has only bad words for the first call."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Fail."""
        raise AdapterError(ADAPTER_FAULT, f"{method}: {NASTY}", dict(params))


def right() -> Nasty:
    """Make one that is conformant."""
    return Nasty(wrong=False)


def wrong() -> Nasty:
    """Make one that is not."""
    return Nasty(wrong=True)


def unable() -> Unable:
    """Make one that does not come up."""
    return Unable()
