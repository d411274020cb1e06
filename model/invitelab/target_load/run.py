"""A scenario on an implementation: played, measured, judged and put together."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invitelab.adapters.driver import Reachable
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Kind, Target
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.errors import RunError, UsageError
from invitelab.formats.observed import Detached
from invitelab.formats.results import Results
from invitelab.formats.target_run import BesideReference
from invitelab.protocol.history import Fact
from invitelab.study.assemble import Subject, assemble
from invitelab.study.glimpse import Onlooker, glimpse_of
from invitelab.study.histogram import Histogram
from invitelab.study.interruption import StoppedError
from invitelab.study.measurement import Measurement
from invitelab.study.metrics import InvitationMetrics
from invitelab.study.plan import digest
from invitelab.study.traces import Sample, sampled_traces
from invitelab.study.windows import Windows
from invitelab.target_load import real, virtual
from invitelab.target_load.at_reference import Beside
from invitelab.target_load.connection import Connection
from invitelab.target_load.courses import Courses
from invitelab.target_load.declaration import declare
from invitelab.target_load.directory import TargetDirectory
from invitelab.target_load.evidence import scenario_of
from invitelab.target_load.outcome import target_run
from invitelab.target_load.part import Part
from invitelab.target_load.world import TargetWorld
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import Watch
from invitelab.world.load.panel import InstrumentPanel
from invitelab.world.load.population import Population
from invitelab.world.load.rng import CounterRng
from invitelab.world.scenario.arrival_trace import trace_of
from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.schema import Scenario

ROOM = 500
"""The clients of a room, where the scenario does not say."""

if TYPE_CHECKING:
    from invitelab.target_load.findings import Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user has asked for."""

    seed: int | None = None
    connections: int = 1
    thorough: bool = False
    """Whether people have unusual clients, and try what should do nothing."""
    arguments: tuple[str, ...] = ()


def with_rooms(scenario: Scenario) -> Scenario:
    """The scenario with rooms, as a target is told of."""
    population = scenario.population
    room = population.room or min(ROOM, population.clients)
    return scenario.model_copy(
        update={"population": population.model_copy(update={"room": room})}
    )


def simulate_on_target(
    loaded: Loaded,
    target: Reachable,
    asked: Asked,
    required: frozenset[str],
    watch: Watch = lambda _reached_us: None,
    *,
    onlooker: Onlooker | None = None,
) -> Results:
    """Play a scenario at a target once, and give the results.

    `required` are the ids of the required clauses; `watch` is called at intervals with
    the time reached in microseconds, and may raise StoppedError: what was measured by
    then is in incomplete results, and so is what was measured until the target could
    not be used any more. The onlooker sees what has been told by then: where rooms take
    turns, nothing before the last one. Raises UsageError where the target cannot play
    it and RunError where it could not be used from the beginning.
    """
    scenario = with_rooms(loaded.scenario)
    if asked.seed is not None:
        scenario = scenario.model_copy(update={"seed": asked.seed})
    if isinstance(target, Target) and target.kind is Kind.REFERENCE:
        # Our own code: it needs no copy through JSON, and no limit of time.
        target = DirectTarget(Reference())
    connections = [Connection(target)]
    try:
        for _ in range(asked.connections - 1):
            connections.append(Connection(target))  # noqa: PERF401 - to be closed
        run = _Run(loaded, scenario, asked, connections, required)
        return run.carry_out(watch, onlooker)
    finally:
        for connection in connections:
            connection.close()


class _Latest(Instrument):
    """The latest instant of which anything was told."""

    def __init__(self) -> None:
        self.at_us = 0

    def happened(self, at_us: int, fact: Fact) -> None:
        """Keep the instant."""
        del fact
        self.at_us = max(self.at_us, at_us)


class _Run:
    """One run on a target that has been started."""

    def __init__(
        self,
        loaded: Loaded,
        scenario: Scenario,
        asked: Asked,
        connections: Sequence[Connection],
        required: frozenset[str],
    ) -> None:
        self._loaded = loaded
        self._scenario = scenario
        self._asked = asked
        self._connections = connections
        self._required = required
        self._part = Part(
            scenario=scenario,
            seed=scenario.seed,
            trace=trace_of(loaded),
            thorough=asked.thorough,
        )
        self._worlds: list[TargetWorld] = []
        self._late_us = Histogram()
        self._is_whole = False
        """Whether it was played to its end, and compared."""
        self._problem: str | None = None
        """Why the run could not go on."""
        self._reached_us = 0
        """How far the run came, or what was measured where rooms take turns."""

    @property
    def _is_virtual(self) -> bool:
        return self._connections[0].answer.clock == "virtual"

    def carry_out(self, watch: Watch, onlooker: Onlooker | None = None) -> Results:
        """Play it, compare it with the reference, and put the results together."""
        self._check()
        scenario = self._scenario
        into = Measurement.blank(0, Windows.for_run(scenario.end_us))
        metrics = InvitationMetrics(into, scenario.warm_up, scenario.duration)
        sample = Sample()
        latest = _Latest()
        panel = InstrumentPanel([metrics, sample, latest])

        def noting(reached_us: int) -> None:
            self._reached_us = reached_us
            if onlooker is not None:
                told_us = min(reached_us, latest.at_us)
                onlooker(lambda: glimpse_of(into, told_us))
            watch(reached_us)

        with Courses() as courses:
            try:
                with suppress(StoppedError):
                    self._play(panel, courses, noting)
                    self._reached_us = scenario.end_us
            except RunError as error:
                if not any(world.sent_count for world in self._worlds):
                    raise  # nothing was measured
                self._problem = str(error)
            into.reached_us = self._reached_us = max(self._reached_us, latest.at_us)
            metrics.close(into.reached_us, lambda _id: into.reached_us)
            beside: BesideReference | None = None
            with suppress(StoppedError):
                beside = self._beside(courses, watch)
                self._is_whole = self._reached_us >= scenario.end_us
        specs = {
            id_: spec
            for world in self._worlds
            for id_, spec in world.directory.specs().items()
        }
        into.traces = sampled_traces(sample, specs)
        into.detached = tuple(
            Detached(instrument=one.instrument, error=one.error)
            for one in panel.removals
        )
        return self._results(into, beside)

    def _play(self, panel: InstrumentPanel, courses: Courses, watch: Watch) -> None:
        def began(world: TargetWorld) -> None:
            self._worlds.append(world)
            world.on_sight = courses.note

        if self._is_virtual:
            virtual.play(
                self._part,
                self._connections[0],
                panel,
                self._required,
                watch=watch,
                began=began,
            )
            return
        real.play(
            self._part,
            self._connections,
            panel,
            self._required,
            late_us=self._late_us,
            watch=watch,
            began=self._worlds.append,
        )

    def _scenarios(self) -> dict[str, str]:
        """A scenario that fails alone, by clause, where there is one.

        Only in virtual time: in real time each of several tries takes two minutes.
        """
        examples: dict[str, list[Example]] = {}
        for world in self._worlds:
            findings = world.judging.findings
            for clause in findings.broken:
                examples.setdefault(clause, []).extend(findings.examples[clause])
        if not self._is_virtual or not self._connections[0].driver.running:
            return {}
        found = {
            clause: scenario_of(clause, some, self._connections[0])
            for clause, some in sorted(examples.items())
        }
        return {clause: text for clause, text in found.items() if text is not None}

    def _beside(self, courses: Courses, watch: Watch) -> BesideReference | None:
        """The comparison with the reference, where it can be exact."""
        whole = self._reached_us >= self._scenario.end_us
        settles = self._connections[0].terms.settle_us
        if not self._is_virtual or settles or not whole:
            return None
        beside = Beside(self._part, self._connections[0], self._required)
        findings = [one.judging.findings for one in self._worlds]
        # What breaks a clause needs no interpretation to explain it.
        broken = any(one.broken for one in findings)
        suspected = {clause for one in findings for clause in one.deviations}
        return beside.compare(
            courses,
            watch,
            explain=not broken,
            suspected=suspected,
            troubled={one for world in self._worlds for one in world.troubled},
        )

    # Before it begins.

    def _check(self) -> None:
        """Raise UsageError where the target cannot play the scenario."""
        connection = self._connections[0]
        directory = self._directory()
        rooms = directory.population.rooms
        self._check_people(directory)
        if connection.answer.lifetime_ms is not None:
            raise UsageError(
                "the target's invitations last "
                f"{connection.answer.lifetime_ms / 1000:g} s, and those of people in a "
                "scenario two minutes",
                hint="set its timer to two minutes, and leave out lifetime_ms",
            )
        alone = not self._is_virtual and not connection.answer.parallel
        if alone and rooms.count > len(self._connections):
            raise UsageError(
                f"{rooms.count} rooms in real time need a target that is parallel, "
                "or a connection for each",
                hint=f"--connections {rooms.count}, or a larger population.room",
            )
        if self._is_virtual and len(self._connections) > 1:
            raise UsageError(
                "connections in parallel are for real clocks, this one is virtual",
                hint="leave --connections out",
            )
        self._check_line(directory, rooms.count)

    def _directory(self) -> TargetDirectory:
        rng = CounterRng(self._part.seed, self._part.replication)
        population = Population(self._scenario.population, rng)
        terms = self._connections[0].terms
        return TargetDirectory(population, terms, thorough=self._asked.thorough)

    def _check_people(self, directory: TargetDirectory) -> None:
        population = directory.population
        direct = population.all_direct()
        if not direct[population.windows].any():
            raise UsageError(
                "nobody in this scenario can invite directly",
                hint="it takes clients of version 7 or later on Windows",
            )

    def _check_line(self, directory: TargetDirectory, count: int) -> None:
        """Raise UsageError where a room does not fit into one line."""
        most = self._connections[0].line_bytes
        terms = self._connections[0].terms
        sizes = directory.population.rooms
        largest = max(range(count), key=lambda number: sizes.room(number).size)
        members = (
            declare("c0000", spec, online=online, declined=terms.declined)
            for spec, online in directory.room_members(largest)
        )
        length = sum(len(one.model_dump_json(by_alias=True)) + 1 for one in members)
        if length + 200 > most:
            clients = sizes.room(largest).size
            fitting = max(2, clients * (most - 200) // length // 10 * 10)
            raise UsageError(
                f"a room of {clients} clients takes {length / 1e6:.1f} MB in "
                f"scenario.begin, and a line has at most {most / 1e6:.1f} MB",
                hint=f"--set population.room={fitting}",
            )

    # After it.

    def _results(self, into: Measurement, beside: BesideReference | None) -> Results:
        answer = self._connections[0].answer
        implementation = answer.implementation
        subject = Subject(
            scenario=self._scenario,
            name=self._loaded.name,
            digest=digest(self._scenario, self._part.trace),
            arguments=self._asked.arguments,
            source="target",
            measured=f"{implementation.name} {implementation.version}".strip(),
        )
        results = assemble(subject, [into], complete=self._is_whole)
        found = target_run(
            self._scenario,
            self._connections,
            self._worlds,
            poll_us=virtual.POLL_US if self._is_virtual else real.POLL_US,
            beside=beside,
            late_us=self._late_us,
            scenarios=self._scenarios(),
            problem=self._problem,
        )
        # Whatever the scenario says of replications: a target plays it once.
        return results.model_copy(update={"target": found, "replications_planned": 1})
