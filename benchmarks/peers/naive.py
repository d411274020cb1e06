#!/usr/bin/env python3
"""The same workload in plain SimPy, written down the way one would tell it.

    python benchmarks/peers/naive.py [INVITATIONS]

A generator process for each side of an invitation and for each message, a Resource for
each pool of the relay, `yield this | that` for every race, seconds as floats. It has no
protocol core, no invariants, no versions and no faults: what it does not do costs it
nothing. Prints invitations a second of CPU time, in full and in the short form.
"""

import math
from collections.abc import Callable
from random import Random

import simpy
from simpy.events import Event, ProcessGenerator

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


class Invitation:
    """What both sides wait for, as events; each is used once."""

    def __init__(self, env: simpy.Environment) -> None:
        self.sent_s = env.now
        self.revision = 0
        self.outcome: Outcome | None = None
        self.receipts = [env.event()]  # one a revision
        self.answered = env.event()
        self.gone = env.event()
        self.joined = env.event()
        # What the recipient's client knows and waits for.
        self.shown = False
        self.withdrawn = env.event()
        self.closed = env.event()
        self.verdict = env.event()
        self.join_seen = env.event()

    @property
    def pending(self) -> bool:
        """Whether it has not ended."""
        return self.outcome is None

    def end(self, outcome: Outcome) -> None:
        """End it like this, unless it has ended."""
        self.outcome = self.outcome or outcome


def happen(event: Event, value: object = None) -> None:
    """Let an event happen unless it already has."""
    if not event.triggered:
        event.succeed(value)


class SupportDesk:
    """Helpers, users and the relay between them."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self.result = Result()
        self.env = simpy.Environment()
        self.random = Random(workload.seed)  # noqa: S311 - a seeded simulation
        self.pools = {
            kind: simpy.Resource(self.env, capacity=workload.servers) for kind in KINDS
        }

    def run(self) -> Result:
        """All invitations, until nothing is left to happen."""
        self.env.process(self.arrivals())
        self.env.run()
        return self.result

    def arrivals(self) -> ProcessGenerator:
        """Helpers invite at random instants."""
        for _ in range(self.workload.invitations):
            yield self.env.timeout(self.random.expovariate(self.workload.rate_per_s))
            self.env.process(self.inviter(Invitation(self.env)))

    # Messages.

    def send(self, kind: str, receive: Callable[[], None]) -> None:
        """Send one message; `receive` is called when it has arrived."""
        self.result.messages[kind] += 1
        self.env.process(self.message(kind, receive))

    def message(self, kind: str, receive: Callable[[], None]) -> ProcessGenerator:
        """To the relay, through its pool, and to the other client."""
        yield self.env.timeout(self.latency())
        turn = self.pools[kind].request()
        with turn:
            yield turn
            yield self.env.timeout(self.random.expovariate(1 / self.workload.service_s))
        yield self.env.timeout(self.latency())
        receive()

    def latency(self) -> float:
        """One leg in seconds."""
        median_s, sigma = self.workload.latency_median_s, self.workload.latency_sigma
        return self.random.lognormvariate(math.log(median_s), sigma)

    def repeat(
        self, kind: str, receive: Callable[[], None], heard: Event
    ) -> ProcessGenerator:
        """Send it again and again until it was heard; once in the short form."""
        self.send(kind, receive)
        while self.workload.acknowledged:
            yield heard | self.env.timeout(REPEAT_S)
            if heard.triggered:
                return
            self.send(kind, receive)

    # The inviter's side.

    def inviter(self, invitation: Invitation) -> ProcessGenerator:
        """Offer it, change it or take it back, and wait for what comes of it."""
        env, draw, workload = self.env, self.random, self.workload
        expiry = env.timeout(LIFETIME_S)
        cancel = modify = env.event()  # never happens
        if draw.random() < workload.cancel:
            cancel = env.timeout(draw.expovariate(1 / workload.cancel_after_s))
        if draw.random() < workload.modify:
            modify = env.timeout(draw.uniform(*workload.modify_after_s))
        self.offer(invitation)
        while invitation.pending:
            happened = yield invitation.answered | expiry | cancel | modify
            if invitation.answered in happened:
                break
            if expiry in happened:
                invitation.end(Outcome.EXPIRED)
            elif cancel in happened:
                invitation.end(Outcome.CANCELLED)
            else:
                modify = env.event()
                invitation.revision += 1
                happen(invitation.receipts[-1])  # the old offer is not repeated
                invitation.receipts.append(env.event())
                self.offer(invitation)
        outcome = invitation.outcome
        assert outcome is not None, "an answer has ended it"
        self.result.outcomes[outcome] += 1
        yield from self.after_the_end(invitation, outcome)

    def offer(self, invitation: Invitation) -> None:
        """Offer the newest revision until it is shown."""
        revision = invitation.revision
        self.env.process(
            self.repeat(
                "offer",
                lambda: self.receive_offer(invitation, revision),
                invitation.receipts[revision],
            )
        )

    def after_the_end(
        self, invitation: Invitation, outcome: Outcome
    ) -> ProcessGenerator:
        """Take it off the recipient's screen, or wait for the recipient to join."""
        if not self.workload.acknowledged:
            return
        happen(invitation.receipts[-1])
        if outcome in {Outcome.CANCELLED, Outcome.EXPIRED}:
            yield from self.repeat(
                "withdrawal",
                lambda: self.receive_withdrawal(invitation),
                invitation.gone,
            )
        elif outcome is Outcome.ACCEPTED:
            yield invitation.joined | self.env.timeout(JOIN_S)
            self.result.joined += invitation.joined.triggered

    def receive_answer(self, invitation: Invitation, outcome: Outcome) -> None:
        """The first answer in time counts; every answer gets a verdict."""
        if invitation.pending:
            invitation.end(outcome)
            happen(invitation.answered)
        if self.workload.acknowledged:
            started = invitation.outcome is Outcome.ACCEPTED
            self.send("verdict", lambda: happen(invitation.verdict, started))

    def receive_joined(self, invitation: Invitation) -> None:
        """The recipient is in the session, and hears that this is known."""
        happen(invitation.joined)
        self.send("receipt", lambda: happen(invitation.join_seen))

    # The recipient's side.

    def receive_offer(self, invitation: Invitation, revision: int) -> None:
        """Show it, the first time, and say so, every time."""
        if not invitation.shown:
            invitation.shown = True
            self.env.process(self.recipient(invitation))
        if self.workload.acknowledged:
            receipt = invitation.receipts[revision]
            self.send("receipt", lambda: happen(receipt))

    def receive_withdrawal(self, invitation: Invitation) -> None:
        """Take it off the screen, and say so."""
        happen(invitation.withdrawn)
        self.send("receipt", lambda: happen(invitation.gone))

    def recipient(self, invitation: Invitation) -> ProcessGenerator:
        """Look at it, and answer it or not while it is there."""
        env, workload = self.env, self.workload
        self.result.notify_delays_s.append(env.now - invitation.sent_s)
        if workload.acknowledged:
            env.process(self.polls(invitation))
        lifetime = env.timeout(LIFETIME_S)
        intention = self.random.random()
        think: Event = env.event()  # never happens
        if intention < workload.accept + workload.reject:
            median = math.log(workload.think_median_s)
            think = env.timeout(
                self.random.lognormvariate(median, workload.think_sigma)
            )
        happened = yield think | lifetime | invitation.withdrawn
        happen(invitation.closed)
        if think in happened and lifetime not in happened:
            accepts = intention < workload.accept
            answer = Outcome.ACCEPTED if accepts else Outcome.REJECTED
            yield from self.answer(invitation, answer)

    def answer(self, invitation: Invitation, outcome: Outcome) -> ProcessGenerator:
        """Answer until there is a verdict, and join the session that has started."""
        yield from self.repeat(
            "answer",
            lambda: self.receive_answer(invitation, outcome),
            invitation.verdict,
        )
        if self.workload.acknowledged and invitation.verdict.value:
            yield from self.repeat(
                "answer",
                lambda: self.receive_joined(invitation),
                invitation.join_seen,
            )

    def polls(self, invitation: Invitation) -> ProcessGenerator:
        """Ask now and then whether it still stands; silence means that it does."""
        for _ in range(MOST_POLLS):
            yield invitation.closed | self.env.timeout(POLL_S)
            if invitation.closed.triggered:
                return
            self.send("poll", lambda: None)


def simulate(workload: Workload) -> Result:
    """Run a workload from the first invitation to the last message."""
    return SupportDesk(workload).run()


if __name__ == "__main__":
    main(simulate)
