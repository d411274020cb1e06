"""The capabilities that a scenario requires are known before it is run."""

from collections.abc import Callable, Mapping
from unittest.mock import Mock

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.handshake import Capability
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution import scenario_runner
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_runner import required_capabilities
from invitelab.conformance.features.gherkin import pickles
from invitelab.formats.run import Verdict

Judge = Callable[..., Engine]


class Declining(Reference):
    """The reference without a capability; with `deaf` it never shows an invitation."""

    def __init__(self, capability: Capability, *, deaf: bool = False) -> None:
        """Take what to decline."""
        super().__init__()
        self.capability = capability
        self.deaf = deaf

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Say so in the handshake."""
        answer = super().request(method, params)
        if method == "initialize":
            assert isinstance(answer, dict)
            assert isinstance(answer["capabilities"], list)
            answer["capabilities"].remove(self.capability.value)
            answer["declines"] = [
                {"capability": self.capability.value, "reason": "too hard"}
            ]
        if method == "client.view" and self.deaf:
            assert isinstance(answer, dict)
            answer["notifications"] = []
        return answer


@pytest.mark.parametrize(
    "capability", [Capability.POPUP, Capability.TILES, Capability.SESSION_PERMISSIONS]
)
def test_required_capabilities_are_those_that_a_run_requires(
    directly: Judge, monkeypatch: pytest.MonkeyPatch, capability: Capability
) -> None:
    """For an implementation that is conforming otherwise."""
    monkeypatch.setattr(scenario_runner, "missing_capability", Mock(return_value=None))
    engine = directly(Declining(capability))
    observed = [r.verdict is Verdict.NOT_APPLICABLE for r in engine.scenarios]
    known = [capability in required_capabilities(pickle) for pickle in pickles()]
    assert any(known)
    assert known == observed


def test_a_declined_capability_cannot_fail_before_it_is_needed(judge: Judge) -> None:
    """Even where the first step would have failed."""
    engine = judge(Declining(Capability.POPUP, deaf=True), "NOTIFY-2", "NOTIFY-1")
    verdicts: dict[str, set[Verdict]] = {}
    for record in engine.scenarios:
        verdicts.setdefault(record.clauses[0], set()).add(record.verdict)
    assert {Verdict.NOT_APPLICABLE} == verdicts["NOTIFY-2"]
    assert Verdict.FAIL in verdicts["NOTIFY-1"]
