"""One connection to the target, which is started again when it has ended."""

from invitelab.adapters import handshake
from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.base import ClockDriver
from invitelab.adapters.clocks.choice import agree, prepare
from invitelab.adapters.driver import Driver, Reachable
from invitelab.adapters.handshake import Capability
from invitelab.errors import RunError, UsageError
from invitelab.target_load.calls import Calls
from invitelab.target_load.room import Terms

MOST_RESTARTS = 10


class Connection:
    """A target that was started and can be used."""

    def __init__(self, target: Reachable, limits: Limits | None = None) -> None:
        """Start it. Raises RunError, and UsageError where nothing can be pressed."""
        self._limits = limits or Limits()
        self.driver = Driver(target, self._limits)
        self.calls = Calls(self.driver)
        self.restarts = 0
        self._target = target
        self.answer, self.clock = self._start()
        self.terms = Terms.of(self.answer)
        if not self.terms.has(Capability.DIRECT):
            self.close()
            raise UsageError(
                "the target declines direct invitations, so there is nothing to press",
                hint="a scenario needs invitation.send, accept, reject and cancel",
            )

    @property
    def line_bytes(self) -> int:
        """The longest line that the target takes."""
        return self._limits.line_bytes

    def restart(self, why: str) -> None:
        """Start it again after it has ended. Raises RunError after too many times."""
        self.restarts += 1
        if self.restarts > MOST_RESTARTS:
            raise RunError(
                f"the target has ended {self.restarts} times, the last time: {why}",
                hint="what was measured until then is in the report",
            )
        self.clock.close()
        self.answer, self.clock = self._start()

    def _start(self) -> tuple[handshake.Initialized, ClockDriver]:
        prepared = prepare(None, self._target)
        answer = self.driver.start()
        try:
            clock = agree(None, prepared, answer)
            clock.prove(self.driver)
        except RunError:
            self.driver.stop()
            raise
        return answer, clock

    def close(self) -> None:
        """Stop the target."""
        self.clock.close()
        self.driver.stop()
