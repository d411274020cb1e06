"""Cohorts: timelines of invitations from their waits, the waits from the timelines.

Timelines are computed as if nobody waited in the relay; from all their messages follow
the waits; invitations whose messages wait otherwise are computed again, until nothing
changes.

That fixed point is the run of the events engine, and the only one. A message reaches
the relay later than what caused it, by a delay that is above zero for a message as a
whole, and its wait depends on messages alone that arrived before it, or at the same
instant with a lower order (`order_of`), which both engines obey. So take the earliest
message in which two solutions differ: all that its arrival and its wait depend on is
the same in both, and so is the message itself. It rests on what `exactness` asks for:
invitations affect each other in the queues of the relay and in "one pending invitation
a pair" alone, so no fault, no lost message, no limit of a queue, and no helper who
waits for an end.

Time goes in windows. What reaches the relay before the end of a window is final then,
as nothing sent later can come before it; messages that arrive later are carried over.
"""

import gc
from collections.abc import Iterator, Sequence

import numpy as np

from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Reason
from invitelab.world.cohorts.array_protocol import ArrayProtocol
from invitelab.world.cohorts.attempts import (
    REASONS,
    UNREFUSED,
    AttemptMaker,
    Attempts,
    Everybody,
)
from invitelab.world.cohorts.draws import MessageLegs, Uniforms
from invitelab.world.cohorts.observed import Observed
from invitelab.world.cohorts.open_invitations import OpenInvitations, PoolState
from invitelab.world.cohorts.piece import Piece
from invitelab.world.cohorts.pools import Served
from invitelab.world.cohorts.replay import ReplayedWorld
from invitelab.world.cohorts.timelines import (
    FAR,
    End,
    Flags,
    Integers,
    Intents,
    Messages,
    Timelines,
    Waits,
    joined,
)
from invitelab.world.load.arrivals import instants_by_chunk
from invitelab.world.load.intentions import Intentions
from invitelab.world.load.load_world import garbage_collection_paused, make_population
from invitelab.world.load.network_conditions import (
    ORDER_BITS,
    DelayDistributions,
    order_of_many,
)
from invitelab.world.load.queues import MessageClass
from invitelab.world.load.rng import CounterRng
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.schema import (
    Closed,
    Poisson,
    Scenario,
    Stages,
    Trace,
)

WINDOW = 20_000
"""Attempts in a window; more where very many are open, which take time in each."""

PARTS = 16
"""At least this part of what is open."""

MOST_ROUNDS = 10_000
"""Bounds the search for the fixed point: every round settles a message at least."""

ALL_ARE_SENT = Policy(one_pending_per_pair=False)
"""For what the core computes: the fixed point decides which are refused."""

ALWAYS_BY_THE_CORE = 500
"""So many invitations may be left to the core in any run."""

MOST_BY_THE_CORE = 0.2
"""Above this share of all others, too, the events engine is faster."""


class TooUnusualError(Exception):
    """So many invitations are unusual that cohorts save nothing."""


ALREADY_PENDING = REASONS.index(Reason.ALREADY_PENDING)


class Cohorts:
    """One replication of a scenario that `exactness.obstacle` has no word against."""

    def __init__(
        self, scenario: Scenario, *, seed: int, replication: int, trace: Sequence[int]
    ) -> None:
        self.scenario = scenario
        self.rng = CounterRng(seed, replication)
        self.population = make_population(scenario, self.rng)
        self.rounds = 0
        """How often waits were found from timelines."""
        self.by_the_core = 0
        """How many invitations were left to the core, counted each time."""
        self._trace = trace
        self._may_give_up = scenario.engine is Engine.AUTO
        self._everybody = Everybody(self.population)
        uniforms = Uniforms(self.rng)
        self._maker = AttemptMaker(
            self._everybody,
            scenario.people,
            Intentions(scenario.people, self.rng),
            uniforms,
        )
        self._legs = MessageLegs(uniforms, DelayDistributions.of(scenario))
        window_us = self._window_us()
        self._pools = {
            kind: PoolState(scenario.relay.servers, window_us) for kind in MessageClass
        }
        self._begin_us = 0  # of the present window
        self._table = OpenInvitations()
        self._waits = Waits.none()  # of the messages of the open ones, final
        self._sent_by = np.zeros(len(self.population), np.int32)

    @property
    def majors(self) -> Integers:
        """The major versions of all clients."""
        return self._everybody.major

    @property
    def open(self) -> tuple[Intents, Timelines]:
        """The invitations that are not over, as they would go on if nobody waited."""
        return self._table.intents, self._table.timelines

    def pieces(self) -> Iterator[Piece]:
        """The run, window by window, up to and including its end."""
        with garbage_collection_paused():
            first = 0
            for at_us, until_us in self._windows():
                yield self._window(first + np.arange(len(at_us)), at_us, until_us)
                first += len(at_us)
                gc.collect(0)  # a replayed world that is done with is one of cycles

    # Windows.

    def _window_us(self) -> int:
        """About how long a window lasts, if nothing much is open."""
        scenario, arrivals = self.scenario, self.scenario.arrivals
        attempts: float = len(self._trace)
        if isinstance(arrivals, Poisson | Stages):
            attempts = arrivals.expected(scenario.duration)
        return int(scenario.duration * min(1.0, WINDOW / max(attempts, 1)))

    def _windows(self) -> Iterator[tuple[Integers, int]]:
        """The instants of the attempts of each window, and its end."""
        waiting = np.empty(0, np.int64)
        begin_us = lasts_us = 0
        for chunk in self._instants():
            waiting = np.concatenate((waiting, chunk))
            size = max(WINDOW, len(self._table) // PARTS)
            if len(waiting) > size:
                until_us = int(waiting[size])
                cut = int(np.searchsorted(waiting, until_us))
                if cut:  # not all at the same instant
                    yield waiting[:cut], until_us
                    waiting = waiting[cut:]
                    begin_us, lasts_us = until_us, until_us - begin_us
        end_us = self.scenario.end_us + 1
        # What is open ends in windows of the same length, as it takes much memory.
        while lasts_us and len(self._table) > WINDOW and begin_us + lasts_us < end_us:
            begin_us += lasts_us
            cut = int(np.searchsorted(waiting, begin_us))
            yield waiting[:cut], begin_us
            waiting = waiting[cut:]
        yield waiting, end_us

    def _instants(self) -> Iterator[Integers]:
        arrivals, duration_us = self.scenario.arrivals, self.scenario.duration
        assert not isinstance(arrivals, Closed), "see exactness"
        if isinstance(arrivals, Trace):
            trace = np.array(self._trace, np.int64)
            yield trace[: int(np.searchsorted(trace, duration_us))]
        else:
            yield from instants_by_chunk(arrivals, duration_us, self.rng)

    def _window(self, numbers: Integers, at_us: Integers, until_us: int) -> Piece:
        table, begun = self._table, len(self._table)
        attempts = self._maker.make(numbers, at_us)
        may = np.flatnonzero(attempts.direct & (attempts.reason == UNREFUSED))
        clients = len(self.population)
        pair = attempts.inviter[may] * clients + attempts.recipient[may]
        table.add(self._maker.intents(attempts, may), pair)
        self._take_emails(attempts)
        self._compute(np.arange(begun, len(table)), self._waits)
        served, waits = self._settle(begun, until_us)
        refused = table.refused[begun:]
        attempts.reason[may[refused]] = ALREADY_PENDING
        sent = may[~refused]
        sent_before = self._count_sent(attempts.inviter[sent])
        return self._close(
            Piece(
                until_us=until_us,
                attempts=attempts,
                sent=sent,
                sent_before=sent_before,
                ended_us=np.empty(0, np.int64),
                repeats_us=np.empty(0, np.int64),
                intents=table.intents,
                timelines=table.timelines,
                served=served,
                waits=waits,
            )
        )

    def _take_emails(self, attempts: Attempts) -> None:
        """The requests of those who read an email."""
        kind = MessageClass.ANSWER
        connecting = np.flatnonzero(attempts.connect_us != FAR)
        numbers = attempts.number[connecting]
        order = order_of_many(numbers, kind, 0)
        legs = self._legs.of(order)
        requests = Messages(
            order=order,
            arrival_us=attempts.connect_us[connecting] + legs.up_us,
            service_us=legs.service_us,
        )
        self._pools[kind].take([requests])

    def _count_sent(self, inviters: Integers) -> Integers:
        """How many each has sent before; counts these."""
        order = np.argsort(inviters, kind="stable")
        ranked = inviters[order]
        new = np.flatnonzero(np.diff(ranked, prepend=-1))
        sizes = np.diff(new, append=len(ranked))
        before = np.empty(len(inviters), np.int64)
        before[order] = np.arange(len(ranked)) - np.repeat(new, sizes)
        before += self._sent_by[inviters]
        np.add.at(self._sent_by, inviters, 1)
        return before

    def _close(self, piece: Piece) -> Piece:
        """Take what is over out of the table, into the piece."""
        table, until_us = self._table, piece.until_us
        for kind, served in piece.served.items():
            self._pools[kind].settle(served, until_us)
        timelines, sent = table.timelines, ~table.refused
        begin_us = self._begin_us
        within = (
            (timelines.ended_us >= begin_us) & (timelines.ended_us < until_us) & sent
        )
        piece.ended_us = timelines.ended_us[within]
        piece.repeats_us = table.repeated(begin_us, until_us)
        self._begin_us = until_us
        over = sent & (timelines.ended_us < until_us) & (timelines.spoken_us < until_us)
        over &= (timelines.state != End.ACCEPTED) | (timelines.joined_us < until_us)
        piece.intents, piece.timelines = table.intents.some(over), timelines.some(over)
        table.keep(sent & ~over)
        waits = self._waits.plus(piece.waits)
        self._waits = waits.some(
            np.isin(waits.order >> ORDER_BITS, table.intents.number)
        )
        return piece

    # The fixed point.

    def _settle(
        self, begun: int, until_us: int
    ) -> tuple[dict[MessageClass, Served], Waits]:
        """Find the waits before `until_us`, and compute what they change."""
        waits = Waits.none()
        risky = self._table.again(begun)
        for _ in range(MOST_ROUNDS):
            self.rounds += 1
            served = {kind: pool.before(until_us) for kind, pool in self._pools.items()}
            found = Waits.none()
            for one in served.values():
                found = found.plus(one.waits)
            numbers = np.unique(found.changed(waits) >> ORDER_BITS)
            again = np.union1d(
                self._table.places(numbers), self._refusals(begun, risky)
            ).astype(np.int64)
            waits = found
            if not len(again):
                return served, waits
            self._forget_messages(self._table.intents.number[again])
            self._compute(again, self._waits.plus(waits))
        raise AssertionError("every round settles a message, so rounds end")

    def _refusals(self, begun: int, risky: list[int]) -> Integers:
        """Decide anew which are refused as one is pending; the places that change."""
        table = self._table
        pending: dict[int, int] = {}
        changed: list[int] = []
        for place in risky:
            pair, at_us = int(table.pair[place]), int(table.intents.sent_us[place])
            refused = pending.get(pair, -1) >= at_us
            if not refused:
                ended_us = int(table.timelines.ended_us[place])
                if table.refused[place]:  # not computed yet: the next round has its end
                    ended_us = at_us
                # An expiry at the same instant comes first, all others after it.
                expired = table.timelines.state[place] == End.EXPIRED
                pending[pair] = ended_us - expired
            if refused != table.refused[place]:
                assert place >= begun, "what was before is final"
                table.refused[place] = refused
                changed.append(place)
        return np.array(changed, np.int64)

    # Timelines.

    def _compute(self, places: Integers, waits: Waits) -> None:
        """Compute the timelines at these places, and take their messages."""
        table = self._table
        places = places[~table.refused[places]]
        for first in range(0, len(places), BATCH):
            self._compute_some(places[first : first + BATCH], waits)

    def _compute_some(self, places: Integers, waits: Waits) -> None:
        table = self._table
        intents = table.intents.some(places)
        numbers = intents.number
        run = range(int(numbers[0]), int(numbers[-1]) + 1)
        scattered = len(numbers) < SCATTERED * len(run)
        legs = self._legs if scattered else self._legs.during(run)
        computed = ArrayProtocol(intents, legs, waits)
        timelines, messages = computed.timelines, computed.messages
        odd = np.flatnonzero(timelines.unusual)
        if len(odd):
            observed, carried = self._by_the_core(intents.some(odd), waits)
            unusual = intents.number[odd]
            for part in carried.values():
                whose = np.searchsorted(unusual, part.number)
                np.maximum.at(observed.spoken_us, whose, part.arrival_us)
            timelines.put(odd, observed)
            for kind, parts in messages.items():
                plain = joined(parts)
                spoken = ~np.isin(plain.number, unusual)
                messages[kind] = [plain.some(spoken)]
            for kind, part in carried.items():
                messages[kind].append(part)
        table.timelines.put(places, timelines)
        for kind, parts in messages.items():
            coming = parts
            if self._begin_us > int(intents.sent_us[0]):
                coming = [one.some(one.arrival_us >= self._begin_us) for one in parts]
            self._pools[kind].take(coming)

    def _forget_messages(self, numbers: Integers) -> None:
        """Drop the messages of these invitations that are not final."""
        first, last = int(numbers[0]), int(numbers[-1])
        marks = np.zeros(last - first + 2, np.bool_)
        marks[numbers - first] = True

        def theirs(messages: Messages) -> Flags:
            return marks[np.clip(messages.number - first, -1, last - first + 1)]

        for pool in self._pools.values():
            pool.forget(theirs)
        self._table.forget_repeats(numbers)

    def _by_the_core(
        self, intents: Intents, waits: Waits
    ) -> tuple[Timelines, dict[MessageClass, Messages]]:
        """What the core makes of these; TooUnusualError where it is asked too often."""
        self.by_the_core += len(intents)
        sent = int(self._sent_by.sum()) + len(self._table)
        most = ALWAYS_BY_THE_CORE + MOST_BY_THE_CORE * sent
        if self._may_give_up and self.by_the_core > most:
            raise TooUnusualError("too many invitations in which a message is repeated")
        observed = Observed()
        world = ReplayedWorld(
            self.scenario,
            self.population,
            self.rng,
            numbers=intents.number,
            instants=intents.sent_us,
            # Ids have to differ, and these are for nobody else.
            sent=np.arange(len(intents)),
            waits=waits,
            instruments=[observed],
            policy=ALL_ARE_SENT,
        )
        world.run_to_end()
        number_of = world.relay.number_of
        self._table.repeats_us.update(observed.repeats(number_of))
        return observed.timelines(intents.number, number_of), world.carried()


BATCH = 4096
"""Timelines computed at once: their arrays stay in the processor's cache."""

SCATTERED = 0.1
"""Below this share of a run of numbers, their messages are drawn one by one."""
