"""The scenario's limit for a step of a user's own, which may never return.

A call to the target has a limit of its own. A step that loops, or waits for something
else, would hold up the run for ever; one that makes calls all the time would end as a
target that hangs. Which of the two is to blame is told by how fast the calls were.
"""

import traceback
from collections.abc import Callable, Sequence

from invitelab.adapters.scenario_session import ScenarioSession
from invitelab.adapters.transports.inprocess import TooLongError, within
from invitelab.errors import HangError, OwnStepError

SLOW = 0.1
"""Share of the limit of a call: calls that take longer on average are slow."""

HUNG = 0.5
"""Share of the limit of a call: a last call that took longer is to blame alone."""

CALL_S = 0.1
"""How long a call under way is left alone before the limit is looked at again."""


class EndlessStepError(OwnStepError):
    """A step of a user's own did not end within the scenario's limit."""

    def __init__(self, message: str, stack: Sequence[traceback.FrameSummary]) -> None:
        """`stack` is where it was, the innermost frame last."""
        super().__init__(message)
        self.stack = stack


def within_scenario(session: ScenarioSession, step: Callable[[], object]) -> None:
    """Call a step, for as long as its scenario may take.

    Raises what the step raises; EndlessStepError if it has not ended by then, or
    HangError if the target was too slow for it.
    """
    calls, called_s = session.calls, session.called_s

    def more_s() -> float:
        return CALL_S if session.calling else session.left_s

    try:
        within(max(session.left_s, CALL_S), step, more_s)
    except (TooLongError, HangError) as error:
        if session.left_s > 0:  # one call alone
            raise
        made, took_s = session.calls - calls, session.called_s - called_s
        limit_s = session.limits.call_s
        slow = took_s > SLOW * limit_s * made or session.last_s > HUNG * limit_s
        if made and slow:
            if isinstance(error, HangError):
                raise
            msg = f"the scenario took longer than {session.limits.scenario_s:g} s"
            raise HangError(msg, hint="the limit is wall time") from error
        session.extend(limit_s - session.left_s)  # to close the scenario
        msg = (
            "the step did not return within its scenario's limit of"
            f" {session.limits.scenario_s:g} s (--scenario-timeout)"
        )
        raise EndlessStepError(msg, _stack(error)) from error


def _stack(error: TooLongError | HangError) -> Sequence[traceback.FrameSummary]:
    """Where the step was, the innermost frame last."""
    told = error.stack if isinstance(error, TooLongError) else ()
    return told or traceback.extract_tb(error.__traceback__)
