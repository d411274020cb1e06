"""What is to be run for one scenario: replications, until its promises are decided."""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Sequence

from invitelab.formats.results import Results
from invitelab.study.assemble import Subject, assemble
from invitelab.study.figures import judged, looks
from invitelab.study.measurement import Measurement
from invitelab.study.objectives import decided
from invitelab.study.replication import Job
from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.schema import Scenario, Trace
from invitelab.world.scenario.trace import read_trace


class Plan:
    """The replications of one scenario: which are due, and what they have measured.

    Which replications are run depends on what the earlier ones measured and on nothing
    else: neither on how many run at once nor on which of them is done first.
    """

    def __init__(self, subject: Subject, trace: Sequence[int] = ()) -> None:
        self._subject = subject
        self._trace = trace
        self._whole: dict[int, Measurement] = {}
        self._cut_off: list[Measurement] = []
        self.wanted = subject.scenario.replications
        """How many replications there are to be, as far as is known by now."""
        self.results: Results | None = None
        """What they came to, once all are there."""

    @property
    def end_us(self) -> int:
        """How long each replication is."""
        return self._subject.scenario.end_us

    @property
    def done(self) -> int:
        """How many replications came to their end."""
        return self.wanted if self.results else len(self._whole)

    def begin(self) -> list[Job]:
        """The first jobs."""
        return self._jobs(range(self.wanted))

    def add(self, measurement: Measurement) -> list[Job]:
        """Take what a job has measured; give the jobs that follow from it."""
        if measurement.reached_us < self.end_us:
            self._cut_off += [measurement] if measurement.reached_us else []
            return []
        self._whole[measurement.number] = measurement
        if len(self._whole) < self.wanted:
            return []
        before, self.wanted = self.wanted, self._wanted_now()
        if self.wanted > before:
            return self._jobs(range(before, self.wanted))
        self.results = assemble(self._subject, self._in_order())
        self._whole.clear()  # a sweep has many of them
        return []

    def partial(self) -> Results | None:
        """What there is after an interruption; None where nothing had begun."""
        if self.results is not None:
            return self.results
        ones = self._in_order()
        if not ones and self._cut_off:
            # One that was cut off is better than none, and worse than any whole one.
            ones = [min(self._cut_off, key=lambda one: one.number)]
        return assemble(self._subject, ones, complete=False) if ones else None

    def _jobs(self, numbers: range) -> list[Job]:
        subject = self._subject
        return [
            Job(
                scenario=subject.scenario,
                seed=subject.scenario.seed,
                number=number,
                trace=self._trace,
            )
            for number in numbers
        ]

    def _wanted_now(self) -> int:
        scenario = self._subject.scenario
        if decided(judged(scenario, self._in_order())):
            return self.wanted
        return looks(scenario).after(self.wanted)

    def _in_order(self) -> list[Measurement]:
        return [self._whole[number] for number in sorted(self._whole)]


def plan(
    loaded: Loaded,
    *,
    seed: int | None,
    replications: int | None,
    arguments: Sequence[str] = (),
) -> Plan:
    """Plan a scenario; `replications` are then exactly so many, decided or not.

    Raises UsageError where the scenario's trace cannot be read, or has rows after a
    duration that was not changed for this run.
    """
    scenario = loaded.scenario
    update: dict[str, int | None] = {} if seed is None else {"seed": seed}
    if replications is not None:
        update |= {"replications": replications, "max_replications": None}
    scenario = scenario.model_copy(update=update)
    arrivals = scenario.arrivals
    trace: Sequence[int] = ()
    if isinstance(arrivals, Trace):
        # Whoever shortens a run means to leave out what comes later.
        until_us = None if "duration" in loaded.changed else scenario.duration
        trace = read_trace(loaded.folder / arrivals.file, until_us=until_us)
    subject = Subject(
        scenario=scenario,
        name=loaded.name,
        digest=digest(scenario, trace),
        arguments=tuple(arguments),
        rows_left_out=len(trace) - bisect_left(trace, scenario.duration),
    )
    return Plan(subject, trace)


def digest(scenario: Scenario, trace: Sequence[int]) -> str:
    """Names a scenario and its trace: a short sha256 of all their values."""
    total = hashlib.sha256(json.dumps(scenario.document(), sort_keys=True).encode())
    for at_us in trace:
        total.update(f"\n{at_us}".encode())
    return total.hexdigest()[:12]
