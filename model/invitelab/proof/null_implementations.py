"""The vacuity floor: who does nothing must not pass for somebody who does it right.

Each shakes hands as an implementation would, and then does nothing. A clause that
one of them satisfies asks for nothing.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from invitelab.adapters.base import Adapter, AdapterError, Json, Limits
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.messages import Capability
from invitelab.formats.proof import FloorProof
from invitelab.formats.run import Verdict
from invitelab.proof.mutant_trial import run_all

LIMITS = Limits()
IMPATIENT = Limits(call_s=0.05)
"""Who hangs need not be waited for long; all others get all the time they need."""

HELLO: dict[str, Json] = {
    "protocol": 1,
    "implementation": {"name": "nobody", "version": "0"},
    "clock": "virtual",
    "capabilities": [capability.value for capability in Capability],
}
NOTHING: dict[str, Json] = {
    "notifications": [],
    "invitations": [],
    "sessions": [],
    "requests": [],
}
LIFECYCLE = ("scenario.begin", "scenario.end", "shutdown")


class Idle:
    """Keeps the time, shows nothing, and answers an operation as told."""

    def __init__(self, answer: Callable[[str, Mapping[str, Json]], Json]) -> None:
        self.answer = answer
        self.now_ms = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call."""
        if method == "initialize":
            return HELLO
        if method in LIFECYCLE:
            self.now_ms = 0
            return {}
        if method == "clock.advance":
            ms = params["ms"]
            assert isinstance(ms, int)
            self.now_ms += ms
            return {"now_ms": self.now_ms}
        return self.answer(method, params)


def _view_or(method: str, other: Json) -> Json:
    return NOTHING if method == "client.view" else other


def _null(method: str, _params: Mapping[str, Json]) -> Json:
    return _view_or(method, None)


def _always_ok(method: str, _params: Mapping[str, Json]) -> Json:
    email: Json = {"opened_with": "nothing", "text": ""}
    answers: dict[str, Json] = {
        "invitation.send": {"invitation": "i"},
        "client.menu": {"entries": []},
        "invitation.email": email,
    }
    return _view_or(method, {"ok": answers.get(method, {})})


def _always_refused(method: str, _params: Mapping[str, Json]) -> Json:
    return _view_or(method, {"refused": {"reason": "no"}})


def _echo(_method: str, params: Mapping[str, Json]) -> Json:
    return dict(params)


def _crash(method: str, _params: Mapping[str, Json]) -> Json:
    raise RuntimeError(method)


def _fault(method: str, _params: Mapping[str, Json]) -> Json:
    raise AdapterError(1003, method)


def _hang(method: str, _params: Mapping[str, Json]) -> Json:
    time.sleep(10 * IMPATIENT.call_s)
    return _view_or(method, {"ok": {}})


def _flood(_method: str, _params: Mapping[str, Json]) -> Json:
    return "x" * (2 * LIMITS.line_bytes)


class LyingClock(Idle):
    """Says ok to everything, and has no clock."""

    def __init__(self) -> None:
        super().__init__(_always_ok)

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Show the same time for ever."""
        if method == "clock.advance":
            return {"now_ms": 0}
        return super().request(method, params)


@dataclass(frozen=True, slots=True, kw_only=True)
class NullImplementation:
    """An implementation that is none, and what it does instead."""

    name: str
    sin: str
    make: Callable[[], Adapter]
    limits: Limits = LIMITS


FLOOR = {
    hollow.name: hollow
    for hollow in (
        NullImplementation(name="null", sin="answers null", make=lambda: Idle(_null)),
        NullImplementation(
            name="always-ok",
            sin="says ok to everything and does nothing",
            make=lambda: Idle(_always_ok),
        ),
        NullImplementation(
            name="always-refuse",
            sin="refuses everything",
            make=lambda: Idle(_always_refused),
        ),
        NullImplementation(
            name="echo", sin="answers what it was asked", make=lambda: Idle(_echo)
        ),
        NullImplementation(
            name="crash", sin="dies of every call", make=lambda: Idle(_crash)
        ),
        NullImplementation(
            name="fault", sin="reports a fault", make=lambda: Idle(_fault)
        ),
        NullImplementation(
            name="hang",
            sin="never answers in time",
            make=lambda: Idle(_hang),
            limits=IMPATIENT,
        ),
        NullImplementation(
            name="flood", sin="answers with megabytes", make=lambda: Idle(_flood)
        ),
        NullImplementation(
            name="clock-liar", sin="claims a clock that stands still", make=LyingClock
        ),
    )
}

ASK_FOR_NOTHING: frozenset[str] = frozenset()
"""Clauses that hold where nothing is done; none does."""


def try_hollow(name: str) -> FloorProof:
    """Run the whole suite on it."""
    hollow = FLOOR[name]
    engine = run_all(InProcessTarget(hollow.make()), hollow.limits)
    assert engine.conclusion is not None, "it was run to the end"
    passed = tuple(c.clause for c in engine.clauses if c.verdict is Verdict.PASS)
    return FloorProof(
        name=name,
        sin=hollow.sin,
        verdict=engine.conclusion.verdict,
        passed=passed,
        hollow=tuple(clause for clause in passed if clause not in ASK_FOR_NOTHING),
    )
