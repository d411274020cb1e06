"""What a user does at a client, and how it ends: done, or refused with a reason."""

import asyncio
from dataclasses import dataclass

from peers.fields import Fields, JsonObject

Outcome = asyncio.Future[JsonObject]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Order:
    """One operation; the caller may have given up before it is done."""

    operation: str
    fields: Fields
    outcome: Outcome

    def give(self, answer: JsonObject) -> None:
        """Set the outcome."""
        if not self.outcome.done():
            self.outcome.set_result(answer)

    def fail(self, error: Exception) -> None:
        """Let the adapter make an error of it."""
        if not self.outcome.done():
            self.outcome.set_exception(error)


class RefusalError(Exception):
    """The client does not do it; the text is for people."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class StaleError(RefusalError):
    """The operation came too late: there is nothing left that it could change."""

    def __init__(self, message: str) -> None:
        super().__init__("not-pending", message)


def done(**details: object) -> JsonObject:
    """Answer that it is done."""
    return {"ok": details}


def refusal(error: RefusalError) -> JsonObject:
    """Answer that it is not."""
    return {"refused": {"reason": error.reason, "message": str(error)}}
