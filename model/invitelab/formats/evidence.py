"""Evidence for a verdict: records that break a clause, and clauses left undecided."""

from collections.abc import Iterable, Iterator

from invitelab.formats.run import (
    LEFT_OUT,
    ClauseRecord,
    Level,
    ScenarioRecord,
    Verdict,
)
from invitelab.formats.specification import load

COUNTS_AT_ANY_LEVEL = frozenset({"crash", "hang", "fault", "missing-method"})
"""Kinds of trouble that are failures under any interpretation, at any level."""


def broken(scenarios: Iterable[ScenarioRecord]) -> Iterator[ScenarioRecord]:
    """The records that make a run NON-CONFORMANT.

    Blocked ones only where nothing else shows that the blocking clause does not hold.
    """
    everything = tuple(scenarios)
    for record in only_blocked(everything):
        clause = load().get(record.blocked_by or "")
        if clause is None or clause.level is Level.REQUIRED:
            yield record
    for record in everything:
        required = record.level is Level.REQUIRED
        if record.verdict is Verdict.FAIL or (
            record.verdict is Verdict.ERROR
            and (required or record.kind in COUNTS_AT_ANY_LEVEL)
        ):
            yield record


def undecided(
    scenarios: Iterable[ScenarioRecord],
    clauses: Iterable[ClauseRecord],
    *,
    whole: bool,
) -> Iterator[str]:
    """Ids of required clauses with an untested or undecided scenario.

    Of a part of the suite, which `whole` tells apart, only of those that were selected,
    and not because of scenarios that were left out on purpose. Where nothing at all of
    a part was decided, interpretations count as well.
    """
    everything = tuple(scenarios)
    open_ = {
        id_
        for record in everything
        if record.verdict in {Verdict.INCONCLUSIVE, Verdict.NOT_RUN}
        and (whole or record.kind != LEFT_OUT)
        for id_ in record.clauses
    }
    own = {id_ for one in everything if not one.besides for id_ in one.clauses}
    chosen = [one for one in clauses if whole or one.clause in own]
    if not whole and not any(one.verdict in _DECIDED for one in chosen):
        yield from (one.clause for one in chosen if one.verdict in _NOT_DECIDED)
        return
    for clause in chosen:
        untested = clause.verdict in {None, Verdict.BLOCKED}
        if clause.level is Level.REQUIRED and (untested or clause.clause in open_):
            yield clause.clause


_DECIDED = frozenset({Verdict.PASS, Verdict.DEVIATION, Verdict.FAIL})
_NOT_DECIDED = frozenset(Verdict) - _DECIDED - {Verdict.NOT_APPLICABLE}


def only_blocked(scenarios: Iterable[ScenarioRecord]) -> Iterator[ScenarioRecord]:
    """The first blocked scenario of each clause that no scenario of its own shows.

    They are the only evidence that this clause does not hold.
    """
    everything = tuple(scenarios)
    bad = {Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION}
    shown = {id_ for one in everything if one.verdict in bad for id_ in one.clauses}
    for one in everything:
        if one.blocked_by is not None and one.blocked_by not in shown:
            shown.add(one.blocked_by)
            yield one
