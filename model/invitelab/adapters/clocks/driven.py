"""What is common to clocks that move under a target which was never told of it.

A target that reads its clock only when it is called, or whose timers sleep in the
operating system, notices nothing by itself. So after every jump each client is looked
at: that wakes it. Whether it notices at all is tried out first, with an invitation that
must be gone an hour later; where it is not, nothing that waits can be judged.
"""

from collections.abc import Callable, Sequence

from invitelab.adapters import messages
from invitelab.adapters.clocks.base import BYSTANDER, Caller
from invitelab.adapters.driver import Driver
from invitelab.errors import CallError, HandshakeError

SCENARIO = "clock"
HOUR_MS = 3_600_000
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


def notices(driver: Driver, clock: DrivenClock) -> bool:
    """Whether an invitation is gone an hour after its sending.

    True as well where none can be sent: then nothing waits. HandshakeError when the
    calls fail: nothing else could work then.
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
            clock.wait_until(HOUR_MS)
        states = {
            row.state for row in look(driver, SCENARIO, BYSTANDER.client).invitations
        }
        driver.call(
            "scenario.end", messages.Scenario(scenario=SCENARIO), messages.Empty
        )
    except CallError as error:
        msg = f"whether the target notices its clock could not be tried out: {error}"
        raise HandshakeError(msg, hint=error.hint, blame=error.blame) from error
    return "pending" not in states
