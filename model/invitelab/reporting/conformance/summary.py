"""Sentences that are the same in every view of a run."""

from invitelab.formats.run import (
    Header,
    Level,
    Run,
    ScenarioRecord,
    Verdict,
    only_blocked,
)
from invitelab.formats.transcript import GLYPHS, clock_words

TROUBLE = (Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION, Verdict.INCONCLUSIVE)
"""Verdicts of the scenarios that are shown in full, in the order of the reports."""


def verdict_line(run: Run) -> str:
    """The verdict with what qualifies it, or INCOMPLETE."""
    footer = run.footer
    if footer is None:
        return "INCOMPLETE (the run has no end)"
    reason = f" ({footer.reason})" if footer.reason else ""
    blame = f", blame: {footer.blame.value}" if footer.blame else ""
    clock = f", {clock_line(run)}" if run.header.clock else ""
    return f"{footer.verdict.value}{reason}{blame}{clock}"


def clock_line(run: Run) -> str:
    """`clock virtual (proven)`; of a real one, how late the machine was."""
    words = f"clock {clock_words(run.header)}"
    if run.footer is None or run.header.clock != "real":
        return words
    return f"{words}, this machine late by at most {run.footer.tolerance_ms} ms"


def denominators(run: Run) -> str:
    """All of them, always: `required 41/44 - interpretations 18/22 - ...`."""
    if run.footer is None:
        return "no totals"
    totals = run.footer.totals
    required, interpretation = (level.value for level in Level)
    count = totals.get("blocked", 0)
    blocked = f" - {count} blocked" if count else ""
    return (
        f"required {totals[f'{required} passed']}/{totals[required]}"
        f" - interpretations {totals[f'{interpretation} passed']}"
        f"/{totals[interpretation]}"
        f"{blocked} - {totals['not applicable']} not applicable"
        f" - {totals['untested']} untested of {totals['clauses']}"
    )


def scenario_counts(run: Run) -> str:
    """`224 scenarios: 224 pass`."""
    if run.footer is None:
        return f"{len(run.scenarios)} scenarios"
    totals = run.footer.totals
    words = [
        f"{totals[f'scenarios {verdict.value}']} {verdict.value}"
        for verdict in Verdict
        if f"scenarios {verdict.value}" in totals
    ]
    known = totals.get("scenarios known", 0)
    words += [f"{known} known"] if known else []
    count = totals["scenarios"]
    noun = "scenario" if count == 1 else "scenarios"
    return f"{count} {noun}: {', '.join(words) or 'none'}"


def target_line(header: Header) -> str:
    """The target as named, and the name of the implementation."""
    if header.implementation is None:
        return header.target
    return f"{header.target} ({header.implementation})"


def suite_line(header: Header) -> str:
    """Harness, suite and clock: what qualifies every verdict."""
    settling = f", settles within {header.settle_ms} ms" if header.settle_ms else ""
    clock = f", clock {clock_words(header)}" if header.clock else ""
    return f"{header.harness}, suite {header.suite}{clock}{settling}"


def troubled(run: Run) -> list[ScenarioRecord]:
    """The scenarios that are shown in full, the worst first and known failures last."""
    worst_first = [
        record
        for verdict in TROUBLE
        for record in run.scenarios
        if record.verdict is verdict
    ]
    worst_first += only_blocked(run.scenarios)
    return sorted(worst_first, key=lambda record: record.known is not None)


def verdict_word(verdict: Verdict | None) -> str:
    """Sign and word of a clause's verdict."""
    return "  untested" if verdict is None else f"{GLYPHS[verdict]:<2} {verdict.value}"
