"""One replication: a world, its instruments, and the measurement."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from invitelab.study.checked_sample import check_sample
from invitelab.study.cohort_replication import replicate_at_once
from invitelab.study.glimpse import Onlooker, glimpse_of
from invitelab.study.gone_metrics import GoneMetrics
from invitelab.study.interruption import StoppedError
from invitelab.study.measurement import Measurement
from invitelab.study.metrics import InvitationMetrics, RelayMetrics, SpentMetrics
from invitelab.study.traces import Sample
from invitelab.study.windows import Windows
from invitelab.world.cohorts.fixed_point import Cohorts, TooUnusualError
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld, garbage_collection_paused
from invitelab.world.product import SPECIFIED, Product
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.schema import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The input of one replication; it can be pickled for another process."""

    scenario: Scenario
    seed: int
    number: int
    trace: Sequence[int] = ()
    product: Product = SPECIFIED
    """The product that all clients are."""


def why_events(scenario: Scenario, product: Product = SPECIFIED) -> str:
    """Why the events engine runs it; empty where cohorts do, as far as is known."""
    if not product.is_specified:
        return f"profile: {product.name}, with a lifetime of {product.lifetime_text}"
    if scenario.engine is Engine.EVENTS:
        return "asked for"
    obstacle = scenario.obstacle
    return "" if obstacle is None else f"{obstacle.key}: {obstacle.why}"


def replicate(
    job: Job,
    watch: Callable[[int], None] = lambda _reached_us: None,
    instruments: Sequence[Instrument] = (),
    onlooker: Onlooker | None = None,
) -> Measurement:
    """Run a job; where `watch` raises StoppedError, what was measured until then.

    `watch` is called at intervals with the virtual time in microseconds, and before it
    the onlooker, if there is one.
    """
    scenario = job.scenario
    because = (
        "an instrument listens" if instruments else why_events(scenario, job.product)
    )
    if not because:
        cohorts = Cohorts(
            scenario, seed=job.seed, replication=job.number, trace=job.trace
        )
        try:
            return replicate_at_once(cohorts, job.number, watch, onlooker)
        except TooUnusualError as error:
            because = str(error)
    limited = scenario.relay.memory is not None
    windows = Windows.for_run(scenario.end_us)
    into = Measurement.blank(job.number, windows, gone=limited)
    into.because = because
    invitations = InvitationMetrics(into, scenario.warm_up, scenario.duration)
    spent = SpentMetrics(into, scenario.warm_up)
    relay = RelayMetrics(into, scenario.warm_up, scenario.duration)
    gone = [GoneMetrics(into, scenario.warm_up)] if limited else []
    sample = Sample()
    world = LoadWorld(
        scenario,
        seed=job.seed,
        replication=job.number,
        instruments=(invitations, spent, relay, sample, *gone, *instruments),
        trace=job.trace,
        policy=job.product.policy,
        forgetful=True,
    )

    def shown(reached_us: int) -> None:
        if onlooker is not None:
            onlooker(lambda: glimpse_of(into, reached_us, busy=relay.busy(reached_us)))
        watch(reached_us)

    with garbage_collection_paused():  # it would walk through the whole world
        _run_until_stopped(world, shown)
        into.reached_us = world.env.now_us
        here = world.directory
        invitations.close(into.reached_us, lambda id_: here.host(id_).device.now_us)
        relay.close(into.reached_us)
        for one in gone:
            one.close(into.reached_us)
        check_sample(into, sample, world)
    return into


def _run_until_stopped(world: LoadWorld, watch: Callable[[int], None]) -> None:
    """Run a world to its end, or until `watch` raises StoppedError.

    What is left then is a report. An overloaded world has millions of objects, and to
    look for garbage in them takes longer than that, again and again.
    """
    try:
        world.run(watch)
    except StoppedError:
        gc.freeze()
