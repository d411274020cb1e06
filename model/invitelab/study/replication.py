"""One replication: a world, its instruments, and the measurement."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from invitelab.formats.results import Detached
from invitelab.study.interruption import StoppedError
from invitelab.study.measurement import Measurement
from invitelab.study.metrics import InvitationMetrics, RelayMetrics
from invitelab.study.traces import Sample, broken_invariants, sampled_traces
from invitelab.study.windows import Windows
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld, garbage_collection_paused
from invitelab.world.scenario.schema import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The input of one replication; it can be pickled for another process."""

    scenario: Scenario
    seed: int
    number: int
    trace: Sequence[int] = ()


def replicate(
    job: Job,
    watch: Callable[[int], None] = lambda _reached_us: None,
    instruments: Sequence[Instrument] = (),
) -> Measurement:
    """Run a job; where `watch` raises StoppedError, what was measured until then.

    `watch` is called at intervals with the virtual time in microseconds.
    """
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
    with suppress(StoppedError):
        world.run(watch)
    into.reached_us = world.env.now_us
    here = world.directory
    invitations.close(into.reached_us, lambda id_: here.host(id_).device.now_us)
    relay.close(into.reached_us)
    into.events = world.env.events
    with garbage_collection_paused():  # it would walk through the whole world
        _check_sample(into, sample, world)
    return into


def _check_sample(into: Measurement, sample: Sample, world: LoadWorld) -> None:
    """Check the sampled histories, and note instruments that were taken off."""
    clients = world.directory.specs()
    into.checked = len(sample.facts)
    into.checked_facts = sum(len(facts) for facts in sample.facts.values())
    met = {
        one
        for facts in sample.facts.values()
        for one in (facts[0].client, facts[0].other)
        if one is not None
    }
    spells = world.fault_schedule.spells(met)
    until_us = into.reached_us
    into.violations = tuple(
        broken_invariants(sample, clients, spells=spells, until_us=until_us)
    )
    into.traces = sampled_traces(sample, clients)
    into.detached = tuple(
        Detached(instrument=one.instrument, error=one.error)
        for one in world.panel.removals
    )
