"""The failures of a run grouped by their causes, the nearest to a mistake first.

A failure belongs to the clause that speaks of what was seen first, if that clause is
broken in a scenario of its own too; otherwise to its own clause. Clauses that see one
mistake from several sides are one cause: an invitation that outlives its end is seen by
the inviter, by the recipient, and by whoever accepts it. The first cause is the one
that takes the least to be seen: no special values, then a short scenario, then that
most scenarios of its clause fail. Otherwise the order is that of the specification.
What follows from an end that never came is no cause where more failures show that end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from invitelab.formats.evidence import COUNTS_AT_ANY_LEVEL, broken
from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.formats.specification import load_sentences
from invitelab.formats.transcript import clauses_of
from invitelab.reporting.conformance.deviation import (
    ADDRESSES,
    CANCELLED,
    EXPIRED,
    LIFETIME_MS,
    REJECTED,
    TILES,
    Deviation,
    deviation,
    speaks_of,
)

SIDES: Sequence[tuple[str, ...]] = (
    ("EXPIRY-2", "EXPIRY-3", "EXPIRY-4"),
    ("PENDING-2", "PENDING-3"),
)
"""Clauses that see one mistake from several sides; the first names it."""

ENDS: Mapping[str, str] = {
    **dict.fromkeys(SIDES[0], EXPIRED),
    **dict.fromkeys(SIDES[1], CANCELLED),
    "ANSWER-1": REJECTED,
}
"""The end of an invitation that each clause is about."""

EMAIL_ENTRIES = ("EMAIL-5", "EMAIL-6", "EMAIL-7")
PENDING = frozenset(
    {"ANSWER-1", "NOTIFY-1", "NOTIFY-2", "PENDING-1", "PENDING-2", "SESSION-1"}
)
"""Clauses that only hold while an invitation has not ended."""

BY_ANSWER = frozenset({"ANSWER-1", "SESSION-1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A clause that is broken, and the failures that follow from what it shows."""

    clause: str
    records: tuple[ScenarioRecord, ...]
    """Those of its own scenarios first, the shortest first."""

    @property
    def known(self) -> bool:
        """Whether the baseline has all of it."""
        return all(record.known is not None for record in self.records)

    @property
    def also(self) -> tuple[str, ...]:
        """The other clauses that fail with it."""
        names = chain.from_iterable(map(clauses_of, self.records))
        return tuple(dict.fromkeys(one for one in names if one != self.clause))


def causes(run: Run) -> tuple[Cause, ...]:
    """The causes of all that is broken in a run, known failures last."""
    product = run.header.profile
    lifetime_ms = run.header.lifetime_ms or (
        LIFETIME_MS if product is None else product.lifetime_ms
    )
    found = [deviation(record, lifetime_ms) for record in broken(run.scenarios)]
    groups = _grouped(found)
    common = (
        frozenset[str].intersection(*(one.needed for one in found)) if found else ()
    )
    shares = {one.clause: one.passed / max(1, one.scenarios) for one in run.clauses}
    places, blocking = _places(), blockers(run)

    def effort(one: Deviation) -> tuple[int, int]:
        return len(one.needed.difference(common)), one.events.total()

    def rank(clause: str) -> tuple[bool, bool, bool, int, int, float, int]:
        failures = groups[clause]
        own = [one for one in failures if clause in one.record.clauses]
        values, events = map(min, zip(*map(effort, own or failures), strict=True))
        return (
            all(one.record.known is not None for one in failures),
            clause not in blocking,
            not own,
            values,
            events,
            shares.get(clause, 0.0),
            places.get(clause, len(places)),
        )

    order = sorted(groups, key=rank)
    order = _without_consequences(order, groups)
    return tuple(
        Cause(
            clause=clause,
            records=tuple(
                one.record
                for one in sorted(
                    groups[clause],
                    key=lambda one: (clause not in one.record.clauses, effort(one)),
                )
            ),
        )
        for clause in order
    )


def blockers(run: Run) -> tuple[str, ...]:
    """IDs of the clauses that kept others from being tried at all."""
    blocked = {one.clause for one in run.clauses if one.verdict is Verdict.BLOCKED}
    found = [
        record.blocked_by
        for record in run.scenarios
        if record.blocked_by is not None and blocked & set(record.clauses)
    ]
    return tuple(dict.fromkeys(found))


Groups = dict[str, list[Deviation]]


def _grouped(found: Iterable[Deviation]) -> Groups:
    """The failures by the clause that is their cause."""
    own: Groups = {}
    groups: Groups = {}
    errors: dict[tuple[str | None, str], str] = {}
    failures = sorted(found, key=lambda one: one.events.total())
    for one in failures:
        for clause in clauses_of(one.record):
            own.setdefault(clause, []).append(one)
    for one in failures:
        clause = _cause_of(one, own)
        if one.record.kind in COUNTS_AT_ANY_LEVEL:
            # The same call that does not come back is the same mistake everywhere.
            clause = errors.setdefault((one.record.kind, one.last_call), clause)
        groups.setdefault(clause, []).append(one)
    _join_ways(groups, own)
    _join_emails(groups, own)
    for sides in SIDES:
        present = [clause for clause in sides if clause in groups]
        _join(groups, present, present[0] if present else "")
    _move_early(groups, own)
    _move_surface(groups, own)
    return groups


def _without_consequences(order: Sequence[str], groups: Groups) -> list[str]:
    """The causes without those that follow from an end that never came.

    Their failures are added to that cause. Where an invitation outlives its end, the
    next one is refused, and the old one can be changed. A cause that comes later, and
    has more to show for it, takes the place of the first of what follows from it.
    """
    kept: list[str] = []
    for clause in order:
        if clause in kept:
            continue
        later = (
            one
            for one in order[order.index(clause) + 1 :]
            if one not in kept and len(groups[one]) > len(groups[clause])
        )
        explaining = (one for one in (*kept, *later) if _explains(one, clause, groups))
        cause = next(explaining, clause)
        if cause not in kept:
            kept.append(cause)
        if cause != clause:
            groups[cause] += groups[clause]
    return kept


def _explains(cause: str, clause: str, groups: Groups) -> bool:
    """Whether the end that a clause is about is there in all failures of another."""
    end = ENDS.get(cause)
    return end is not None and all(end in one.ends for one in groups[clause])


def _cause_of(one: Deviation, own: Mapping[str, Sequence[Deviation]]) -> str:
    spoken = (clause for clause in speaks_of(one) if clause in own)
    return next(spoken, clauses_of(one.record)[0])


def _join(groups: Groups, clauses: Iterable[str], name: str) -> None:
    """Make several groups one of this name."""
    for clause in clauses:
        if clause != name:
            groups.setdefault(name, []).extend(groups.pop(clause))


def _join_ways(groups: Groups, own: Mapping[str, Sequence[Deviation]]) -> None:
    """Where several ways to invite fail, the mistake is in none of them alone.

    It is in the tiles, in the profile where a failure needs one, or in inviting.
    """
    tiles = [clause for clause in groups if clause in TILES.values()]
    ways = [*tiles, *(clause for clause in groups if clause in ADDRESSES)]
    if not ways[1:]:
        return
    failures = [one for way in ways for one in groups[way]]
    by_profile = all(
        any("profile" in value for value in one.needed) for one in failures
    )
    general = "DIRECT-7" if by_profile else "DIRECT-1"
    of_tiles = len(tiles) == len(ways)
    _join(groups, ways, min(ways) if of_tiles or general not in own else general)


def _join_emails(groups: Groups, own: Mapping[str, Sequence[Deviation]]) -> None:
    """Where an email starts from nowhere, the mistake is in no entry of its own."""
    entries = [clause for clause in EMAIL_ENTRIES if clause in groups]
    if len(entries) > 1:
        _join(groups, entries, "EMAIL-1" if "EMAIL-1" in own else entries[0])


def _move_early(groups: Groups, own: Mapping[str, Sequence[Deviation]]) -> None:
    """What fails after a wait and never before it has ended too early."""
    early = [one for one in groups if one in PENDING and _all_waited(groups[one])]
    if "EXPIRY-1" in own:
        _join(groups, early, "EXPIRY-1")


def _all_waited(failures: Sequence[Deviation]) -> bool:
    return all(one.waited for one in failures)


def _move_surface(groups: Groups, own: Mapping[str, Sequence[Deviation]]) -> None:
    """What fails on one surface alone is a difference between the two."""
    moved = [
        clause
        for clause in groups
        if clause in BY_ANSWER
        and len(places := {one.answered for one in groups[clause]}) == 1
        and "" not in places
    ]
    if "ANSWER-6" in own:
        _join(groups, moved, "ANSWER-6")


def _places() -> Mapping[str, int]:
    """The place of each clause in the specification: that of its first sentence."""
    numbers = count()
    places: dict[str, int] = {}
    for sentence in load_sentences():
        for clause in sentence.clauses:
            places.setdefault(clause, next(numbers))
    return places
