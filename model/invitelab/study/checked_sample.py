"""The sampled histories of a replication, checked against the invariants."""

from invitelab.formats.observed import Detached
from invitelab.study.measurement import Measurement
from invitelab.study.traces import Sample, broken_invariants, sampled_traces
from invitelab.world.load.load_world import LoadWorld


def check_sample(into: Measurement, sample: Sample, world: LoadWorld) -> None:
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
    into.violations = tuple(
        broken_invariants(
            sample,
            clients,
            spells=spells,
            until_us=into.reached_us,
            policy=world.services.policy,
        )
    )
    into.traces = sampled_traces(sample, clients)
    into.detached = tuple(
        Detached(instrument=one.instrument, error=one.error)
        for one in world.panel.removals
    )
