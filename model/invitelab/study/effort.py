"""How many worker processes a study deserves, by an estimate of its work.

The estimate decides nothing but that: results do not depend on the number.
"""

from collections.abc import Iterable

from invitelab.processes.processors import processors
from invitelab.study.replication import Job, why_events
from invitelab.study.traces import MOST_CHECKED
from invitelab.world.scenario.schema import Scenario, Trace

WORTHWHILE_S = 5.0
"""Less work than that is done sooner in one process: workers have to start first."""

EVENTS_S = 400e-6
"""Time that the events engine takes for an attempt to invite, in seconds."""

COHORTS_S = 20e-6
"""The same for cohorts."""

PROOF_S = 500e-6
"""Time for each invitation that the protocol core computes again, as a proof."""


def workers_for(jobs: Iterable[Job]) -> int:
    """One for little work; else one per processor, and no more than jobs."""
    all_jobs = list(jobs)
    if sum(map(seconds, all_jobs)) < WORTHWHILE_S:
        return 1
    return min(processors(), len(all_jobs))


def seconds(job: Job) -> float:
    """How long a job will take, in seconds."""
    number = attempts(job.scenario, len(job.trace))
    if why_events(job.scenario, job.product):
        return number * EVENTS_S
    return cohorts_seconds(number)


def cohorts_seconds(number: float) -> float:
    """How long cohorts take for so many attempts, in seconds, where nothing waits."""
    return number * COHORTS_S + min(number, MOST_CHECKED) * PROOF_S


def attempts(scenario: Scenario, rows: int) -> float:
    """The expected attempts to invite; `rows` is the length of the trace."""
    arrivals = scenario.arrivals
    if isinstance(arrivals, Trace):
        return float(rows)
    return arrivals.expected(scenario.duration)
