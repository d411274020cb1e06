"""It is noticed when the records are not the same."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.target import Target
from invitelab.proof import transport_equivalence
from invitelab.proof.conforming_variants import Taciturn
from invitelab.proof.transport_equivalence import try_way


def test_another_implementation_is_not_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The scenarios that differ are named."""

    @contextmanager
    def elsewhere(_way: str) -> Generator[Target]:
        yield Target.parse("py:invitelab.proof.mutants:invites_pre_7")

    monkeypatch.setattr(transport_equivalence, "_target", elsewhere)
    tried = try_way("py")
    assert not tried.same
    assert "An older client cannot be invited directly" in tried.differing


def test_what_was_said_is_compared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same verdicts in other words are other records."""

    @contextmanager
    def elsewhere(_way: str) -> Generator[InProcessTarget]:
        yield InProcessTarget(Taciturn())

    monkeypatch.setattr(transport_equivalence, "_target", elsewhere)
    tried = try_way("py")
    assert not tried.same
