"""The verdicts of an implementation by clause, over its runs or its versions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from invitelab.formats.lifetime_words import SPECIFIED_MS, with_lifetime
from invitelab.formats.run import Level, RunVerdict, Verdict
from invitelab.formats.run_summary import RunSummary
from invitelab.formats.specification import load
from invitelab.formats.transcript import GLYPHS
from invitelab.reporting.common import html
from invitelab.reporting.common.formatting import plural, spoken
from invitelab.reporting.common.signs import ERROR, RUN_SIGNS, SCENARIO_SIGNS
from invitelab.reporting.conformance.cause_text import MOST_NAMED
from invitelab.reporting.conformance.run_list import scenarios_text

NOT_JUDGED = Verdict.NOT_RUN.value
PASSED = frozenset({Verdict.PASS.value, Verdict.NOT_APPLICABLE.value, NOT_JUDGED})
WORSE = {
    Verdict.PASS.value: 0,
    Verdict.NOT_APPLICABLE.value: 0,
    Verdict.DEVIATION.value: 1,
    Verdict.INCONCLUSIVE.value: 2,
    Verdict.BLOCKED.value: 3,
    Verdict.FAIL.value: 4,
    Verdict.ERROR.value: 4,
}
"""Which of two verdicts is the worse one: the greater number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One run, as a column."""

    number: int
    name: str
    """When it began, as the name of its folder."""
    when: str
    """The same, shorter: `30 Nov 19:02`."""
    verdict: str
    sign: str
    implementation: str
    scenarios: str
    seed: int
    other_suite: bool
    """Whether it was judged by another suite than the last run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clause over all runs."""

    clause: str
    required: bool
    text: str
    verdicts: tuple[str, ...]
    change: str
    """From the run before the last one: `better`, `worse` or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """All that a page and a terminal show."""

    title: str
    sentence: str
    columns: tuple[Column, ...]
    changing: tuple[Row, ...]
    """Clauses that did not pass in some run."""
    steady: tuple[Row, ...]
    """Clauses that passed in all runs that tried them, or applied to none."""

    @property
    def steadiness(self) -> str:
        """How many of those passed everywhere, where tried, or did not apply."""
        found = [set(row.verdicts) for row in self.steady]
        passed = found.count({Verdict.PASS.value})
        idle = sum(Verdict.PASS.value not in one for one in found)
        words = [f"{plural(passed, 'clause')} passed in all of them"]
        rest = len(found) - passed - idle
        words += [f"{rest} in all that tried it"] if rest == 1 else []
        words += [f"{rest} in all that tried them"] if rest > 1 else []
        words += [f"{idle} {'was' if idle == 1 else 'were'} not applicable"] * bool(
            idle
        )
        return ", ".join(words)


MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def trend(title: str, runs: Sequence[tuple[str, RunSummary]], *, by: str) -> Trend:
    """The trend over these runs, the oldest first, each with the name of its folder.

    `by` is what a column stands for: `run` or `version`.
    """
    last = runs[-1][1]
    columns = tuple(
        _column(number, name, one, last)
        for number, (name, one) in enumerate(runs, start=1)
    )
    rows = tuple(_rows([one for _, one in runs]))
    changing = tuple(one for one in rows if not PASSED.issuperset(one.verdicts))
    return Trend(
        title=title,
        sentence=_sentence(columns, changing, by=by, lifetime_ms=_lifetime_ms(last)),
        columns=columns,
        changing=changing,
        steady=tuple(one for one in rows if one not in changing),
    )


def by_one_product(
    runs: Sequence[tuple[str, RunSummary]],
) -> list[tuple[str, RunSummary]]:
    """The runs that were judged by the same variant of the product as the last one.

    By another one, the same behaviour may be right and wrong in turn.
    """
    last = _product(runs[-1][1])
    return [(name, one) for name, one in runs if _product(one) == last]


def _product(run: RunSummary) -> tuple[object, ...]:
    """What makes it another product: not where its file lies."""
    one = run.profile
    return () if one is None else (one.name, one.lifetime_ms, one.otherwise)


def left_out(count: int) -> str:
    """A sentence about the runs by other variants."""
    left = plural(count, "run was", "runs were")
    return f"{left} judged by another profile"


def by_version(
    runs: Sequence[tuple[str, RunSummary]],
) -> list[tuple[str, RunSummary]]:
    """The last run of each version of the implementation, in the order of these."""
    found: dict[str, tuple[str, RunSummary]] = {}
    for name, one in runs:
        found.pop(one.implementation, None)
        found[one.implementation] = name, one
    return list(found.values())


def _column(number: int, name: str, one: RunSummary, last: RunSummary) -> Column:
    verdicts = {verdict.value: verdict for verdict in RunVerdict}
    known = verdicts.get(one.verdict)
    return Column(
        number=number,
        name=name,
        when=_when(name),
        verdict=one.verdict,
        sign=ERROR if known is None else RUN_SIGNS[known],
        implementation=one.implementation or "no answer",
        scenarios=scenarios_text(one),
        seed=one.seed,
        other_suite=one.suite != last.suite,
    )


def _when(name: str) -> str:
    """`2026-11-30T19-02-11Z` as `30 Nov 19:02`."""
    date, _, time = name.partition("T")
    _, month, day = date.split("-")
    hour, minute, *_ = time.split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {hour}:{minute}"


def _rows(runs: Sequence[RunSummary]) -> Iterator[Row]:
    texts: dict[str, str] = {}
    for one in runs:
        texts |= one.texts
    required = {id_ for id_, clause in load().items() if clause.level is Level.REQUIRED}
    for clause, text in texts.items():
        verdicts = tuple(one.clauses.get(clause, NOT_JUDGED) for one in runs)
        if set(verdicts) != {NOT_JUDGED}:
            yield Row(
                clause=clause,
                required=clause in required,
                text=text,
                verdicts=verdicts,
                change=_change(verdicts),
            )


def _change(verdicts: Sequence[str]) -> str:
    """What the last run has changed; nothing where it or all before say nothing."""
    *earlier, last = [WORSE[one] for one in verdicts if one in WORSE] or [0]
    if not earlier or verdicts[-1] not in WORSE or earlier[-1] == last:
        return ""
    return "worse" if last > earlier[-1] else "better"


def _lifetime_ms(run: RunSummary) -> int:
    return SPECIFIED_MS if run.profile is None else run.profile.lifetime_ms


def _sentence(
    columns: Sequence[Column], rows: Sequence[Row], *, by: str, lifetime_ms: int
) -> str:
    """What is the news, in a sentence."""
    last = columns[-1]
    if len(columns) == 1:
        return f"There is one {by} so far: {last.verdict}, {last.scenarios}."
    news = [
        f"{change.capitalize()} than before: {text}."
        for change in ("worse", "better")
        if (text := _told([row for row in rows if row.change == change], lifetime_ms))
    ]
    lead = f"The last of {plural(len(columns), by)} is {last.verdict}."
    return " ".join([lead, *(news or ["No clause changed."])])


def _told(rows: Sequence[Row], lifetime_ms: int) -> str:
    """What these clauses say now, the first of them in words."""
    parts = [_now(row, lifetime_ms) for row in rows[:MOST_NAMED]]
    more = len(rows) - len(parts)
    return "; ".join([*parts, f"and {more} more"] if more else parts)


def _now(row: Row, lifetime_ms: int) -> str:
    """`an accept after the two minutes still starts a session (EXPIRY-2)`."""
    last = row.verdicts[-1]
    if last == Verdict.PASS.value:
        return f"{row.clause} holds ({row.text.rstrip('.')})"
    known = load().get(row.clause)
    if last == Verdict.FAIL.value and known is not None:
        return f"{with_lifetime(known.broken, lifetime_ms)} ({row.clause})"
    return f"{row.clause} is now {spoken(last)}"


# --- Views -----------------------------------------------------------------------


def trend_lines(found: Trend) -> Iterator[str]:
    """The trend for a terminal: the news first, then one line a clause and a run."""
    yield found.sentence
    yield ""
    width = max([12, *(len(row.clause) + 2 for row in found.changing)])
    marks = "  ".join(f"{column.number:>3}" for column in found.columns)
    yield f"{'clause':<{width}}{marks}"
    for row in found.changing:
        cells = "  ".join(f"{_glyph(one):>3}" for one in row.verdicts)
        change = f"   {row.change}" if row.change else ""
        yield f"{row.clause:<{width}}{cells}{change}"
    yield found.steadiness
    yield ""
    for column in found.columns:
        other = ", another suite" if column.other_suite else ""
        yield (
            f"{column.number:>3}  {column.name}  {column.verdict}, {column.scenarios}, "
            f"{column.implementation}, seed {column.seed}{other}"
        )


def _glyph(verdict: str) -> str:
    return GLYPHS[Verdict(verdict)] if verdict in _KNOWN else "!"


_KNOWN = frozenset(verdict.value for verdict in Verdict)


def trend_page(found: Trend) -> str:
    """The page, ending in a newline."""
    signs: Mapping[str, str] = {
        verdict.value: sign for verdict, sign in SCENARIO_SIGNS.items()
    }
    values: dict[str, object] = {
        "title": f"Trend of {found.title}",
        "trend": found,
        "signs": signs,
        "any_other_suite": any(one.other_suite for one in found.columns),
    }
    return html.page("invitelab.reporting.conformance", "trend.html.j2", values)
