"""JSON-RPC 2.0 on one line: what is understood and what is answered."""

import json
from dataclasses import dataclass
from typing import NoReturn

from peers.fields import BadFieldsError, Fields, JsonObject, is_object

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
UNSUPPORTED_PROTOCOL = 1001
IMPLEMENTATION_CRASHED = 1004
OUT_OF_ORDER = 1005
UNKNOWN_NAME = 1006

RequestId = str | int | None


class CallError(Exception):
    """A call is answered with an error: the code, the message and perhaps data."""

    def __init__(self, code: int, message: str, data: JsonObject | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A well-formed request; a notification wants no answer."""

    request_id: RequestId
    method: str
    params: Fields
    is_notification: bool


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def parse(line: bytes | None) -> object:
    """Give the value on a line, or raise CallError; None is an overlong line."""
    if line is None:
        raise CallError(PARSE_ERROR, "the line is too long")
    try:
        return json.loads(line.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise CallError(PARSE_ERROR, f"not a line of JSON: {error}") from None


def id_of(value: object) -> RequestId:
    """Give the id that an answer to the value bears: None if it has no usable one."""
    request_id = value.get("id") if is_object(value) else None
    if isinstance(request_id, str):
        return request_id
    if isinstance(request_id, int) and not isinstance(request_id, bool):
        return request_id
    return None


def as_request(value: object) -> Request:
    """Check the envelope, or raise CallError."""
    try:
        envelope = Fields.of(value)
        method = envelope.text("method")
    except BadFieldsError as error:
        raise CallError(INVALID_REQUEST, str(error)) from None
    request_id = id_of(value)
    if request_id != envelope.values.get("id"):
        raise CallError(INVALID_REQUEST, "the id has to be a string or an integer")
    if envelope.values.get("jsonrpc") != "2.0":
        raise CallError(INVALID_REQUEST, 'jsonrpc has to be "2.0"')
    try:
        params = envelope.part("params")
    except BadFieldsError as error:
        raise CallError(INVALID_PARAMS, str(error)) from None
    return Request(
        request_id=request_id,
        method=method,
        params=params,
        is_notification="id" not in envelope.values,
    )


def result_line(request_id: RequestId, result: JsonObject) -> bytes:
    """Write an answer."""
    return _line({"jsonrpc": "2.0", "id": request_id, "result": result})


def error_line(request_id: RequestId, error: CallError) -> bytes:
    """Write an error."""
    body: JsonObject = {"code": error.code, "message": str(error)}
    if error.data is not None:
        body["data"] = error.data
    return _line({"jsonrpc": "2.0", "id": request_id, "error": body})


def _line(answer: JsonObject) -> bytes:
    try:
        return json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, echoed: only escapes can
        return json.dumps(answer).encode()
