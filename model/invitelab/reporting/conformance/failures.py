"""The failures of a run, scenario by scenario, as the page shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from markupsafe import Markup

from invitelab.formats.exchange_text import answer_text, request_text
from invitelab.formats.run import Exchange, Run, ScenarioRecord, StepRecord, Verdict
from invitelab.formats.transcript import repro, seconds
from invitelab.reporting.common.formatting import short
from invitelab.reporting.common.signs import SCENARIO_SIGNS
from invitelab.reporting.conformance.drawing import drawing
from invitelab.reporting.conformance.sequence import scene
from invitelab.reporting.conformance.summary import troubled

MOST_DETAILED = 60
"""Failures of one run that are shown with steps and picture; others are listed."""
MOST_EXCHANGES = 60
MOST_ANSWER = 1000
MOST_STDERR = 4000
STEP_SIGNS = {
    "passed": SCENARIO_SIGNS[Verdict.PASS],
    "failed": SCENARIO_SIGNS[Verdict.FAIL],
    "not-reached": SCENARIO_SIGNS[Verdict.NOT_RUN],
}
STEP_WORDS = {
    "passed": "held",
    "failed": "did not hold",
    "not-reached": "never reached",
}

Key = tuple[str, int, str, str]
"""Feature, line, title and example: they tell scenarios apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of Gherkin; `time` is empty where it is that of the line before."""

    sign: str
    word: str
    status: str
    time: str
    keyword: str
    text: str
    drawn: bool
    """Whether the feature does not have this step, or not with these words."""
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRow:
    """One exchange, as a row of a table."""

    time: str
    client: str
    call: str
    answer: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureDetail:
    """One scenario that did not pass, with all that the page shows of it."""

    id: str
    record: ScenarioRecord
    sign: str
    blame: str
    lines: tuple[Line, ...]
    picture: Markup
    """Empty where no person did or saw anything."""
    exchanges: tuple[ExchangeRow, ...]
    more_exchanges: int
    """How many there were beside those."""
    stderr: str
    repro: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailures:
    """The scenarios of one run that did not pass, the worst first."""

    number: int
    label: str
    details: tuple[FailureDetail, ...]
    listed: tuple[tuple[str, ScenarioRecord], ...]
    """Those beyond MOST_DETAILED, each with its id."""

    @property
    def count(self) -> int:
        """How many scenarios did not pass."""
        return len(self.details) + len(self.listed)

    def ids(self) -> Mapping[Key, str]:
        """The element of the page that shows each scenario, by its own record."""
        numbered = self._numbered()
        return {key(record): id_ for id_, record in numbered if not record.besides}

    def first_ids(self) -> Mapping[str, str]:
        """The element of the page that shows the worst scenario of each clause.

        Of a clause that is broken only as it blocks others, that is one of these.
        """
        found: dict[str, str] = {}
        for id_, record in self._numbered():
            for clause in record.clauses:
                found.setdefault(clause, id_)
        for id_, record in self._numbered():
            if record.blocked_by is not None:
                found.setdefault(record.blocked_by, id_)
        return found

    def _numbered(self) -> Iterator[tuple[str, ScenarioRecord]]:
        detailed = ((detail.id, detail.record) for detail in self.details)
        return chain(detailed, self.listed)


def key(record: ScenarioRecord) -> Key:
    """The key of a scenario, the same in all runs."""
    return (record.feature, record.line, record.title, record.example or "")


def run_failures(run: Run, *, number: int, label: str) -> RunFailures:
    """The failures of a run; `number` counts the runs of the page from 1."""
    numbered = [
        (f"run-{number}-failure-{n}", record)
        for n, record in enumerate(troubled(run), start=1)
    ]
    return RunFailures(
        number=number,
        label=label,
        details=tuple(_detail(id_, rec, run) for id_, rec in numbered[:MOST_DETAILED]),
        listed=tuple(numbered[MOST_DETAILED:]),
    )


def _detail(id_: str, record: ScenarioRecord, run: Run) -> FailureDetail:
    seen = scene(record)
    title = f"What happened in: {record.title}"
    exchanges = [one for step in record.steps for one in step.exchanges]
    return FailureDetail(
        id=id_,
        record=record,
        sign=SCENARIO_SIGNS[record.verdict],
        blame=record.blame.value if record.blame else "",
        lines=tuple(_lines(record.steps)),
        picture=drawing(seen, name=id_, title=title) if seen.marks else Markup(),
        exchanges=tuple(_row(one) for one in exchanges[:MOST_EXCHANGES]),
        more_exchanges=max(0, len(exchanges) - MOST_EXCHANGES),
        stderr=last_lines(record.stderr),
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
                time=seconds(step.at_ms) if reached and step.at_ms != before else "",
                keyword=step.keyword,
                text=step.text,
                drawn=step.drawn,
                table=step.table,
            )
        )
        before = step.at_ms
    return lines


def _row(one: Exchange) -> ExchangeRow:
    return ExchangeRow(
        time=seconds(one.at_ms),
        client=one.client or "",
        call=f"{one.method} {request_text(one)}".strip(),
        answer=short(answer_text(one), MOST_ANSWER),
        outcome=one.outcome,
    )


def last_lines(text: str) -> str:
    """The end of a text of several lines: at most MOST_STDERR characters."""
    end = text[-MOST_STDERR:]
    cut = len(text) - len(end)
    return (f"{cut} characters before this\n" if cut else "") + end.strip("\n")
