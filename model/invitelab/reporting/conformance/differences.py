"""The differences between two runs: what is better, what is worse, what else differs.

Verdicts have three ranks: a pass is best, a failure or an error is worst, and all
others (a deviation, an inconclusive scenario) are between them. A change within a rank
is reported as neither better nor worse.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from invitelab.formats.run import (
    ClauseRecord,
    Header,
    Run,
    RunVerdict,
    ScenarioRecord,
    Verdict,
)
from invitelab.formats.specification import Sentence
from invitelab.formats.transcript import clock_words, precision_words
from invitelab.formats.walk_text import WALK, nothing_found, walk_options
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.sentences import (
    JudgedSentence,
    Standing,
    judged_sentences,
)
from invitelab.reporting.conformance.summary import product_words, verdict_line


class Change(StrEnum):
    """The direction of a change of verdict, the worst first."""

    WORSE = "worse"
    BETTER = "better"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseDifference:
    """A clause with another verdict."""

    change: Change
    before: ClauseRecord
    after: ClauseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioDifference:
    """A scenario, or a row of an outline, with another verdict or kind of error."""

    change: Change
    before: ScenarioRecord
    after: ScenarioRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceDifferences:
    """Sentences of the specification that hold in one of the runs and not in both."""

    broken: Sequence[Sentence] = ()
    """Those that no longer hold."""
    mended: Sequence[Sentence] = ()
    """Those that hold now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """All differences of two runs; `same` counts the scenarios without any."""

    verdicts: tuple[str, str]
    header: Mapping[str, tuple[str, str]]
    sentences: SentenceDifferences
    clauses: Sequence[ClauseDifference]
    scenarios: Sequence[ScenarioDifference]
    gone: Sequence[ScenarioRecord]
    new: Sequence[ScenarioRecord]
    same: int
    lost: bool
    """Whether the first run has a verdict that counts, and the second has none."""

    @property
    def other_suite(self) -> bool:
        """Whether the features differ, so that not all can be compared."""
        return "suite" in self.header

    @property
    def worse(self) -> bool:
        """Whether the verdict of anything has a lower rank than before."""
        clauses = (one.change for one in self.clauses)
        return self.lost or self.count(Change.WORSE) > 0 or Change.WORSE in clauses

    def count(self, change: Change) -> int:
        """How many scenarios changed in that direction."""
        return sum(one.change is change for one in self.scenarios)


def differences(a: Run, b: Run) -> Differences:
    """The differences of `b`, the later run, from `a`."""
    a, b = safe_document(a), safe_document(b)
    before, after = _by_name(a), _by_name(b)
    _add_passed_walks(a, before, after)
    _add_passed_walks(b, after, before)
    both = [name for name in before if name in after]
    pairs = [(before[name], after[name]) for name in both]
    changed = [
        ScenarioDifference(change=change, before=old, after=new)
        for old, new in pairs
        if (change := _scenario_change(old, new)) is not None
    ]
    header = dict(_header(a.header, b.header))
    clauses = _sorted(list(_clauses(a, b, other_suite="suite" in header)))
    return Differences(
        verdicts=(verdict_line(a), verdict_line(b)),
        header=header,
        sentences=_sentences(a, b, clauses),
        clauses=clauses,
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
    """The worst first; otherwise in the order of the run."""
    order = list(Change)
    return sorted(found, key=lambda one: order.index(one.change))


# --- Scenarios -------------------------------------------------------------------

Name = tuple[str, str | None]
Records = dict[Name, ScenarioRecord]
WALKED = "random walks"
"""Stands for the title of a finding, which differs from one to the next."""

_RANKS = {
    Verdict.PASS: 2,
    Verdict.DEVIATION: 1,
    Verdict.BLOCKED: 1,
    Verdict.NOT_APPLICABLE: 1,
    Verdict.INCONCLUSIVE: 1,
    Verdict.NOT_RUN: 1,
    Verdict.ERROR: 0,
    Verdict.FAIL: 0,
}


def _change(before: Verdict, after: Verdict) -> Change:
    """The change between two verdicts of which something differs."""
    if _RANKS[before] == _RANKS[after]:
        return Change.OTHER
    return Change.WORSE if _RANKS[after] < _RANKS[before] else Change.BETTER


def _by_name(run: Run) -> Records:
    """Each scenario once; of one that was repeated, the worst record.

    What its values show about another clause is a difference of that clause.
    """
    found: Records = {}
    for record in run.scenarios:
        if record.besides:
            continue
        key = (WALKED if record.feature == WALK else record.title, record.example)
        kept = found.setdefault(key, record)
        if _RANKS[record.verdict] < _RANKS[kept.verdict]:
            found[key] = record
    return found


def _add_passed_walks(run: Run, records: Records, others: Records) -> None:
    """Add a pass for walks that found nothing, where the other run has a finding."""
    for name, record in others.items():
        if record.feature == WALK and name not in records and _walked(run, record):
            passed = {"verdict": Verdict.PASS, "kind": None, "message": None}
            records[name] = record.model_copy(update=passed)


def _walked(run: Run, record: ScenarioRecord) -> bool:
    """Whether the same walks were run here and found nothing."""
    walks = run.footer.walks if run.footer is not None else None
    options = re.fullmatch(walk_options(r"(\d+)", r"(\d+)"), record.example or "")
    if options is None or walks is None:
        return False
    examples, seed = options.groups()
    found = (nothing_found(examples, seed), nothing_found(examples, seed, ".*"))
    return re.fullmatch("|".join(found), walks) is not None


def _scenario_change(before: ScenarioRecord, after: ScenarioRecord) -> Change | None:
    same = _ending(before) == _ending(after)
    return None if same else _change(before.verdict, after.verdict)


def _ending(record: ScenarioRecord) -> tuple[Verdict, str | None, tuple[str, ...]]:
    """Verdict and kind; and clauses, as the same walks may find others."""
    return record.verdict, record.kind, record.clauses


# --- Clauses ---------------------------------------------------------------------


def _clauses(a: Run, b: Run, *, other_suite: bool) -> Iterator[ClauseDifference]:
    """Clauses with another verdict, where the same scenarios judged both."""
    before = {record.clause: record for record in a.clauses}
    for record in b.clauses:
        old = before.get(record.clause)
        if old is None or old.verdict is None or record.verdict is None:
            continue
        comparable = other_suite or old.scenarios == record.scenarios
        if comparable and old.verdict is not record.verdict:
            change = _change(old.verdict, record.verdict)
            yield ClauseDifference(change=change, before=old, after=record)


# --- Sentences -------------------------------------------------------------------


def _sentences(
    a: Run, b: Run, clauses: Sequence[ClauseDifference]
) -> SentenceDifferences:
    """Sentences that came to hold, or no longer do, by one of these differences."""
    changed = {one.after.clause for one in clauses}
    pairs = [
        (old.sentence, old.standing, new.standing)
        for old, new in zip(_judged(a), _judged(b), strict=False)
        if changed & set(old.sentence.clauses)
    ]
    there_and_back = (
        (Standing.HOLDS, Standing.BROKEN),
        (Standing.BROKEN, Standing.HOLDS),
    )
    broken, mended = (
        [sentence for sentence, *standings in pairs if tuple(standings) == change]
        for change in there_and_back
    )
    return SentenceDifferences(broken=broken, mended=mended)


def _judged(run: Run) -> Sequence[JudgedSentence]:
    return judged_sentences(run) or () if _counts(run) else ()


# --- The header ------------------------------------------------------------------


def _header(a: Header, b: Header) -> Iterator[tuple[str, tuple[str, str]]]:
    """The qualities of the runs that differ, by name."""
    before, after = _qualities(a), _qualities(b)
    for name, value in before.items():
        if value != after[name]:
            yield name, (value, after[name])


def _profile(header: Header) -> str:
    if header.profile is None:
        return "none"
    otherwise = "".join(f", {clause} otherwise" for clause in header.profile.otherwise)
    return product_words(header).removeprefix("profile ") + otherwise


def _qualities(header: Header) -> dict[str, str]:
    return {
        "target": header.target,
        "profile": _profile(header),
        "calls itself": header.implementation or "nothing",
        "clock": clock_words(header),
        "settles within": f"{header.settle_ms} ms",
        "resolution": precision_words(header),
        "declined": ", ".join(sorted(header.declined)) or "nothing",
        "harness": header.harness,
        "suite": header.suite,
        "seed": str(header.seed),
        "depth": header.depth or "unknown",
    }
