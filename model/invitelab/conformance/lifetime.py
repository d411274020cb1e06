"""Measures in real time when invitations end, and says what to declare of it.

Several invitations are sent in one scenario, some hundred milliseconds apart, so that a
timer that ticks shows its whole period. The clients of both sides are then viewed until
the invitation has gone. It ended between the call of the last view that showed it and
the answer of the first that did not: each lifetime has two bounds, and the wider ones
count.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from invitelab.adapters import messages, wire_types
from invitelab.adapters.clocks.base import BYSTANDER, Caller, Clock
from invitelab.adapters.clocks.faked import look
from invitelab.adapters.handshake import Capability
from invitelab.adapters.scenario_session import ScenarioSession
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.execution.scenario_state import lifetime_ms
from invitelab.errors import CallError, FaultError

SCENARIO = "lifetime"
INVITATIONS = 8
APART_MS = 370
"""Time between two sendings; no multiple of the period of a common timer."""

WATCHED_MS = 30_000
"""How long before the end the clients are viewed often."""

PATIENCE_MS = 15_000
"""How long after the two minutes an invitation may last."""

SELDOM_MS, OFTEN_MS = 1000, 2
ROUND_MS = 10


@dataclass(slots=True, kw_only=True)
class _Watched:
    """One invitation; times are on the scenario's clock."""

    inviter: str
    recipient: str
    since_ms: int
    """When the call that sent it was made."""
    at_ms: int
    """When that call was answered."""
    seen_ms: dict[str, int] = field(default_factory=dict[str, int])
    """By client, the call of the last view that showed it."""
    gone_ms: dict[str, int] = field(default_factory=dict[str, int])
    """By client, the answer of the first view that did not."""

    @property
    def open(self) -> list[str]:
        """The clients that still show it."""
        both = (self.inviter, self.recipient)
        return [name for name in both if name not in self.gone_ms]

    @property
    def shortest_ms(self) -> int:
        """The least time for which both sides have shown it."""
        return min(self.seen_ms.values()) - self.at_ms

    @property
    def longest_ms(self) -> int:
        """The greatest time for which one side may have shown it."""
        return max(self.gone_ms.values()) - self.since_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """What was measured, in milliseconds of the scenario's time."""

    ended: int
    """Number of invitations that ended in time."""
    unended: int
    """Number of those that did not."""
    shortest_ms: int
    longest_ms: int
    scale: float = 1.0
    """Wall time per time of the scenario."""

    @property
    def spread_ms(self) -> int:
        """The difference between the shortest and the longest."""
        return self.longest_ms - self.shortest_ms

    @property
    def early_ms(self) -> int:
        """What to declare as `early_ms`, in wall time."""
        return self._declared(lifetime_ms() - self.shortest_ms)

    @property
    def late_ms(self) -> int:
        """What to declare as `late_ms`, in wall time."""
        return self._declared(self.longest_ms - lifetime_ms())

    def _declared(self, off_ms: int) -> int:
        """With a margin for what more invitations would show, rounded up."""
        margin_ms = self.spread_ms / max(1, self.ended - 1)
        wall_ms = max(0.0, off_ms + margin_ms) * self.scale
        return math.ceil(wall_ms / ROUND_MS) * ROUND_MS


def why_not_measured(ready: Ready) -> str | None:
    """Why the lifetimes of this target cannot be measured; None if they can."""
    if ready.clock_driver.terms.kind.value != "real":
        return "its clock is not real: invitations end when the clock is moved"
    if Capability.DIRECT not in ready.answer.capabilities:
        return "it declines direct, so nothing can be sent"
    return None


def measure(ready: Ready, invitations: int = INVITATIONS) -> Lifetimes:
    """Send invitations and wait until they have ended; about two minutes.

    Raises CallError, also where an invitation is refused.
    """
    session = ScenarioSession(ready.driver)
    clock = ready.clock_driver.clock(session, SCENARIO)
    session.extend((lifetime_ms() + PATIENCE_MS + invitations * APART_MS) / 1000)
    clients = tuple(_clients(2 * invitations))
    begin = messages.Begin(scenario=SCENARIO, clients=clients)
    session.call("scenario.begin", begin, wire_types.Empty)
    clock.begin([client.client for client in clients])
    watched: list[_Watched] = []
    for number in range(invitations):
        clock.wait_until(number * APART_MS)
        inviter, recipient = clients[2 * number : 2 * number + 2]
        watched.append(_sent(session, clock, inviter, recipient))
    _watch(session, clock, watched)
    end = messages.Scenario(scenario=SCENARIO)
    session.call("scenario.end", end, wire_types.Empty)
    return _summed(watched, ready.clock_driver.terms.scale)


def _clients(number: int) -> Iterator[messages.ClientDeclaration]:
    for place in range(1, number + 1):
        id_ = str(100_200_300 + 1001 * place)
        yield BYSTANDER.model_copy(update={"client": f"c{place}", "id": id_})


def _sent(
    caller: Caller,
    clock: Clock,
    inviter: messages.ClientDeclaration,
    recipient: messages.ClientDeclaration,
) -> _Watched:
    send = messages.Send(
        scenario=SCENARIO,
        client=inviter.client,
        entry="invitation-icon",
        to=recipient.id,
        profile="Default",
    )
    since_ms = clock.now_ms
    outcome = caller.call("invitation.send", send, messages.SendOutcome)
    if outcome.ok is None:
        raise FaultError("the invitation to be measured was refused", rpc_code=0)
    return _Watched(
        inviter=inviter.client,
        recipient=recipient.client,
        since_ms=since_ms,
        at_ms=clock.now_ms,
    )


def _watch(caller: Caller, clock: Clock, watched: Sequence[_Watched]) -> None:
    """View the clients until all invitations have ended, or patience has."""
    often_ms = watched[0].at_ms + lifetime_ms() - WATCHED_MS
    last_ms = watched[-1].at_ms + lifetime_ms() + PATIENCE_MS
    while clock.now_ms <= last_ms and any(one.open for one in watched):
        for one in watched:
            for client in one.open:
                _look(caller, clock, one, client)
        pause_ms = SELDOM_MS if clock.now_ms < often_ms else OFTEN_MS
        clock.wait_until(clock.now_ms + pause_ms)


def _look(caller: Caller, clock: Clock, one: _Watched, client: str) -> None:
    """View one client, and note whether it shows the invitation."""
    called_ms = clock.now_ms
    view = look(caller, SCENARIO, client)
    listed = any(row.state == "pending" for row in view.invitations)
    shown = listed if client == one.inviter else bool(view.notifications)
    if shown:
        one.seen_ms[client] = called_ms
    elif client in one.seen_ms:
        one.gone_ms[client] = clock.now_ms
    elif clock.now_ms > one.at_ms + PATIENCE_MS:
        raise _never_shown(client)


def _never_shown(client: str) -> CallError:
    return FaultError(f"{client} never showed the invitation", rpc_code=0)


def _summed(watched: Sequence[_Watched], scale: float) -> Lifetimes:
    ended = [one for one in watched if not one.open]
    return Lifetimes(
        ended=len(ended),
        unended=len(watched) - len(ended),
        shortest_ms=min((one.shortest_ms for one in ended), default=lifetime_ms()),
        longest_ms=max((one.longest_ms for one in ended), default=lifetime_ms()),
        scale=scale,
    )
