"""An adapter in front of another program: it crashes when a scenario has begun.

    python in_front.py [alone]

Unless it is `alone`, it has started a program by then.
"""

import json
import subprocess
import sys

CAPABILITIES = (
    *("menu", "direct", "popup", "tiles", "email"),
    *("session-permissions", "profile-edit", "presence"),
)


def answered(method: str) -> object:
    """The answer to a call, until an operation comes."""
    match method:
        case "initialize":
            named = {"name": "acme", "version": "1"}
            claims = {"clock": "real", "settle_ms": 10, "capabilities": CAPABILITIES}
            return {"protocol": 1, "implementation": named, **claims}
        case "scenario.begin":
            if "alone" not in sys.argv:
                subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL)  # noqa: S607
            return {}
        case _:
            return {"nobody": "expected"}[method]


def main() -> None:
    """Answer line by line; the last error ends the process with its traceback."""
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"jsonrpc": "2.0", "id": request["id"]}
        answer["result"] = answered(request["method"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
