"""The product variant that a run was judged by, as its header has it."""

from pydantic import Field

from invitelab.formats.tried import Record


class ProductRecord(Record):
    """A variant; a run by the product of the specification has none."""

    name: str
    file: str
    lifetime_ms: int
    otherwise: dict[str, str] = Field(default_factory=dict[str, str])
    """By clause, the interpretation that this product has otherwise."""
