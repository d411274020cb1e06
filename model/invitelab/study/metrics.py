"""The metrics are instruments: they watch a world and fill a measurement.

All delays begin at the instant at which somebody pressed Send; times are the world's,
but an expiry is compared with its deadline on the clock of the host that decided.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientSpec, State, Surface
from invitelab.results import FaultSpan, Outcome
from invitelab.study.measurement import Measurement
from invitelab.study.windows import Level, Spans
from invitelab.world.instruments import Instrument
from invitelab.world.pools import Kind

OUTCOME_OF: Mapping[State, Outcome] = {
    State.ACCEPTED: Outcome.ACCEPTED,
    State.REJECTED: Outcome.REJECTED,
    State.CANCELLED: Outcome.CANCELLED,
    State.EXPIRED: Outcome.EXPIRED,
}

QUEUE_FULL = "queue full"


class _Sent(NamedTuple):
    """When an invitation was sent, in world time, and its deadline on its host."""

    at_us: int
    deadline_us: int


class InvitationMetrics(Instrument):
    """Attempts, outcomes, delays, pending: everything about invitations."""

    def __init__(self, into: Measurement, warm_up_us: int, duration_us: int) -> None:
        self._into = into
        self._warm_up_us = warm_up_us
        self._open: dict[str, _Sent] = {}
        self._pending = Level(into.windows, warm_up_us, duration_us)
        self._pair = (0, 0)  # of the wish that is being acted on
        self._hooks: Mapping[FactKind, Callable[[int, Fact], None]] = {
            FactKind.SENT: self._sent,
            FactKind.SHOWN: self._shown,
            FactKind.ENDED: self._ended,
            FactKind.JOINED: self._joined,
        }

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Count the wish."""
        self._into.offered[self._into.windows.of(at_us)] += 1
        self._pair = sender.version.major, recipient.version.major
        if at_us >= self._warm_up_us:
            self._into.attempts += 1
            self._into.tried[self._pair] += 1

    def emailed(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Count the email."""
        del sender, recipient
        if at_us >= self._warm_up_us:
            self._into.emailed += 1
            self._into.mailed[self._pair] += 1

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """Count the refusal; whoever was refused may still write an email."""
        del sender, recipient
        self._into.ended[Outcome.REFUSED][self._into.windows.of(at_us)] += 1
        if at_us >= self._warm_up_us:
            self._into.outcomes[Outcome.REFUSED] += 1
            self._into.refusals[reason.value] += 1

    def happened(self, at_us: int, fact: Fact) -> None:
        """Look at what a metric begins or ends with."""
        hook = self._hooks.get(fact.kind)
        if hook is not None:
            hook(at_us, fact)

    def close(self, at_us: int) -> None:
        """The measurement ends here, finished or not; what is open is still pending."""
        self._pending.pass_to(at_us)
        self._into.pending = self._pending.integral
        self._into.pending_counted = self._pending.counted
        self._into.pending_peak = self._pending.peak

    def _sent(self, at_us: int, fact: Fact) -> None:
        assert fact.deadline_us is not None, "whoever sends sets a deadline"
        self._open[fact.invitation] = _Sent(at_us, fact.deadline_us)
        self._pending.change(at_us, 1)
        if at_us >= self._warm_up_us:
            self._into.outcomes[Outcome.PENDING] += 1
            self._into.direct[self._pair] += 1

    def _shown(self, at_us: int, fact: Fact) -> None:
        sent = self._open.get(fact.invitation)
        if sent is None or fact.surface is not Surface.POPUP:
            return
        self._into.notify[self._into.windows.of(sent.at_us)].record(at_us - sent.at_us)
        self._delay("notify_delay", sent, at_us)

    def _ended(self, at_us: int, fact: Fact) -> None:
        assert fact.state is not None, "an end has a state"
        outcome = OUTCOME_OF[fact.state]
        sent = self._open[fact.invitation]
        self._pending.change(at_us, -1)
        self._into.ended[outcome][self._into.windows.of(at_us)] += 1
        if sent.at_us >= self._warm_up_us:
            self._into.outcomes[Outcome.PENDING] -= 1
            self._into.outcomes[outcome] += 1
        if outcome is not Outcome.EXPIRED:
            self._delay("decision_delay", sent, at_us)
        elif sent.at_us >= self._warm_up_us:
            self._into.delays["expiry_lag"].record(fact.at_us - sent.deadline_us)
        if outcome is not Outcome.ACCEPTED:
            del self._open[fact.invitation]

    def _joined(self, at_us: int, fact: Fact) -> None:
        self._delay("session_delay", self._open.pop(fact.invitation), at_us)

    def _delay(self, metric: str, sent: _Sent, at_us: int) -> None:
        if sent.at_us >= self._warm_up_us:
            self._into.delays[metric].record(at_us - sent.at_us)


class RelayMetrics(Instrument):
    """What the relay carried and dropped, and the faults of the timetable.

    Waits, like all counts, leave out the warm-up, and what comes after `duration_us`.
    """

    def __init__(self, into: Measurement, warm_up_us: int, duration_us: int) -> None:
        self._into = into
        self._pools = [into.pools[kind] for kind in Kind]
        self._busy = [Spans(into.windows) for _ in Kind]
        self._queued = [Spans(into.windows) for _ in Kind]
        self._at_once = [0 for _ in Kind]  # counted, and did not wait
        self._width_us = into.windows.width_us
        self._warm_up_us = warm_up_us
        self._duration_us = duration_us

    def carried(
        self, at_us: int, kind: Kind, wait_us: int, service_us: int, queue: int
    ) -> None:
        """Add up a message, whose service begins after its wait."""
        # Most messages are served at once, within one window and while all counts.
        if not wait_us and at_us >= self._warm_up_us:
            window = at_us // self._width_us
            end_us = at_us + service_us
            within_us = (window + 1) * self._width_us
            if end_us <= within_us and end_us <= self._duration_us:
                pool = self._pools[kind]
                pool.handled[window] += 1
                pool.busy_us[window] += service_us
                pool.counted_us += service_us
                self._at_once[kind] += 1
                return
        self._carry(at_us, kind, wait_us, service_us)
        if wait_us:
            pool = self._pools[kind]
            pool.longest_queue = max(pool.longest_queue, queue + 1)

    def _carry(self, at_us: int, kind: Kind, wait_us: int, service_us: int) -> None:
        """The same for any message."""
        pool = self._pools[kind]
        begin_us = at_us + wait_us
        end_us = begin_us + service_us
        window = self._into.windows.of(at_us)
        pool.handled[window] += 1
        pool.wait_us[window] += wait_us
        self._queued[kind].add(at_us, begin_us)
        self._busy[kind].add(begin_us, end_us)
        counted_from_us = max(begin_us, self._warm_up_us)
        pool.counted_us += max(0, min(end_us, self._duration_us) - counted_from_us)
        if self._warm_up_us <= at_us < self._duration_us:
            pool.waits.record(wait_us)

    def close(self) -> None:
        """The measurement ends here, finished or not."""
        for kind, pool in zip(Kind, self._pools, strict=True):
            pool.busy_us = _added(pool.busy_us, self._busy[kind].totals_us())
            pool.queued_us = self._queued[kind].totals_us()
            if self._at_once[kind]:
                pool.waits.record(0, self._at_once[kind])

    def dropped(self, at_us: int, kind: Kind, reason: str) -> None:
        """Count a message that did not arrive."""
        del at_us
        self._into.drops[reason] += 1
        if reason == QUEUE_FULL:
            self._pools[kind].shed += 1

    def faulted(self, at_us: int, kind: str, label: str, until_us: int) -> None:
        """Keep the fault for the charts."""
        span = FaultSpan(kind=kind, at_us=at_us, until_us=until_us, label=label)
        self._into.faults += (span,)


def _added(a: Sequence[int], b: Sequence[int]) -> list[int]:
    return [one + other for one, other in zip(a, b, strict=True)]
