"""It is noticed when the records are not the same."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from invitelab.adapters.target import Target
from invitelab.conformance.proof import identity
from invitelab.conformance.proof.identity import try_way


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
