"""The load world: one replication of a scenario, from its beginning to its end.

It connects the parts and advances the time. The protocol decides about invitations, the
user behaviour about clicks, the network conditions about messages, and the instruments
measure.
"""

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager

from mypy_extensions import mypyc_attr
from simpy.events import ProcessGenerator

from invitelab.errors import UsageError
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.policy import Policy
from invitelab.world.device import SharedServices
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.arrivals import instants
from invitelab.world.load.busy_relay import BusyRelay
from invitelab.world.load.client_directory import ClientDirectory
from invitelab.world.load.closed_loop import ClosedLoop, choose_helpers
from invitelab.world.load.faults import FaultSchedule, needs_faulty_devices, outages
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.intentions import Intentions
from invitelab.world.load.network_conditions import (
    DelayDistributions,
    MessageDraws,
    NetworkConditions,
)
from invitelab.world.load.panel import InstrumentPanel
from invitelab.world.load.population import Population
from invitelab.world.load.queues import MessageClass, Pool
from invitelab.world.load.rng import CounterRng
from invitelab.world.load.user_behaviour import NOTICED, UserBehaviour
from invitelab.world.retransmission import Retransmission
from invitelab.world.scenario.schema import Closed, Scenario, Trace

WATCH_EVERY_US = 1_000_000
"""The virtual time between two calls of `watch`."""

Watch = Callable[[int], None]
"""Called with the virtual time reached, in microseconds; may raise to end the run."""


@mypyc_attr(allow_interpreted_subclasses=True)
class LoadWorld:
    """One replication of a scenario.

    `seed` takes the place of the scenario's; `trace` are the instants of trace arrivals
    in microseconds, in order. Raises UsageError when no client can invite.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int | None = None,
        replication: int = 0,
        instruments: Sequence[Instrument] = (),
        trace: Sequence[int] = (),
        policy: Policy | None = None,
        population: Population | None = None,
    ) -> None:
        self.scenario = scenario
        self.env = CalendarEnvironment()
        self.panel = InstrumentPanel(instruments)
        self._trace = trace
        wanted = scenario.seed if seed is None else seed
        self._rng = CounterRng(wanted, replication)
        policy = policy or Policy()
        self.relay = self._make_relay()
        self.services = SharedServices(
            env=self.env,
            relay=self.relay,
            policy=policy,
            record=self._record,
            wants=self._wants,
            retransmission=Retransmission(policy.retry_us),
            followed=self.panel.followed,
            observe=self.panel.spoke,
        )
        if population is None:
            population = make_population(scenario, self._rng)
        self.directory = ClientDirectory(
            population,
            self.relay,
            self.services,
            faulty_devices=needs_faulty_devices(scenario.faults),
        )
        self.users = UserBehaviour(
            self.env, self.directory, self._make_intentions(), self.panel
        )
        self.fault_schedule = FaultSchedule(
            self.env,
            self.directory,
            scenario.faults,
            self._rng,
            self.panel,
        )
        self._begin_arrivals()

    def _make_intentions(self) -> Intentions:
        return Intentions(self.scenario.people, self._rng)

    def _make_relay(self) -> BusyRelay:
        scenario, network = self.scenario, self.scenario.network
        return BusyRelay(
            self.env,
            MessageDraws(self._rng, DelayDistributions.of(scenario)),
            [Pool(scenario.relay.servers, scenario.relay.queue) for _ in MessageClass],
            conditions=NetworkConditions(
                loss=network.loss,
                duplication=network.duplication,
                reordering=network.reordering,
            ),
            outages=outages(scenario.faults),
            panel=self.panel,
        )

    def _begin_arrivals(self) -> None:
        arrivals, duration_us = self.scenario.arrivals, self.scenario.duration
        if isinstance(arrivals, Closed):
            ClosedLoop(
                self.env,
                self.users,
                choose_helpers(self.directory.population, arrivals),
                arrivals,
                rng=self._rng,
                duration_us=duration_us,
            )
            return
        if isinstance(arrivals, Trace):
            within = (at_us for at_us in self._trace if at_us < duration_us)
            self.env.process(self._arrive(within))
        else:
            attempts = instants(arrivals, duration_us, self._rng)
            self.env.process(self._arrive(attempts))

    def _arrive(self, attempts: Iterator[int]) -> ProcessGenerator:
        for number, at_us in enumerate(attempts):
            yield self.env.first_at(at_us)
            self.users.attempt(number)

    def _wants(self, kind: FactKind, invitation: str) -> bool:
        return kind in NOTICED or self.panel.wants(kind, invitation)

    def _record(self, fact: Fact) -> None:
        if fact.kind in NOTICED:
            self.users.notice(fact)
        self.panel.happened(self.env.now_us, fact)

    def run(self, watch: Watch = lambda _reached_us: None) -> None:
        """Run the scenario to its end; calls `watch` once every WATCH_EVERY_US."""
        self.run_to(self.scenario.end_us, watch)
        self.panel.tell("finished", self.env.now_us)

    def run_to(self, end_us: int, watch: Watch = lambda _reached_us: None) -> None:
        """Run up to and including an instant."""
        with garbage_collection_paused():
            for until_us in range(
                WATCH_EVERY_US, end_us + WATCH_EVERY_US, WATCH_EVERY_US
            ):
                self.env.advance(min(until_us, end_us))
                watch(self.env.now_us)


def make_population(scenario: Scenario, rng: CounterRng) -> Population:
    """The population of a scenario; raises UsageError when nobody in it can invite."""
    population = Population(scenario.population, rng)
    if not len(population.windows):
        msg = "nobody in this world runs Windows, so nobody can invite"
        raise UsageError(msg, hint="raise population.clients or platforms.windows")
    return population


@contextmanager
def garbage_collection_paused() -> Generator[None]:
    """Pause the garbage collector, which would traverse the whole world repeatedly.

    It halves the speed and finds nothing, as a world makes no reference cycles.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
