"""The calls of one scenario, and the time that is left for it."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from invitelab.adapters import wire_types
from invitelab.adapters.base import BEGIN, Limits
from invitelab.adapters.driver import Driver
from invitelab.adapters.traffic import Traffic, recorded
from invitelab.adapters.transports.shared_lines import GivenUpError
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import HangError, LostError

Result = TypeVar("Result", bound=wire_types.Wire)


class ScenarioSession:
    """The calls of one scenario, within the scenario's limit of wall time."""

    def __init__(self, driver: Driver, traffic: Traffic | None = None) -> None:
        """`traffic` keeps the bytes of its calls; None: the driver's."""
        self._driver = driver
        self._traffic = traffic or driver.traffic
        self._start = driver.starts
        self._deadline_s = monotonic_s() + driver.limits.scenario_s
        self.calling = False
        """Whether a call is under way."""
        self.calls = 0
        """Number of calls that have ended, well or not."""
        self.called_s = 0.0
        """The time that they took, in seconds."""
        self.last_s = 0.0
        """The time that the last of them took, in seconds."""

    @property
    def limits(self) -> Limits:
        """The limits of the target."""
        return self._driver.limits

    @property
    def left_s(self) -> float:
        """The time that is left of the scenario's limit, in seconds."""
        return self._deadline_s - monotonic_s()

    @property
    def turn(self) -> AbstractContextManager[object]:
        """The driver's lock: while it is held, no other thread makes calls."""
        return self._driver.turn

    def extend(self, seconds: float) -> None:
        """Move the scenario's deadline, as after a wait in wall time."""
        self._deadline_s += seconds

    def call(
        self, method: str, params: wire_types.Wire, result: type[Result]
    ) -> Result:
        """Make one call; see `Driver.call`.

        Raises HangError when the scenario's time is over, and LostError when another
        scenario has stopped or restarted the target.
        """
        driver = self._driver
        asked_s = monotonic_s()
        with driver.turn:
            self._deadline_s += monotonic_s() - asked_s  # the wait for the lock
            if driver.starts != self._start or not driver.running:
                raise LostError("the target was ended by another scenario")
            left_s = self.left_s
            if left_s <= 0:
                msg = f"the scenario took longer than {driver.limits.scenario_s:g} s"
                if driver.is_shared:
                    raise GivenUpError(msg, hint="the limit is wall time")
                driver.kill()
                raise HangError(msg, hint="the limit is wall time")
            timeout_s = min(driver.limit_s(method), left_s)
            with self._timed(), recorded(self._traffic, method):
                answer = driver.call(
                    method, params, result, timeout_s, start=self._start
                )
            if method == BEGIN:  # booting a world is not a part of the scenario
                self._deadline_s += self.last_s
            return answer

    @contextmanager
    def _timed(self) -> Generator[None]:
        """Measure a call."""
        began_s = monotonic_s()
        self.calling = True
        try:
            yield
        finally:
            self.calling = False
            self.last_s = monotonic_s() - began_s
            self.calls += 1
            self.called_s += self.last_s
