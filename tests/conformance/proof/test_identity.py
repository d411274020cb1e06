"""The same records however the reference is reached, and it is noticed when not."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from invitelab.adapters.target import Target
from invitelab.conformance.proof import identity
from invitelab.conformance.proof.identity import WAYS, try_way


@pytest.mark.slow  # two whole runs each
@pytest.mark.parametrize("way", WAYS)
def test_the_records_are_the_same(way: str) -> None:
    """Scenario by scenario and clause by clause."""
    tried = try_way(way)
    assert (way, True, ()) == (tried.target, tried.same, tried.differing)


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
