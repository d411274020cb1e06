"""The table: every finding with a verdict that allows for how many there are.

The correction is Bonferroni's: an interval misses with the total error over the number
of intervals, so all of them together hold the exact values with a probability of 99 %,
however they depend on each other (O. J. Dunn, "Multiple comparisons among means", JASA
56 (1961), page 52).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from findings import (
    IDENTITY,
    Finding,
    Measured,
    Premises,
    findings,
    measured,
    of_all,
    premises,
)
from parameter_sets import ParameterSet

from invitelab.world.scenario.exactness import Engine

ERROR = 0.01
"""The probability that anything is outside although all is right."""

PLAIN = 0.05
"""The error of intervals that allow for nothing: so many should miss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A finding with its interval; `plain` is whether one of 95 % holds the value."""

    finding: Finding
    low: float
    high: float
    plain: bool

    @property
    def holds(self) -> bool:
        """Whether the exact value is inside, or the identity exact."""
        return self.low <= self.finding.exact <= self.high

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.finding.kind == IDENTITY:
            return "exact" if self.holds else "**not exact**"
        return "inside" if self.holds else "**outside**"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All rows of a run; `error` is that of one interval."""

    sets: Sequence[ParameterSet]
    rows: Sequence[Row]
    error: float
    premises: Premises

    @property
    def wrong(self) -> Sequence[Row]:
        """The rows whose exact value was missed."""
        return [row for row in self.rows if not row.holds]

    @property
    def summary(self) -> str:
        """What came out, in a few sentences."""
        plain = [row for row in self.rows if row.finding.kind != IDENTITY]
        exact = [row for row in self.rows if row.finding.kind == IDENTITY]
        inside, same = (sum(row.holds for row in some) for some in (plain, exact))
        beside = sum(not row.plain for row in plain)
        known = self.premises
        return (
            f"{len(self.sets)} parameter sets, {known.replications:,} replications, "
            f"{known.attempts:,} attempts: {inside} of {len(plain)} exact values are "
            f"inside their intervals, whose error is {ERROR:.0%} for all together "
            f"(Bonferroni: {self.error:.2g} for each), and {same} of {len(exact)} "
            f"identities are exact. Plain intervals of {1 - PLAIN:.0%} would miss "
            f"{beside}; {PLAIN * len(plain):.0f} are expected. "
            f"Premises: {known.repeated} messages were repeated, {known.delayed} "
            f"replications with a wait in a wide relay, "
            f"{known.refused} attempts refused."
        )

    def caught(self) -> str:
        """How many rows of each quantity missed the exact value; empty for none."""
        counted = Counter(row.finding.quantity for row in self.wrong)
        return "; ".join(f"{name}: {count}" for name, count in counted.most_common())


def tabulate(
    sets: Sequence[ParameterSet],
    *,
    replications: int,
    engine: Engine = Engine.COHORTS,
    watch: Callable[[int], None] = lambda _done: None,
) -> Table:
    """Run all sets, and judge all of their findings; `watch` gets how many are done."""
    found: list[Measured] = []
    known = Premises()
    for one in sets:
        found.append(measured(one, replications, engine))
        known = known.plus(premises(found[-1]))
        watch(len(found))
    every = [finding for one in found for finding in findings(one)]
    every += of_all(found)
    error = ERROR / max(1, sum(one.kind != IDENTITY for one in every))
    return Table(
        sets=sets,
        rows=[_row(one, error) for one in every],
        error=error,
        premises=known,
    )


def _row(finding: Finding, error: float) -> Row:
    low, high = finding.interval(error)
    least, most = finding.interval(PLAIN)
    plain = least <= finding.exact <= most
    return Row(finding=finding, low=low, high=high, plain=plain)


def markdown(table: Table) -> str:
    """The sets, the rows and the summary."""
    sets = [f"| {one.number} | {one.text} |" for one in table.sets]
    rows = [_line(row) for row in table.rows]
    return "\n".join(
        [
            "| set | parameters |",
            "|---|---|",
            *sets,
            "",
            "| set | quantity | exact | interval | by | verdict |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            table.summary,
            *([f"Missed: {table.caught()}."] if table.wrong else []),
        ]
    )


def _line(row: Row) -> str:
    one = row.finding
    span = f"{row.low:.6g}"
    if one.kind != IDENTITY:
        span += f" to {row.high:.6g}"
    cells = (one.subject, one.quantity, f"{one.exact:.6g}", span, one.kind, row.verdict)
    return f"| {' | '.join(cells)} |"
