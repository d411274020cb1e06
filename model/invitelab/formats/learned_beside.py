"""What a run has on record of the learning beside it."""

from invitelab.formats.tried import Record


class LearnedBeside(Record):
    """What learning the target's state machine came to, beside its verdict."""

    says: str
    """States and bound, or why nothing was learned."""
    page: str | None = None
    """The page of the machine, as seen from the folder of the run."""
