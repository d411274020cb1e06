"""The failures of a run, scenario by scenario, as the page shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, groupby

from markupsafe import Markup

from invitelab.formats.exchange_text import answer_text, request_text
from invitelab.formats.exchanges import Key as CallsKey
from invitelab.formats.exchanges import Played, key_of
from invitelab.formats.run import Exchange, Run, ScenarioRecord, StepRecord, Verdict
from invitelab.formats.transcript import clauses_words, level_of, repro, seconds
from invitelab.reporting.common.drawing import drawing
from invitelab.reporting.common.formatting import plural, short
from invitelab.reporting.common.signs import SCENARIO_SIGNS
from invitelab.reporting.conformance.cause_text import (
    REST,
    beyond_causes,
    cause_words,
    extent,
)
from invitelab.reporting.conformance.causes import causes
from invitelab.reporting.conformance.raw_calls import RawCalls, raw_calls
from invitelab.reporting.conformance.sequence import scene

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
    clauses: str
    """Its own; or the one that blocks it, and those."""
    level: str
    blame: str
    lines: tuple[Line, ...]
    picture: Markup
    """Empty where no person did or saw anything."""
    exchanges: tuple[ExchangeRow, ...]
    more_exchanges: int
    """How many there were beside those."""
    stderr: str
    repro: str
    raw: RawCalls | None = None
    """The bytes of its calls, where they are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureGroup:
    """The scenarios that fail for one cause, or that ended alike without being one."""

    title: str
    clause: str
    """The clause that is the cause; empty where there is none."""
    extent: str
    """In how many scenarios it is seen, and what fails with it."""
    style: str
    sign: str
    details: tuple[FailureDetail, ...]
    listed: tuple[tuple[str, ScenarioRecord], ...]
    """Those beyond MOST_DETAILED, each with its id."""

    def numbered(self) -> Iterator[tuple[str, ScenarioRecord]]:
        """Every scenario with the id of its element."""
        detailed = ((detail.id, detail.record) for detail in self.details)
        return chain(detailed, self.listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailures:
    """The scenarios of one run that did not pass, by their causes."""

    number: int
    label: str
    groups: tuple[FailureGroup, ...]
    """The first cause first; then what is no failure of the run."""

    @property
    def details(self) -> tuple[FailureDetail, ...]:
        """All that are shown with steps and picture."""
        return tuple(chain.from_iterable(group.details for group in self.groups))

    @property
    def count(self) -> int:
        """How many scenarios did not pass, or not with all values."""
        return len(list(self._numbered()))

    @property
    def besides(self) -> bool:
        """Whether some passed, and were blocked with other values."""
        return any(record.besides for _, record in self._numbered())

    def ids(self) -> Mapping[Key, str]:
        """The element of the page that shows each scenario, by its own record."""
        numbered = self._numbered()
        return {key(record): id_ for id_, record in numbered if not record.besides}

    def first_ids(self) -> Mapping[str, str]:
        """The element of the page that shows the first scenario of each clause.

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
        return chain.from_iterable(group.numbered() for group in self.groups)


def key(record: ScenarioRecord) -> Key:
    """The key of a scenario, the same in all runs."""
    return (record.feature, record.line, record.title, record.example or "")


def run_failures(
    run: Run, *, number: int, label: str, calls: Mapping[CallsKey, Played] | None = None
) -> RunFailures:
    """The failures of a run; `number` counts the runs of the page from 1.

    `calls` has the bytes of their calls, as far as they are known.
    """
    known = calls or {}
    parts = list(_parts(run))
    # The first of every group is shown before the second of any.
    by_turns = sorted(
        (turn, place)
        for place, (*_, records) in enumerate(parts)
        for turn in range(len(records))
    )
    shown = frozenset(by_turns[:MOST_DETAILED])
    numbers = count(1)
    groups: list[FailureGroup] = []
    for place, (title, clause, words, records) in enumerate(parts):
        ids = [f"run-{number}-failure-{next(numbers)}" for _ in records]
        numbered = list(enumerate(zip(ids, records, strict=True)))
        groups.append(
            FailureGroup(
                title=title,
                clause=clause,
                extent=words,
                style=records[0].verdict.value,
                sign=SCENARIO_SIGNS[records[0].verdict],
                details=tuple(
                    _detail(id_, record, run, known)
                    for turn, (id_, record) in numbered
                    if (turn, place) in shown
                ),
                listed=tuple(
                    one for turn, one in numbered if (turn, place) not in shown
                ),
            )
        )
    return RunFailures(number=number, label=label, groups=tuple(groups))


def _parts(run: Run) -> Iterator[tuple[str, str, str, Sequence[ScenarioRecord]]]:
    """Title, clause, extent and records of each group."""
    found = causes(run)
    for one in found:
        yield cause_words(one, run), one.clause, extent(one), one.records
    for verdict, records in groupby(
        beyond_causes(run, found), key=lambda record: record.verdict
    ):
        some = tuple(records)
        yield REST[verdict], "", plural(len(some), "scenario"), some


def _detail(
    id_: str, record: ScenarioRecord, run: Run, calls: Mapping[CallsKey, Played]
) -> FailureDetail:
    product = run.header.profile
    seen = scene(record) if product is None else scene(record, product.lifetime_ms)
    title = f"What happened in: {record.title}"
    exchanges = [one for step in record.steps for one in step.exchanges]
    return FailureDetail(
        id=id_,
        record=record,
        sign=SCENARIO_SIGNS[record.verdict],
        clauses=clauses_words(record),
        level=level_of(record).value,
        blame=record.blame.value if record.blame else "",
        lines=tuple(_lines(record.steps)),
        picture=drawing(seen, name=id_, title=title) if seen.marks else Markup(),
        exchanges=tuple(_row(one) for one in exchanges[:MOST_EXCHANGES]),
        more_exchanges=max(0, len(exchanges) - MOST_EXCHANGES),
        stderr=last_lines(record.stderr),
        repro=repro(record, run.header),
        raw=raw_calls(calls.get(key_of(record))),
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
