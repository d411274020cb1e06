"""What the rows of a run have tried, as a record of its own kind."""

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """The base of all records."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tried(Record):
    """What the rows of a run cover; shares are (tried, possible)."""

    runs: int
    values: tuple[int, int]
    pairs: tuple[int, int]
    triples: tuple[int, int]
    """Of the core factors."""
    by_clause: tuple[int, int]
    """Clauses with a value that can matter to them."""
    left_out: dict[str, tuple[str, ...]] = Field(
        default_factory=dict[str, tuple[str, ...]]
    )
    """By factor the values that the target cannot be given."""
    rare: tuple[tuple[str, int], ...] = ()
    """The pairs that occur the least, and how often."""
