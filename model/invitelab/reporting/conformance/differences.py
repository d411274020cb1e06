"""Two runs side by side: what became better, what worse, and what differs otherwise.

Verdicts are compared by what they are worth: a pass is best, a failure or an error is
worst, and all that lies between, a deviation as well as what was not decided, is worth
the same. Among equals a change is told and counts for neither side.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from invitelab.formats.run import (
    WALK,
    ClauseRecord,
    Header,
    Run,
    RunVerdict,
    ScenarioRecord,
    Verdict,
    in_vain,
    walk_options,
)
from invitelab.formats.transcript import clock_words
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.summary import verdict_line


class Change(StrEnum):
    """What became of a verdict, the worst first."""

    WORSE = "worse"
    BETTER = "better"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseDifference:
    """A clause that is judged in another way."""

    change: Change
    before: ClauseRecord
    after: ClauseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioDifference:
    """A scenario, or a row of an outline, that ended in another way."""

    change: Change
    before: ScenarioRecord
    after: ScenarioRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """All that differs between two runs; `same` counts the scenarios that do not."""

    verdicts: tuple[str, str]
    header: Mapping[str, tuple[str, str]]
    clauses: Sequence[ClauseDifference]
    scenarios: Sequence[ScenarioDifference]
    gone: Sequence[ScenarioRecord]
    new: Sequence[ScenarioRecord]
    same: int
    lost: bool
    """Whether the first run counts and the second does not."""

    @property
    def other_suite(self) -> bool:
        """Whether the features differ, so that not all can be compared."""
        return "suite" in self.header

    @property
    def worse(self) -> bool:
        """Whether anything is worth less than before."""
        clauses = (one.change for one in self.clauses)
        return self.lost or self.count(Change.WORSE) > 0 or Change.WORSE in clauses

    def count(self, change: Change) -> int:
        """How many scenarios changed so."""
        return sum(one.change is change for one in self.scenarios)


def differences(a: Run, b: Run) -> Differences:
    """What is different in `b`, the later run."""
    a, b = safe_document(a), safe_document(b)
    before, after = _by_name(a), _by_name(b)
    _add_in_vain(a, before, after)
    _add_in_vain(b, after, before)
    both = [name for name in before if name in after]
    pairs = [(before[name], after[name]) for name in both]
    changed = [
        ScenarioDifference(change=change, before=old, after=new)
        for old, new in pairs
        if (change := _scenario_change(old, new)) is not None
    ]
    header = dict(_header(a.header, b.header))
    return Differences(
        verdicts=(verdict_line(a), verdict_line(b)),
        header=header,
        clauses=_sorted(list(_clauses(a, b, other_suite="suite" in header))),
        scenarios=_sorted(changed),
        gone=[before[name] for name in before if name not in after],
        new=[after[name] for name in after if name not in before],
        same=len(pairs) - len(changed),
        lost=_counts(a) and not _counts(b),
    )


def _counts(run: Run) -> bool:
    return run.footer is not None and run.footer.verdict is not RunVerdict.INVALID


_Difference = TypeVar("_Difference", ClauseDifference, ScenarioDifference)


def _sorted(found: Sequence[_Difference]) -> list[_Difference]:
    """The worst first, else as they were run."""
    order = list(Change)
    return sorted(found, key=lambda one: order.index(one.change))


# --- Scenarios -------------------------------------------------------------------

Name = tuple[str, str | None]
Records = dict[Name, ScenarioRecord]
WALKED = "random walks"
"""The title of whatever they have found."""

_WORTH = {
    Verdict.PASS: 2,
    Verdict.DEVIATION: 1,
    Verdict.NOT_APPLICABLE: 1,
    Verdict.INCONCLUSIVE: 1,
    Verdict.NOT_RUN: 1,
    Verdict.ERROR: 0,
    Verdict.FAIL: 0,
}


def _change(before: Verdict, after: Verdict) -> Change:
    """The change between two verdicts of which something differs."""
    if _WORTH[before] == _WORTH[after]:
        return Change.OTHER
    return Change.WORSE if _WORTH[after] < _WORTH[before] else Change.BETTER


def _by_name(run: Run) -> Records:
    """Each scenario once: of one that was repeated, the worst."""
    found: Records = {}
    for record in run.scenarios:
        key = (WALKED if record.feature == WALK else record.title, record.example)
        kept = found.setdefault(key, record)
        if _WORTH[record.verdict] < _WORTH[kept.verdict]:
            found[key] = record
    return found


def _add_in_vain(run: Run, records: Records, others: Records) -> None:
    """Walks that found nothing leave no record: here they pass what others broke."""
    for name, record in others.items():
        if record.feature == WALK and name not in records and _walked(run, record):
            passed = {"verdict": Verdict.PASS, "kind": None, "message": None}
            records[name] = record.model_copy(update=passed)


def _walked(run: Run, record: ScenarioRecord) -> bool:
    """Whether the same walks found nothing in this run."""
    says = run.footer.walks if run.footer is not None else None
    options = re.fullmatch(walk_options(r"(\d+)", r"(\d+)"), record.example or "")
    return options is not None and says == in_vain(*options.groups())


def _scenario_change(before: ScenarioRecord, after: ScenarioRecord) -> Change | None:
    same = _ending(before) == _ending(after)
    return None if same else _change(before.verdict, after.verdict)


def _ending(record: ScenarioRecord) -> tuple[Verdict, str | None, tuple[str, ...]]:
    """How it ended; the same walks may come upon other clauses."""
    return record.verdict, record.kind, record.clauses


# --- Clauses ---------------------------------------------------------------------


def _clauses(a: Run, b: Run, *, other_suite: bool) -> Iterator[ClauseDifference]:
    """Those with another verdict, where both were judged by the same scenarios."""
    before = {record.clause: record for record in a.clauses}
    for record in b.clauses:
        old = before.get(record.clause)
        if old is None or old.verdict is None or record.verdict is None:
            continue
        comparable = other_suite or old.scenarios == record.scenarios
        if comparable and old.verdict is not record.verdict:
            change = _change(old.verdict, record.verdict)
            yield ClauseDifference(change=change, before=old, after=record)


# --- The header ------------------------------------------------------------------


def _header(a: Header, b: Header) -> Iterator[tuple[str, tuple[str, str]]]:
    """What qualifies the verdicts, where it differs."""
    before, after = _qualities(a), _qualities(b)
    for name, value in before.items():
        if value != after[name]:
            yield name, (value, after[name])


def _qualities(header: Header) -> dict[str, str]:
    return {
        "target": header.target,
        "calls itself": header.implementation or "nothing",
        "clock": clock_words(header),
        "settles within": f"{header.settle_ms} ms",
        "resolution": f"{header.resolution_ms} ms",
        "declined": ", ".join(sorted(header.declined)) or "nothing",
        "harness": header.harness,
        "suite": header.suite,
    }
