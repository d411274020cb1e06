"""Doubts about lines and envelopes."""

import contextlib
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.adapters.base import AdapterError, Json, Limits
from invitelab.adapters.transports.framing import (
    DIGITS,
    SHOWN,
    LineSplitter,
    answer,
    call,
    decode,
    encode,
    failure,
    read_answer,
    shown,
    unsolicited,
)
from invitelab.errors import MalformedError, StrayLineError

LIMITS = Limits()
SMALL = Limits(line_bytes=100)


def nested(depth: int) -> bytes:
    """Write an object with this many levels."""
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def split(chunks: list[bytes], most: int) -> list[bytes]:
    """Cut chunks into lines."""
    splitter = LineSplitter(most)
    lines: list[bytes] = []
    for chunk in chunks:
        splitter.push(chunk)
        while (line := splitter.pop()) is not None:
            lines.append(line)
    return lines


texts = st.text(st.characters(exclude_categories=["Cs"]))
values: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=5,
)
objects = st.dictionaries(texts, values, max_size=3)
answers = values.map(lambda value: encode(answer(7, value)))
json_like = st.text('{}[]":,0e9\\ud8c ntf\r\ufeff').map(str.encode)


# Examples


def test_a_request_is_one_compact_line() -> None:
    """No blanks, one LF at the end."""
    expected = b'{"jsonrpc":"2.0","id":7,"method":"m","params":{"a":[1]}}\n'
    assert expected == call(7, "m", {"a": [1]})


def test_a_line_is_ascii() -> None:
    """Neither a locale nor a line separator can break it."""
    assert b'{"a":"\\u2028\\u00e9"}\n' == encode({"a": "\u2028é"})


@pytest.mark.parametrize(
    "value", [float("nan"), float("-inf"), "\ud800", "\udc00\ud800", object(), {(): 1}]
)
def test_what_json_cannot_say_is_not_written(value: Json) -> None:
    """The one who asked for it is told, and not the one who would read it."""
    with pytest.raises(ValueError, match=r"."):
        encode({"a": value})


def test_a_value_within_itself_is_not_written() -> None:
    """Neither a circle nor what is too deep for the writer."""
    circle: list[Json] = []
    circle.append(circle)
    deep: Json = []
    for _ in range(100_000):
        deep = [deep]
    for value in (circle, deep):
        with pytest.raises(ValueError, match=r"."):
            encode({"a": value})


@pytest.mark.parametrize("end", [b"", b"\n", b"\r", b"\r\n"])
def test_a_line_may_end_in_crlf(end: bytes) -> None:
    """Some platforms write it whatever one does."""
    assert {"a": 1} == decode(b'{"a":1}' + end, LIMITS)


def test_a_pair_of_surrogates_is_a_character() -> None:
    """JSON's way to spell what is beyond U+FFFF."""
    assert {"a": "😀"} == decode(b'{"a":"\\ud83d\\uDE00"}', LIMITS)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "not JSON"),
        (b"starting up", "not JSON"),
        (b'{"a":1', "not JSON"),
        (b'{"a":1} {"b":2}', "not JSON"),
        (b'\xef\xbb\xbf{"a":1}', "not JSON"),
        (b'{"a":"\x01"}', "not JSON"),
        (b'{"a":NaN}', "NaN is not a JSON number"),
        (b'{"a":[-Infinity]}', "-Infinity is not a JSON number"),
        (b'{"a":1e999}', "1e999 is too large"),
        (b'{"a":' + b"9" * 1001 + b"}", "a number of 1001 digits is too long"),
        (b'{"a":-' + b"9" * 99_999 + b"}", "a number of 100000 digits is too long"),
        (b'{"a":{"b":1,"b":1}}', "a name occurs twice"),
        (b'{"a":"\xff"}', "not UTF-8 at byte 7"),
        (b'{"a":"\xed\xa0\x80"}', "not UTF-8 at byte 7"),
        (b'{"a":"\\ud800"}', "half a surrogate pair"),
        (b'{"\\uDC00":"b"}', "half a surrogate pair"),
        (b"[1]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (nested(33), "deeper than 32"),
        (b'{"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}", "deeper than 32"),
        (b'{"a":"' + b"x" * (1 << 20) + b'"}', "longer than 1048576 bytes"),
    ],
)
def test_a_malformed_line_is_refused(line: bytes, reason: str) -> None:
    """Whatever is wrong with it, the error says it and keeps the line."""
    with pytest.raises(MalformedError, match=reason) as caught:
        decode(line, LIMITS)
    assert shown(line) == caught.value.line


@pytest.mark.parametrize(
    "line",
    [b'\xef\xbb\xbf{"a":1}', '{"a":1}'.encode("utf-16"), b"\xfe\xff\x00{\x00}"],
)
def test_a_byte_order_mark_is_called_one(line: bytes) -> None:
    """The sentence and the hint both say BOM: a print to stderr would not help."""
    with pytest.raises(MalformedError, match=r"byte order mark \(BOM\)") as caught:
        decode(line, LIMITS)
    assert "answers are UTF-8 without a BOM" == caught.value.hint


@pytest.mark.parametrize(
    ("line", "stray"),
    [
        (b"", True),
        (b"starting up", True),
        (b"Zo\xeb is ready", True),
        (b"42", True),
        (b'{"level":"info","msg":"ready"}', True),
        (b'{"jsonrpc":"2.0","method":"ready"}', False),
        (b'{"jsonrpc":"2.0","id":6,"result":1}', False),
        (b'{"jsonrpc":"2.0","id":7,"result":NaN}', False),
        (b'{"jsonrpc":"2.0","id":7,"result":"Zo\xeb"}', False),
        (b"{", False),
    ],
)
def test_what_is_no_answer_at_all_is_told_from_a_wrong_one(
    line: bytes, *, stray: bool
) -> None:
    """Also where it stands before anything was asked."""
    with pytest.raises(MalformedError) as caught:
        read_answer(line, 7, LIMITS)
    before = unsolicited(line, LIMITS)
    assert (stray, stray) == (
        isinstance(caught.value, StrayLineError),
        isinstance(before, StrayLineError),
    )
    assert stray == ("print to stderr" in caught.value.hint)


def test_a_line_at_the_limits_is_read() -> None:
    """The limits are what is still allowed; many brackets alone are not deep."""
    longest = b'{"a":"' + b"x" * (LIMITS.line_bytes - 8) + b'"}'
    assert LIMITS.line_bytes == len(longest)
    most = b'{"a":' + b"9" * DIGITS + b"}"
    wide = b'{"a":[' + b"{}," * 99 + b"[]]}"
    for line in (longest + b"\n", nested(32), most, wide):
        assert json.loads(line) == decode(line, LIMITS)


def test_a_result_is_read() -> None:
    """The id is the request's; unknown fields are ignored, and null is a result."""
    assert [1] == read_answer(encode(answer(7, [1])), 7, LIMITS)
    assert (
        read_answer(b'{"jsonrpc":"2.0","id":7,"result":null,"took_ms":3}', 7, LIMITS)
        is None
    )


def test_an_error_is_read() -> None:
    """Its code, message and data arrive."""
    line = encode(failure(7, AdapterError(1006, "no such client", ["c9"])))
    with pytest.raises(AdapterError, match=r"^no such client$") as caught:
        read_answer(line, 7, LIMITS)
    assert (1006, ["c9"]) == (caught.value.code, caught.value.data)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id":8,"result":1}', "an answer to request 8, not to 7"),
        (b'{"id":"7","result":1}', 'an answer to request "7", not to 7'),
        (b'{"id":[7],"result":1}', "not to 7"),
        (b'{"id":7.0,"result":1}', "an answer to request 7.0, not to 7"),
        (b'{"id":70e-1,"result":1}', "an answer to request 7.0, not to 7"),
        (b'{"result":1}', "an answer to request null, not to 7"),
        (b'{"method":"log","params":{}}', "a call or notification"),
        (b'{"id":null,"error":{"code":-32700,"message":"?"}}', "could not be read"),
        (b'{"id":7,"result":1}', 'an answer without "jsonrpc": "2.0"'),
        (b'{"jsonrpc":"1.0","id":7,"result":1}', '"jsonrpc" is "1.0", not "2.0"'),
        (b'{"jsonrpc":2.0,"id":7,"result":1}', '"jsonrpc" is 2.0, not "2.0"'),
        (b'{"jsonrpc":"2.0","id":7}', "not exactly one"),
        (b'{"jsonrpc":"2.0","id":7,"result":1,"error":null}', "not exactly one"),
        (b'{"jsonrpc":"2.0","id":7,"error":null}', '"error" is not an object'),
        (
            b'{"jsonrpc":"2.0","id":7,"error":{"message":"?"}}',
            "without an integer code",
        ),
        (
            b'{"jsonrpc":"2.0","id":7,"error":{"code":true,"message":"?"}}',
            "without an integer code",
        ),
        (
            b'{"jsonrpc":"2.0","id":7,"error":{"code":1.5,"message":"?"}}',
            "without an integer code",
        ),
        (b'{"jsonrpc":"2.0","id":7,"error":{"code":1}}', "without a message"),
    ],
)
def test_an_envelope_that_is_no_answer_is_refused(line: bytes, reason: str) -> None:
    """Neither another's answer, nor half an answer, nor none."""
    with pytest.raises(MalformedError, match=reason) as caught:
        read_answer(line, 7, LIMITS)
    assert shown(line) == caught.value.line


def test_true_is_not_the_id_one() -> None:
    """In Python it is, in JSON it is not."""
    with pytest.raises(MalformedError, match="an answer to request true, not to 1"):
        read_answer(b'{"id":true,"result":1}', 1, LIMITS)


def test_lines_before_one_that_is_too_long_are_given() -> None:
    """One bad line takes nothing from those before it."""
    splitter = LineSplitter(100)
    splitter.push(b"one\ntwo\n" + b"x" * 101)
    assert [b"one", b"two"] == [splitter.pop(), splitter.pop()]
    with pytest.raises(MalformedError, match="longer than 100 bytes"):
        splitter.pop()


def test_a_line_without_end_is_not_collected() -> None:
    """It is refused with the first chunk that goes beyond the limit."""
    splitter = LineSplitter(100)
    for _ in range(10):
        splitter.push(b"x" * 10)
        assert splitter.pop() is None
    splitter.push(b"x")
    with pytest.raises(MalformedError, match="longer than 100 bytes"):
        splitter.pop()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"plain", "plain"),
        ("a\tb\x1b[31m\u202e\ud800\r", "a\\tb\\x1b[31m\\u202e\\ud800\\r"),
        (b"\xff\xc3\xa9", "\\xffé"),
        (b"x" * (SHOWN + 1), "x" * (SHOWN - 1) + "…"),
        ("😀" * 300, "😀" * (SHOWN - 1) + "…"),
        ("😀".encode() * 300, "😀" * (SHOWN - 1) + "…"),
    ],
)
def test_a_bad_line_is_made_visible(text: bytes | str, expected: str) -> None:
    """Short, and no control character reaches a terminal."""
    assert expected == shown(text)


# Properties


@given(objects)
def test_what_is_written_is_read(message: dict[str, Json]) -> None:
    """Every JSON object survives the way there."""
    line = encode(message)
    assert 1 == line.count(b"\n")
    assert message == decode(line, Limits(depth=100))


@given(st.lists(st.binary(max_size=120) | st.sampled_from([b"\n", b"\r\n", b"\n\n"])))
def test_any_bytes_in_any_chunks_are_read_or_refused(chunks: list[bytes]) -> None:
    """Nothing else happens, and where the chunks end does not matter."""
    expected = b"".join(chunks).split(b"\n")
    if max(map(len, expected)) > SMALL.line_bytes:
        with pytest.raises(MalformedError):
            split(chunks, SMALL.line_bytes)
    else:
        assert expected[:-1] == split(chunks, SMALL.line_bytes)


@given(st.binary() | json_like)
def test_any_line_is_read_or_refused(line: bytes) -> None:
    """What is read can be written again."""
    try:
        message = decode(line, LIMITS)
    except MalformedError:
        return
    assert message == decode(encode(message), LIMITS)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "jsonrpc": values | st.just("2.0"),
            "id": values | st.just(7),
            "result": values,
            "error": values
            | st.fixed_dictionaries({"code": values, "message": values | texts}),
        },
    )
)
def test_any_envelope_is_a_result_an_error_or_refused(message: dict[str, Json]) -> None:
    """A result is only what has our id and version, and no error."""
    try:
        result = read_answer(encode(message), 7, LIMITS)
    except (AdapterError, MalformedError):
        return
    assert {"jsonrpc": "2.0", "id": 7, "result": result} == message
    assert int is type(message["id"])


def read_all(chunks: list[bytes], limits: Limits) -> list[Json]:
    """Read answers to request 7 until one is none."""
    splitter = LineSplitter(limits.line_bytes)
    results: list[Json] = []
    try:
        for chunk in chunks:
            splitter.push(chunk)
            while (line := splitter.pop()) is not None:
                results.append(read_answer(line, 7, limits))
    except (AdapterError, MalformedError) as error:
        results.append(shown(str(error)))
    return results


@given(answers, st.integers(0), st.integers(0, 3), st.binary(max_size=3))
def test_a_damaged_answer_is_read_or_refused(
    line: bytes, place: int, cut: int, instead: bytes
) -> None:
    """Some bytes are gone and others have come: nothing else is ever raised."""
    at = place % len(line)
    damaged = line[:at] + instead + line[at + cut :]
    assert len(read_all([damaged, b"\n"], LIMITS)) >= 1


@given(st.lists(answers | st.binary(max_size=9), max_size=4), st.data())
def test_where_chunks_end_does_not_matter(
    lines: list[bytes], data: st.DataObject
) -> None:
    """All at once, byte by byte or anyhow: the same is read, or refused."""
    stream = b"".join(lines)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=5).map(sorted))
    ends = zip([0, *cuts], [*cuts, len(stream)], strict=True)
    chunks = [stream[start:end] for start, end in ends]
    expected = read_all([stream], LIMITS)
    assert expected == read_all(chunks, LIMITS)
    assert expected == read_all([bytes([byte]) for byte in stream], LIMITS)


@pytest.mark.parametrize("chunk", [b"x" * 65_536, (b"x" * 4095 + b"\n") * 16])
def test_a_stream_takes_no_more_than_a_line_and_a_chunk(chunk: bytes) -> None:
    """A hundred megabytes of anything: what was given is not kept."""
    splitter = LineSplitter(1 << 20)
    tracemalloc.start()
    try:
        with contextlib.suppress(MalformedError):
            for _ in range(1600):
                splitter.push(chunk)
                while splitter.pop() is not None:
                    pass
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


@given(st.text() | st.binary())
def test_what_is_shown_is_printable(text: str | bytes) -> None:
    """Whatever it was."""
    assert shown(text).isprintable()
