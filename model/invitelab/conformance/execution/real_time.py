"""Options for targets in real time: how many scenarios at once, and how long a wait."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invitelab.adapters.clocks.kinds import ClockKind

if TYPE_CHECKING:
    from invitelab.adapters.clocks.base import Terms
    from invitelab.conformance.features.gherkin import Pickle
    from invitelab.formats.run import ScenarioRecord

MS_PER_S = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RealTime:
    """What a user asks for; no bounds by default."""

    jobs: int | None = None
    """The most scenarios that are open at once."""
    max_wait_ms: int | None = None
    """The longest wait of a scenario that is run, in wall time."""

    walks: bool = True
    """Whether random walks are made: not where nobody has asked for them."""

    def left_out(self, pickle: "Pickle", terms: "Terms") -> "ScenarioRecord | None":
        """The record of a scenario that waits for too long; None for any other."""
        if self.max_wait_ms is None or terms.kind is not ClockKind.REAL:
            return None
        return self._left_out(pickle, terms)

    def _left_out(self, pickle: "Pickle", terms: "Terms") -> "ScenarioRecord | None":
        # The command line has these options, and takes no part in running a scenario.
        from invitelab.conformance.execution.parallel import wait_ms  # noqa: PLC0415
        from invitelab.conformance.execution.recorder import Trace  # noqa: PLC0415
        from invitelab.conformance.execution.scenario_runner import (  # noqa: PLC0415
            record,
        )
        from invitelab.conformance.execution.verdicts import Judgement  # noqa: PLC0415
        from invitelab.formats.run import LEFT_OUT, Verdict  # noqa: PLC0415

        assert self.max_wait_ms is not None, "by left_out"
        waits_ms = wait_ms(pickle) * terms.scale
        if waits_ms <= self.max_wait_ms:
            return None
        message = (
            f"it waits for {waits_ms / MS_PER_S:g} s, and --max-wait is "
            f"{self.max_wait_ms / MS_PER_S:g} s"
        )
        left = Judgement(verdict=Verdict.NOT_RUN, kind=LEFT_OUT, message=message)
        return record(pickle, left, Trace())


BOUNDLESS = RealTime()
"""Nothing is bounded."""
