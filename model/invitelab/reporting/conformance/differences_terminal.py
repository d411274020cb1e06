"""The differences of two runs on a terminal, with the result last."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from invitelab.formats.run import ScenarioRecord, Verdict
from invitelab.formats.transcript import GLYPHS
from invitelab.reporting.common.formatting import clean, plural
from invitelab.reporting.conformance.differences import Change, Differences
from invitelab.reporting.conformance.terminal import STYLES

CHANGE_STYLES = {
    Change.WORSE: "bold red",
    Change.BETTER: "green",
    Change.OTHER: "yellow",
}
MOST_SENTENCES = 5
"""How many sentences of the specification are quoted on one line."""

MOST_NAMED = 10
"""How many new or missing scenarios are named: other suites have hundreds."""


def print_differences(
    console: Console, found: Differences, names: tuple[str, str], *, quiet: bool = False
) -> None:
    """Print all differences, the worst first; with `quiet` the last two lines alone."""
    if not quiet:
        for text, style in _sentences(found):
            _line(console, text, style)
        for letter, name, verdict in zip("AB", names, found.verdicts, strict=True):
            _line(console, f"{letter}  {clean(name)}   {clean(verdict)}")
        for name, (before, after) in found.header.items():
            _line(console, f"   {name}: {clean(before)} -> {clean(after)}")
        if found.clauses:
            console.print()
            console.print(_clauses(found))
        if found.scenarios:
            console.print()
            console.print(_scenarios(found))
        console.print()
        _names(console, "new", found.new)
        _names(console, "gone", found.gone)
    _line(console, counts(found))
    _line(console, result(found), "bold red" if found.worse else "bold green")


def _sentences(found: Differences) -> Iterator[tuple[str, str]]:
    """A line on the sentences that no longer hold, and one on those that hold now."""
    both = (
        (found.sentences.broken, ("no longer holds", "no longer hold"), Change.WORSE),
        (found.sentences.mended, ("holds now", "hold now"), Change.BETTER),
    )
    for sentences, (one, many), change in both:
        if sentences:
            texts = [f"{each.text} ({each.number})" for each in sentences]
            if len(texts) > MOST_SENTENCES:
                more = len(texts) - MOST_SENTENCES
                texts[MOST_SENTENCES:] = [f"and {more} more"]
            words = plural(len(sentences), f"sentence {one}", f"sentences {many}")
            yield f"{words}: {'; '.join(texts)}", CHANGE_STYLES[change]


def counts(found: Differences) -> str:
    """`228 scenarios in both: 225 the same, 3 worse, 0 better, 0 other - 1 gone`."""
    both = found.same + len(found.scenarios)
    changes = ", ".join(f"{found.count(change)} {change.value}" for change in Change)
    words = [f"{both} scenarios in both: {found.same} the same, {changes}"]
    for name, records in (("new", found.new), ("gone", found.gone)):
        if records:
            words.append(f"{len(records)} {name}")
    if found.other_suite:
        words.append("of different suites")
    return " - ".join(words)


def result(found: Differences) -> str:
    """The result: WORSE or NO WORSE, with the clauses that are worse or better."""
    if found.lost:
        return f"WORSE (B says nothing: {clean(found.verdicts[1])})"
    if found.worse:
        return f"WORSE ({_cited(found, Change.WORSE)})"
    better = _cited(found, Change.BETTER)
    return f"NO WORSE (better: {better})" if better else "NO WORSE"


def _cited(found: Differences, change: Change) -> str:
    """The clauses that changed in that direction."""
    ids = [one.after.clause for one in found.clauses if one.change is change]
    for one in found.scenarios:
        ids += one.after.clauses if one.change is change else ()
    return ", ".join(clean(id_) for id_ in dict.fromkeys(ids))


def _clauses(found: Differences) -> Table:
    table = _table("clause", "A", "B", "")
    table.add_column("what must be observable", overflow="ellipsis", no_wrap=True)
    for one in found.clauses:
        table.add_row(
            clean(one.after.clause),
            _verdict(one.before.verdict),
            _verdict(one.after.verdict),
            Text(one.change.value, style=CHANGE_STYLES[one.change]),
            Text(clean(one.after.text)),
        )
    return table


def _scenarios(found: Differences) -> Table:
    table = _table("clause", "A", "B", "")
    table.add_column("scenario", overflow="fold")
    for one in found.scenarios:
        table.add_row(
            clean(" ".join(one.after.clauses)),
            _verdict(one.before.verdict, one.before.kind),
            _verdict(one.after.verdict, one.after.kind),
            Text(one.change.value, style=CHANGE_STYLES[one.change]),
            Text(_name(one.after)),
        )
    return table


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, no_wrap=True, min_width=8)
    return table


def _verdict(verdict: Verdict | None, kind: str | None = None) -> Text:
    if verdict is None:
        return Text("untested", style="dim")
    words = f"{GLYPHS[verdict]:<2} {verdict.value}"
    return Text(f"{words}: {clean(kind)}" if kind else words, style=STYLES[verdict])


def _name(record: ScenarioRecord) -> str:
    example = f" [{record.example}]" if record.example else ""
    return clean(f"{record.title}{example}")


def _names(console: Console, word: str, records: Sequence[ScenarioRecord]) -> None:
    for line in _named(word, records):
        _line(console, line)


def _named(word: str, records: Sequence[ScenarioRecord]) -> Iterator[str]:
    for record in records[:MOST_NAMED]:
        verdict = f"{GLYPHS[record.verdict]} {record.verdict.value}"
        cited = clean(" ".join(record.clauses))
        yield f"{word:<5} {verdict}   {cited}   {_name(record)}"
    if len(records) > MOST_NAMED:
        yield f"{word:<5} and {len(records) - MOST_NAMED} more"


def _line(console: Console, text: str, style: str = "") -> None:
    """Print plain text: it is neither read as markup nor wrapped."""
    console.print(Text(text, style=style), soft_wrap=True)
