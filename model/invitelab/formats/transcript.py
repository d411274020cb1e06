"""The transcript of a scenario: its record as lines of text, the same in every view."""

import shlex
from collections.abc import Iterator

from invitelab.errors import Blame
from invitelab.formats.exchange_text import answer_text, request_text
from invitelab.formats.run import (
    Exchange,
    Header,
    Level,
    ScenarioRecord,
    StepRecord,
    Verdict,
)
from invitelab.formats.specification import load
from invitelab.formats.walk_text import WALK

GLYPHS = {
    Verdict.PASS: "ok",
    Verdict.FAIL: "x",
    Verdict.DEVIATION: "~",
    Verdict.INCONCLUSIVE: "?",
    Verdict.ERROR: "!",
    Verdict.BLOCKED: "/",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.NOT_RUN: ".",
}
"""One sign a verdict, readable without colour."""

LAST_WORDS = 5
"""Lines of a target's stderr that a failure ends with."""

WHOLE_TRACEBACK = 15
"""The same where only the traceback can say whether the adapter is to blame."""


def seconds(at_ms: int) -> str:
    """Virtual time in seconds with three decimals: `119.999 s`."""
    return f"{at_ms / 1000:.3f} s"


def length_ms(record: ScenarioRecord) -> int:
    """The length of a scenario in milliseconds of protocol time, as far as recorded."""
    steps = [step.at_ms for step in record.steps]
    calls = [one.at_ms for step in record.steps for one in step.exchanges]
    return max([0, *steps, *calls])


def clock_words(header: Header) -> str:
    """The clock, and whether it was proven, if that can be; `unknown` for none."""
    if header.clock is None:
        return "unknown"
    if header.clock == "real":
        whole = "two minutes are" if header.profile is None else "the lifetime is"
        scaled = f", scaled: {whole} {header.lifetime_ms} ms"
        return header.clock + (scaled if header.lifetime_ms is not None else "")
    return f"{header.clock} ({'proven' if header.proven else 'not proven'})"


def precision_words(header: Header) -> str:
    """How precisely the target's invitations end: `1 ms`, or more where it says so."""
    words = f"{header.resolution_ms} ms"
    if header.early_ms is not None:
        words += f", ends at most {header.early_ms} ms early"
    if header.late_ms is not None:
        words += f", ends at most {header.late_ms} ms late"
    return words


def clauses_of(record: ScenarioRecord) -> tuple[str, ...]:
    """The clauses that a record breaks: its own, or the one that blocks it."""
    return record.clauses if record.blocked_by is None else (record.blocked_by,)


def clauses_words(record: ScenarioRecord) -> str:
    """`EXPIRY-2`; where another clause blocks it `PENDING-1, needed by EXPIRY-2`."""
    own = " ".join(record.clauses)
    return own if record.blocked_by is None else f"{record.blocked_by}, needed by {own}"


def level_of(record: ScenarioRecord) -> Level:
    """The level of what a record breaks."""
    blocking = load().get(record.blocked_by or "")
    return record.level if blocking is None else blocking.level


def headline(record: ScenarioRecord) -> str:
    """Verdict sign, clauses, level, place and title."""
    clauses = clauses_words(record)
    example = f" [{record.example}]" if record.example else ""
    known = f"   known: {record.known}" if record.known else ""
    return (
        f"{GLYPHS[record.verdict]} {clauses} {level_of(record).value}"
        f"   {record.feature}:{record.line}   {record.title}{example}{known}"
    )


def transcript(record: ScenarioRecord, header: Header) -> Iterator[str]:
    """The headline, steps with times and exchanges, what failed, how to repeat it."""
    yield headline(record)
    for step in record.steps:
        if step.status == "not-reached":
            continue
        drawn = "+" if step.drawn else " "
        yield f"  t={seconds(step.at_ms):>11} {drawn}{step.keyword} {step.text}"
        for row in step.table:
            yield f"                  | {' | '.join(row)} |"
        yield from (
            f"                  . {_exchange(entry)}" for entry in step.exchanges
        )
        if step.status == "failed":
            yield _what_failed(record, header, step)
    if record.message and not any(step.status == "failed" for step in record.steps):
        yield f"  {record.message}"
    traced = record.blame is Blame.EITHER or record.kind == "steps"
    shown = WHOLE_TRACEBACK if traced else LAST_WORDS
    for line in record.stderr.splitlines()[-shown:]:
        yield f"  stderr  {line}"
    yield from (f"  cast    {name}: {told}" for name, told in record.cast.items())
    if record.needed:
        yield f"  only with {'; '.join(record.needed)}"
    if record.runs > 1:
        yield f"  rows    {record.failed_runs} of {record.runs} failed"
    yield f"  repro   {repro(record, header)}"


def _exchange(exchange: Exchange) -> str:
    words = [exchange.method]
    if exchange.client is not None:
        words.append(f"client={exchange.client}")
    request = request_text(exchange)
    if request:
        words.append(request)
    return f"{' '.join(words)} -> {answer_text(exchange)}"


def _what_failed(record: ScenarioRecord, header: Header, step: StepRecord) -> str:
    last_ms = step.exchanges[-1].at_ms if step.exchanges else step.at_ms
    kind = f"{record.kind}: " if record.kind else ""
    blame = f" (blame: {record.blame.value})" if record.blame else ""
    return (
        f"  t={seconds(last_ms):>11}  {GLYPHS[record.verdict]}    "
        f"{kind}{record.message}{blame}      clock: {clock_words(header)}"
    )


def named_target(header: Header) -> str:
    """The target as it was given: with its name, which also names its folder."""
    named = header.name is not None
    return f"{header.name}={header.target}" if named else header.target


def repro(record: ScenarioRecord, header: Header) -> str:
    """The shortest command that runs this scenario again."""
    words = ["invitelab", "check", named_target(header)]
    own = header.features
    if own is not None and not record.feature.startswith("features/"):
        words += ["--features", own]
    if header.profile is not None:
        words += ["--profile", header.profile.file]
    if record.feature == WALK and record.example is not None:
        words += ["--clause", record.clauses[0], *record.example.split()]
    else:
        words += ["--scenario", record.title]
        words += ["--seed", str(header.seed)]
        if header.depth not in {None, "standard"}:
            words += ["--depth", str(header.depth)]
    if header.clock in {"system", "jump"}:  # chosen by an option, not declared
        words += ["--clock", header.clock]
    return shlex.join(words)
