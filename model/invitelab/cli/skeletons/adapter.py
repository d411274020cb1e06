"""An adapter for invitelab: a call on each line of stdin, its answer on stdout."""

import json
import logging
import sys
from typing import Any

Call = dict[str, Any]
LATER = ["direct", "popup", "tiles", "session-permissions", "profile-edit", "presence"]


class Adapter:
    """Declare a capability, then write its methods: `_` is the dot in their names."""

    def initialize(self, _call: Call) -> Call:
        """Name the implementation, and declare or decline every capability."""
        return {
            "protocol": 1,
            "implementation": {"name": "acme", "version": "0.1", "language": "python"},
            # virtual: time passes in clock_advance only, so two minutes take no time.
            # real: your own timers run, the suite waits, clock_advance is never called.
            "clock": "virtual",
            "capabilities": ["menu", "email"],  # session_request is still missing
            "declines": [{"capability": it, "reason": "not yet"} for it in LATER],
        }

    def scenario_begin(self, call: Call) -> Call:
        """Start a new world, at time zero, with these clients and nothing else."""
        self.clients = {client["client"]: client for client in call["clients"]}
        self.now_ms = 0
        return {}

    def scenario_end(self, _call: Call) -> Call:
        """End that world; no further call is about it."""
        return {}

    shutdown = scenario_end

    def clock_advance(self, call: Call) -> Call:
        """Advance the clock, and answer once all that is due by then has happened."""
        self.now_ms += call["ms"]
        return {"now_ms": self.now_ms}

    def client_view(self, _call: Call) -> Call:
        """All that the user of a client sees."""
        return {"notifications": [], "invitations": [], "sessions": [], "requests": []}

    def client_menu(self, call: Call) -> Call:
        """Where the user of a client can start an invitation: only on Windows."""
        windows = self.clients[call["client"]]["platform"] == "windows"
        entries = [{"entry": "id-menu.invite-via-email"}] if windows else []
        return {"ok": {"entries": entries}}

    def invitation_email(self, call: Call) -> Call:
        """The email that opens. To refuse, answer {"refused": {"reason": "..."}}."""
        text = f"Connect to {self.clients[call['client']]['id']}: https://anydesk.com"
        return {"ok": {"opened_with": "default-browser", "text": text}}

    def respond(self, line: bytes) -> Call:
        """Answer any line; the error `code` tells how far it was understood."""
        answer, code = {"jsonrpc": "2.0", "id": None}, -32700
        try:
            request = json.loads(line)
            code = -32600
            answer["id"], name = request["id"], request["method"].replace(".", "_")
            code = -32601
            handler = getattr(self, name)
            code = 1004
            return answer | {"result": handler(request.get("params", {}))}
        except Exception as error:
            if code > 0:  # a valid call, which has failed
                logging.getLogger("adapter").exception("this call failed:")
            return answer | {"error": {"code": code, "message": repr(error)}}


if __name__ == "__main__":
    adapter, answers, sys.stdout = Adapter(), sys.stdout.buffer, sys.stderr
    for line in sys.stdin.buffer:  # what you print goes to stderr, and into reports
        answers.write(json.dumps(adapter.respond(line)).encode() + b"\n")
        answers.flush()
