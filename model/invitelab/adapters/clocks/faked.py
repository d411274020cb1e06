"""Clocks that are faked under a target which has no clock of its own to advance.

A target that reads its clock only when it is called, or whose timers sleep in the
operating system, does not notice by itself that its clock was moved. So each client is
viewed after every jump, which wakes an event loop. Before the run the harness tests
whether the target notices at all, with an invitation that must have expired an hour
later; if not, nothing that waits can be judged.

Hardly any wall time passes in a jump. A target whose messages need wall time to arrive
would be late for everything, so its handshake is refused.
"""

import time
from collections.abc import Callable, Sequence

from invitelab.adapters import messages, wire_types
from invitelab.adapters.clocks.base import BYSTANDER, Caller
from invitelab.adapters.driver import Driver
from invitelab.errors import Blame, CallError, HandshakeError

SCENARIO = "clock"
HOUR_MS = 3_600_000
WALL_S = 0.3
"""How long, in seconds of wall time, an invitation may take that no jump delivered."""

INVITED = BYSTANDER.model_copy(update={"client": "c2", "id": "400500600"})


class FakedClock:
    """The clock of one scenario, derived from the faked clock of the whole target.

    `read_ms` gives the time of the faked clock, in milliseconds since any instant.
    `jump(ms, poke)` moves it, and calls `poke` to wake the target.
    """

    def __init__(
        self,
        caller: Caller,
        scenario: str,
        read_ms: Callable[[], float],
        jump: Callable[[float, Callable[[], None]], None],
    ) -> None:
        self._caller = caller
        self._scenario = scenario
        self._read_ms = read_ms
        self._jump = jump
        self._zero_ms: float | None = None
        self._clients: Sequence[str] = ()

    def begin(self, clients: Sequence[str]) -> None:
        """Start at zero."""
        self._zero_ms = self._read_ms()
        self._clients = clients

    @property
    def now_ms(self) -> int:
        """Milliseconds since `begin`, rounded down."""
        return 0 if self._zero_ms is None else int(self._read_ms() - self._zero_ms)

    def lateness_ms(self, since_ms: int) -> int:  # noqa: ARG002 - the interface's
        """0: a delay of this machine moves no faked clock."""
        return 0

    def wait_until(self, at_ms: int) -> None:
        """Jump to `at_ms`, and wake the target. Raises CallError."""
        left_ms = (self._zero_ms or 0) + at_ms - self._read_ms()
        if left_ms > 0:
            self._jump(left_ms, self._poke)

    def _poke(self) -> None:
        """View each client, only to wake the target."""
        for client in self._clients:
            look(self._caller, self._scenario, client)


def look(caller: Caller, scenario: str, client: str) -> messages.View:
    """The answer of `client.view`. Raises CallError."""
    call = messages.ClientCall(scenario=scenario, client=client)
    return caller.call("client.view", call, messages.View)


def notices(driver: Driver, clock: FakedClock, settle_ms: int) -> bool:
    """Whether an invitation has expired after an hour of faked time.

    True as well where none can be sent, as nothing waits then. Raises HandshakeError
    when an invitation needs wall time to arrive, or a call fails.
    """
    names = (BYSTANDER.client, INVITED.client)
    try:
        driver.call(
            "scenario.begin",
            messages.Begin(scenario=SCENARIO, clients=(BYSTANDER, INVITED)),
            wire_types.Empty,
        )
        clock.begin(names)
        send = messages.Send(
            scenario=SCENARIO,
            client=BYSTANDER.client,
            entry="invitation-icon",
            to=INVITED.id,
            profile="Default",
        )
        sent = driver.call("invitation.send", send, messages.SendOutcome)
        if sent.ok is not None:
            clock.wait_until(clock.now_ms + settle_ms)
            _expect_arrival(driver, settle_ms)
            clock.wait_until(HOUR_MS)
        states = {
            row.state for row in look(driver, SCENARIO, BYSTANDER.client).invitations
        }
        driver.call(
            "scenario.end", messages.Scenario(scenario=SCENARIO), wire_types.Empty
        )
    except CallError as error:
        msg = (
            f"whether the target notices its clock could not be tried out: {error.told}"
        )
        raise HandshakeError(msg, hint=error.hint, blame=error.blame) from error
    return "pending" not in states


def _expect_arrival(driver: Driver, settle_ms: int) -> None:
    """Raise HandshakeError when an invitation arrives only after some wall time.

    One that never arrives is left to the scenarios to find.
    """

    def has_arrived() -> bool:
        return bool(look(driver, SCENARIO, INVITED.client).notifications)

    if has_arrived():
        return
    time.sleep(max(WALL_S, settle_ms / 1000))
    if has_arrived():
        msg = "an invitation takes wall time to arrive, and in a jump there is none"
        raise HandshakeError(
            msg, hint="--clock real waits for it", blame=Blame.ENVIRONMENT
        )
