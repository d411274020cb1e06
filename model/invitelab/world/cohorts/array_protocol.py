"""The protocol as array operations: what becomes of plain invitations, step by step.

It computes what `protocol.host` and `protocol.guest` decide where nothing unusual
happens: every message is acknowledged before it would be repeated, and no two events of
one invitation cross. An invitation to which something unusual might happen is marked,
and left to the core. A condition for that may be too wide, which costs time, but never
too narrow: every run compares a sample with the core (see `proof`), and the tests
compare every invitation.
"""

from collections import defaultdict

import numpy as np

from invitelab.protocol.policy import Policy
from invitelab.world.cohorts.draws import MessageLegs
from invitelab.world.cohorts.timelines import (
    FAR,
    SPENT,
    End,
    Integers,
    Intents,
    Messages,
    Services,
    Spent,
    Timelines,
    Waits,
)
from invitelab.world.load.network_conditions import order_of_many
from invitelab.world.load.queues import MessageClass
from invitelab.world.load.time_spent import Stage

POLICY = Policy()
"""The default interpretations; a load scenario has no others."""

IGNORES = 2


class ArrayProtocol:
    """The timelines of invitations, given the waits of their messages in the relay.

    Attributes are arrays with an entry for each invitation; instants in microseconds.
    """

    def __init__(self, intents: Intents, legs: MessageLegs, waits: Waits) -> None:
        self.messages: dict[MessageClass, list[Messages]] = defaultdict(list)
        self._intents = intents
        self._legs = legs
        self._waits = waits
        self._everybody = np.arange(len(intents))
        self._spoken = np.zeros(len(intents), np.int64)
        self._unusual = np.zeros(len(intents), np.bool_)
        self._spent = np.zeros((len(intents), *SPENT), np.int64)
        self._is_shown()
        self._ends()
        self._is_changed()
        self._is_polled()
        self._is_withdrawn()
        self._is_answered()

    @property
    def timelines(self) -> Timelines:
        """What became of them."""
        return Timelines(
            shown_us=self._shown,
            ended_us=self._end,
            joined_us=self._joined,
            spoken_us=self._spoken,
            state=self._state,
            unusual=self._unusual,
            spent_us=self._spent,
        )

    def _send(
        self,
        kind: MessageClass,
        ordinal: Integers | int,
        whose: Integers,
        at_us: Integers,
        leads_to: Stage | None = None,
    ) -> Integers:
        """Send a message of each of `whose`; returns when it reaches the addressee.

        Where it leads to a stage, its time in the relay is part of the delay to it.
        """
        order = order_of_many(self._intents.number[whose], kind, ordinal)
        if not len(order):
            return order
        legs = self._legs.of(order)
        arrival_us = at_us + legs.up_us
        if whose is self._everybody:
            self._spoken = np.maximum(self._spoken, arrival_us)
        elif kind is not MessageClass.POLL:  # others come after it
            self._spoken[whose] = np.maximum(self._spoken[whose], arrival_us)
        self.messages[kind].append(
            Messages(order=order, arrival_us=arrival_us, service_us=legs.service_us)
        )
        passed_us = arrival_us + legs.service_us + legs.down_us
        if len(self._waits):
            waits_us = self._waits.of(order)
            passed_us += waits_us
            if leads_to is not None:
                self._spend(whose, leads_to, Spent.QUEUE, waits_us)
        if leads_to is not None:
            self._spend(whose, leads_to, Spent.SERVICE, legs.service_us)
        return passed_us

    def _spend(
        self, whose: Integers, stage: Stage, part: Spent, lasts_us: Integers | Services
    ) -> None:
        """Add to a part of the delays to a stage and to those after it."""
        for later in range(stage, len(Stage)):
            self._spent[whose, later, part] += lasts_us

    def _is_shown(self) -> None:
        """The offer is shown, and the host hears of that before it would repeat it."""
        sent = self._intents.sent_us
        self._shown = self._send(
            MessageClass.OFFER, 0, self._everybody, sent, Stage.SHOWN
        )
        self._heard = self._send(MessageClass.RECEIPT, 0, self._everybody, self._shown)
        self._unusual |= self._heard >= sent + POLICY.retry_us
        self._until = self._shown + POLICY.lifetime_us

    def _ends(self) -> None:
        """An answer in time ends it, or else the inviter's cancel or the deadline."""
        intents = self._intents
        self._deadline = intents.sent_us + POLICY.lifetime_us
        cancel = np.minimum(intents.sent_us + intents.cancel_us, FAR)
        self._stop = np.minimum(cancel, self._deadline)
        answers = intents.choice != IGNORES
        self._click = np.where(answers, self._shown + intents.think_us, FAR)
        whose = np.flatnonzero(answers & (intents.think_us < POLICY.lifetime_us))
        arrival = np.full(len(intents), FAR)
        self._spend(whose, Stage.DECIDED, Spent.THINK, intents.think_us[whose])
        arrival[whose] = self._send(
            MessageClass.ANSWER, 0, whose, self._click[whose], Stage.DECIDED
        )
        self._answered = arrival < self._stop
        self._forget_answers(whose)
        self._end = np.where(self._answered, arrival, self._stop)
        unanswered = np.where(cancel < self._deadline, End.CANCELLED, End.EXPIRED)
        self._state = np.where(self._answered, intents.choice, unanswered).astype(
            np.int8
        )
        self._unusual |= self._end <= self._shown
        stopped = np.flatnonzero(~self._answered)  # before an answer: people's time
        self._spent[stopped, Stage.DECIDED] = 0
        self._spent[stopped, Stage.DECIDED, Spent.THINK] = (
            self._stop - intents.sent_us
        )[stopped]

    def _forget_answers(self, whose: Integers) -> None:
        """Only an answer that counts is sent: another would be unusual."""
        if len(whose):
            (answers,) = self.messages.pop(MessageClass.ANSWER)
            self.messages[MessageClass.ANSWER].append(
                answers.some(self._answered[whose])
            )

    def _is_changed(self) -> None:
        """The inviter chooses another profile, and the guest hears of that in time."""
        intents = self._intents
        at = np.minimum(intents.sent_us + intents.modify_us, FAR)
        self._changed = at < self._end
        self._unusual |= at == self._end
        self._withdrawn = np.full(len(intents), FAR)
        whose = np.flatnonzero(~self._answered)
        self._withdrawn[whose] = self._send(
            MessageClass.WITHDRAWAL, 0, whose, self._stop[whose]
        )
        which = np.flatnonzero(self._changed)
        if len(which):
            self._shows_change(which, at[which])
        hidden = np.minimum(self._withdrawn, self._until)
        self._gone = np.where(self._answered, self._click, hidden)
        # A click between the end and the news of it.
        self._unusual |= ~self._answered & (self._click <= hidden)

    def _shows_change(self, which: Integers, at: Integers) -> None:
        seen = self._send(MessageClass.OFFER, 1, which, at)
        heard = self._send(MessageClass.RECEIPT, 1, which, seen)
        hidden = np.minimum(self._withdrawn[which], self._until[which])
        closed = np.where(self._answered[which], self._click[which], hidden)
        repeat = at + POLICY.retry_us
        self._unusual[which] |= (
            (seen <= self._shown[which])
            | (at <= self._heard[which])
            | ((heard >= repeat) & (self._end[which] >= repeat))
            | (seen >= closed)
        )
        self._until[which] = seen + self._deadline[which] - at

    def _is_polled(self) -> None:
        """While it is shown, the guest asks the host whether it still stands."""
        shown_us = self._gone - self._shown
        polls = np.maximum(-(-shown_us // POLICY.poll_us) - 1, 0)
        # A poll and the withdrawal at one instant. At the end of the lifetime there
        # is no poll, whichever comes first.
        self._unusual |= (
            (self._gone == self._withdrawn)
            & (self._gone < self._until)
            & (shown_us % POLICY.poll_us == 0)
        )
        whose = np.repeat(self._everybody, polls)
        before = np.cumsum(polls) - polls
        ordinal = np.arange(len(whose)) - before[whose]
        at = self._shown[whose] + (ordinal + 1) * POLICY.poll_us
        heard = self._send(MessageClass.POLL, ordinal, whose, at)
        self._unusual[whose[heard >= self._end[whose]]] = True

    def _is_withdrawn(self) -> None:
        """The guest acknowledges a withdrawal before the host would repeat it."""
        whose = np.flatnonzero(~self._answered)
        heard = self._send(
            MessageClass.RECEIPT,
            self._next_receipt[whose],
            whose,
            self._withdrawn[whose],
        )
        self._unusual[whose] |= heard >= self._stop[whose] + POLICY.retry_us

    @property
    def _next_receipt(self) -> Integers:
        """How many receipts there were: of the offer, and of a change."""
        receipts: Integers = 1 + self._changed.astype(np.int64)
        return receipts

    def _is_answered(self) -> None:
        """The host tells the guest, and a guest that was accepted joins the session."""
        self._joined = np.full(len(self._intents), FAR)
        whose = np.flatnonzero(self._answered)
        verdict = self._send(
            MessageClass.VERDICT, 0, whose, self._end[whose], Stage.JOINED
        )
        self._unusual[whose] |= verdict >= self._click[whose] + POLICY.retry_us
        accepted = self._state[whose] == End.ACCEPTED
        self._joined[whose[accepted]] = verdict[accepted]
        which, verdict = whose[accepted], verdict[accepted]
        joins = self._send(MessageClass.ANSWER, 1, which, verdict)
        heard = self._send(
            MessageClass.RECEIPT, self._next_receipt[which], which, joins
        )
        self._unusual[which] |= heard >= verdict + POLICY.retry_us
