"""One replication: a world, the metrics that watch it, and what they measured."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from invitelab.formats.results import Detached
from invitelab.study.interruption import StoppedError
from invitelab.study.measurement import Measurement
from invitelab.study.metrics import InvitationMetrics, RelayMetrics
from invitelab.study.traces import Sample, broken, sampled_traces
from invitelab.study.windows import Windows
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld, collector_at_rest
from invitelab.world.scenario.schema import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Everything one replication needs; it can be sent to another process."""

    scenario: Scenario
    seed: int
    number: int
    trace: Sequence[int] = ()


def replicate(
    job: Job,
    watch: Callable[[int], None] = lambda _reached_us: None,
    instruments: Sequence[Instrument] = (),
) -> Measurement:
    """Run it; a watch that raises StoppedError leaves what was measured until then."""
    scenario = job.scenario
    into = Measurement.blank(job.number, Windows.for_run(scenario.end_us))
    invitations = InvitationMetrics(into, scenario.warm_up, scenario.duration)
    relay = RelayMetrics(into, scenario.warm_up, scenario.duration)
    sample = Sample()
    world = LoadWorld(
        scenario,
        seed=job.seed,
        replication=job.number,
        instruments=(invitations, relay, sample, *instruments),
        trace=job.trace,
    )
    with suppress(StoppedError):  # what was measured until then is as true
        world.run(watch)
    into.reached_us = world.env.now_us
    here = world.neighbourhood
    invitations.close(into.reached_us, lambda id_: here.host(id_).site.now_us)
    relay.close(into.reached_us)
    into.events = world.env.events
    with collector_at_rest():  # the whole world is still there to be walked through
        _look_closer(into, sample, world)
    return into


def _look_closer(into: Measurement, sample: Sample, world: LoadWorld) -> None:
    """The sampled histories, and whether all who watched were well."""
    clients = world.neighbourhood.specs()
    into.checked = len(sample.facts)
    into.checked_facts = sum(len(facts) for facts in sample.facts.values())
    met = {
        one
        for facts in sample.facts.values()
        for one in (facts[0].client, facts[0].other)
        if one is not None
    }
    spells = world.timetable.spells(met)
    until_us = into.reached_us
    into.violations = tuple(broken(sample, clients, spells=spells, until_us=until_us))
    into.traces = sampled_traces(sample, clients)
    into.detached = tuple(
        Detached(instrument=one.instrument, error=one.error)
        for one in world.panel.removals
    )
