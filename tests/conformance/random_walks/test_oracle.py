"""What walks make of things that no participant could have caused."""

from collections.abc import Mapping

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.random_walks.recording import walk_and_record
from invitelab.errors import ExitCode


class NobodysGuest(Reference):
    """Shows a running session beside another one whose guest is nobody."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Add the session."""
        answer = super().request(method, params)
        match answer:
            case {"sessions": [dict(first), *_] as rows} if method == "client.view":
                assert isinstance(answer, dict), "a view"
                strange: Json = {**first, "session": "none", "guest": "111111111"}
                return {**answer, "sessions": [*rows, strange]}
            case _:
                return answer


def test_a_session_with_nobody_is_a_finding_and_no_error_of_ours() -> None:
    """No step can name its guest."""
    engine = Engine(DirectTarget(NobodysGuest()), None)
    walked = walk_and_record(engine, examples=60, seed=0)
    assert walked.says.startswith("60 with seed 0: one finding")
    conclusion = engine.finish(selected_all=False)
    assert ExitCode.NON_CONFORMANT is conclusion.exit_code
