"""A run as Markdown: for a pull request, and for people without a terminal."""

from collections.abc import Iterator

from invitelab.records import Run
from invitelab.reporting.summary import (
    denominators,
    scenario_counts,
    suite_line,
    target_line,
    troubled,
    verdict_line,
    verdict_word,
)
from invitelab.story import story

FENCE = "~~~~"


def markdown(run: Run) -> str:
    """The report, ending in a newline."""
    return "\n".join(_lines(run)) + "\n"


def _lines(run: Run) -> Iterator[str]:
    yield f"# {_plain(verdict_line(run))}"
    yield ""
    yield f"- Target: `{_code(target_line(run.header))}`"
    yield f"- Suite: {_plain(suite_line(run.header))}"
    yield f"- Clauses: {denominators(run)}"
    yield f"- Scenarios: {scenario_counts(run)}"
    if run.header.hint and run.header.problem:
        yield f"- Hint: {_plain(run.header.hint)}"
    yield ""
    yield "| clause | level | passed | verdict | what must be observable |"
    yield "|---|---|---|---|---|"
    for clause in run.clauses:
        yield (
            f"| {clause.clause} | {clause.level.value}"
            f" | {clause.passed}/{clause.scenarios}"
            f" | {verdict_word(clause.verdict).strip()} | {_plain(clause.text)} |"
        )
    for record in troubled(run):
        first, *rest = story(record, run.header)
        yield ""
        yield f"### {_plain(first)}"
        yield ""
        yield f"{FENCE}text"
        yield from (line.replace(FENCE, "~ ~ ~ ~") for line in rest)
        yield FENCE


def _plain(text: str) -> str:
    """Text in which no character of a target's means anything to Markdown or HTML."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{char}" if char in "\\`*_[]|#~" else char for char in escaped)


def _code(text: str) -> str:
    """Text for a code span, which only a backtick can end."""
    return text.replace("`", "'")
