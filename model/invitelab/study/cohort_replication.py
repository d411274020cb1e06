"""One replication by cohorts: pieces, metrics from arrays, and the proof."""

from collections.abc import Callable
from contextlib import suppress

from invitelab.study.arrays import add_to, windows_of
from invitelab.study.checked_sample import check_sample
from invitelab.study.cohort_metrics import CohortMetrics
from invitelab.study.cohort_relay_metrics import CohortRelayMetrics
from invitelab.study.glimpse import Glimpse, Onlooker, glimpse_of
from invitelab.study.interruption import StoppedError
from invitelab.study.measurement import Measurement
from invitelab.study.traces import MOST_CHECKED, Sample
from invitelab.study.windows import Windows
from invitelab.world.cohorts.fixed_point import Cohorts
from invitelab.world.cohorts.proof import Sampled
from invitelab.world.load.load_world import garbage_collection_paused
from invitelab.world.scenario.exactness import Engine


def replicate_at_once(
    cohorts: Cohorts,
    number: int,
    watch: Callable[[int], None],
    onlooker: Onlooker | None = None,
) -> Measurement:
    """Measure a replication; as far as it came, where `watch` raises StoppedError."""
    scenario = cohorts.scenario
    into = Measurement.blank(number, Windows.for_run(scenario.end_us))
    into.engine = Engine.COHORTS
    invitations = CohortMetrics(into, scenario, cohorts.majors)
    relay = CohortRelayMetrics(into, scenario)
    sampled = Sampled(MOST_CHECKED)
    over = [0] * len(into.windows)

    def take() -> Glimpse:
        return glimpse_of(into, into.reached_us, busy=relay.busy(), over=over)

    with suppress(StoppedError):
        for piece in cohorts.pieces():
            invitations.add(piece)
            relay.add(piece)
            sampled.add(piece)
            into.reached_us = piece.until_us - 1
            if onlooker is not None:
                add_to(over, windows_of(into.windows, piece.ended_us))
                onlooker(take)
            watch(into.reached_us)
    invitations.close(into.reached_us, *cohorts.open)
    relay.close(into.reached_us)
    with garbage_collection_paused():
        sample = Sample()
        world = sampled.replay(cohorts, into.reached_us, [sample])
        check_sample(into, sample, world)
    return into
