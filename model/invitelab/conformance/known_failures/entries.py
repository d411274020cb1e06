"""Known failures, each with the issue in which it is worked on.

What fails as an entry says is known: the verdict stays, and the exit code is that of
the rest. An entry is stale when its scenario passes, or fails in another way: what a
baseline says has to be true, or it would hide the next failure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from invitelab.formats.run import WALK, ScenarioRecord, Verdict

_FAILS = frozenset({Verdict.FAIL, Verdict.ERROR})
_ENDED = {
    Verdict.PASS: "passes now",
    Verdict.DEVIATION: "is a deviation now",
    Verdict.NOT_APPLICABLE: "is not applicable now",
}

NO_ISSUE = "no issue is named"
"""What a known failure is marked with whose entry names no issue."""

Kind = Literal["setup", "crash", "hang", "missing-method"]
"""What an entry can be of; with any other kind of trouble the run is INVALID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One entry. `example` None: every row; `kind` None: an expectation is not met."""

    scenario: str
    clause: str
    issue: str
    example: str | None = None
    kind: Kind | None = None
    line: int = 0

    def covers(self, record: ScenarioRecord) -> bool:
        """Whether it is about that scenario, however it ended."""
        return self.scenario == record.title and self.example in {None, record.example}

    def tells(self, record: ScenarioRecord) -> bool:
        """Whether that scenario fails as it says.

        A walk that comes upon a clause of which a failure is known has found that.
        """
        fails = record.verdict in _FAILS and self.kind == record.kind
        if record.feature == WALK:
            return fails and self.clause in record.clauses
        return fails and self.covers(record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """An entry that is no longer true, and why, with its place in the file."""

    entry: Known
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """All entries of a file. `name` is the file's, without its folder."""

    name: str = ""
    entries: tuple[Known, ...] = ()

    def marked(self, record: ScenarioRecord) -> ScenarioRecord:
        """The record, known where it fails as an entry says."""
        for entry in self.entries:
            if entry.tells(record):
                return record.model_copy(update={"known": entry.issue or NO_ISSUE})
        return record

    def stale(
        self, scenarios: Sequence[ScenarioRecord], *, selected_all: bool
    ) -> tuple[Stale, ...]:
        """The entries that these scenarios prove wrong, in the order of the file.

        What was not selected proves nothing, unless everything was.
        """
        found: list[Stale] = []
        for entry in self.entries:
            covered = [record for record in scenarios if entry.covers(record)]
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
        """The entries that a new file keeps as they are: no scenario proves them wrong.

        What was not run proves nothing, unless everything was to be.
        """
        ran = [one for one in scenarios if one.verdict is not Verdict.NOT_RUN]

        def stands(entry: Known) -> bool:
            covered = [record for record in ran if entry.covers(record)]
            if not covered:
                return not selected_all
            return _why_stale(entry, covered) is None

        return tuple(entry for entry in self.entries if stands(entry))


def _why_stale(entry: Known, covered: Sequence[ScenarioRecord]) -> str | None:
    """The first reason that holds; None while the entry is true, or may be."""
    for verdict in (Verdict.PASS, Verdict.DEVIATION):
        so = [record for record in covered if record.verdict is verdict]
        if so:
            return f"{_ENDED[verdict]}{_share(so, covered)}"
    failing = [record for record in covered if record.verdict in _FAILS]
    others = [record for record in failing if not entry.tells(record)]
    if others:
        how = f"{others[0].kind or others[0].verdict.value}{_share(others, covered)}"
        return f"fails in another way: {how}, not {entry.kind or Verdict.FAIL.value}"
    applicable = any(r.verdict is not Verdict.NOT_APPLICABLE for r in covered)
    return None if applicable else _ENDED[Verdict.NOT_APPLICABLE]


def _share(some: Sequence[ScenarioRecord], covered: Sequence[ScenarioRecord]) -> str:
    """How many rows, where there are several."""
    return f" in {len(some)} of {len(covered)}" if len(covered) > 1 else ""
