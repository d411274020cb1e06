"""Verdicts as outcomes of pytest: a deviation is an expected failure.

A scenario that has not passed raises, so that a user's own xfail applies to it. An
outcome that an xfail has set is kept; the others are set here.
"""

import pytest

from invitelab.conformance.execution.verdicts import Conclusion, counts
from invitelab.formats.run import Header, ScenarioRecord, Verdict

RED = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION})


class ScenarioError(Exception):
    """A scenario has not passed."""


def raise_unless_passed(record: ScenarioRecord) -> None:
    """Raise ScenarioError for a verdict in `RED`; skip the test if it is undecided."""
    if record.verdict in RED:
        raise ScenarioError(record.message)
    if record.verdict is not Verdict.PASS:
        pytest.skip(_why_skipped(record))


def describe(
    report: pytest.TestReport, record: ScenarioRecord, transcript: str
) -> None:
    """Put the verdict of a scenario into its report."""
    if record.verdict is Verdict.PASS:
        return  # a strict xfail may have made a failure of it
    if record.verdict not in RED:
        report.longrepr = (record.feature, record.line, _why_skipped(record))
        return
    report.longrepr = transcript
    reason = _why_expected(record)
    if reason is not None and not hasattr(report, "wasxfail"):
        report.outcome = "skipped"
        report.wasxfail = reason


def verdict_words(end: Conclusion, header: Header) -> str:
    """`CONFORMANT by NAME (why)`: the verdict of a run in one line."""
    by = f" by {header.profile.name}" if header.profile is not None else ""
    return f"{end.verdict.value}{by}" + (f" ({end.reason})" if end.reason else "")


def _why_skipped(record: ScenarioRecord) -> str:
    return f"{record.verdict.value}: {record.message or 'the run is invalid'}"


def _why_expected(record: ScenarioRecord) -> str | None:
    """The reason why a red scenario is an expected failure; None where it is not."""
    if record.verdict is Verdict.DEVIATION:
        return f"deviation: {record.message}"
    if record.known is not None:
        return f"known: {record.known}"
    return None if counts(record) else f"{record.kind}: {record.message}"
