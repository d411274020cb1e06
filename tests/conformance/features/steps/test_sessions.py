"""The session that the latest answer has started."""

from collections.abc import Callable, Mapping

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.formats.run import Verdict

Judge = Callable[..., Engine]

AGAIN = "What was taken away in a session is not taken away in the next of the same two"


class OneSession(Reference):
    """The reference, whose clients show one session at most."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Show the session at this place in the list only."""
        answer = super().request(method, params)
        if method != "client.view" or not isinstance(answer, dict):
            return answer
        sessions = answer["sessions"]
        assert isinstance(sessions, list)
        shown = sessions[self.place :][:1] if sessions else []
        return {**answer, "sessions": list(shown)}


def test_the_session_before_the_answer_is_not_the_new_one(directly: Judge) -> None:
    """Whatever its permissions are."""
    (record,) = directly(OneSession(0), titles=[AGAIN]).scenarios
    assert (Verdict.DEVIATION, "expected a new session, Ada sees none") == (
        record.verdict,
        record.message,
    )


def test_the_new_session_may_take_the_place_of_the_one_before(directly: Judge) -> None:
    """A client that shows only the newest one has one, too."""
    (record,) = directly(OneSession(-1), titles=[AGAIN]).scenarios
    assert (Verdict.PASS, None) == (record.verdict, record.message)
