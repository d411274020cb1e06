"""A probe: handshake, clock, and the time of an invitation."""

from collections.abc import Mapping

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.probe import probe
from invitelab.errors import ClockLiedError, CrashError


class Counted(Reference):
    """The reference, which counts its calls and changes its handshake."""

    def __init__(self, *, latency_ms: int = 0, **claims: Json) -> None:
        """Take the claims."""
        super().__init__(latency_ms=latency_ms)
        self.claims = claims
        self.asked: list[str] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Keep the method."""
        self.asked.append(method)
        answer = super().request(method, params)
        if method == "initialize":
            assert isinstance(answer, dict)
            answer |= self.claims
        return answer


def test_a_probe_shakes_hands_proves_and_invites_once() -> None:
    """And stops the target in the end."""
    adapter = Counted()
    probed = probe(InProcessTarget(adapter))
    assert ("virtual", True, None) == (
        probed.engine.header.clock,
        probed.engine.header.proven,
        probed.trouble,
    )
    assert 1 == adapter.asked.count("invitation.send")
    assert "shutdown" == adapter.asked[-1]
    assert probed.call_ms is not None
    assert 0 < probed.call_ms < 1000


@pytest.mark.parametrize("latency_ms", [0, 80])
def test_how_long_an_invitation_takes_to_show_is_measured(latency_ms: int) -> None:
    """In the target's time, to the precision of the polling."""
    shown_ms = probe(InProcessTarget(Counted(latency_ms=latency_ms))).shown_ms
    assert shown_ms is not None
    assert latency_ms <= shown_ms <= latency_ms + 5


def test_without_direct_invitations_none_is_sent() -> None:
    """A declined capability is not used."""
    declined: Json = [{"capability": "direct", "reason": "not yet"}]
    rest: list[Json] = ["menu", "popup", "tiles", "email", "session-permissions"]
    rest += ["profile-edit", "presence"]
    adapter = Counted(capabilities=rest, declines=declined)
    probed = probe(InProcessTarget(adapter))
    assert (None, None) == (probed.shown_ms, probed.trouble)
    assert "invitation.send" not in adapter.asked


def test_a_lying_clock_is_reported() -> None:
    """The probe ends there."""

    class Lying(Counted):
        """Is always a millisecond ahead."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Add it."""
            answer = super().request(method, params)
            if method == "clock.advance":
                assert isinstance(answer, dict)
                assert isinstance(answer["now_ms"], int)
                answer["now_ms"] += 1
            return answer

    probed = probe(InProcessTarget(Lying()))
    assert isinstance(probed.engine.problem, ClockLiedError)
    assert (None, None) == (probed.call_ms, probed.shown_ms)


def test_a_crash_after_the_handshake_is_reported() -> None:
    """With the values measured before."""

    class Crashing(Counted):
        """Dies at the first send."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Do so."""
            if method == "invitation.send":
                msg = "no"
                raise RuntimeError(msg)
            return super().request(method, params)

    probed = probe(InProcessTarget(Crashing()))
    assert isinstance(probed.trouble, CrashError)
    assert probed.call_ms is not None
