#!/usr/bin/env python3
"""The same workload on a bare `heapq`: callbacks at instants, and no library.

    python benchmarks/peers/heap.py [INVITATIONS]

What somebody writes who wants no framework: one heap of (instant, number, callback,
arguments), state in plain objects, and timers that look whether they still matter when
they fire instead of being taken back. Otherwise it is `naive.py`: the same messages,
repeats and races, and nothing that decides or checks.
"""

import math
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from random import Random
from typing import Any

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

Action = Callable[..., None]
Arguments = tuple[Any, ...]


class Pool:
    """The workers of the relay for one kind of message, and those that wait."""

    __slots__ = ("idle", "queue")

    def __init__(self, servers: int) -> None:
        self.idle = servers
        self.queue: deque[tuple[Action, Arguments]] = deque()


class Repeated:
    """Something that is said until it was heard."""

    __slots__ = ("arguments", "heard", "kind", "receive")

    def __init__(self, kind: str, receive: Action, arguments: Arguments) -> None:
        self.kind = kind
        self.receive = receive
        self.arguments = arguments
        self.heard = False


class Invitation:
    """What both sides know."""

    __slots__ = (
        "accepted_s",
        "answer",
        "closed",
        "join",
        "joined",
        "offer",
        "outcome",
        "sent_s",
        "shown",
        "withdrawal",
    )

    def __init__(self, sent_s: float) -> None:
        self.sent_s = sent_s
        self.accepted_s = 0.0
        self.outcome: Outcome | None = None
        self.shown = False
        self.closed = False
        self.joined = False
        self.offer: Repeated | None = None
        self.answer: Repeated | None = None
        self.join: Repeated | None = None
        self.withdrawal: Repeated | None = None


class SupportDesk:
    """Helpers, users and the relay between them."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self.result = Result()
        self.now_s = 0.0
        self.random = Random(workload.seed)  # noqa: S311 - a seeded simulation
        self.pools = {kind: Pool(workload.servers) for kind in KINDS}
        self.latency_mu = math.log(workload.latency_median_s)
        self.think_mu = math.log(workload.think_median_s)
        self.service_rate = 1 / workload.service_s
        self.left = workload.invitations
        self.heap: list[tuple[float, int, Action, Arguments]] = []
        self.count = 0

    def run(self) -> Result:
        """All invitations, until nothing is left to happen."""
        self.next_arrival()
        heap = self.heap
        while heap:
            self.now_s, _, action, arguments = heappop(heap)
            action(*arguments)
        return self.result

    def after(self, delay_s: float, action: Action, *arguments: object) -> None:
        """Call something later; what was asked for first comes first."""
        self.count += 1
        heappush(self.heap, (self.now_s + delay_s, self.count, action, arguments))

    # Messages.

    def send(self, kind: str, receive: Action, *arguments: object) -> None:
        """Send one message; `receive` is called when it has arrived."""
        self.result.messages[kind] += 1
        self.after(self.latency(), self.reach_relay, kind, receive, arguments)

    def reach_relay(self, kind: str, receive: Action, arguments: Arguments) -> None:
        """Go to an idle worker, or wait for one."""
        pool = self.pools[kind]
        if pool.idle:
            pool.idle -= 1
            self.serve(pool, receive, arguments)
        else:
            pool.queue.append((receive, arguments))

    def serve(self, pool: Pool, receive: Action, arguments: Arguments) -> None:
        """Keep a worker busy."""
        service_s = self.random.expovariate(self.service_rate)
        self.after(service_s, self.forward, pool, receive, arguments)

    def forward(self, pool: Pool, receive: Action, arguments: Arguments) -> None:
        """Pass a message on; the worker takes the next one."""
        self.after(self.latency(), receive, *arguments)
        if pool.queue:
            self.serve(pool, *pool.queue.popleft())
        else:
            pool.idle += 1

    def latency(self) -> float:
        """One leg in seconds."""
        return self.random.lognormvariate(self.latency_mu, self.workload.latency_sigma)

    def repeat(self, kind: str, receive: Action, *arguments: object) -> Repeated:
        """Send it again and again until it was heard; once in the short form."""
        repeated = Repeated(kind, receive, arguments)
        self.say(repeated)
        return repeated

    def say(self, repeated: Repeated) -> None:
        """Say it unless it was heard."""
        if repeated.heard:
            return
        self.send(repeated.kind, repeated.receive, *repeated.arguments)
        if self.workload.acknowledged:
            self.after(REPEAT_S, self.say, repeated)

    @staticmethod
    def hear(repeated: Repeated) -> None:
        """Hear that it was heard."""
        repeated.heard = True

    # The inviter's side.

    def next_arrival(self) -> None:
        """Helpers invite at random instants."""
        if self.left:
            self.left -= 1
            self.after(self.random.expovariate(self.workload.rate_per_s), self.invite)

    def invite(self) -> None:
        """Offer an invitation, and set its timers."""
        draw, workload = self.random, self.workload
        self.next_arrival()
        invitation = Invitation(self.now_s)
        self.after(LIFETIME_S, self.take_back, invitation, Outcome.EXPIRED)
        if draw.random() < workload.cancel:
            after_s = draw.expovariate(1 / workload.cancel_after_s)
            self.after(after_s, self.take_back, invitation, Outcome.CANCELLED)
        if draw.random() < workload.modify:
            after_s = draw.uniform(*workload.modify_after_s)
            self.after(after_s, self.modify, invitation)
        self.offer(invitation)

    def offer(self, invitation: Invitation) -> None:
        """Offer the newest revision until it is shown."""
        # Its receipt needs it, and it is repeated from here on.
        repeated = Repeated("offer", self.receive_offer, ())
        repeated.arguments = (invitation, repeated)
        invitation.offer = repeated
        self.say(repeated)

    def modify(self, invitation: Invitation) -> None:
        """Offer something else; the old offer is not repeated."""
        if invitation.outcome is None:
            self.fall_silent(invitation)
            self.offer(invitation)

    @staticmethod
    def fall_silent(invitation: Invitation) -> None:
        """Do not repeat the offer again."""
        assert invitation.offer is not None, "it was offered"
        invitation.offer.heard = True

    def end(self, invitation: Invitation, outcome: Outcome) -> None:
        """End it like this."""
        invitation.outcome = outcome
        self.result.outcomes[outcome] += 1
        if self.workload.acknowledged:
            self.fall_silent(invitation)

    def take_back(self, invitation: Invitation, outcome: Outcome) -> None:
        """Expire or cancel it, and take it off the recipient's screen."""
        if invitation.outcome is not None:
            return
        self.end(invitation, outcome)
        if self.workload.acknowledged:
            invitation.withdrawal = self.repeat(
                "withdrawal", self.receive_withdrawal, invitation
            )

    def receive_answer(self, invitation: Invitation, outcome: Outcome) -> None:
        """The first answer in time counts; every answer gets a verdict."""
        if invitation.outcome is None:
            self.end(invitation, outcome)
            invitation.accepted_s = self.now_s
        if self.workload.acknowledged:
            started = invitation.outcome is Outcome.ACCEPTED
            self.send("verdict", self.receive_verdict, invitation, started)

    def receive_joined(self, invitation: Invitation) -> None:
        """The recipient is in the session, and hears that this is known."""
        assert invitation.join is not None, "it is what was said"
        if not invitation.joined:
            invitation.joined = True
            self.result.joined += self.now_s <= invitation.accepted_s + JOIN_S
        self.send("receipt", self.hear, invitation.join)

    # The recipient's side.

    def receive_offer(self, invitation: Invitation, offer: Repeated) -> None:
        """Show it, the first time, and say so, every time."""
        if not invitation.shown:
            invitation.shown = True
            self.show(invitation)
        if self.workload.acknowledged:
            self.send("receipt", self.hear, offer)

    def show(self, invitation: Invitation) -> None:
        """Look at it, and answer it or not while it is there."""
        workload = self.workload
        self.result.notify_delays_s.append(self.now_s - invitation.sent_s)
        if invitation.closed:  # its withdrawal was faster
            return
        if workload.acknowledged:
            self.after(POLL_S, self.poll, invitation, MOST_POLLS)
        intention = self.random.random()
        if intention < workload.accept + workload.reject:
            accepts = intention < workload.accept
            answer = Outcome.ACCEPTED if accepts else Outcome.REJECTED
            think_s = self.random.lognormvariate(self.think_mu, workload.think_sigma)
            if think_s < LIFETIME_S:
                self.after(think_s, self.click, invitation, answer)

    def receive_withdrawal(self, invitation: Invitation) -> None:
        """Take it off the screen, and say so."""
        assert invitation.withdrawal is not None, "it is what was said"
        invitation.closed = True
        self.send("receipt", self.hear, invitation.withdrawal)

    def click(self, invitation: Invitation, outcome: Outcome) -> None:
        """Answer until there is a verdict."""
        if not invitation.closed:
            invitation.closed = True
            invitation.answer = self.repeat(
                "answer", self.receive_answer, invitation, outcome
            )

    def receive_verdict(self, invitation: Invitation, started: bool) -> None:  # noqa: FBT001 - a callback
        """Join the session if one has started."""
        answer = invitation.answer
        assert answer is not None, "there was one"
        if not answer.heard:
            answer.heard = True
            if started:
                invitation.join = self.repeat("answer", self.receive_joined, invitation)

    def poll(self, invitation: Invitation, more: int) -> None:
        """Ask whether it still stands; silence means that it does."""
        if not invitation.closed:
            self.send("poll", self.ignore)
            if more > 1:
                self.after(POLL_S, self.poll, invitation, more - 1)

    def ignore(self) -> None:
        """Nothing follows."""


def simulate(workload: Workload) -> Result:
    """Run a workload from the first invitation to the last message."""
    return SupportDesk(workload).run()


if __name__ == "__main__":
    main(simulate)
