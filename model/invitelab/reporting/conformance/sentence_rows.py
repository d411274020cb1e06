"""Sentences of the specification over one run or several, as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from invitelab.formats.run import ClauseRecord, Run, Verdict
from invitelab.formats.specification import load_sentences
from invitelab.reporting.common.signs import SCENARIO_SIGNS
from invitelab.reporting.conformance.failures import RunFailures
from invitelab.reporting.conformance.sentences import (
    JudgedSentence,
    count_sentences,
    sentence_list,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceCell:
    """The verdict of one run on a sentence or a clause; `link` leads to a failure."""

    sign: str
    word: str
    style: str
    link: str = ""


_UNREMARKABLE = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.NOT_RUN, None})
"""Verdicts of a sentence for which no clause has to be named."""

NO_CELL = SentenceCell(sign="", word="no verdict", style="none")
"""Of a sentence without clauses, and of a run without sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """One clause below a sentence: what it demands, and the verdict of each run."""

    clause: str
    text: str
    cells: tuple[SentenceCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRow:
    """One sentence over all runs.

    `style` and `decisive`, the clauses that gave it its verdict, are of an only run.
    """

    number: int
    text: str
    excluded: str
    style: str
    decisive: str
    cells: tuple[SentenceCell, ...]
    clauses: tuple[ClauseRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNote:
    """What is said of the sentences of one run, beside their verdicts."""

    label: str
    note: str
    counts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceTable:
    """All sentences, and a note on each run; without rows where no run has any."""

    notes: tuple[RunNote, ...]
    rows: tuple[SentenceRow, ...]


def sentence_table(
    runs: Sequence[Run], failures: Sequence[RunFailures]
) -> SentenceTable:
    """The sentences of these runs; `failures` are those that the page shows."""
    lists = [sentence_list(run) for run in runs]
    columns = [
        {judged.sentence.number: judged for judged in one.sentences} for one in lists
    ]
    links = [one.first_ids() for one in failures]
    numbers = [sentence.number for sentence in load_sentences()] if any(columns) else []
    return SentenceTable(
        notes=tuple(
            RunNote(
                label=failure.label,
                note=one.note,
                counts=count_sentences(one.sentences) if one.sentences else "",
            )
            for one, failure in zip(lists, failures, strict=True)
        ),
        rows=tuple(
            _row([column.get(number) for column in columns], links)
            for number in numbers
        ),
    )


def _row(
    found: Sequence[JudgedSentence | None], links: Sequence[Mapping[str, str]]
) -> SentenceRow:
    """One sentence; at least one of the runs has it."""
    judged = next(one for one in found if one is not None)
    sentence, alone = judged.sentence, len(found) == 1
    unremarkable = judged.verdict in _UNREMARKABLE
    return SentenceRow(
        number=sentence.number,
        text=sentence.text,
        excluded=sentence.excluded,
        style=_sentence_cell(judged).style if alone else "",
        decisive="" if unremarkable or not alone else ", ".join(judged.decisive),
        cells=tuple(_sentence_cell(one) for one in found),
        clauses=tuple(
            ClauseRow(
                clause=record.clause,
                text=record.text,
                cells=tuple(
                    _clause_cell(one, place, ids.get(record.clause, ""))
                    for one, ids in zip(found, links, strict=True)
                ),
            )
            for place, record in enumerate(judged.clauses)
        ),
    )


def _sentence_cell(judged: JudgedSentence | None) -> SentenceCell:
    if judged is None or judged.sentence.excluded:
        return NO_CELL
    return _cell(judged.verdict, "")


def _clause_cell(judged: JudgedSentence | None, place: int, link: str) -> SentenceCell:
    if judged is None:
        return NO_CELL
    record: ClauseRecord = judged.clauses[place]
    return _cell(record.verdict, link)


def _cell(verdict: Verdict | None, link: str) -> SentenceCell:
    shown = verdict or Verdict.NOT_RUN
    return SentenceCell(
        sign=SCENARIO_SIGNS[shown],
        word="untested" if verdict is None else verdict.value,
        style=shown.value,
        link=link,
    )
