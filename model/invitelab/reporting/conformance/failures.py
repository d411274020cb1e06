"""What went wrong, scenario by scenario: text as the page shows it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from markupsafe import Markup

from invitelab.formats.run import Exchange, Run, ScenarioRecord, StepRecord, Verdict
from invitelab.formats.transcript import repro
from invitelab.reporting.common.formatting import UNSEEN, short
from invitelab.reporting.conformance.drawing import drawing
from invitelab.reporting.conformance.matrix import SIGNS
from invitelab.reporting.conformance.sequence import scene
from invitelab.reporting.conformance.summary import troubled

MOST_STORIES = 60
"""Of one run on the page: whoever breaks more than that needs no more pictures."""
MOST_EXCHANGES = 60
MOST_RESPONSE = 1000
MOST_STDERR = 4000
STEP_SIGNS = {
    "passed": SIGNS[Verdict.PASS],
    "failed": SIGNS[Verdict.FAIL],
    "not-reached": SIGNS[Verdict.NOT_RUN],
}
STEP_WORDS = {
    "passed": "held",
    "failed": "did not hold",
    "not-reached": "never reached",
}

Key = tuple[str, int, str, str]
"""What tells scenarios apart: feature, line, title and example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of Gherkin; `time` is empty where it is that of the line before."""

    sign: str
    word: str
    status: str
    time: str
    keyword: str
    text: str
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One exchange."""

    time: str
    who: str
    call: str
    answer: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureDetail:
    """One scenario that did not simply pass."""

    id: str
    record: ScenarioRecord
    sign: str
    blame: str
    lines: tuple[Line, ...]
    picture: Markup
    """Empty where nobody came to do anything."""
    said: tuple[Said, ...]
    unsaid: int
    """How many more exchanges there were."""
    stderr: str
    repro: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailures:
    """The stories of one run, the worst first."""

    number: int
    label: str
    stories: tuple[FailureDetail, ...]
    untold: tuple[tuple[str, ScenarioRecord], ...]
    """Those beyond the limit, each with its id."""

    def ids(self) -> Mapping[Key, str]:
        """Where on the page each scenario is told."""
        told = ((story.id, story.record) for story in self.stories)
        return {key(record): id_ for id_, record in chain(told, self.untold)}

    def first_ids(self) -> Mapping[str, str]:
        """Where on the page the worst scenario of each clause is told."""
        found: dict[str, str] = {}
        told = ((story.id, story.record) for story in self.stories)
        for id_, record in chain(told, self.untold):
            for clause in record.clauses:
                found.setdefault(clause, id_)
        return found


def key(record: ScenarioRecord) -> Key:
    """What is the same for one scenario in all runs."""
    return (record.feature, record.line, record.title, record.example or "")


def chapter(run: Run, *, number: int, label: str) -> RunFailures:
    """Everything there is to tell of a run; `number` counts the runs from 1."""
    numbered = [
        (f"run-{number}-story-{n}", record)
        for n, record in enumerate(troubled(run), start=1)
    ]
    return RunFailures(
        number=number,
        label=label,
        stories=tuple(_story(id_, rec, run) for id_, rec in numbered[:MOST_STORIES]),
        untold=tuple(numbered[MOST_STORIES:]),
    )


def _story(id_: str, record: ScenarioRecord, run: Run) -> FailureDetail:
    shown = scene(record)
    title = f"What happened in: {record.title}"
    exchanges = [one for step in record.steps for one in step.exchanges]
    return FailureDetail(
        id=id_,
        record=record,
        sign=SIGNS[record.verdict],
        blame=record.blame.value if record.blame else "",
        lines=tuple(_lines(record.steps)),
        picture=drawing(shown, name=id_, title=title) if shown.marks else Markup(),
        said=tuple(_said(one) for one in exchanges[:MOST_EXCHANGES]),
        unsaid=max(0, len(exchanges) - MOST_EXCHANGES),
        stderr=lines_cleaned(record.stderr),
        repro=repro(record, run.header),
    )


def _lines(steps: Sequence[StepRecord]) -> list[Line]:
    lines: list[Line] = []
    before = None
    for step in steps:
        reached = step.status != "not-reached"
        lines.append(
            Line(
                sign=STEP_SIGNS[step.status],
                word=STEP_WORDS[step.status],
                status=step.status,
                time=_time(step.at_ms) if reached and step.at_ms != before else "",
                keyword=step.keyword,
                text=step.text,
                table=step.table,
            )
        )
        before = step.at_ms
    return lines


def _said(one: Exchange) -> Said:
    return Said(
        time=_time(one.at_ms),
        who=one.client or "",
        call=f"{one.method} {one.request}".strip(),
        answer=short(one.response, MOST_RESPONSE),
        outcome=one.outcome,
    )


def _time(at_ms: int) -> str:
    return f"{at_ms / 1000:.3f} s"


def lines_cleaned(text: str) -> str:
    """The end of a text of several lines, without what cannot be seen."""
    tail = text[-MOST_STDERR:]
    kept = (c for c in tail if c == "\n" or unicodedata.category(c) not in UNSEEN)
    cut = f"{len(text) - len(tail)} characters before this\n" if tail != text else ""
    return cut + "".join(kept).strip("\n")
