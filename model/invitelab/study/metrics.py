"""Metrics: instruments that observe a world and fill a measurement.

All delays begin when an invitation is sent, in the time of the world; only an expiry is
compared with its deadline on the clock of its host. scenarios/README.md defines the
population of each delay and what counts as never.
"""

from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from invitelab.formats.observed import FaultSpan, Outcome
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.messages import Message
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientSpec, State, Surface
from invitelab.study.measurement import DELAYS, Measurement
from invitelab.study.spent import METRIC_OF
from invitelab.study.windows import Spans, TimeWeightedValue
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import WATCH_EVERY_US
from invitelab.world.load.queues import MessageClass
from invitelab.world.load.time_spent import Parts, Stage, TimeSpent

OUTCOME_OF: Mapping[State, Outcome] = {
    State.ACCEPTED: Outcome.ACCEPTED,
    State.REJECTED: Outcome.REJECTED,
    State.CANCELLED: Outcome.CANCELLED,
    State.EXPIRED: Outcome.EXPIRED,
}

SHED = frozenset({"queue full", "memory full"})
"""Reasons for which the relay refuses a message that reaches it."""

LOST_IN_THE_RELAY = SHED | {"relay-restart"}
"""Reasons for which a message that reached the relay never left it."""


Clock = Callable[[str], int]
"""The time in microseconds on the clock of an invitation's host, by its id."""


class _Sent(NamedTuple):
    """When an invitation was sent, and its deadline on the clock of its host."""

    at_us: int
    deadline_us: int


class InvitationMetrics(Instrument):
    """Attempts, outcomes, delays and the number of pending invitations.

    Each invitation of the population of a delay waits for it from its sending on; one
    that ends without it, or is open when the run ends, counts as *never*.
    """

    wants = frozenset({FactKind.SENT, FactKind.SHOWN, FactKind.ENDED, FactKind.JOINED})

    def __init__(self, into: Measurement, warm_up_us: int, duration_us: int) -> None:
        self._into = into
        self._warm_up_us = warm_up_us
        self._open: dict[str, _Sent] = {}
        self._waiting: dict[str, dict[str, _Sent]] = {name: {} for name in DELAYS}
        self._pending = TimeWeightedValue(into.windows, warm_up_us, duration_us)
        self._pair = (0, 0)  # versions of the attempt that is being made
        self._hooks: Mapping[FactKind, Callable[[int, Fact], None]] = {
            FactKind.SENT: self._sent,
            FactKind.SHOWN: self._shown,
            FactKind.ENDED: self._ended,
            FactKind.JOINED: self._joined,
        }

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Count an attempt to invite."""
        self._into.offered[self._into.windows.of(at_us)] += 1
        self._pair = sender.version.major, recipient.version.major
        if at_us >= self._warm_up_us:
            self._into.attempts += 1
            self._into.tried[self._pair] += 1

    def meant(self, at_us: int, invitation: str, accepts: bool | None) -> None:  # noqa: FBT001 - a hook
        """Wait for the decision and the session that the recipient intends."""
        del at_us
        if accepts is not None:
            self._wait("decision_delay", invitation)
        if accepts:
            self._wait("session_delay", invitation)

    def emailed(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Count an email."""
        del recipient
        if not sender.supports_direct:
            self._into.emails_alone[self._into.windows.of(at_us)] += 1
        if at_us >= self._warm_up_us:
            self._into.emailed += 1
            self._into.mailed[self._pair] += 1

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """Count a refusal; an email may still follow."""
        del sender, recipient
        self._into.ended[Outcome.REFUSED][self._into.windows.of(at_us)] += 1
        if at_us >= self._warm_up_us:
            self._into.outcomes[Outcome.REFUSED] += 1
            self._into.refusals[reason.value] += 1

    def happened(self, at_us: int, fact: Fact) -> None:
        """Process the facts with which a metric begins or ends."""
        hook = self._hooks.get(fact.kind)
        if hook is not None:
            hook(at_us, fact)

    def close(self, at_us: int, clock: Clock) -> None:
        """End the measurement, complete or not; open invitations stay pending."""
        whole = at_us >= self._into.windows.end_us
        for metric, waiting in self._waiting.items():
            for id_, sent in waiting.items():
                expires = metric == "expiry_lag"
                begin_us = sent.deadline_us if expires else sent.at_us
                waited_us = (clock(id_) if expires else at_us) - begin_us
                if not whole:
                    self._still(metric, sent, waited_us)
                elif waited_us > 0 or not expires:
                    self._never(metric, sent)
        self._pending.advance_to(at_us)
        self._into.pending = self._pending.integral
        self._into.pending_counted = self._pending.counted
        self._into.pending_peak = self._pending.peak

    def _sent(self, at_us: int, fact: Fact) -> None:
        assert fact.deadline_us is not None, "an invitation has a deadline"
        self._open[fact.invitation] = _Sent(at_us, fact.deadline_us)
        self._wait("notify_delay", fact.invitation)
        self._wait("expiry_lag", fact.invitation)
        self._pending.change(at_us, 1)
        if at_us >= self._warm_up_us:
            self._into.outcomes[Outcome.PENDING] += 1
            self._into.direct[self._pair] += 1

    def _shown(self, at_us: int, fact: Fact) -> None:
        if fact.surface is not Surface.POPUP:
            return
        sent = self._waiting["notify_delay"].pop(fact.invitation, None)
        if sent is None:
            return  # shown again, or after its end
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
        self._settle(at_us, fact, outcome, sent)
        if outcome is not Outcome.ACCEPTED:
            del self._open[fact.invitation]

    def _settle(self, at_us: int, fact: Fact, outcome: Outcome, sent: _Sent) -> None:
        """Record the delays that an end completes, and those that it makes never."""
        waited = {
            metric
            for metric, waiting in self._waiting.items()
            if metric != "session_delay" or outcome is not Outcome.ACCEPTED
            if waiting.pop(fact.invitation, None) is not None
        }
        if outcome is not Outcome.EXPIRED:
            self._delay("decision_delay", sent, at_us)
            waited.discard("decision_delay")
        elif sent.at_us >= self._warm_up_us:
            self._into.delays["expiry_lag"].record(fact.own_us - sent.deadline_us)
        for metric in waited - {"expiry_lag"}:  # only an expiry has a lag
            self._never(metric, sent)

    def _joined(self, at_us: int, fact: Fact) -> None:
        self._waiting["session_delay"].pop(fact.invitation, None)
        self._delay("session_delay", self._open.pop(fact.invitation), at_us)

    def _wait(self, metric: str, invitation: str) -> None:
        self._waiting[metric][invitation] = self._open[invitation]

    def _delay(self, metric: str, sent: _Sent, at_us: int) -> None:
        if sent.at_us >= self._warm_up_us:
            self._into.delays[metric].record(at_us - sent.at_us)

    def _never(self, metric: str, sent: _Sent) -> None:
        if metric == "notify_delay":
            self._into.notify[self._into.windows.of(sent.at_us)].never += 1
        if sent.at_us >= self._warm_up_us:
            self._into.delays[metric].never += 1

    def _still(self, metric: str, sent: _Sent, waited_us: int) -> None:
        """Record what an interruption left open: it may still happen, or never."""
        if sent.at_us >= self._warm_up_us:
            self._into.still_open[metric].record(max(0, waited_us))


class SpentMetrics(TimeSpent):
    """Where the delays of invitations sent after the warm-up were spent."""

    def __init__(self, into: Measurement, warm_up_us: int) -> None:
        super().__init__(self._count_spent)
        self._into = into
        self._warm_up_us = warm_up_us

    def _count_spent(
        self, stage: Stage, id_: str, sent_us: int, at_us: int, parts: Parts
    ) -> None:
        del id_
        if sent_us >= self._warm_up_us:
            self._into.spent[METRIC_OF[stage]].record(at_us - sent_us, parts)


class _Passage(NamedTuple):
    """A message in the relay: when it leaves, begins service, and arrived."""

    end_us: int
    begin_us: int
    at_us: int
    message_class: MessageClass


class RelayMetrics(Instrument):
    """Messages that the relay carried and dropped, and the scheduled faults.

    Waits, like all counts, exclude the warm-up and what comes after `duration_us`. The
    relay reports the wait and service of a message when it arrives; they are counted
    when they have happened.
    """

    def __init__(self, into: Measurement, warm_up_us: int, duration_us: int) -> None:
        self._into = into
        self._pools = [into.pools[message_class] for message_class in MessageClass]
        self._busy = [Spans(into.windows) for _ in MessageClass]
        self._queued = [Spans(into.windows) for _ in MessageClass]
        self._at_once = [0 for _ in MessageClass]  # counted, without a wait
        self._inside: list[_Passage] = []  # a heap by leaving time
        self._width_us = into.windows.width_us
        self._warm_up_us = warm_up_us
        self._duration_us = duration_us

    def carried(
        self,
        at_us: int,
        message_class: MessageClass,
        wait_us: int,
        service_us: int,
        queue: int,
    ) -> None:
        """Add a message, whose service begins after its wait."""
        # Most messages are served at once, and done before the world can stop.
        if not wait_us and self._warm_up_us <= at_us < self._duration_us:
            end_us = at_us + service_us
            within_us = (at_us // WATCH_EVERY_US + 1) * WATCH_EVERY_US
            if end_us <= within_us and end_us <= self._duration_us:
                pool = self._pools[message_class]
                window = at_us // self._width_us
                pool.handled[window] += 1
                pool.busy_us[window] += service_us
                pool.counted_us += service_us
                self._at_once[message_class] += 1
                return
        begin_us = at_us + wait_us
        self._advance_to(at_us)
        heappush(
            self._inside,
            _Passage(begin_us + service_us, begin_us, at_us, message_class),
        )
        if wait_us:
            pool = self._pools[message_class]
            pool.longest_queue = max(pool.longest_queue, queue + 1)

    def _advance_to(self, now_us: int) -> None:
        """Count the messages that have left the relay by now."""
        inside = self._inside
        while inside and inside[0].end_us <= now_us:
            self._count(heappop(inside), now_us)

    def _count(self, one: _Passage, now_us: int) -> None:
        """Count a message as far as it has come by now."""
        end_us, begin_us, at_us, message_class = one
        pool = self._pools[message_class]
        in_time = self._warm_up_us <= at_us < self._duration_us
        self._queued[message_class].add(at_us, min(begin_us, now_us))
        if begin_us > now_us:
            pool.left += 1
            if in_time and now_us < self._into.windows.end_us:
                pool.waiting.record(now_us - at_us)
            elif in_time:
                pool.waits.never += 1
            return
        window, end_us = self._into.windows.of(at_us), min(end_us, now_us)
        pool.handled[window] += 1
        pool.wait_us[window] += begin_us - at_us
        self._busy[message_class].add(begin_us, end_us)
        counted_from_us = max(begin_us, self._warm_up_us)
        pool.counted_us += max(0, min(end_us, self._duration_us) - counted_from_us)
        if in_time:
            pool.waits.record(begin_us - at_us)

    def busy(self, now_us: int) -> dict[MessageClass, list[int]]:
        """The time that each pool was busy with what has left it by now, by window."""
        self._advance_to(now_us)
        return self._busy_us()

    def _busy_us(self) -> dict[MessageClass, list[int]]:
        return {
            kind: _added(self._pools[kind].busy_us, self._busy[kind].totals_us())
            for kind in MessageClass
        }

    def close(self, at_us: int) -> None:
        """End the measurement, complete or not."""
        for one in self._inside:
            self._count(one, at_us)
        busy = self._busy_us()
        for message_class, pool in zip(MessageClass, self._pools, strict=True):
            pool.busy_us = busy[message_class]
            pool.queued_us = self._queued[message_class].totals_us()
            if self._at_once[message_class]:
                pool.waits.record(0, self._at_once[message_class])

    def dropped(self, at_us: int, message_class: MessageClass, reason: str) -> None:
        """Count a message that was dropped."""
        self._into.drops[reason] += 1
        windows = self._into.windows
        if reason not in self._into.dropped:
            self._into.dropped[reason] = [0] * len(windows)
        self._into.dropped[reason][windows.of(at_us)] += 1
        if reason in SHED:
            self._pools[message_class].shed += 1
        in_time = self._warm_up_us <= at_us < self._duration_us
        if reason in LOST_IN_THE_RELAY and in_time:
            self._pools[message_class].waits.never += 1

    def repeated(self, at_us: int, message: Message) -> None:
        """Count a message that is sent again."""
        del message
        self._into.repeated[self._into.windows.of(at_us)] += 1

    def faulted(self, at_us: int, kind: str, label: str, until_us: int) -> None:
        """Keep the fault for the charts."""
        span = FaultSpan(kind=kind, at_us=at_us, until_us=until_us, label=label)
        self._into.faults += (span,)


def _added(a: Sequence[int], b: Sequence[int]) -> list[int]:
    return [one + other for one, other in zip(a, b, strict=True)]
