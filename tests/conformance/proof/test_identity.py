"""It is noticed when the records are not the same."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from invitelab.adapters.driver import AtHand
from invitelab.adapters.target import Target
from invitelab.conformance.proof import identity
from invitelab.conformance.proof.identity import try_way
from invitelab.conformance.proof.panel import Taciturn


def test_another_implementation_is_not_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The scenarios that differ are named."""

    @contextmanager
    def elsewhere(_way: str) -> Generator[Target]:
        yield Target.parse("py:invitelab.conformance.mutants:invites_pre_7")

    monkeypatch.setattr(identity, "_target", elsewhere)
    tried = try_way("py")
    assert not tried.same
    assert "An older client cannot be invited directly" in tried.differing


def test_what_was_said_is_compared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same verdicts in other words are other records."""

    @contextmanager
    def elsewhere(_way: str) -> Generator[AtHand]:
        yield AtHand(Taciturn())

    monkeypatch.setattr(identity, "_target", elsewhere)
    tried = try_way("py")
    assert not tried.same
