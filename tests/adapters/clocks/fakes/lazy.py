"""A target that was never made for a harness: it reads the system's clock.

The reference, whose world is brought up to the present at every call. On a command line
it serves itself over stdio; `--sleepy` makes it read the clock only at the beginning of
a scenario, as a thread does that sleeps through a jump; `--far` lets an invitation take
some wall time on its way.
"""

import datetime as dt
import sys
import threading
import time
from collections.abc import Callable, Mapping

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.servers.stdio import serve_stdio
from invitelab.protocol.values import US_PER_S


class Lazy(Reference):
    """Looks at the clock when it is called."""

    def __init__(
        self, read_s: Callable[[], float] | None = None, **claims: Json
    ) -> None:
        """Read that clock, or time.time; say more of oneself."""
        super().__init__()
        # Looked up at every call: freezegun replaces what a module holds.
        self.read_s = read_s or (lambda: time.time())  # noqa: PLW0108
        self.claims = claims
        self.zeros_s: dict[Json, float] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Catch up with the clock first."""
        name = params.get("scenario")
        if name in self.zeros_s and method != "scenario.begin":
            past_us = round((self.read_s() - self.zeros_s[name]) * US_PER_S)
            world = self._scenarios[str(name)].world
            world.advance(max(0, past_us - world.now_us))
        answer = super().request(method, params)
        if method == "scenario.begin":
            self.zeros_s[name] = self.read_s()
        if method == "initialize":
            assert isinstance(answer, dict)
            answer |= {"clock": "real", "resolution_ms": 1, **self.claims}
        return answer


class Zoned(Lazy):
    """Reads the present through local time, as code with naive deadlines does.

    A scenario's zero is read as seconds since the epoch.
    """

    def __init__(self, read_s: Callable[[], float]) -> None:
        """Read the present in this way."""
        super().__init__(read_s, settle_ms=0)

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Begin at what time.time says."""
        answer = super().request(method, params)
        if method == "scenario.begin":
            self.zeros_s[params["scenario"]] = time.time()
        return answer


class Far(Lazy):
    """Shows what others sent only after a tenth of a second on the wall."""

    def __init__(self) -> None:
        """Nothing is on its way."""
        super().__init__(settle_ms=150)
        self.arrived = threading.Event()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Let a thread carry the invitation."""
        answer = super().request(method, params)
        if method == "invitation.send":
            threading.Thread(target=self.carry, daemon=True).start()
        if method == "client.view" and not self.arrived.is_set():
            assert isinstance(answer, dict)
            answer["notifications"] = []
        return answer

    def carry(self) -> None:
        """Take a while."""
        time.sleep(0.1)
        self.arrived.set()


def sleepy() -> Lazy:
    """Make one for which no time passes."""
    return Lazy(lambda: 0.0, settle_ms=0)


def far() -> Lazy:
    """Make one whose clients are apart."""
    return Far()


def lazy() -> Lazy:
    """Make one as an implementation in Python would be."""
    return Lazy(settle_ms=0)


def by_mktime() -> Lazy:
    """Read local time into a tuple, and that as seconds."""
    naive = dt.datetime
    return Zoned(lambda: time.mktime(naive.now().timetuple()))


def by_timestamp() -> Lazy:
    """Read local time, naive, and its timestamp."""
    return Zoned(lambda: dt.datetime.now().timestamp())  # noqa: DTZ005 - the point


def by_localtime() -> Lazy:
    """Read local time from the C library, and that as seconds."""
    return Zoned(lambda: time.mktime(time.localtime()))


def by_astimezone() -> Lazy:
    """Read local time, and let Python find out its zone."""
    return Zoned(lambda: dt.datetime.now().astimezone().timestamp())


if __name__ == "__main__":
    named = {"--sleepy": sleepy, "--far": far}.get(sys.argv[-1])
    serve_stdio(named() if named else Lazy(settle_ms=20))
