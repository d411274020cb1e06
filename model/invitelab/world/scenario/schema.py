"""A scenario: one frozen value with everything that a simulation depends on.

It is written as TOML (see `file.py`), or made from a mapping with the same keys:

    Scenario.model_validate({"title": "Two desks", "duration": "10min", ...})

Keys are attributes, except for keywords of Python: `for` is `lasts`, `from` is `begin`,
`to` is `end`. Durations are in microseconds, rates per second. Every value is checked
by itself and against all others that are valid.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
)

from invitelab.inputs.part import Part
from invitelab.inputs.units import DURATION_UNITS_US, duration_text
from invitelab.world.scenario.exactness import Engine, Obstacle, obstacle
from invitelab.world.scenario.faults import (
    COUNTS,
    METRICS,
    Crash,
    Delay,
    Duplicate,
    Fault,
    Loss,
    Objective,
    Partition,
    RelayRestart,
    Reorder,
    Skew,
    Suspend,
    Unit,
)
from invitelab.world.scenario.parts import (
    Answer,
    Arrivals,
    Closed,
    Network,
    People,
    Poisson,
    Population,
    Relay,
    Stage,
    Stages,
    Trace,
)
from invitelab.world.scenario.values import (
    Constant,
    Distribution,
    Duration,
    Exponential,
    Lognormal,
    PositiveDuration,
    Uniform,
    complain,
)

LONGEST_DURATION_US = 7 * 24 * DURATION_UNITS_US["h"]
LONGEST_DRAIN_US = DURATION_UNITS_US["h"]
MOST_INVITATIONS = 20_000_000
"""The most expected invitations of a replication."""

_Mistakes = Iterator[tuple[tuple[str | int, ...], object, str]]


def _within_a_week(duration_us: int) -> int:
    if duration_us > LONGEST_DURATION_US:
        raise ValueError(
            f"has to be at most 7 days (168h), not {duration_text(duration_us)}"
        )
    return duration_us


def _within_an_hour(drain_us: int) -> int:
    if drain_us > LONGEST_DRAIN_US:
        raise ValueError(f"has to be at most 1h, not {duration_text(drain_us)}")
    return drain_us


class Scenario(Part):
    """A scenario: everything about a simulation except the program."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    summary: Annotated[str, Field(max_length=2_000)] = ""
    duration: Annotated[PositiveDuration, AfterValidator(_within_a_week)]
    """How long attempts to invite are made."""
    # In a schema the defaults are as in a file: by themselves, microseconds.
    warm_up: Annotated[Duration, Field(json_schema_extra={"default": "0s"})] = 0
    """The beginning of `duration`, which delays, shares and waits exclude."""
    drain: Annotated[
        Duration,
        AfterValidator(_within_an_hour),
        Field(json_schema_extra={"default": "3min"}),
    ] = 3 * DURATION_UNITS_US["min"]
    """How long the world runs on without new attempts, so that all of them end."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    replications: Annotated[int, Field(ge=1, le=1_000)] = 5
    max_replications: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """The limit of further ones, run until each objective is decided. None: none."""
    population: Population
    arrivals: Arrivals
    people: People
    network: Network
    relay: Relay
    faults: Annotated[tuple[Fault, ...], Field(strict=False, max_length=1_000)] = ()
    objectives: Annotated[
        tuple[Objective, ...], Field(strict=False, max_length=100)
    ] = ()
    engine: Annotated[Engine, Field(strict=False)] = Engine.AUTO
    """What runs it; the results are the same, and cohorts are faster where they can."""

    @property
    def obstacle(self) -> Obstacle | None:
        """What only the events engine can follow; None where cohorts are exact."""
        return obstacle(self.arrivals, self.network, self.relay, self.faults)

    # Checks against earlier fields; what is itself wrong is missing from `info.data`.

    @field_validator("warm_up")
    @classmethod
    def _warm_up_leaves_something(cls, warm_up_us: int, info: ValidationInfo) -> int:
        duration_us = info.data.get("duration")
        if duration_us is not None and warm_up_us >= duration_us:
            raise ValueError(
                f"has to be shorter than the duration of {duration_text(duration_us)}"
            )
        return warm_up_us

    @field_validator("max_replications")
    @classmethod
    def _more_than_planned(cls, most: int | None, info: ValidationInfo) -> int | None:
        planned = info.data.get("replications")
        if most is not None and planned is not None and most < planned:
            raise ValueError(
                f"has to be at least the {planned} replications, not {most}"
            )
        return most

    @field_validator("arrivals")
    @classmethod
    def _arrivals_fit(cls, arrivals: Arrivals, info: ValidationInfo) -> Arrivals:
        population = info.data.get("population")
        if population is not None:
            complain(_too_many_helpers(arrivals, population))
        duration_us = info.data.get("duration")
        if duration_us is not None:
            complain(_too_much(arrivals, duration_us))
        return arrivals

    @field_validator("faults")
    @classmethod
    def _faults_begin(
        cls, faults: tuple[Fault, ...], info: ValidationInfo
    ) -> tuple[Fault, ...]:
        if "duration" in info.data and "drain" in info.data:
            complain(_too_late(faults, info.data["duration"] + info.data["drain"]))
        return faults

    @field_validator("objectives")
    @classmethod
    def _objectives_are_measured(
        cls, objectives: tuple[Objective, ...], info: ValidationInfo
    ) -> tuple[Objective, ...]:
        relay = info.data.get("relay")
        if relay is not None and relay.memory is None:
            complain(_unmeasured(objectives))
        return objectives

    @field_validator("engine")
    @classmethod
    def _cohorts_can(cls, engine: Engine, info: ValidationInfo) -> Engine:
        parts = ("arrivals", "network", "relay", "faults")
        if engine is Engine.COHORTS and all(part in info.data for part in parts):
            found = obstacle(**{part: info.data[part] for part in parts})
            if found is not None:
                raise ValueError(
                    f"has to be events or auto because of {found.key}: {found.why}"
                )
        return engine

    @property
    def end_us(self) -> int:
        """When the world stops: duration and drain."""
        return self.duration + self.drain

    def document(self) -> dict[str, object]:
        """The scenario as plain TOML values with all defaults; reads back equal."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def _too_many_helpers(arrivals: Arrivals, population: Population) -> _Mistakes:
    if isinstance(arrivals, Closed) and arrivals.helpers > population.clients:
        most = f"the {population.clients} clients"
        sentence = f"has to be at most {most}, not {arrivals.helpers}"
        yield ("closed", "helpers"), arrivals.helpers, sentence


def _too_much(arrivals: Arrivals, duration_us: int) -> _Mistakes:
    if isinstance(arrivals, Trace):
        return  # the rows are counted when they are read
    length = duration_text(duration_us)
    if isinstance(arrivals, Stages) and arrivals.lasts_us > duration_us:
        stages = duration_text(arrivals.lasts_us)
        sentence = f"has stages of {stages}, longer than the duration of {length}"
        yield ("stages", "stages"), arrivals.stages, sentence
        return
    expected = arrivals.expected(duration_us)
    if expected > MOST_INVITATIONS:
        sentence = (
            f"would make about {expected:,.0f} invitations in {length}; "
            f"at most {MOST_INVITATIONS:,} are made in one replication"
        )
        yield (), arrivals, sentence


def _too_late(faults: tuple[Fault, ...], end_us: int) -> _Mistakes:
    for index, fault in enumerate(faults):
        if fault.at >= end_us:
            sentence = (
                f"has to be before the end of the world at {duration_text(end_us)}"
            )
            yield (index, fault.kind, "at"), fault.at, sentence


def _unmeasured(objectives: tuple[Objective, ...]) -> _Mistakes:
    for index, objective in enumerate(objectives):
        if objective.metric == "gone_delay":
            sentence = "is measured only where relay.memory is set"
            yield (index, "metric"), objective.metric, sentence


__all__ = [
    "COUNTS",
    "METRICS",
    "Answer",
    "Arrivals",
    "Closed",
    "Constant",
    "Crash",
    "Delay",
    "Distribution",
    "Duplicate",
    "Engine",
    "Exponential",
    "Fault",
    "Lognormal",
    "Loss",
    "Network",
    "Objective",
    "Partition",
    "People",
    "Poisson",
    "Population",
    "Relay",
    "RelayRestart",
    "Reorder",
    "Scenario",
    "Skew",
    "Stage",
    "Stages",
    "Suspend",
    "Trace",
    "Uniform",
    "Unit",
]
