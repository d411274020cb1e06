"""`report.html`: verdicts, sentences, clauses against implementations, failures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from invitelab.formats.exchanges import Key as CallsKey
from invitelab.formats.exchanges import Played
from invitelab.formats.run import Level, Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.formats.specification import load_sentences, shipped_clauses
from invitelab.formats.transcript import clock_words, precision_words
from invitelab.reporting.common import html
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.common.glossary import meaning_of
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.common.signs import ERROR, RUN_SIGNS, SCENARIO_SIGNS
from invitelab.reporting.conformance.cause_text import first_seen, untried_words
from invitelab.reporting.conformance.failures import (
    Key,
    RunFailures,
    key,
    last_lines,
    run_failures,
)
from invitelab.reporting.conformance.matrix import (
    MEANINGS,
    matrix,
    parts,
    run_labels,
    totals,
)
from invitelab.reporting.conformance.sentence_rows import sentence_table
from invitelab.reporting.conformance.summary import (
    coverage_details,
    denominators,
    product_words,
    scenario_counts,
)
from invitelab.reporting.conformance.verdict_sentence import verdict_sentence

ENDED = frozenset(RunVerdict) - {RunVerdict.INVALID}
"""Verdicts of runs that tried all that was selected."""


TERMS = (
    "clause",
    "required",
    "interpretation",
    "scenario",
    "suite",
    "proven",
    "settles",
    "resolution",
    "cause",
    "known",
    "depth",
    "coverage",
    "stale",
    "walks",
    "learned",
)
"""Words of the page that its last section explains."""


def anchor(word: str) -> str:
    """The element that explains a word."""
    return f"word-{word}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What qualifies a verdict, and the word that explains it."""

    text: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The summary of one run: its verdict, and everything that qualifies it."""

    number: int
    label: str
    sign: str
    verdict: str
    rest: str
    """Of the sentence that begins with the verdict."""
    seen: str
    """What was seen where the first cause shows; empty: nothing failed."""
    style: str
    blame: str
    qualities: tuple[Quality, ...]
    machine: str
    """The page of the machine that was learned beside it; empty: none."""
    facts: tuple[tuple[str, str, str], ...]
    """Name, value, and the word that explains it, if the name is one."""
    declined: tuple[tuple[str, str], ...]
    hint: str
    stderr: str


def page(
    runs: Sequence[Run],
    places: Sequence[str] = (),
    *,
    calls: Sequence[Mapping[CallsKey, Played]] = (),
) -> str:
    """The whole `report.html` of one or several runs, ending in a newline.

    `places` are the folders of the runs' own reports, as seen from the page. `calls`
    has for each run the bytes of what has failed, as far as they are known.
    """
    runs = [safe_document(run) for run in runs]
    named = run_labels(runs)
    failures = [
        run_failures(run, number=number, label=label, calls=known)
        for number, (run, label, known) in enumerate(
            zip(runs, named, calls or [{} for _ in runs], strict=True), start=1
        )
    ]
    strips = [
        _strip(run, number=number, label=label)
        for number, (run, label) in enumerate(zip(runs, named, strict=True), start=1)
    ]
    suites = sorted({run.header.suite for run in runs})
    troubles = sum(one.count for one in failures)
    divided = parts(matrix(runs))
    values: dict[str, object] = {
        "title": _title(strips),
        "heading": strips[0].label if len(strips) == 1 else _title(strips),
        "places": [quote(f"{place}/report.html") for place in places],
        "strips": strips,
        "sentences": sentence_table(runs, failures),
        "anchors": _anchors(),
        "suites": suites,
        "ended": all(run.footer and run.footer.verdict in ENDED for run in runs),
        "harness": ", ".join(sorted({run.header.harness for run in runs})),
        "parts": divided,
        "sizes": {
            name: sum(len(area.rows) for area in getattr(divided, name))
            for name in ("broken", "open", "holding")
        },
        "totals": totals(runs),
        "links": [one.first_ids() for one in failures],
        "required": Level.REQUIRED,
        "legend": [
            (SCENARIO_SIGNS[verdict], verdict.value, MEANINGS[verdict])
            for verdict in Verdict
        ],
        "failures": failures,
        "troubles": troubles,
        "count": _count(failures),
        "untried": list(_untried(runs, strips)),
        "causes": sum(bool(group.clause) for one in failures for group in one.groups),
        "numbers": sentence_numbers(),
        "terms": [(anchor(word), word, meaning_of(word)) for word in TERMS],
        "features": list(_features(runs, failures)),
    }
    return html.page("invitelab.reporting.conformance", "report.html.j2", values)


def _count(failures: Sequence[RunFailures]) -> str:
    """How much is shown: a scenario that passes may be blocked with some values."""
    text = plural(sum(one.count for one in failures), "scenario")
    tried = any(one.besides for one in failures)
    return f"{text} did not pass{' with all values' if tried else ''}"


def _untried(runs: Sequence[Run], strips: Sequence[Strip]) -> Iterator[str]:
    """Which scenarios could not be tried in each run, and because of what."""
    for run, strip in zip(runs, strips, strict=True):
        words = untried_words(run)
        if words is not None:
            yield f"{strip.label}: {words}" if len(runs) > 1 else words


def _anchors() -> Mapping[str, str]:
    """The element of the page that has each clause of the specification."""
    return {id_: f"clause-{id_.lower()}" for id_ in shipped_clauses()}


def sentence_numbers() -> Mapping[str, int]:
    """The number of the first sentence of the specification that each clause holds."""
    numbers: dict[str, int] = {}
    for one in load_sentences():
        for clause in one.clauses:
            numbers.setdefault(clause, one.number)
    return numbers


def _title(strips: Sequence[Strip]) -> str:
    if len(strips) == 1:
        return f"{strips[0].label}: {strips[0].verdict}"
    return f"{len(strips)} implementations side by side"


def _strip(run: Run, *, number: int, label: str) -> Strip:
    header, footer = run.header, run.footer
    verdict = footer.verdict if footer else None
    word = verdict.value if verdict else "INCOMPLETE"
    return Strip(
        number=number,
        label=label,
        sign=RUN_SIGNS[verdict] if verdict else ERROR,
        verdict=word,
        rest=verdict_sentence(run).removeprefix(word),
        seen=first_seen(run),
        style=word.lower(),
        blame=footer.blame.value if footer and footer.blame else "",
        qualities=tuple(_qualities(run)),
        machine=quote(footer.learned.page or "") if footer and footer.learned else "",
        facts=tuple(_facts(run)),
        declined=tuple(sorted(header.declined.items())),
        hint=(header.hint or "") if header.problem else "",
        stderr=last_lines(header.stderr),
    )


def _qualities(run: Run) -> Iterator[Quality]:
    yield Quality(text=denominators(run), word="required")
    yield Quality(text=scenario_counts(run), word="scenario")
    yield Quality(text=f"clock {clock_words(run.header)}", word="proven")
    if run.footer and run.footer.learned:
        yield Quality(text=f"learned: {run.footer.learned.says}", word="learned")


def _facts(run: Run) -> Iterator[tuple[str, str, str]]:
    header = run.header
    yield "target", header.target, ""
    if header.implementation:
        yield "calls itself", header.implementation, ""
    yield "settles within", f"{header.settle_ms} ms", "settles"
    tolerance = (
        f", this machine late by at most {run.footer.tolerance_ms} ms"
        if (run.footer and run.footer.tolerance_ms)
        else ""
    )
    yield "resolution", f"{precision_words(header)}{tolerance}", "resolution"
    yield "suite", f"{header.suite} ({header.harness})", "suite"
    if header.features is not None:
        yield "features of one's own", header.features, ""
    if header.profile is not None:
        yield "judged by", product_words(header), ""
    if header.depth:
        yield "depth", f"{header.depth}, seed {header.seed}", "depth"
    for name, value in coverage_details(run):
        yield name, value, "coverage"
    if run.footer and run.footer.walks:
        yield "random walks", run.footer.walks, "walks"
    if run.footer and run.footer.stale:
        yield "stale known failures", "; ".join(run.footer.stale), "stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioCell:
    """One scenario of one run: its verdict, and the link to its details."""

    sign: str
    word: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRow:
    """One scenario over all runs."""

    line: int
    title: str
    example: str
    clauses: str
    blocked: tuple[str, ...]
    """Why it could not be tried, of each run that has another reason."""
    cells: tuple[ScenarioCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """The scenarios of one file, and how many passed everywhere."""

    name: str
    rows: tuple[ScenarioRow, ...]
    everywhere: int


def _features(
    runs: Sequence[Run], failures: Sequence[RunFailures]
) -> Iterator[Feature]:
    """Every scenario that any of the runs has, in the order of the files."""
    columns = [
        {key(record): record for record in run.scenarios if not record.besides}
        for run in runs
    ]
    links = [one.ids() for one in failures]
    clauses = {
        where: " ".join(record.clauses)
        for column in columns
        for where, record in column.items()
    }
    for feature, keys in groupby(sorted(clauses), lambda where: where[0]):
        rows = tuple(_row(where, clauses[where], columns, links) for where in keys)
        passed = [
            row for row in rows if all(cell.word == Verdict.PASS for cell in row.cells)
        ]
        yield Feature(name=feature, rows=rows, everywhere=len(passed))


def _row(
    where: Key,
    clauses: str,
    columns: Sequence[Mapping[Key, ScenarioRecord]],
    links: Sequence[Mapping[Key, str]],
) -> ScenarioRow:
    _, line, title, example = where
    records = [column[where] for column in columns if where in column]
    blocked = (one.message or "" for one in records if one.verdict is Verdict.BLOCKED)
    return ScenarioRow(
        line=line,
        title=title,
        example=example,
        clauses=clauses,
        blocked=tuple(dict.fromkeys(filter(None, blocked))),
        cells=tuple(
            _cell(column.get(where), ids.get(where, ""))
            for column, ids in zip(columns, links, strict=True)
        ),
    )


def _cell(record: ScenarioRecord | None, link: str) -> ScenarioCell:
    verdict = record.verdict if record else Verdict.NOT_RUN
    return ScenarioCell(sign=SCENARIO_SIGNS[verdict], word=verdict.value, link=link)
