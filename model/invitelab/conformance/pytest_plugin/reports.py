"""Pytest's words for our verdicts: a deviation is an expected failure.

A scenario that has not passed raises, so that pytest treats it by the rules of a user's
own xfail. What pytest has made of that stays; what nobody has marked is put into words
here.
"""

import pytest

from invitelab.conformance.execution.verdicts import counts
from invitelab.formats.run import ScenarioRecord, Verdict

RED = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION})


class ScenarioError(Exception):
    """A scenario has not passed."""


def tell(record: ScenarioRecord) -> None:
    """Raise ScenarioError for what is red, and skip what was not decided."""
    if record.verdict in RED:
        raise ScenarioError(record.message)
    if record.verdict is not Verdict.PASS:
        pytest.skip(_why_skipped(record))


def put_into_words(
    report: pytest.TestReport, record: ScenarioRecord, story: str
) -> None:
    """Say in a report what became of a scenario that was run."""
    if record.verdict is Verdict.PASS:
        return  # a strict xfail may have made a failure of it
    if record.verdict not in RED:
        report.longrepr = (record.feature, record.line, _why_skipped(record))
        return
    report.longrepr = story
    excuse = _excuse(record)
    if excuse is not None and not hasattr(report, "wasxfail"):
        report.outcome = "skipped"
        report.wasxfail = excuse


def _why_skipped(record: ScenarioRecord) -> str:
    return f"{record.verdict.value}: {record.message or 'the run is invalid'}"


def _excuse(record: ScenarioRecord) -> str | None:
    """Why a red scenario does not fail the tests; None where it does."""
    if record.verdict is Verdict.DEVIATION:
        return f"deviation: {record.message}"
    if record.known is not None:
        return f"known: {record.known}"
    return None if counts(record) else f"{record.kind}: {record.message}"
