"""What is common to clocks that move under a target which was never told of it.

A target that reads its clock only when it is called, or whose timers sleep in the
operating system, notices nothing by itself. So after every jump each client is looked
at: that wakes it. Whether it notices at all is tried out first, with an invitation that
must be gone an hour later; where it is not, nothing that waits can be judged.

What takes a while on its way to another client must notice as well. In a jump hardly
any wall time passes, so a target whose messages need some would be late for everything,
and is refused.
"""

import time
from collections.abc import Callable, Sequence

from invitelab.adapters import messages
from invitelab.adapters.clocks.base import BYSTANDER, Caller
from invitelab.adapters.driver import Driver
from invitelab.errors import Blame, CallError, HandshakeError

SCENARIO = "clock"
HOUR_MS = 3_600_000
WALL_S = 0.3
"""How long is waited on the wall for an invitation that did not come by a jump."""

INVITED = BYSTANDER.model_copy(update={"client": "c2", "id": "400500600"})


class DrivenClock:
    """A scenario's share of a clock that jumps; `read` gives its milliseconds."""

    lateness_ms = 0

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
        """Since `begin`, rounded down."""
        return 0 if self._zero_ms is None else int(self._read_ms() - self._zero_ms)

    def wait_until(self, at_ms: int) -> None:
        """Jump, and see to it that the target notices."""
        left_ms = (self._zero_ms or 0) + at_ms - self._read_ms()
        if left_ms > 0:
            self._jump(left_ms, self._poke)

    def _poke(self) -> None:
        """Look at everybody; what is seen does not matter."""
        for client in self._clients:
            look(self._caller, self._scenario, client)


def look(caller: Caller, scenario: str, client: str) -> messages.View:
    """What a client shows."""
    call = messages.ClientCall(scenario=scenario, client=client)
    return caller.call("client.view", call, messages.View)


def notices(driver: Driver, clock: DrivenClock, settle_ms: int) -> bool:
    """Whether an invitation is gone an hour after its sending.

    True as well where none can be sent: then nothing waits. HandshakeError when an
    invitation takes wall time to arrive, and when the calls fail: nothing else could
    work then.
    """
    names = (BYSTANDER.client, INVITED.client)
    try:
        driver.call(
            "scenario.begin",
            messages.Begin(scenario=SCENARIO, clients=(BYSTANDER, INVITED)),
            messages.Empty,
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
            "scenario.end", messages.Scenario(scenario=SCENARIO), messages.Empty
        )
    except CallError as error:
        msg = (
            f"whether the target notices its clock could not be tried out: {error.told}"
        )
        raise HandshakeError(msg, hint=error.hint, blame=error.blame) from error
    return "pending" not in states


def _expect_arrival(driver: Driver, settle_ms: int) -> None:
    """Raise HandshakeError where an invitation arrives by wall time alone.

    One that does not arrive at all is a matter of the scenarios.
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
