r"""JSON-RPC 2.0 messages, one object per line, read and written strictly.

    call(7, "client.view", {...})   -> b'{"jsonrpc":"2.0","id":7,...}\n'
    read_answer(line, 7, limits)    -> the result, or AdapterError, or MalformedError

For any input, reading raises no other exception than MalformedError. Python's JSON
reader accepts more than the standard, so this module also rejects NaN and Infinity, a
number too large for a float or of more than a thousand digits, a name that occurs twice
in an object, and half a surrogate pair, which JSON can express (`"\ud800"`) but UTF-8
cannot.

No input or output, and no clock.
"""

import codecs
import json
import math
from collections.abc import Iterable, Mapping
from typing import cast

from invitelab.adapters.base import AdapterError, Json, Limits
from invitelab.errors import MalformedError, StrayLineError
from invitelab.safe_text import escaped

VERSION = "2.0"
"""The value of "jsonrpc" in every message."""

LF = b"\n"
SHOWN = 200
"""Characters of a malformed line that are kept."""

ENVELOPE = frozenset({"jsonrpc", "id", "method", "result", "error"})
"""Names of a message's fields; a line of a log has none of them."""

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

DIGITS = 1000
"""Most digits of a whole number: reading one takes time quadratic in them."""


# Writing


def call(number: int, method: str, params: Mapping[str, Json]) -> bytes:
    """One request as a line. Raises ValueError for what is not JSON."""
    return encode(
        {"jsonrpc": VERSION, "id": number, "method": method, "params": dict(params)}
    )


def answer(number: Json, result: Json) -> dict[str, Json]:
    """The response object for a result."""
    return {"jsonrpc": VERSION, "id": number, "result": result}


def failure(number: Json, error: AdapterError) -> dict[str, Json]:
    """The response object for an error."""
    body: dict[str, Json] = {"code": error.code, "message": str(error)}
    if error.data is not None:
        body["data"] = error.data
    return {"jsonrpc": VERSION, "id": number, "error": body}


def encode(message: Mapping[str, Json]) -> bytes:
    """The message as one compact line. Raises ValueError for what is not JSON.

    Only ASCII, since some peers decode by locale, and Node's readline also splits at
    U+2028, which may occur in a name.
    """
    try:
        text = _WRITER.encode(message)
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if "\\ud" in text:
        _UTF8_WRITER.encode(message).encode()  # UnicodeEncodeError is a ValueError
    return text.encode("ascii") + LF


_WRITER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
_UTF8_WRITER = json.JSONEncoder(ensure_ascii=False)


# Reading


def read_answer(line: bytes, number: int, limits: Limits) -> Json:
    """The result in the answer to request `number`.

    Raises AdapterError for an error answer, MalformedError for an invalid line.
    """
    message = decode(line, limits)
    if not _same(message.get("id"), number):
        raise _not_ours(message, number, line)
    if message.get("jsonrpc") != VERSION:
        raise malformed(_other_version(message), line)
    if ("result" in message) == ("error" in message):
        raise malformed('an answer with not exactly one of "result" and "error"', line)
    if "result" in message:
        return message["result"]
    raise _error(message["error"], line)


def decode(line: bytes, limits: Limits) -> dict[str, Json]:
    """The object in one line, with or without LF or CRLF. Raises MalformedError."""
    line = line.removesuffix(LF)
    if len(line) > limits.line_bytes:
        raise _too_long(line, limits.line_bytes)
    try:
        message = cast("Json", _READER.decode(line.decode()))
        if b"\\ud" in line or b"\\uD" in line:
            _UTF8_WRITER.encode(message).encode()
    except UnicodeDecodeError as error:
        raise _not_utf8(line, error.start) from error
    except UnicodeEncodeError as error:
        raise malformed("a line with half a surrogate pair", line) from error
    except RecursionError as error:
        raise malformed(f"a line deeper than {limits.depth} levels", line) from error
    except ValueError as error:
        raise _not_json(line, error) from error
    if not isinstance(message, dict):
        raise _stray("a line that is not a JSON object", line)
    if line.count(b"{") + line.count(b"[") > limits.depth:
        _check_depth(message, limits.depth, line)
    return message


def _check_depth(message: Json, most: int, line: bytes) -> None:
    """Raise MalformedError if a message has more than `most` levels; no recursion."""
    level = [message]
    for _ in range(most):
        level = [
            inner
            for outer in level
            for inner in _parts(outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise malformed(f"a line deeper than {most} levels", line)


def _parts(value: Json) -> Iterable[Json]:
    """The values directly within a value."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """An object. Raises ValueError if a name occurs twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name occurs twice in an object")
    return made


def _finite(text: str) -> float:
    """A number. Raises ValueError if a float cannot hold it, such as 1e999."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is too large")
    return number


def _whole(text: str) -> int:
    """A whole number. Raises ValueError if it is too long, whatever Python's limit."""
    if len(text) > DIGITS:
        raise ValueError(f"a number of {len(text)} digits is too long")
    return int(text)


def _no_constant(text: str) -> Json:
    """Raise ValueError: NaN, Infinity and -Infinity are not JSON."""
    raise ValueError(f"{text} is not a JSON number")


_READER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_float=_finite,
    parse_int=_whole,
    parse_constant=_no_constant,
)


# Envelopes


def _same(number: Json, expected: int) -> bool:
    """Whether an id is the request's, as it was sent: 11.0 and true are other ids.

    JSON-RPC 2.0 requires the same value, and a client that compares ids as text finds
    no request for 11.0.
    """
    return type(number) is int and number == expected


def _other_version(message: Mapping[str, Json]) -> str:
    """The message for an answer with another "jsonrpc", or without one."""
    if "jsonrpc" not in message:
        return f'an answer without "jsonrpc": "{VERSION}"'
    given = shown(json.dumps(message["jsonrpc"]))
    return f'an answer whose "jsonrpc" is {given}, not "{VERSION}"'


def _other_request(message: Mapping[str, Json], number: int) -> str:
    """The message for an answer whose id is not the request's."""
    given = message.get("id")
    if given is None and "error" in message:
        return "an answer that our request could not be read"
    if given is None and "method" in message:
        return "a call or notification: an adapter only answers"
    return f"an answer to request {shown(json.dumps(given))}, not to {number}"


def _error(body: Json, line: bytes) -> AdapterError | MalformedError:
    """The exception for the "error" of an answer."""
    if not isinstance(body, dict):
        return malformed('an answer whose "error" is not an object', line)
    code, message = body.get("code"), body.get("message")
    if not isinstance(code, int) or isinstance(code, bool):
        return malformed("an error without an integer code", line)
    if not isinstance(message, str):
        return malformed("an error without a message", line)
    return AdapterError(code, message, body.get("data"))


# Bad lines


def unsolicited(line: bytes, limits: Limits) -> MalformedError:
    """The error for a line that came before it can be an answer."""
    what = "an unsolicited line"
    try:
        stray = not ENVELOPE & decode(line, limits).keys()
    except MalformedError as error:
        stray = isinstance(error, StrayLineError)
    return _stray(what, line) if stray else malformed(what, line)


def _not_ours(message: Mapping[str, Json], number: int, line: bytes) -> MalformedError:
    what = _other_request(message, number)
    return malformed(what, line) if ENVELOPE & message.keys() else _stray(what, line)


def _not_json(line: bytes, error: ValueError) -> MalformedError:
    """A line that begins as an object is an answer that went wrong."""
    if line.startswith(codecs.BOM_UTF8):
        return _with_bom(
            "a line that is not JSON: it begins with a byte order mark (BOM)", line
        )
    what = f"a line that is not JSON: {error}"
    if line.lstrip().startswith(b"{"):
        hint = "each answer is one line, and all of it is JSON"
        return MalformedError(what, line=shown(line), hint=hint)
    return _stray(what, line)


def _not_utf8(line: bytes, at: int) -> MalformedError:
    if line.startswith(UTF_16):
        what = "a line that is not UTF-8: it begins with the byte order mark (BOM)"
        return _with_bom(f"{what} of UTF-16", line)
    what = f"a line that is not UTF-8 at byte {at + 1}"
    return malformed(what, line) if line.startswith(b"{") else _stray(what, line)


def _with_bom(what: str, line: bytes) -> MalformedError:
    hint = "answers are UTF-8 without a BOM"
    return MalformedError(what, line=shown(line), hint=hint)


def _stray(what: str, line: bytes) -> StrayLineError:
    """The error for a line that is no message, such as output of `print`."""
    hint = (
        "only the protocol is on stdout; print to stderr instead: "
        "print(..., file=sys.stderr), console.error, System.err"
    )
    return StrayLineError(what, line=shown(line), hint=hint)


def malformed(what: str, line: bytes) -> MalformedError:
    """The error that keeps the malformed line."""
    return MalformedError(what, line=shown(line))


def shown(text: bytes | str) -> str:
    """The text for a report: short, on one line, without invisible characters."""
    if isinstance(text, bytes):
        text = text[: 4 * SHOWN + 4].decode(errors="backslashreplace")
    short = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return escaped(short)


def _too_long(line: bytes, most: int) -> MalformedError:
    """The error for a line that is too long; it keeps the beginning."""
    return malformed(f"a line longer than {most} bytes", line)


class LineSplitter:
    """Splits a stream of bytes into lines; it holds one line and one chunk at most."""

    def __init__(self, most: int) -> None:
        """`most` is the longest line, in bytes without its LF."""
        self._most = most
        self._held = bytearray()
        self._seen = 0

    def push(self, chunk: bytes) -> None:
        """Add the next bytes. Call `pop` until it is None before the next push."""
        self._held += chunk

    def pop(self) -> bytes | None:
        """The next whole line without its LF, or None.

        Raises MalformedError for a line that is too long, complete or not.
        """
        end = self._held.find(LF, self._seen)
        if (len(self._held) if end < 0 else end) > self._most:
            raise _too_long(bytes(self._held[: 4 * SHOWN + 4]), self._most)
        if end < 0:
            self._seen = len(self._held)
            return None
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        self._seen = 0
        return line
