#!/usr/bin/env python3
"""The same workload in salabim, with components that hold, activate and request.

    python benchmarks/peers/salabim_desk.py [INVITATIONS]

A component for each side of an invitation, each message on its way and each thing
that is repeated; a `Resource` for each pool. A race is a `hold` until the earliest own
instant, which others cut short with `activate` or end with `cancel`. For speed,
monitors and the trace are off, processes are generators, and those that carry messages
are used again.
"""

# pyright: reportMissingModuleSource=false
# Only `make bench` installs salabim.

import math
from collections.abc import Callable, Iterator
from random import Random

import salabim as sim

from workload import (
    JOIN_S,
    KINDS,
    LIFETIME_S,
    MOST_POLLS,
    POLL_S,
    REPEAT_S,
    Outcome,
    Result,
    Workload,
    main,
)

Receive = Callable[[], None]


class SupportDesk:
    """The world: what all components share."""

    def __init__(self, workload: Workload) -> None:
        sim.yieldless(value=False)
        self.workload = workload
        self.result = Result()
        self.env = sim.Environment(trace=False)
        self.random = Random(workload.seed)  # noqa: S311 - a seeded simulation
        self.pools = {
            kind: sim.Resource(kind, capacity=workload.servers, monitor=False)
            for kind in KINDS
        }
        self.idle: list[Courier] = []

    def run(self) -> Result:
        """All invitations, until nothing is left to happen."""
        Arrivals(desk=self)
        self.env.run()
        return self.result

    def latency(self) -> float:
        """One leg in seconds."""
        median_s, sigma = self.workload.latency_median_s, self.workload.latency_sigma
        return self.random.lognormvariate(math.log(median_s), sigma)

    def send(self, kind: str, receive: Receive) -> None:
        """Send one message; `receive` is called when it has arrived."""
        self.result.messages[kind] += 1
        if not self.idle:
            Courier(desk=self, kind=kind, receive=receive)
            return
        courier = self.idle.pop()
        courier.kind, courier.receive = kind, receive
        courier.activate()


class Part(sim.Component):
    """A component of the desk, without monitors."""

    desk: SupportDesk

    def join(self, desk: SupportDesk) -> None:
        """Know the desk."""
        self.desk = desk
        self.status.monitor(value=False)
        self.mode.monitor(value=False)


class Arrivals(Part):
    """Helpers, who invite at random instants."""

    def setup(self, desk: SupportDesk) -> None:
        """Know the desk."""
        self.join(desk)

    def process(self) -> Iterator[object]:
        """Begin one invitation after the other."""
        workload = self.desk.workload
        for _ in range(workload.invitations):
            yield self.hold(self.desk.random.expovariate(workload.rate_per_s))
            Inviter(desk=self.desk)


class Courier(Part):
    """Carries one message after the other, as a new component costs more than those."""

    def setup(self, desk: SupportDesk, kind: str, receive: Receive) -> None:
        """Know where the first one goes."""
        self.join(desk)
        self.kind = kind
        self.receive = receive

    def process(self) -> Iterator[object]:
        """To the relay, through its pool, and to the other client; then be idle."""
        desk = self.desk
        while True:
            pool = desk.pools[self.kind]
            yield self.hold(desk.latency())
            yield self.request(pool)
            yield self.hold(desk.random.expovariate(1 / desk.workload.service_s))
            self.release(pool)
            yield self.hold(desk.latency())
            self.receive()
            desk.idle.append(self)
            yield self.passivate()


class Repeated(Part):
    """Something that is said again and again until it was heard."""

    def setup(self, desk: SupportDesk, kind: str, receive: Receive) -> None:
        """Know what to say."""
        self.join(desk)
        self.kind = kind
        self.receive = receive
        self.heard = False

    def process(self) -> Iterator[object]:
        """Say it; once in the short form."""
        self.desk.send(self.kind, self.receive)
        while self.desk.workload.acknowledged:
            yield self.hold(REPEAT_S)
            self.desk.send(self.kind, self.receive)

    def hear(self) -> None:
        """It was heard."""
        if not self.heard:
            self.heard = True
            self.cancel()


class Inviter(Part):
    """The inviter's side of an invitation."""

    def setup(self, desk: SupportDesk) -> None:
        """Begin with nothing."""
        self.join(desk)
        self.sent_s = desk.env.now()
        self.outcome: Outcome | None = None
        self.joined = False
        self.recipient: Recipient | None = None
        self.withdrawal: Repeated | None = None

    def process(self) -> Iterator[object]:
        """Offer it, change it or take it back, and wait for what comes of it."""
        draw, workload = self.desk.random, self.desk.workload
        expiry_s = self.sent_s + LIFETIME_S
        cancel_s = modify_s = math.inf
        if draw.random() < workload.cancel:
            cancel_s = self.sent_s + draw.expovariate(1 / workload.cancel_after_s)
        if draw.random() < workload.modify:
            modify_s = self.sent_s + draw.uniform(*workload.modify_after_s)
        self.make_offer()
        while self.outcome is None:
            wake_s = min(expiry_s, cancel_s, modify_s)
            yield self.hold(till=wake_s)
            if self.ended:  # an answer came first
                break
            if wake_s == modify_s:
                modify_s = math.inf
                self.offer.hear()  # the old offer is not repeated
                self.make_offer()
            else:
                expired = wake_s == expiry_s
                self.outcome = Outcome.EXPIRED if expired else Outcome.CANCELLED
        assert self.outcome is not None, "the loop has ended"
        self.desk.result.outcomes[self.outcome] += 1
        if workload.acknowledged:
            yield from self.after_the_end()

    @property
    def ended(self) -> bool:
        """Whether it has an outcome."""
        return self.outcome is not None

    def make_offer(self) -> None:
        """Offer it until it is shown."""
        self.offer = Repeated(desk=self.desk, kind="offer", receive=self.receive_offer)

    def after_the_end(self) -> Iterator[object]:
        """Take it off the recipient's screen, or wait for the recipient to join."""
        self.offer.hear()
        if self.outcome in {Outcome.CANCELLED, Outcome.EXPIRED}:
            self.withdrawal = Repeated(
                desk=self.desk, kind="withdrawal", receive=self.receive_withdrawal
            )
        elif self.outcome is Outcome.ACCEPTED and not self.joined:
            yield self.hold(JOIN_S)
            self.desk.result.joined += self.joined

    # What arrives at the inviter.

    def receive_answer(self, outcome: Outcome) -> None:
        """The first answer in time counts; every answer gets a verdict."""
        recipient = self.recipient
        assert recipient is not None, "it has answered"
        if self.outcome is None:
            self.outcome = outcome
            self.activate()
        if self.desk.workload.acknowledged:
            started = self.outcome is Outcome.ACCEPTED
            self.desk.send("verdict", lambda: recipient.receive_verdict(started))

    def receive_joined(self) -> None:
        """The recipient is in the session, and hears that this is known."""
        recipient = self.recipient
        assert recipient is not None, "it has joined"
        if not self.joined:
            self.joined = True
            if self.isscheduled():
                self.activate()
        self.desk.send("receipt", recipient.saying.hear)

    # What arrives at the recipient.

    def receive_offer(self) -> None:
        """Show it, the first time, and say so, every time."""
        if self.recipient is None:
            self.recipient = Recipient(desk=self.desk, inviter=self)
        if self.desk.workload.acknowledged:
            self.desk.send("receipt", self.offer.hear)

    def receive_withdrawal(self) -> None:
        """Take it off the screen, and say so."""
        assert self.withdrawal is not None, "it was sent"
        if self.recipient is not None:
            self.recipient.close()
        self.desk.send("receipt", self.withdrawal.hear)


class Recipient(Part):
    """The recipient's side of an invitation."""

    def setup(self, desk: SupportDesk, inviter: Inviter) -> None:
        """Begin when it is shown."""
        self.join(desk)
        self.inviter = inviter
        self.open = True
        self.started: bool | None = None

    def process(self) -> Iterator[object]:
        """Look at it, and answer it or not while it is there."""
        desk, workload, draw = self.desk, self.desk.workload, self.desk.random
        shown_s = desk.env.now()
        desk.result.notify_delays_s.append(shown_s - self.inviter.sent_s)
        intention = draw.random()
        think_s = math.inf
        if intention < workload.accept + workload.reject:
            median = math.log(workload.think_median_s)
            think_s = draw.lognormvariate(median, workload.think_sigma)
        yield from self.look(shown_s, min(think_s, LIFETIME_S))
        if self.open and think_s < LIFETIME_S:
            self.open = False
            accepts = intention < workload.accept
            yield from self.answer(Outcome.ACCEPTED if accepts else Outcome.REJECTED)

    def look(self, shown_s: float, lasts_s: float) -> Iterator[object]:
        """Poll now and then whether it still stands; silence means that it does."""
        if self.desk.workload.acknowledged:
            for number in range(1, MOST_POLLS + 1):
                if not self.open or number * POLL_S >= lasts_s:
                    break
                yield self.hold(till=shown_s + number * POLL_S)
                if self.open:
                    self.desk.send("poll", lambda: None)
        if self.open:
            yield self.hold(till=shown_s + lasts_s)

    def close(self) -> None:
        """It is taken off the screen."""
        if self.open:
            self.open = False
            if self.isscheduled():
                self.activate()

    def answer(self, outcome: Outcome) -> Iterator[object]:
        """Answer until there is a verdict, and join the session that has started."""
        desk, inviter = self.desk, self.inviter
        self.saying = Repeated(
            desk=desk, kind="answer", receive=lambda: inviter.receive_answer(outcome)
        )
        if not desk.workload.acknowledged:
            return
        yield self.passivate()
        if self.started:
            self.saying = Repeated(
                desk=desk, kind="answer", receive=inviter.receive_joined
            )

    def receive_verdict(self, started: bool) -> None:  # noqa: FBT001 - a callback
        """Hear the first verdict."""
        if self.started is None:
            self.started = started
            self.saying.hear()
            self.activate()


def simulate(workload: Workload) -> Result:
    """Run a workload from the first invitation to the last message."""
    return SupportDesk(workload).run()


if __name__ == "__main__":
    main(simulate)
