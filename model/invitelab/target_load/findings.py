"""What the judgement of a run has found, counted, with the first examples."""

from collections import Counter
from dataclasses import dataclass, field

from invitelab.protocol.observed import Broken, Observed
from invitelab.protocol.values import ClientSpec

MOST_EXAMPLES = 3
"""The examples that are kept of each clause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One invitation, or one view, that breaks a clause."""

    at_us: int
    room: int
    what: str
    number: int | None = None
    """The attempt; None where it is about no invitation."""
    observed: Observed | None = None
    before: tuple[Observed, ...] = ()
    """What either side took part in before, as far as it is kept."""
    clients: tuple[ClientSpec, ...] = ()
    """Where it is about no invitation: who was looked at."""


@dataclass(slots=True)
class Findings:
    """The clauses that were broken.

    A clause that an invitation breaks only where it depends on an interpretation is
    among the `deviations`, as the clause of that interpretation.
    """

    broken: Counter[str] = field(default_factory=Counter[str])
    deviations: Counter[str] = field(default_factory=Counter[str])
    examples: dict[str, list[Example]] = field(default_factory=dict[str, list[Example]])
    judged: int = 0
    """The number of invitations that were judged."""

    def add(self, found: Broken, example: Example, *, deviation: bool) -> None:
        """Count one."""
        (self.deviations if deviation else self.broken)[found.clause] += 1
        kept = self.examples.setdefault(found.clause, [])
        if len(kept) < MOST_EXAMPLES:
            kept.append(example)
