"""The proof of a run: a sample of its timelines, computed again by the core.

The sample is that of `study.traces.Sample`: every 2**n-th invitation in the order of
sending, with n as small as the room allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from invitelab.errors import HarnessError
from invitelab.world.cohorts.array_protocol import ArrayProtocol
from invitelab.world.cohorts.draws import MessageLegs, Uniforms
from invitelab.world.cohorts.fixed_point import Cohorts
from invitelab.world.cohorts.observed import Observed
from invitelab.world.cohorts.piece import Piece
from invitelab.world.cohorts.replay import ReplayedWorld
from invitelab.world.cohorts.timelines import (
    FAR,
    Codes,
    End,
    Flags,
    Integers,
    Intents,
    Messages,
    Timelines,
    Waits,
    joined,
)
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.network_conditions import ORDER_BITS, DelayDistributions

Values = Integers | Codes


@dataclass(slots=True)
class _Kept:
    """Sampled invitations, by number, which rises."""

    number: Integers
    sent_us: Integers
    sent_before: Integers


class Sampled:
    """The sample of a run, collected from its pieces."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._step = 1
        self._sent = 0
        nothing = np.empty(0, np.int64)
        self._kept = _Kept(nothing, nothing, nothing)
        self._waits = Waits.none()
        self._over: list[tuple[Intents, Timelines]] = []

    def __len__(self) -> int:
        """How many there are."""
        return len(self._kept.number)

    def add(self, piece: Piece) -> None:
        """Keep what belongs to the sample."""
        attempts, sent = piece.attempts, piece.sent
        place = np.flatnonzero((np.arange(len(sent)) + self._sent) % self._step == 0)
        self._sent += len(sent)
        kept = self._kept
        self._kept = _Kept(
            np.concatenate((kept.number, attempts.number[sent[place]])),
            np.concatenate((kept.sent_us, attempts.at_us[sent[place]])),
            np.concatenate((kept.sent_before, piece.sent_before[place])),
        )
        while len(self) > self._room:
            kept, self._step = self._kept, self._step * 2
            self._kept = _Kept(
                kept.number[::2], kept.sent_us[::2], kept.sent_before[::2]
            )
        waits = self._waits.plus(piece.waits)
        self._waits = waits.some(self._is_kept(waits.order >> ORDER_BITS))
        self._keep_timelines(piece.intents, piece.timelines)

    def _keep_timelines(self, intents: Intents, timelines: Timelines) -> None:
        mine = self._is_kept(intents.number)
        self._over.append((intents.some(mine), timelines.some(mine)))

    def _is_kept(self, numbers: Integers) -> Flags:
        return np.isin(numbers, self._kept.number)

    def replay(
        self, cohorts: Cohorts, reached_us: int, instruments: Sequence[Instrument]
    ) -> ReplayedWorld:
        """Let the core compute the sample up to an instant, and compare.

        Raises HarnessError where it decides anything else than the cohorts did.
        """
        self._keep_timelines(*cohorts.open)
        observed = Observed()
        world = ReplayedWorld(
            cohorts.scenario,
            cohorts.population,
            cohorts.rng,
            numbers=self._kept.number,
            instants=self._kept.sent_us,
            sent=self._kept.sent_before,
            waits=self._waits,
            instruments=[observed, *instruments],
        )
        world.run_to(reached_us)
        intents, timelines = self._in_order()
        core = observed.timelines(intents.number, world.relay.number_of)
        for name, instants_us in (
            ("shown", (timelines.shown_us, core.shown_us)),
            ("ended", (timelines.ended_us, core.ended_us)),
            ("joined", (timelines.joined_us, core.joined_us)),
        ):
            mine, others = (np.where(at > reached_us, FAR, at) for at in instants_us)
            _compare(cohorts, name, intents.number, mine, others)
        state = np.where(timelines.ended_us > reached_us, End.NONE, timelines.state)
        _compare(cohorts, "state", intents.number, state, core.state)
        plain = ~timelines.unusual
        self._compare_messages(cohorts, intents.some(plain), world, reached_us)
        return world

    def _in_order(self) -> tuple[Intents, Timelines]:
        """Intents and timelines by number, of those that are still in the sample."""
        columns = {
            name: np.concatenate([getattr(one, name) for one, _ in self._over])
            for name in Intents.__slots__
        }
        found = {
            name: np.concatenate([getattr(one, name) for _, one in self._over])
            for name in Timelines.__slots__
        }
        order = np.argsort(columns["number"])
        order = order[self._is_kept(columns["number"][order])]
        return Intents(**columns).some(order), Timelines(**found).some(order)

    def _compare_messages(
        self, cohorts: Cohorts, intents: Intents, world: ReplayedWorld, until_us: int
    ) -> None:
        """Compare when each message of a plain invitation came to the relay."""
        legs = MessageLegs(
            Uniforms(cohorts.rng), DelayDistributions.of(cohorts.scenario)
        )
        computed = ArrayProtocol(intents, legs, self._waits)
        for kind, carried in world.carried().items():
            mine = _arrived(joined(computed.messages[kind]), until_us)
            others = carried.some(np.isin(carried.number, intents.number))
            others = _arrived(others, until_us)
            for name in Messages.__slots__:
                pair = getattr(mine, name), getattr(others, name)
                if not np.array_equal(*pair):
                    number = _first_difference(mine, others)
                    _differ(cohorts, f"{kind.name.lower()} messages", number)


def _arrived(messages: Messages, until_us: int) -> Messages:
    """Those that have arrived by an instant, in order."""
    arrived = messages.some(messages.arrival_us <= until_us)
    return arrived.some(np.argsort(arrived.order))


def _first_difference(mine: Messages, others: Messages) -> int:
    """The number of the first message that one of the two does not have."""
    known = [
        set(zip(one.order.tolist(), one.arrival_us.tolist(), strict=True))
        for one in (mine, others)
    ]
    order, _ = min(known[0] ^ known[1], default=(0, 0))
    return order >> ORDER_BITS


def _compare(
    cohorts: Cohorts, what: str, number: Integers, mine: Values, others: Values
) -> None:
    different = np.flatnonzero(mine != others)
    if len(different):
        _differ(cohorts, what, int(number[different[0]]))


def _differ(cohorts: Cohorts, what: str, number: int) -> None:
    seed, replication = cohorts.rng.key
    msg = (
        f"the cohorts and the core differ in what is {what} of attempt {number} in "
        f"replication {replication} with seed {seed}"
    )
    raise HarnessError(msg, hint="please report this, and run it with --engine events")
