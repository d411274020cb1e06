"""Known failures, each with an issue: the entries of a baseline.

A scenario that fails as an entry says is known: the verdict stays, and the exit code is
that of the rest. An entry is stale when its scenario passes, or fails in another way; a
stale entry would hide the next failure, so it is an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from invitelab.formats.run import ScenarioRecord, Verdict
from invitelab.formats.walk_text import WALK

_FAILS = frozenset({Verdict.FAIL, Verdict.ERROR})
_ENDED = {
    Verdict.PASS: "passes now",
    Verdict.DEVIATION: "is a deviation now",
    Verdict.NOT_APPLICABLE: "is not applicable now",
}

LARGEST_SEED = 2**32 - 1

NO_ISSUE = "no issue is named"
"""The mark of a known failure whose entry names no issue."""

Kind = Literal["setup", "crash", "hang", "missing-method"]
"""Kinds of trouble that can be known; any other makes the run INVALID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One entry. `example` None: every row; `kind` None: an expectation that failed."""

    scenario: str
    clause: str
    issue: str
    example: str | None = None
    kind: Kind | None = None
    line: int = 0

    def covers(self, record: ScenarioRecord) -> bool:
        """Whether the entry is about that scenario, however it ended."""
        return self.scenario == record.title and self.example in {None, record.example}

    def matches(self, record: ScenarioRecord) -> bool:
        """Whether that scenario fails as the entry says.

        For a finding of a random walk only clause and kind are compared.
        """
        fails = record.verdict in _FAILS and self.kind == record.kind
        if record.feature == WALK:
            return fails and self.clause in record.clauses
        return fails and self.covers(record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A stale entry; `sentence` says why, with its place in the file."""

    entry: Known
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """All entries of a file; `name` is its name without the folder."""

    name: str = ""
    entries: tuple[Known, ...] = ()
    seed: int | None = None
    """The seed of the run with these failures; None: they hold with every seed."""

    def marked(self, record: ScenarioRecord) -> ScenarioRecord:
        """The record, marked as known if it fails as an entry says."""
        for entry in self.entries:
            if entry.matches(record):
                return record.model_copy(update={"known": entry.issue or NO_ISSUE})
        return record

    def stale(
        self,
        scenarios: Sequence[ScenarioRecord],
        *,
        selected_all: bool,
        seed: int | None = None,
    ) -> tuple[Stale, ...]:
        """The entries that these scenarios contradict, in the order of the file.

        With `selected_all`, an entry whose scenario was not run is stale as well. With
        another seed than that of the file a scenario that passes contradicts nothing:
        its failure may need values that this run does not try.
        """
        found: list[Stale] = []
        elsewhere = None not in {seed, self.seed} and seed != self.seed
        for entry in self.entries:
            covered = _covered(entry, scenarios)
            if elsewhere:
                covered = [one for one in covered if one.verdict is not Verdict.PASS]
                if not covered:
                    continue
            reason = _why_stale(entry, covered) if covered else "was not run"
            if reason is not None and (covered or selected_all):
                example = f" [{entry.example}]" if entry.example else ""
                place = f"{self.name}:{entry.line}"
                sentence = f"{place}: {entry.scenario}{example} {reason}"
                found.append(Stale(entry=entry, sentence=sentence))
        return tuple(found)

    def still_true(
        self, scenarios: Sequence[ScenarioRecord], *, selected_all: bool
    ) -> tuple[Known, ...]:
        """The entries that no scenario contradicts; a new file keeps them.

        With `selected_all`, an entry whose scenario was not run is left out.
        """
        ran = [one for one in scenarios if one.verdict is not Verdict.NOT_RUN]

        def stands(entry: Known) -> bool:
            covered = _covered(entry, ran)
            if not covered:
                return not selected_all
            return _why_stale(entry, covered) is None

        return tuple(entry for entry in self.entries if stands(entry))


def _covered(entry: Known, scenarios: Sequence[ScenarioRecord]) -> list[ScenarioRecord]:
    """The scenarios that an entry is about, by the records that judge them."""
    return [one for one in scenarios if entry.covers(one) and not one.besides]


def _why_stale(entry: Known, covered: Sequence[ScenarioRecord]) -> str | None:
    """The first reason why an entry is stale; None if it is not."""
    for verdict in (Verdict.PASS, Verdict.DEVIATION):
        so = [record for record in covered if record.verdict is verdict]
        if so:
            return f"{_ENDED[verdict]}{_share(so, covered)}"
    failing = [record for record in covered if record.verdict in _FAILS]
    others = [record for record in failing if not entry.matches(record)]
    if others:
        how = f"{others[0].kind or others[0].verdict.value}{_share(others, covered)}"
        return f"fails in another way: {how}, not {entry.kind or Verdict.FAIL.value}"
    applicable = any(r.verdict is not Verdict.NOT_APPLICABLE for r in covered)
    return None if applicable else _ENDED[Verdict.NOT_APPLICABLE]


def _share(some: Sequence[ScenarioRecord], covered: Sequence[ScenarioRecord]) -> str:
    """How many rows, if there are several."""
    return f" in {len(some)} of {len(covered)}" if len(covered) > 1 else ""
