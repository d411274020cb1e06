"""Types that all messages of the adapter protocol are made of."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, FailFast, Field

Token = Annotated[str, Field(min_length=1, max_length=512)]
"""An opaque id: of a scenario, a client, an invitation or a session."""

Text = Annotated[str, Field(max_length=4096)]

MOST_MS = 2**53
"""The longest time of a message, in milliseconds."""

Milliseconds = Annotated[int, Field(ge=0, le=MOST_MS)]

Row = TypeVar("Row")

Many = Annotated[tuple[Row, ...], Field(strict=False), FailFast()]
"""A list whose validation stops at the first mistake, to bound time and memory."""


class Wire(BaseModel):
    """The base of all messages."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Empty(Wire):
    """An object whose fields are ignored."""
