"""The engines, as tasks of `scale.py`: `engine_tasks.py TASK SIZE SEED`.

The size is the number of attempts to invite, of tenths of a storm, or of processes.
"""

import contextlib
import gc
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import numpy as np

from figures import ENDS, Figures, Task, answer, resident_bytes
from invitelab.protocol.values import US_PER_S
from invitelab.reporting.load.files import write_load_report
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.study.run import simulate
from invitelab.study.workers import Where
from invitelab.world.cohorts.fixed_point import Cohorts
from invitelab.world.cohorts.timelines import End
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.file import Loaded, load
from invitelab.world.scenario.parts import Poisson
from invitelab.world.scenario.scaling import scaled

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"

STORM_S = 120
"""Less than two minutes: no invitation has expired, so unanswered ones are pending."""

SMALL_STORM = {
    "arrivals.rate": "90/s",
    "population.clients": 25_000,
    "relay.servers": 8,
}
"""A tenth of `expiry_storm`."""


class DoneError(Exception):
    """Raised at the instant at which enough has happened."""


# The contenders of the table.


def desk(attempts: int, engine: Engine) -> Loaded:
    """`support_desk` for as long as it takes to make about so many attempts."""
    path = SCENARIOS / "support_desk.toml"
    arrivals = load(path).scenario.arrivals
    assert isinstance(arrivals, Poisson), "the scenario has a constant rate"
    lasts_ms = round(attempts / arrivals.expected(US_PER_S) * 1_000)
    changes = {"duration": f"{lasts_ms}ms", "warm_up": "0s", "engine": engine.value}
    return load(path, changes)


def whole(loaded: Loaded, seed: int) -> Figures:
    """A replication as studies run it: the engine, all instruments, and the proof."""
    measured = replicate(Job(scenario=loaded.scenario, seed=seed, number=0))
    assert measured.engine is loaded.scenario.engine, "it was not too unusual"
    return in_short(measured)


def in_short(measured: Measurement) -> Figures:
    """What the table needs of a measurement."""
    counts = {str(outcome): count for outcome, count in measured.outcomes.items()}
    outcomes = {name: counts.get(name, 0) for name in ENDS}
    return Figures(
        sent=sum(outcomes.values()), outcomes=outcomes, pending=measured.pending_peak
    )


def cohorts_alone(attempts: int, seed: int) -> Figures:
    """The cohorts, with their ends counted and nothing else measured."""
    scenario = desk(attempts, Engine.COHORTS).scenario
    counts = np.zeros(len(End), np.int64)
    sent = 0
    for piece in Cohorts(scenario, seed=seed, replication=0, trace=()).pieces():
        sent += len(piece.sent)
        counts += np.bincount(piece.timelines.state, minlength=len(End))
    outcomes = {name: int(counts[End[name.upper()]]) for name in ENDS}
    return Figures(sent=sent, outcomes=outcomes)


def events_alone(attempts: int, seed: int) -> Figures:
    """The world without instruments, which alone would say what happened in it."""
    LoadWorld(desk(attempts, Engine.EVENTS).scenario, seed=seed).run()
    return Figures()


# Memory of what is pending, the report, and worker processes.


def storm(tenths: int) -> Loaded:
    """`expiry_storm`, so many tenths of it: about 10,000 pending for each."""
    path = SCENARIOS / "expiry_storm.toml"
    changes = {"warm_up": "0s", "engine": Engine.COHORTS.value}
    if tenths % 10:
        return scaled(load(path, {**changes, **SMALL_STORM}), tenths)
    return scaled(load(path, changes), tenths // 10)


def million(_size: int, seed: int) -> Figures:
    """The scenario with a million pending."""
    changes = {"warm_up": "0s", "engine": Engine.COHORTS.value}
    return whole(load(SCENARIOS / "million.toml", changes), seed)


def events_storm(tenths: int, seed: int) -> Figures:
    """Fill a world with pending invitations.

    All clients are created first, so that what grows until the arrivals end is the
    pending invitations and what their timers need.
    """
    scenario = storm(tenths).scenario
    busy = LoadWorld(scenario, seed=seed)
    for index in range(scenario.population.clients):
        busy.directory.client(index)

    def watch(reached_us: int) -> None:
        if reached_us >= (STORM_S - 1) * US_PER_S:
            raise DoneError

    gc.collect()
    before = resident_bytes()
    with contextlib.suppress(DoneError):
        busy.run(watch)
    grown = resident_bytes() - before
    return Figures(pending=len(busy.services.host_timers), grown_bytes=grown)


def report(_size: int, seed: int) -> Figures:
    """The figures, charts and files of a run; the run itself is not counted."""
    loaded = load(SCENARIOS / "support_desk.toml")
    results = simulate(loaded, seed=seed, replications=2)
    with tempfile.TemporaryDirectory() as folder:
        before_s = time.process_time()
        write_load_report(Path(folder), results, {})
        return Figures(cpu_s=time.process_time() - before_s)


REPLICATIONS = 4
ATTEMPTS = {Engine.EVENTS: 1_000, Engine.COHORTS: 50_000}
"""Attempts of a replication for `workers`, so that each takes about a second."""


def workers(engine: Engine) -> Task:
    """Replications in so many processes, from the start of the first one."""

    def run(processes: int, seed: int) -> Figures:
        loaded = desk(ATTEMPTS[engine], engine)
        before_s = all_cpu_s()
        simulate(
            loaded, seed=seed, replications=REPLICATIONS, where=Where(workers=processes)
        )
        return Figures(cpu_s=all_cpu_s() - before_s)

    return run


def all_cpu_s() -> float:
    """CPU of this process and of its children that have ended."""
    children = getrusage(RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


TASKS: dict[str, Task] = {
    "events alone": events_alone,
    "events": lambda attempts, seed: whole(desk(attempts, Engine.EVENTS), seed),
    "cohorts alone": cohorts_alone,
    "cohorts": lambda attempts, seed: whole(desk(attempts, Engine.COHORTS), seed),
    "events, storm": events_storm,
    "cohorts, storm": lambda tenths, seed: whole(storm(tenths), seed),
    "cohorts, million": million,
    "events, workers": workers(Engine.EVENTS),
    "cohorts, workers": workers(Engine.COHORTS),
    "report": report,
}
if __name__ == "__main__":
    answer(TASKS)
