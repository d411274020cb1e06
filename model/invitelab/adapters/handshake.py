"""The handshake of the adapter protocol: who asks, who answers, and what it can do."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from invitelab.adapters.wire_types import Many, Text, Wire

PROTOCOL_VERSION = 1


class Capability(StrEnum):
    """A part of the protocol that an implementation declares or declines."""

    MENU = "menu"
    DIRECT = "direct"
    POPUP = "popup"
    TILES = "tiles"
    EMAIL = "email"
    SESSION_PERMISSIONS = "session-permissions"
    PROFILE_EDIT = "profile-edit"
    PRESENCE = "presence"
    MODIFY = "modify"
    OLD_VERSIONS = "old-versions"
    OTHER_PLATFORMS = "other-platforms"
    ALIAS = "alias"


ASSUMED = frozenset(
    {
        Capability.MODIFY,
        Capability.OLD_VERSIONS,
        Capability.OTHER_PLATFORMS,
        Capability.ALIAS,
    }
)
"""Declared unless declined: adapters written before them name none of them."""


CapabilityName = Annotated[Capability, Field(strict=False)]
"""A Capability, which is a string in JSON."""


class Harness(Wire):
    """The name and version of the harness."""

    name: Text
    version: Text


class Initialize(Wire):
    """`initialize`: the first message of a connection."""

    protocol: int
    harness: Harness


class Implementation(Wire):
    """The name, version and language of the implementation."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    version: Annotated[str, Field(max_length=200)]
    language: Annotated[str, Field(max_length=200)] = ""


class Decline(Wire):
    """A capability that the implementation does not have, and the reason."""

    capability: CapabilityName
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class Initialized(Wire):
    """The answer to `initialize`. Every capability is declared or declined."""

    protocol: int
    implementation: Implementation
    clock: Literal["virtual", "real"]
    resolution_ms: Annotated[int, Field(ge=0, le=60_000)] = 1
    settle_ms: Annotated[int, Field(ge=0, le=60_000)] | None = None
    early_ms: Annotated[int, Field(ge=0, le=60_000)] | None = None
    """By how much an invitation may end before its two minutes are over."""
    late_ms: Annotated[int, Field(ge=0, le=60_000)] | None = None
    """By how much it may end after them."""
    lifetime_ms: Annotated[int, Field(ge=1000, le=120_000)] | None = None
    """The lifetime of an invitation whose timer is set to less than two minutes."""
    parallel: bool = False
    pipelined: bool = False
    """Whether several calls may be under way on one connection."""
    capabilities: Many[CapabilityName]
    declines: Many[Decline] = ()

    @model_validator(mode="after")
    def every_capability_is_answered(self) -> "Initialized":
        """Raise ValueError unless each capability is in exactly one of the lists."""
        declared = set(self.capabilities)
        declined = {entry.capability for entry in self.declines}
        both = sorted(declared & declined)
        neither = sorted(set(Capability) - ASSUMED - declared - declined)
        if both:
            msg = f"declared and declined at once: {', '.join(both)}"
            raise ValueError(msg)
        if neither:
            msg = f"neither declared nor declined: {', '.join(neither)}"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def only_a_real_clock_is_scaled(self) -> "Initialized":
        """Raise ValueError for a `lifetime_ms` beside a virtual clock."""
        if self.lifetime_ms is not None and self.clock != "real":
            raise ValueError(
                "lifetime_ms is for a real clock: with a virtual one nothing waits"
            )
        return self

    @property
    def is_settling_assumed(self) -> bool:
        """Whether `settling_ms` is a guess: a real clock without a `settle_ms`."""
        return self.settle_ms is None and self.clock != "virtual"

    @property
    def settling_ms(self) -> int:
        """How long an effect may take to show at another client, in milliseconds."""
        if self.settle_ms is not None:
            return self.settle_ms
        return 0 if self.clock == "virtual" else 2000
