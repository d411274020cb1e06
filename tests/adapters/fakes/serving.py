"""Serves an adapter that counts its calls.

python serving.py tcp|http
"""

import sys
from collections.abc import Mapping

from invitelab.adapters.base import Json
from invitelab.adapters.servers.http import serve_http
from invitelab.adapters.servers.tcp import serve_tcp


class Counting:
    """Remembers what it was asked, as long as it lives."""

    def __init__(self) -> None:
        """Begin anew."""
        self.asked = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Tell the number of calls; or leave, or raise."""
        self.asked += 1
        match method:
            case "leave":
                sys.exit(7)
            case "crash":
                raise ValueError("as it was asked to")
            case _:
                return [self.asked, *params]


if __name__ == "__main__":
    {"tcp": serve_tcp, "http": serve_http}[sys.argv[1]](Counting, 0)
