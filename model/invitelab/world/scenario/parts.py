"""The tables of a scenario: population, arrivals, people, network and relay."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from invitelab.inputs.part import Part
from invitelab.inputs.units import DURATION_UNITS_US
from invitelab.inputs.validation import shown
from invitelab.protocol.values import Platform, Version
from invitelab.world.scenario.values import (
    Distribution,
    Exponential,
    Lognormal,
    PositiveDuration,
    PositiveRate,
    Rate,
    Share,
    Uniform,
    sums_to_one,
)

_SECOND_US = DURATION_UNITS_US["s"]

# --- Population ------------------------------------------------------------------


def _version(text: str) -> str:
    try:
        Version.parse(text)
    except ValueError:
        raise ValueError("is not a version of the form major.minor.patch") from None
    return text


def _whole(shares: Mapping[str, float]) -> Mapping[str, float]:
    sums_to_one(shares.values())
    return shares


def _with_windows(shares: Mapping[Platform, float]) -> Mapping[Platform, float]:
    sums_to_one(shares.values())
    # Only a client on Windows is offered an entry point (PLATFORM-1).
    if not shares.get(Platform.WINDOWS):
        raise ValueError("has to give windows a share above 0: nobody else can invite")
    return shares


VersionText = Annotated[
    str,
    AfterValidator(_version),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"}),
]
PlatformName = Annotated[Platform, Field(strict=False)]


class Population(Part):
    """The clients. Each share is of all clients, and is drawn independently."""

    clients: Annotated[int, Field(ge=2, le=20_000_000)]
    versions: Annotated[
        Mapping[VersionText, Share], Field(max_length=100), AfterValidator(_whole)
    ]
    platforms: Annotated[
        Mapping[PlatformName, Share], AfterValidator(_with_windows)
    ] = {Platform.WINDOWS: 1.0}
    portable: Share = 0.0
    """Without an alias."""
    locked: Share = 0.0
    """With a custom build that locks permissions."""
    offline: Share = 0.0
    """Not connected when the world begins."""
    contacts: Annotated[int, Field(ge=0, le=50)] = 4
    """Contact tiles a client has; fewer where there are fewer others."""
    room: Annotated[int, Field(ge=2, le=20_000_000)] | None = None
    """Most clients of a room: clients invite within theirs only. None: one room."""


# --- Arrivals --------------------------------------------------------------------


class Poisson(Part):
    """Attempts to invite at a constant rate, independent of each other."""

    kind: Literal["poisson"]
    rate: PositiveRate

    def expected(self, duration_us: int) -> float:
        """The expected number of attempts within `duration_us`."""
        return self.rate * duration_us / _SECOND_US


class Stage(Part):
    """A time with a constant rate, or with a rate that changes linearly."""

    lasts: Annotated[PositiveDuration, Field(alias="for")]
    rate: Rate | None = None
    begin: Annotated[Rate | None, Field(alias="from")] = None
    end: Annotated[Rate | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ramp = self.begin is not None and self.end is not None
        part = self.begin is not None or self.end is not None
        if self.rate is None and not ramp:
            raise ValueError("has to have a rate, or both from and to")
        if self.rate is not None and part:
            raise ValueError("has to have a rate, or from and to, but not all of them")
        return self

    @property
    def rates(self) -> tuple[float, float]:
        """The rates per second at the beginning and at the end of the stage."""
        if self.rate is not None:
            return self.rate, self.rate
        return self.begin or 0.0, self.end or 0.0


def _some_rate(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    if not stages:
        raise ValueError("has to have at least one stage")
    if not any(max(stage.rates) > 0 for stage in stages):
        raise ValueError("has to have a rate above zero somewhere")
    return stages


class Stages(Part):
    """Attempts at a rate that changes; the last rate holds to the end of the run."""

    kind: Literal["stages"]
    stages: Annotated[
        tuple[Stage, ...],
        # pydantic's own minimum length does not count an invalid stage.
        Field(strict=False, max_length=1_000, json_schema_extra={"minItems": 1}),
        AfterValidator(_some_rate),
    ]

    @property
    def lasts_us(self) -> int:
        """The sum of all stages in microseconds."""
        return sum(stage.lasts for stage in self.stages)

    def expected(self, duration_us: int) -> float:
        """The expected number of attempts; `duration_us` is at least `lasts_us`."""
        within = sum(sum(one.rates) / 2 * one.lasts for one in self.stages)
        rest = self.stages[-1].rates[1] * (duration_us - self.lasts_us)
        return (within + rest) / _SECOND_US


def _relative(text: str, info: ValidationInfo) -> str:
    if PurePosixPath(text).is_absolute() or PureWindowsPath(text).drive:
        raise ValueError("has to be relative to the scenario's folder")
    if ".." in PurePosixPath(text.replace("\\", "/")).parts:
        raise ValueError("must not leave the scenario's folder")
    if not text.isprintable():
        raise ValueError("has to be a file name without control characters")
    # The context is the scenario's folder where it was read from a file.
    if isinstance(info.context, Path) and not _is_file(info.context / text):
        raise ValueError(f"names {shown(text)}, which is not beside the scenario")
    return text


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # A name can be too long for the system.
        return False


class Trace(Part):
    """Attempts at the instants of a CSV file."""

    kind: Literal["trace"]
    file: Annotated[
        str, Field(min_length=1, max_length=1_000), AfterValidator(_relative)
    ]


def _lasting(pause: Distribution) -> Distribution:
    # A refused helper repeats at once: without a pause, time would not advance.
    if pause.mean_us == 0:
        raise ValueError("has to take some time")
    return pause


class Closed(Part):
    """Helpers; each invites, waits for the end of that, pauses, and repeats."""

    kind: Literal["closed"]
    helpers: Annotated[int, Field(ge=1, le=20_000_000)]
    pause: Annotated[Distribution, AfterValidator(_lasting)]

    def expected(self, duration_us: int) -> float:
        """The most attempts that are expected: as if each ended at once."""
        return self.helpers * max(1.0, duration_us / self.pause.mean_us)


Arrivals = Annotated[Poisson | Stages | Trace | Closed, Field(discriminator="kind")]
"""The arrivals of attempts to invite, told apart by `kind`."""

# --- People ----------------------------------------------------------------------


class Answer(Part):
    """The shares of recipients who accept, reject or ignore an invitation they see."""

    accept: Share
    reject: Share
    ignore: Share

    @model_validator(mode="after")
    def _whole(self) -> Self:
        sums_to_one((self.accept, self.reject, self.ignore))
        return self


# Not validated, which would build their validators in every worker process.
CANCEL_AFTER = Exponential.model_construct(
    distribution="exponential", mean=15 * _SECOND_US
)
MODIFY_AFTER = Uniform.model_construct(
    distribution="uniform", low=_SECOND_US, high=20 * _SECOND_US
)
SESSION = Exponential.model_construct(distribution="exponential", mean=300 * _SECOND_US)
EMAIL_AFTER = Lognormal.model_construct(
    distribution="lognormal", median=180 * _SECOND_US, sigma=1.0
)
REORDER_BY = Uniform.model_construct(
    distribution="uniform", low=0, high=_SECOND_US // 2
)


class People(Part):
    """What inviters and recipients do. Each share is a probability per invitation."""

    answer: Answer
    think: Distribution
    """From seeing an invitation to answering it."""
    cancel: Share = 0.0
    cancel_after: Distribution = CANCEL_AFTER
    """From sending to cancelling."""
    modify: Share = 0.0
    modify_after: Distribution = MODIFY_AFTER
    """From sending to changing the profile."""
    by_alias: Share = 0.3
    """Typed as an alias, where the recipient has one."""
    by_tile: Share = 0.2
    """Started from a contact tile."""
    session: Distribution = SESSION
    """How long a session runs; only closed arrivals wait for it."""
    email_fallback: Share = 1.0
    """Write an email where a direct invitation is not possible."""
    email_connect: Share = 0.5
    """Recipients of an email who then connect."""
    email_after: Distribution = EMAIL_AFTER
    """From the email to connecting."""


# --- Network and relay -----------------------------------------------------------


class Network(Part):
    """What is between clients and the relay. Shares are for a message's whole way."""

    latency: Distribution
    """One leg: from a client to the relay, or from the relay to a client."""
    loss: Share = 0.0
    duplication: Share = 0.0
    reordering: Share = 0.0
    reorder_by: Distribution = REORDER_BY
    """How much longer a reordered message takes."""


class Relay(Part):
    """The relay: one pool of workers for each message class."""

    servers: Annotated[int, Field(ge=1, le=100_000)]
    """Workers in each pool."""
    service: Distribution
    """How long a worker takes for a message."""
    queue: Annotated[int, Field(ge=0, le=10**9)] | None = None
    """The longest queue of a pool; beyond it messages are dropped. None: no limit."""
    memory: Annotated[int, Field(ge=1, le=10**9)] | None = None
    """How many invitations and ends it has state for at once. None: no limit."""

    @property
    def capacity_per_s(self) -> float:
        """Messages per second that a pool can forward; infinite if service takes 0."""
        mean_us = self.service.mean_us
        return self.servers * _SECOND_US / mean_us if mean_us else float("inf")
