"""What commands print with `--format json`: one document, with the same frame for all.

`format` is that of all these documents. `exit_code` is that of the command, and `text`
its last line for people. A command that could not do its work prints a `Failed` in
place of its own document, which has the error and nothing else.
"""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from invitelab.errors import Blame
from invitelab.formats.learned_beside import LearnedBeside
from invitelab.formats.ranges import Amount, Count, Positive, Seed, Value
from invitelab.formats.results import Objective, Outcome, Source
from invitelab.formats.run import ClauseRecord, Level, RunVerdict, Verdict
from invitelab.formats.several_results import Comparison, Search

OUTPUT_FORMAT: Final = 1


class Problem(Value):
    """Why a command could not do its work, in a sentence, and what to do."""

    message: str
    hint: str


class Output(Value):
    """The frame of every document."""

    format: Literal[1] = OUTPUT_FORMAT
    harness: str
    """`invitelab` and its version."""
    exit_code: Count


class Failed(Output):
    """What is printed in place of a document that could not be made."""

    command: str
    error: Problem


class Failure(Value):
    """A scenario that did not pass; `known` is the issue of a known failure."""

    verdict: Verdict
    clauses: tuple[str, ...]
    level: Level
    title: str
    example: str | None
    feature: str
    line: Count
    kind: str | None
    blame: Blame | None
    message: str | None
    needed: tuple[str, ...]
    known: str | None
    repeat: str
    """The command that runs this scenario again."""
    blocked_by: str | None = None
    """The clause that it breaks, where an operation of another one was refused."""


class CheckedTarget(Value):
    """The run of one target; `verdict` is None where it has no end."""

    target: str
    implementation: str | None
    clock: str | None
    proven: bool
    seed: Seed
    depth: str | None
    verdict: RunVerdict | None
    text: str
    reason: str | None
    blame: Blame | None
    exit_code: Count | None
    whole: bool
    totals: Mapping[str, Count]
    clauses: tuple[ClauseRecord, ...]
    failures: tuple[Failure, ...]
    walks: str | None
    learned: LearnedBeside | None
    """What `--learn` came to; None without it."""
    stale: tuple[str, ...]
    problem: Problem | None
    report: str | None
    """The page, as a path; None where it could not be written."""


class CheckOutput(Output):
    """`check`: the targets in the order of the command line.

    With `--repeat`, each has its worst run.
    """

    command: Literal["check"] = "check"
    targets: tuple[CheckedTarget, ...]


class Delay(Value):
    """A delay in microseconds; a quantile is None with too few samples or never."""

    metric: str
    count: Count
    never: Count
    p50_us: Amount | None
    p99_us: Amount | None
    p999_us: Amount | None
    longest_us: Amount | None


class Simulated(Value):
    """A simulation in short; `results.json` in the folder of the report has it whole.

    `verdict` is MET, MISSED, UNDECIDED, NO OBJECTIVES, INCOMPLETE, INVALID or
    NON-CONFORMANT. `broken` are the clauses that a target broke.
    """

    name: str
    title: str
    source: Source
    subject: str
    seed: Seed
    replications: Positive
    verdict: str
    text: str
    complete: bool
    attempts: Count
    emailed: Count
    outcomes: Mapping[Outcome, Count]
    objectives: tuple[Objective, ...]
    delays: tuple[Delay, ...]
    broken: tuple[str, ...] = ()
    repeat: str


class SimulateOutput(Output):
    """`simulate`."""

    command: Literal["simulate"] = "simulate"
    simulation: Simulated
    report: str | None


class Planned(Value):
    """What `simulate --dry-run` would run; `attempts` are expected in a replication.

    With a `target` there is neither an engine nor a number of workers; a cluster has
    its own. `cpu_s` is a rough estimate, which leaves out repeated messages.
    `relay_load` is the share of what the relay can forward that is offered at the
    highest rate; from 1 on it is overloaded. It is None where the rate is not known.
    `memory_bytes` is a rough estimate for each process.
    """

    name: str
    title: str
    target: str | None
    clients: Count
    room: Count | None
    duration_us: Count
    warm_up_us: Count
    end_us: Count
    seed: Seed
    replications: Positive
    max_replications: Positive | None
    attempts: Amount
    objectives: Count
    engine: Literal["events", "cohorts"] | None
    engine_because: str
    workers: Positive | None
    cpu_s: Amount | None
    relay_load: Amount | None = None
    memory_bytes: Amount | None = None
    report: str


class PlanOutput(Output):
    """`simulate --dry-run`."""

    command: Literal["simulate"] = "simulate"
    plan: Planned


class PlannedPoint(Value):
    """A point that a sweep would run; a point of a grid has a second value."""

    value: str
    second: str | None = None
    plan: Planned


class SweepPlanned(Value):
    """What `sweep --dry-run` would run.

    A search tries at most `most_points` of its `values`, and `points` has some of them
    with both ends; else it has all. `cpu_s` is a rough estimate for all that is run, of
    a search at most. `runs` are the first replications of `most_points`; objectives
    may add some.
    """

    path: str
    second_path: str | None
    search: bool
    values: Positive
    most_points: Positive
    runs: Positive
    workers: Positive | None
    cpu_s: Amount
    memory_bytes: Amount
    report: str
    points: tuple[PlannedPoint, ...]


class SweepPlanOutput(Output):
    """`sweep --dry-run`."""

    command: Literal["sweep"] = "sweep"
    plan: SweepPlanned


class SimulatedPoint(Value):
    """A point of a sweep: its value as it was written, and what was found there.

    A point of a grid has a second value.
    """

    value: str
    second: str | None = None
    simulation: Simulated


class SweepOutput(Output):
    """`sweep`: the points in the order of the values, or as a search has tried them.

    `settings` is what all points were run at, and what differs, as the page tells it.
    """

    command: Literal["sweep"] = "sweep"
    title: str
    path: str
    second_path: str | None = None
    search: Search | None = None
    text: str
    settings: Mapping[str, str] = {}
    points: tuple[SimulatedPoint, ...]
    report: str | None


class CompareOutput(Output):
    """`compare`: the comparison as it is in comparison.json."""

    command: Literal["compare"] = "compare"
    text: str
    comparison: Comparison
    report: str | None


class LivingMutant(Value):
    """A mutant that no scenario of its clause has killed."""

    name: str
    clause: str
    defect: str
    status: str
    reason: str


class ProveOutput(Output):
    """`prove`: the totals and whatever is wrong; `proof.json` has everything."""

    command: Literal["prove"] = "prove"
    suite: str
    verdict: Literal["PROVEN", "NOT PROVEN"]
    mutants: Count
    killed: Count
    survivors: tuple[LivingMutant, ...]
    conforming_variants: Count
    null_implementations: Count
    scenarios: Count
    redundant: Count
    findings: tuple[str, ...]
    report: str | None


class CitingScenario(Value):
    """A scenario that cites a clause; `rows` are those of its Examples, or 1."""

    feature: str
    line: Count
    title: str
    rows: Count


class ListedClause(Value):
    """A clause; `policy` names the fields of `Policy` that interpret it."""

    clause: str
    level: Level
    section: str
    text: str
    policy: tuple[str, ...]
    scenarios: tuple[CitingScenario, ...]


class ClausesOutput(Output):
    """`clauses`: all, or the one that was asked for."""

    command: Literal["clauses"] = "clauses"
    clauses: tuple[ListedClause, ...]


OUTPUTS: Final[Mapping[str, tuple[type[Output], ...]]] = {
    "check": (CheckOutput,),
    "clauses": (ClausesOutput,),
    "compare": (CompareOutput,),
    "prove": (ProveOutput,),
    "simulate": (SimulateOutput, PlanOutput),
    "sweep": (SweepOutput, SweepPlanOutput),
}
"""The documents of each command that has `--format`."""


def schema(command: str) -> dict[str, object]:
    """The JSON Schema (2020-12) of what a command prints: its document, or a Failed."""
    either: tuple[type[Output], ...] = (*OUTPUTS[command], Failed)
    places, found = models_json_schema([(one, "serialization") for one in either])
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "anyOf": [places[one, "serialization"] for one in either],
        **found,
    }
