"""Records that differ between transports are noticed."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.target import Target
from invitelab.proof import transport_equivalence
from invitelab.proof.conforming_variants import MinimalAnswers
from invitelab.proof.transport_equivalence import try_transport


@pytest.mark.slow
def test_another_implementation_differs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The scenarios that differ are named."""

    @contextmanager
    def another(_transport: str) -> Generator[Target]:
        yield Target.parse("py:invitelab.proof.mutants:invites_pre_7")

    monkeypatch.setattr(transport_equivalence, "_target", another)
    tried = try_transport("py")
    assert not tried.same
    assert "An older client sees nothing of a direct invitation" in tried.differing


@pytest.mark.slow
def test_exchanges_are_compared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records with the same verdicts and other answers differ."""

    @contextmanager
    def another(_transport: str) -> Generator[InProcessTarget]:
        yield InProcessTarget(MinimalAnswers())

    monkeypatch.setattr(transport_equivalence, "_target", another)
    tried = try_transport("py")
    assert not tried.same
