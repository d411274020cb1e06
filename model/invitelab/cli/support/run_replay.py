"""Run of `invitelab replay`: find the scenario, play it, and print the outcome."""

import difflib
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from invitelab.adapters.base import Limits
from invitelab.adapters.target import Target
from invitelab.cli.support.judged_as import judge_as
from invitelab.cli.support.run_store import run_at
from invitelab.conformance.execution.conclusion import read_run
from invitelab.conformance.replay import BAD, Outcome, Recorded, Replayed, replay
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.exchanges import EXCHANGES, Played, key_of, read
from invitelab.formats.reading import Kind, document_at
from invitelab.formats.run import Run, ScenarioRecord
from invitelab.formats.transcript import seconds
from invitelab.inputs.validation import shown
from invitelab.processes.signals import termination_interrupts
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.conformance.raw_calls import raw_calls, raw_lines
from invitelab.resources import suite_digest
from invitelab.safe_text import escaped

MOST_TITLES = 5
MOST_SHOWN = 1000

_HINT = "name a folder that invitelab check has written"

EXIT_CODES = {
    Outcome.FIXED: ExitCode.CONFORMANT,
    Outcome.PASSES: ExitCode.CONFORMANT,
    Outcome.STILL_FAILING: ExitCode.NON_CONFORMANT,
    Outcome.FAILS_NOW: ExitCode.NON_CONFORMANT,
    Outcome.UNDECIDED: ExitCode.INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Arguments of `invitelab replay`."""

    run: str
    target: str | None
    title: str | None
    trace: bool


def replay_scenario(wanted: Replay, limits: Limits) -> int:
    """Play the scenario, and print; the exit code. Raises UsageError."""
    file = document_at(run_at(wanted.run), Kind.RUN, hint=_HINT)
    run = read_run(file)
    records = _chosen(run, wanted.title)
    judge_as(run.header, records)
    target = Target.parse(wanted.target or run.header.target)
    calls = read(file.with_name(EXCHANGES), sorted({one.title for one in records}))
    recorded = [
        Recorded(
            header=run.header,
            record=one,
            played=_calls(calls.get(key_of(one)), one),
            folder=file.parent,
        )
        for one in records
    ]
    click.echo(f"target    {escaped(target.text)}")
    if run.header.suite != suite_digest():
        click.echo(
            "suite     another one than that of the run: it is played as it is now"
        )
    codes: list[ExitCode] = []
    with termination_interrupts():
        for one in recorded:
            done = replay(target, one, limits)
            for line in _told(done, trace=wanted.trace):
                click.echo(line)
            codes.append(EXIT_CODES[done.outcome])
    worst = (ExitCode.NON_CONFORMANT, ExitCode.INCONCLUSIVE, ExitCode.CONFORMANT)
    return min(codes, key=worst.index)


def _chosen(run: Run, title: str | None) -> Sequence[ScenarioRecord]:
    """The records to play: of that title the failed ones, or all if none has failed.

    Raises UsageError where there is none, or where one has to be named.
    """
    failed = [one for one in run.scenarios if one.verdict in BAD]
    if title is not None:
        alike = [one for one in run.scenarios if one.title == title]
        if not alike:
            msg = f"the run has no scenario {shown(title)}"
            raise UsageError(msg, hint=_nearest(title, run, failed))
        return [one for one in alike if one in failed] or alike
    if not failed:
        msg = "nothing failed in this run, and no scenario is named"
        raise UsageError(msg, hint="--scenario TITLE names one")
    if len(failed) > 1:
        msg = f"{len(failed)} scenarios failed in this run, and none is named"
        raise UsageError(msg, hint=_titles(failed))
    return failed


def _nearest(title: str, run: Run, failed: Sequence[ScenarioRecord]) -> str:
    """The scenario of the run whose title is nearest; else those that failed.

    A title that begins as the wrong one does, or has it somewhere, is nearer than any.
    """
    titles = dict.fromkeys(one.title for one in run.scenarios)
    wanted = title.casefold()
    within = [one for one in titles if wanted and wanted in one.casefold()]
    near = within or difflib.get_close_matches(title, titles, n=1)
    if near:
        first = min(near, key=lambda one: not one.casefold().startswith(wanted))
        return f"the nearest is --scenario {shlex.quote(escaped(first))}"
    return _titles(failed) or "nothing failed in it"


def _titles(failed: Sequence[ScenarioRecord]) -> str:
    titles = list(dict.fromkeys(escaped(one.title) for one in failed))
    named = "; ".join(f"--scenario {shlex.quote(one)}" for one in titles[:MOST_TITLES])
    more = len(titles) - MOST_TITLES
    return f"{named}; and {more} more" if more > 0 else named


def _calls(played: Played | None, record: ScenarioRecord) -> Played:
    """The calls of a record. Raises UsageError where the file has none."""
    if played is None:
        msg = f"{EXCHANGES} has no calls of {shown(record.title)}: it never began"
        raise UsageError(msg, hint="invitelab check runs it")
    return played


def _told(done: Replayed, *, trace: bool) -> Iterator[str]:
    """What has become of a scenario, as lines."""
    record = done.before
    example = f" [{record.example}]" if record.example else ""
    clauses = " ".join(record.clauses)
    yield f"scenario  {escaped(record.title)}{escaped(example)} ({clauses})"
    if record.needed:
        yield f"values    {escaped('; '.join(record.needed))}"
    raw = raw_calls(done.played)
    if trace and raw is not None:
        yield from raw_lines(raw)
    played = plural(len(done.played.calls), "call")
    if done.difference is None:
        yield f"calls     {played}, and each was answered as before"
    else:
        yield from _difference(done, played)
    yield _conclusion(done)


def _difference(done: Replayed, played: str) -> Iterator[str]:
    found = done.difference
    assert found is not None, "there is one"
    at = "" if found.at_ms is None else f" at {seconds(found.at_ms)}"
    where = f"the {found.part} of call {found.call}, {found.method}{at}"
    yield f"calls     {played}; the first difference is {where}"
    yield f"  before  {escaped(found.before, MOST_SHOWN) or 'nothing'}"
    yield f"  now     {escaped(found.now, MOST_SHOWN) or 'nothing'}"


def _conclusion(done: Replayed) -> str:
    """The last line: the outcome first."""
    was, now = _reason(done.before), _reason(done.now)
    match done.outcome:
        case Outcome.FIXED:
            return f"FIXED: it passes now; before: {was}"
        case Outcome.STILL_FAILING if was == now:
            return f"STILL FAILING: {now}"
        case Outcome.STILL_FAILING:
            return f"STILL FAILING, but otherwise: {now}; before: {was}"
        case Outcome.FAILS_NOW:
            return f"FAILS NOW: {now}"
        case Outcome.PASSES:
            return "PASSES: now as before"
        case Outcome.UNDECIDED:
            return f"UNDECIDED: {done.now.verdict.value}, {now}; before: {was}"


def _reason(record: ScenarioRecord) -> str:
    kind = f"{record.kind}: " if record.kind else ""
    return kind + escaped(record.message or record.verdict.value)
