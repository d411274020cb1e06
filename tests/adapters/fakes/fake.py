"""An adapter whose methods are correct and incorrect behaviours, called by name.

    python fake.py              on stdin and stdout
    python fake.py tcp|http     at a port, which is the first line on stdout

In a process of its own it writes any result, JSON or not, without correcting
mistakes of its author. As a server it has one adapter a connection, and
a connection ends when the adapter does.
"""

import contextlib
import json
import os
import socketserver
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler

from invitelab.adapters.base import AdapterError, Json

assert sys.platform != "win32", "it needs POSIX"


class Fake:
    """Each method is one behaviour."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Do what the method's name says."""
        answer: Json = getattr(self, method)(**params)
        return answer

    def echo(self, **params: Json) -> Json:
        """Answer with what was asked."""
        return params

    def change(self, values: list[Json]) -> Json:
        """Change the parameters, which are the adapter's own."""
        values.append("more")
        return values

    def fail(self, code: int, message: str, data: Json = None) -> Json:
        """Answer with an error."""
        raise AdapterError(code, message, data)

    def crash(self) -> Json:
        """Raise an unexpected exception."""
        return 1 // 0

    def leave(self) -> Json:
        """End the process."""
        sys.exit(7)

    def hang(self) -> Json:
        """Never answer."""
        while True:
            time.sleep(60)

    def answer_an_object(self) -> Json:
        """Answer with what is not JSON."""
        return object()  # type: ignore[return-value]

    def answer_infinity(self) -> Json:
        """Answer with a number that JSON does not have."""
        return float("inf")

    def answer_half_a_surrogate_pair(self) -> Json:
        """Answer with a text that UTF-8 cannot say."""
        return "\ud800"

    def answer_deeply(self, depth: int) -> Json:
        """Answer with lists in lists, in one object for the envelope."""
        value: Json = []
        for _ in range(depth - 2):
            value = [value]
        return value

    def answer_at_length(self, length: int) -> Json:
        """Answer the first call with a line of this many bytes."""
        return "x" * (length - len(written({"jsonrpc": "2.0", "id": 1, "result": ""})))


class FakeProcess(Fake):
    """Behaviours that only a process can have."""

    def __init__(self) -> None:
        """Write nothing unsolicited at first."""
        self.afterthought = ""

    def say(self, text: str) -> Json:
        """Write a line before the answer; a character is a byte."""
        sys.stdout.buffer.write(text.encode("latin-1") + b"\n")
        return {}

    def add(self, text: str) -> Json:
        """Write a line after the answer, at once."""
        self.afterthought = text + "\n"
        return {}

    def complain(self, length: int) -> Json:
        """Write many bytes to stderr, in lines, and number the last one."""
        sys.stderr.write("an error!\n" * (length // 10) + f"end of {length}\n")
        sys.stderr.flush()
        return {}

    def die(self, number: int) -> Json:
        """End by a signal."""
        os.kill(os.getpid(), number)
        return {}

    def go_silent(self) -> Json:
        """Close stdout and live on."""
        os.close(1)
        return self.hang()

    def leave_an_heir(self) -> Json:
        """End, while a child keeps stdout open."""
        if os.fork() == 0:
            self.hang()
        os._exit(7)


def written(response: Mapping[str, Json]) -> str:
    """Write a response as JSON, or else somehow."""
    try:
        return json.dumps(response, separators=(",", ":"))
    except TypeError:
        return repr(response)


def answered(fake: Fake, line: bytes) -> bytes:
    """Answer one request."""
    request = json.loads(line)
    response: dict[str, Json] = {"jsonrpc": "2.0", "id": request["id"]}
    try:
        response["result"] = fake.request(request["method"], request["params"])
    except AdapterError as error:
        response["error"] = {
            "code": error.code,
            "message": str(error),
            "data": error.data,
        }
    return written(response).encode()


class OverTcp(socketserver.StreamRequestHandler):
    """One connection, line by line."""

    def handle(self) -> None:
        """Answer until the adapter ends."""
        fake = Fake()
        with contextlib.suppress(ZeroDivisionError, OSError):
            for line in self.rfile:
                self.wfile.write(answered(fake, line) + b"\n")


class OverHttp(BaseHTTPRequestHandler):
    """One connection, POST by POST."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        """Answer one of them, unless the adapter ends."""
        length = int(self.headers["Content-Length"])
        try:
            body = answered(Fake(), self.rfile.read(length))
        except ZeroDivisionError:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        """The client has closed the connection."""
        with contextlib.suppress(OSError):
            super().handle()

    def finish(self) -> None:
        """Nor that."""
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing."""


def serve(handler: type[socketserver.BaseRequestHandler]) -> None:
    """Serve until killed."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()


def main() -> None:
    """Answer line by line."""
    fake = FakeProcess()
    for line in sys.stdin.buffer:
        answer = answered(fake, line).decode()
        sys.stdout.write(f"{answer}\n{fake.afterthought}")
        sys.stdout.flush()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["tcp"]:
            serve(OverTcp)
        case ["http"]:
            serve(OverHttp)
        case _:
            main()
