"""Vacuity check: implementations without any effect, which must satisfy no clause.

Each completes the handshake as an implementation does, and then has no effect. A
clause that one of them satisfies is vacuous. Three of them play back what the reference
has answered with another seed: they may satisfy interpretations, and nothing required.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from invitelab.adapters.base import Adapter, AdapterError, Json, Limits
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.handshake import Capability
from invitelab.conformance.features.clauses import load
from invitelab.formats.proof import NullImplementationProof
from invitelab.formats.run import Level, Verdict
from invitelab.proof.recordings import ByHistory, ByMethod, ByPosition, Player, record
from invitelab.proof.suite_run import run_suite

LIMITS = Limits()
RECORDED_SEED, PLAYED_SEED = 0, 1
SHORT_LIMITS = Limits(call_s=0.05)
"""For the implementation that hangs: all others get the usual time."""

HELLO: dict[str, Json] = {
    "protocol": 1,
    "implementation": {"name": "null", "version": "0"},
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


class DoesNothing:
    """Adapter that keeps the time, shows nothing, and answers operations as told."""

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
    time.sleep(10 * SHORT_LIMITS.call_s)
    return _view_or(method, {"ok": {}})


def _flood(_method: str, _params: Mapping[str, Json]) -> Json:
    return "x" * (2 * LIMITS.line_bytes)


class StoppedClock(DoesNothing):
    """Adapter that acknowledges everything, and whose clock never advances."""

    def __init__(self) -> None:
        super().__init__(_always_ok)

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer with the same time for ever."""
        if method == "clock.advance":
            return {"now_ms": 0}
        return super().request(method, params)


@dataclass(frozen=True, slots=True, kw_only=True)
class NullImplementation:
    """An implementation without any effect, what it does instead, and its factory."""

    name: str
    defect: str
    make: Callable[[], Adapter]
    limits: Limits = LIMITS
    seed: int = 0
    """The seed with which it is tried."""
    required_alone: bool = False
    """Whether only required clauses are vacuous if it satisfies them."""


def _playing(name: str, finds: str, player: type[Player]) -> NullImplementation:
    return NullImplementation(
        name=name,
        defect=f"plays back answers of another seed, found by {finds}",
        make=lambda: player(record(RECORDED_SEED)),
        seed=PLAYED_SEED,
        required_alone=True,
    )


NULL_IMPLEMENTATIONS = {
    one.name: one
    for one in (
        NullImplementation(
            name="null", defect="answers null", make=lambda: DoesNothing(_null)
        ),
        NullImplementation(
            name="always-ok",
            defect="acknowledges everything and has no effect",
            make=lambda: DoesNothing(_always_ok),
        ),
        NullImplementation(
            name="always-refuse",
            defect="refuses everything",
            make=lambda: DoesNothing(_always_refused),
        ),
        NullImplementation(
            name="echo",
            defect="answers with the parameters of the call",
            make=lambda: DoesNothing(_echo),
        ),
        NullImplementation(
            name="crash",
            defect="crashes on every call",
            make=lambda: DoesNothing(_crash),
        ),
        NullImplementation(
            name="fault",
            defect="reports a fault on every call",
            make=lambda: DoesNothing(_fault),
        ),
        NullImplementation(
            name="hang",
            defect="never answers in time",
            make=lambda: DoesNothing(_hang),
            limits=SHORT_LIMITS,
        ),
        NullImplementation(
            name="flood",
            defect="answers with twice the size that is allowed",
            make=lambda: DoesNothing(_flood),
        ),
        NullImplementation(
            name="clock-liar",
            defect="claims a virtual clock that never advances",
            make=StoppedClock,
        ),
        _playing("recording", "the calls before", ByHistory),
        _playing("recording-by-method", "the method", ByMethod),
        _playing("recording-by-position", "the position in the run", ByPosition),
    )
}

VACUOUS_BY_DESIGN: frozenset[str] = frozenset()
"""Clauses that an implementation without any effect may satisfy; there is none."""

INTERPRETED: frozenset[str] = frozenset(
    clause.id for clause in load().values() if clause.level is Level.INTERPRETATION
)


def try_null_implementation(name: str) -> NullImplementationProof:
    """Run the whole suite on the null implementation of that name."""
    implementation = NULL_IMPLEMENTATIONS[name]
    target = InProcessTarget(implementation.make())
    engine = run_suite(target, implementation.limits, seed=implementation.seed)
    assert engine.conclusion is not None, "the run was finished"
    passed = tuple(c.clause for c in engine.clauses if c.verdict is Verdict.PASS)
    may_pass = VACUOUS_BY_DESIGN
    if implementation.required_alone:
        may_pass |= INTERPRETED
    return NullImplementationProof(
        name=name,
        defect=implementation.defect,
        verdict=engine.conclusion.verdict,
        passed=passed,
        vacuous=tuple(clause for clause in passed if clause not in may_pass),
    )
