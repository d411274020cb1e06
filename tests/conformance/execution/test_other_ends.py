"""The person at the other end of an invitation or a session."""

from invitelab.conformance.execution.other_ends import OtherEnds


def test_ends_are_each_clients_own() -> None:
    """A stranger's try is at what another client has seen."""
    ends = OtherEnds()
    ends.learn("invitation", "Ada", "1", "Bob")
    ends.learn("invitation", "Bob", "1", "Ada")
    ends.learn("invitation", "Cid", "2", None)
    assert "Bob" == ends.of("invitation", "Ada", "1")
    assert "Ada" == ends.of("invitation", "Bob", "1")
    assert "Bob" == ends.of("invitation", "Cid", "1")
    assert None is ends.of("session", "Ada", "1")
    assert None is ends.of("invitation", "Cid", "2")
