"""The parts of results.json that a replication itself writes.

They are apart from the rest of the document, which a worker process does not import.
"""

from enum import StrEnum
from typing import Literal, Self

from pydantic import model_validator

from invitelab.formats.ranges import Count, Instant, Value


class Outcome(StrEnum):
    """The outcome of an invitation; each one sent has exactly one."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"
    PENDING = "pending"


class FaultSpan(Value):
    """A scheduled fault; `label` is its name in charts (`30 % partitioned`)."""

    kind: str
    at_us: Count
    until_us: Count
    label: str

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Reject a fault that ends before it begins."""
        if self.at_us > self.until_us:
            raise ValueError("a fault ends after it begins")
        return self


class Moment(Value):
    """One fact about a sampled invitation: its kind, and the side it happened on."""

    at_us: Count
    kind: str
    side: Literal["inviter", "recipient"]
    detail: str = ""


class InvitationTrace(Value):
    """One sampled invitation of the first replication, from its sending to its end."""

    number: Count
    invitation: str
    inviter: str
    recipient: str
    outcome: Outcome
    moments: tuple[Moment, ...]


class Detached(Value):
    """An instrument that raised an error and was taken off, so that the run went on."""

    instrument: str
    error: str


class Violated(Value):
    """A broken invariant of the protocol; a sound implementation has none."""

    invariant: str
    at_us: Instant
    message: str
