"""The load world: one replication of a scenario, from its beginning to its end.

It connects the parts and advances the time. The protocol decides about invitations, the
user behaviour about clicks, the network conditions about messages, and the instruments
measure.
"""

import gc
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from mypy_extensions import mypyc_attr

from invitelab.errors import UsageError
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.messages import Message
from invitelab.protocol.policy import Policy
from invitelab.world.device import SharedServices
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.attempt_times import begin_attempts
from invitelab.world.load.busy_relay import BusyRelay
from invitelab.world.load.client_directory import ClientDirectory
from invitelab.world.load.faults import FaultSchedule, needs_faulty_devices, outages
from invitelab.world.load.forgetting import Forgetting
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
from invitelab.world.load.relay_memory import RelayMemory
from invitelab.world.load.rng import CounterRng
from invitelab.world.load.user_behaviour import NOTICED, UserBehaviour
from invitelab.world.retransmission import Retransmission
from invitelab.world.scenario.schema import Scenario

WATCH_EVERY_US = 1_000_000
"""The virtual time between two calls of `watch`."""

Watch = Callable[[int], None]
"""Called with the virtual time reached, in microseconds; may raise to end the run."""


@mypyc_attr(allow_interpreted_subclasses=True)
class LoadWorld:
    """One replication of a scenario.

    `seed` takes the place of the scenario's; `trace` are the instants of trace arrivals
    in microseconds, in order. With `forgetful`, ended invitations that can make no
    difference any more are removed from their clients (`forgetting`). Raises UsageError
    when no client can invite.
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
        forgetful: bool = False,
    ) -> None:
        self.scenario = scenario
        self.env = CalendarEnvironment()
        self.panel = InstrumentPanel(instruments)
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
            retransmission=Retransmission(policy.retry_us, self._repeat),
            followed=self.panel.followed,
            observe=self.panel.spoke,
        )
        if population is None:
            population = make_population(scenario, self._rng)
        faulty_devices = needs_faulty_devices(scenario.faults)
        self.directory = ClientDirectory(
            population, self.relay, self.services, faulty_devices=faulty_devices
        )
        self._forgetting: Forgetting | None = None
        if forgetful and not faulty_devices:
            self._forgetting = Forgetting(self.env, self.directory)
        self.intentions = self._make_intentions()
        self.users = UserBehaviour(
            self.env, self.directory, self.intentions, self.panel
        )
        self.fault_schedule = FaultSchedule(
            self.env,
            self.directory,
            scenario.faults,
            self._rng,
            self.panel,
        )
        self._trace = trace
        self._begin_arrivals()

    def _make_intentions(self) -> Intentions:
        return Intentions(self.scenario.people, self._rng)

    def _begin_arrivals(self) -> None:
        begin_attempts(
            self.env,
            self.users,
            self.directory.population,
            scenario=self.scenario,
            rng=self._rng,
            trace=self._trace,
        )

    def _make_relay(self) -> BusyRelay:
        scenario, network = self.scenario, self.scenario.network
        slots = scenario.relay.memory
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
            memory=None if slots is None else RelayMemory(slots),
        )

    def _wants(self, kind: FactKind, invitation: str) -> bool:
        return kind in NOTICED or self.panel.wants(kind, invitation)

    def _record(self, fact: Fact) -> None:
        if fact.kind in NOTICED:
            self.users.notice(fact)
            if fact.kind is FactKind.ENDED and self._forgetting is not None:
                self._forgetting.ended(fact.invitation)
        self.panel.happened(self.env.now_us, fact)

    def _repeat(self, message: Message) -> None:
        self.panel.repeated(self.env.now_us, message)

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
                if self._forgetting is not None:
                    self._forgetting.look(watch)
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
