"""The replications of a scenario, added until its objectives are decided."""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Sequence

from invitelab.formats.results import Results
from invitelab.study.assemble import Subject, assemble
from invitelab.study.figures import judge_objectives, looks
from invitelab.study.measurement import Measurement
from invitelab.study.objectives import all_decided
from invitelab.study.replication import Job
from invitelab.world.product import SPECIFIED, Product, current_product
from invitelab.world.scenario.arrival_trace import trace_of
from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.schema import Scenario


class Plan:
    """The replications of one scenario: jobs to run, and their measurements.

    Which replications are run depends on the measurements of earlier ones alone: not on
    the number of workers, nor on the order in which jobs end.
    """

    def __init__(self, subject: Subject, trace: Sequence[int] = ()) -> None:
        self._subject = subject
        self._trace = trace
        self._whole: dict[int, Measurement] = {}
        self._cut_off: list[Measurement] = []
        self.wanted = subject.scenario.replications
        """The number of replications that is planned so far."""
        self.results: Results | None = None
        """The results, once all replications are complete."""

    @property
    def end_us(self) -> int:
        """The length of each replication in microseconds of virtual time."""
        return self._subject.scenario.end_us

    @property
    def done(self) -> int:
        """The number of complete replications."""
        return self.wanted if self.results else len(self._whole)

    def begin(self) -> list[Job]:
        """The first jobs."""
        return self._jobs(range(self.wanted))

    def add(self, measurement: Measurement) -> list[Job]:
        """Add the measurement of a job; returns the jobs that follow from it."""
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
        """The results after an interruption; None where nothing had begun."""
        if self.results is not None:
            return self.results
        measurements = self._in_order()
        if not measurements and self._cut_off:
            # One that was cut off is only used where none is complete.
            measurements = [min(self._cut_off, key=lambda one: one.number)]
        return (
            assemble(self._subject, measurements, complete=False)
            if measurements
            else None
        )

    def _jobs(self, numbers: range) -> list[Job]:
        subject = self._subject
        return [
            Job(
                scenario=subject.scenario,
                seed=subject.scenario.seed,
                number=number,
                trace=self._trace,
                product=subject.product,
            )
            for number in numbers
        ]

    def _wanted_now(self) -> int:
        scenario = self._subject.scenario
        tests = self._subject.tests
        if all_decided(judge_objectives(scenario, self._in_order(), tests=tests)):
            return self.wanted
        return looks(scenario, tests).after(self.wanted)

    def _in_order(self) -> list[Measurement]:
        return [self._whole[number] for number in sorted(self._whole)]


def plan(
    loaded: Loaded,
    *,
    seed: int | None,
    replications: int | None,
    arguments: Sequence[str] = (),
    tests: int = 1,
) -> Plan:
    """Plan a scenario; with `replications` exactly so many, decided or not.

    It is one of `tests` whose verdicts all have to be right: see `Looks`.

    Raises UsageError where the scenario's trace cannot be read, or has rows after a
    duration that was not changed for this run.
    """
    scenario = loaded.scenario
    update: dict[str, int | None] = {} if seed is None else {"seed": seed}
    if replications is not None:
        update |= {"replications": replications, "max_replications": None}
    scenario = scenario.model_copy(update=update)
    trace = trace_of(loaded)
    subject = Subject(
        scenario=scenario,
        name=loaded.name,
        digest=digest(scenario, trace, current_product()),
        arguments=tuple(arguments),
        product=current_product(),
        rows_left_out=len(trace) - bisect_left(trace, scenario.duration),
        tests=tests,
    )
    return Plan(subject, trace)


def digest(
    scenario: Scenario, trace: Sequence[int], product: Product = SPECIFIED
) -> str:
    """The first 12 hex digits of the SHA-256 of a scenario and its arrival trace.

    Another product is another world, and a part of it.

    The engine is no part of it: the results are the same.
    """
    document = scenario.document()
    del document["engine"]
    total = hashlib.sha256(json.dumps(document, sort_keys=True).encode())
    if not product.is_specified:
        total.update(f"\n{product.policy}".encode())
    for at_us in trace:
        total.update(f"\n{at_us}".encode())
    return total.hexdigest()[:12]
