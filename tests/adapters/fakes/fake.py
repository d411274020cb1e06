"""An adapter that does, on request, everything an adapter may and may not do.

In a process of its own it writes whatever comes out, JSON or not: what its author got
wrong, nobody puts right on the way.
"""

import json
import os
import sys
import time
from collections.abc import Mapping

from invitelab.adapters.base import AdapterError, Json


class Fake:
    """Each method is one habit."""

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
        """Raise what nobody expects."""
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
    """The habits that only a process can have."""

    def __init__(self) -> None:
        """Speak when asked, at first."""
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
        sys.stderr.write("complaint\n" * (length // 10) + f"end of {length}\n")
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


def main() -> None:
    """Answer line by line."""
    fake = FakeProcess()
    for line in sys.stdin:
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
        sys.stdout.write(f"{written(response)}\n{fake.afterthought}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
