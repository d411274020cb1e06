"""The faults and the objectives of a scenario."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from invitelab.inputs.part import Part
from invitelab.inputs.units import DURATION_PATTERN, duration_text, parse_duration
from invitelab.inputs.validation import closest, shown
from invitelab.world.scenario.values import Duration, Offset, PositiveDuration, Share

# --- Faults ----------------------------------------------------------------------


class TimedFault(Part):
    """The base of all faults: when it begins, and how long it lasts."""

    at: Duration
    lasts: Annotated[PositiveDuration, Field(alias="for")]

    @property
    def until_us(self) -> int:
        """When the fault has ended, in microseconds from the beginning."""
        return self.at + self.lasts


class Loss(TimedFault):
    """This share of all messages is lost."""

    kind: Literal["loss"]
    share: Share


class Duplicate(TimedFault):
    """This share of all messages arrives twice."""

    kind: Literal["duplicate"]
    share: Share


class Reorder(TimedFault):
    """This share of all messages is delayed by `network.reorder_by`."""

    kind: Literal["reorder"]
    share: Share


class Delay(TimedFault):
    """Every message takes longer."""

    kind: Literal["delay"]
    by: PositiveDuration


class Partition(TimedFault):
    """This share of the clients is cut from the relay."""

    kind: Literal["partition"]
    share: Share


class RelayRestart(TimedFault):
    """The relay loses its queued messages, and forwards none until the end."""

    kind: Literal["relay-restart"]


class Crash(TimedFault):
    """This share of the clients crashes, and restarts at the end."""

    kind: Literal["crash"]
    share: Share


class Suspend(TimedFault):
    """This share of the clients is suspended: their timers stand still."""

    kind: Literal["suspend"]
    share: Share


class Skew(TimedFault):
    """The clocks of this share of the clients drift ahead, or behind if negative."""

    kind: Literal["skew"]
    share: Share
    by: Offset
    drift_ppm: Annotated[float, Field(ge=-100_000, le=100_000)] = 0.0
    """How much faster the clock runs besides, in millionths."""


Fault = Annotated[
    Loss
    | Duplicate
    | Reorder
    | Delay
    | Partition
    | RelayRestart
    | Crash
    | Suspend
    | Skew,
    Field(discriminator="kind"),
]
"""Any of the faults, told apart by `kind`."""

# --- Objectives ------------------------------------------------------------------

Unit = Literal["us", "1"]

METRICS: Mapping[str, Unit] = MappingProxyType(
    {
        "notify_delay": "us",
        "decision_delay": "us",
        "session_delay": "us",
        "expiry_lag": "us",
        "gone_delay": "us",
        "relay_wait": "us",
        "accepted": "1",
        "rejected": "1",
        "cancelled": "1",
        "expired": "1",
        "refused": "1",
        "relay_utilisation": "1",
        "pending_peak": "1",
    }
)
"""The metrics of objectives, and their units: microseconds, or a plain number."""

COUNTS = frozenset({"pending_peak"})
"""The metrics in plain numbers that are not shares, so that they may exceed 1."""

HIGHEST_BOUND = 1e15


def _metric(name: str) -> str:
    if name not in METRICS:
        raise ValueError(f"is unknown as {shown(name)}: {closest(name, [*METRICS])}")
    return name


def _bound(value: object) -> float | str:
    """A number or a text; `_bound_in_unit` checks it against the metric."""
    match value:
        case bool():
            pass
        case int() | float() | str():
            return value
        case _:
            pass
    raise ValueError(f"has to be a number or a duration, not {shown(value)}")


Metric = Annotated[
    str, AfterValidator(_metric), WithJsonSchema({"type": "string", "enum": [*METRICS]})
]
Bound = Annotated[
    float | str,
    PlainValidator(_bound),
    PlainSerializer(lambda bound: bound),  # A whole number stays one.
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": DURATION_PATTERN},
                {"type": "number", "minimum": 0},
            ]
        }
    ),
]


class Objective(Part):
    """A bound on one metric, which the report of a run says was met or missed."""

    metric: Metric
    quantile: Annotated[float, Field(gt=0, lt=1)] | None = None
    statistic: Literal["mean", "max"] | None = None
    at_most: Bound | None = None
    at_least: Bound | None = None

    @field_validator("at_most", "at_least")
    @classmethod
    def _fits(cls, value: float | str | None, info: ValidationInfo) -> object:
        metric = info.data.get("metric")
        if value is not None and metric is not None:
            _bound_in_unit(metric, value)
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        chosen = (self.quantile is not None) + (self.statistic is not None)
        if METRICS[self.metric] == "us" and chosen != 1:
            raise ValueError("has to have either a quantile or a statistic")
        if METRICS[self.metric] != "us" and chosen:
            raise ValueError(
                f"must not have a quantile or a statistic: {self.metric} is one number"
            )
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("has to have either at_most or at_least")
        return self

    @property
    def unit(self) -> Unit:
        """The unit of `bound`."""
        return METRICS[self.metric]

    @property
    def is_at_most(self) -> bool:
        """Whether the bound is a ceiling; otherwise it is a floor."""
        return self.at_most is not None

    @property
    def bound(self) -> float:
        """The bound in microseconds, or the plain number."""
        value = self.at_least if self.at_most is None else self.at_most
        assert value is not None, "an objective has one bound"
        return _bound_in_unit(self.metric, value)

    @property
    def statement(self) -> str:
        """The objective as a phrase: `99 % of notify_delay at most 400ms`."""
        subject = self.metric
        if self.quantile is not None:
            subject = f"{self.quantile * 100:.10g} % of {self.metric}"
        elif self.statistic is not None:
            subject = f"{self.statistic} of {self.metric}"
        limit = "at most" if self.is_at_most else "at least"
        is_time = self.unit == "us"
        words = duration_text(int(self.bound)) if is_time else f"{self.bound:.10g}"
        return f"{subject} {limit} {words}"


def _bound_in_unit(metric: str, value: float | str) -> float:
    """The bound as a number; raises ValueError where it does not fit the metric."""
    bound: float
    if METRICS[metric] == "us":
        bound = parse_duration(value if isinstance(value, str) else shown(value))
    elif isinstance(value, str):
        raise ValueError(f"has to be a number without a unit, not {shown(value)}")
    else:
        bound = value
    if not 0 <= bound <= HIGHEST_BOUND:
        raise ValueError(f"has to be from 0 to a million billions, not {shown(value)}")
    if METRICS[metric] == "1" and metric not in COUNTS and bound > 1:
        raise ValueError(f"has to be a share from 0 to 1, not {shown(value)}")
    return bound
