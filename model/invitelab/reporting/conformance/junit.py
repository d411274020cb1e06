"""A run as JUnit XML, for any tool that shows test results.

A deviation or an inconclusive scenario is `skipped` with its reason: neither is a
failure, and neither has passed. So is a known failure, with its issue; an entry of the
baseline that is out of date is a failure of its own.

Times are the lengths of the scenarios in seconds of protocol time, so that the same run
of the same target has the same times. Wall-clock time is in `timestamp` alone, which
comes from `provenance.json`.
"""

from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from invitelab.formats.evidence import broken
from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.formats.transcript import clauses_of, clock_words, length_ms, transcript
from invitelab.reporting.common.junit import COUNTS, add_suite, count, document
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.matrix import run_labels
from invitelab.reporting.conformance.summary import denominators, verdict_line

MS_PER_S = 1000


def junit(run: Run, started: datetime | None = None) -> str:
    """The XML document, ending in a newline; `started` is when the run began."""
    run = safe_document(run)
    root = ET.Element("testsuites", name="invitelab")
    features = dict.fromkeys(record.feature for record in run.scenarios)
    for feature in features:
        records = [record for record in run.scenarios if record.feature == feature]
        suite = add_suite(root, feature, _properties(run))
        _cases(suite, records, run)
    closing = add_suite(root, "verdict", _properties(run))
    _closing(closing, run)
    _end(closing, run)
    if started is not None:
        for suite in root:
            suite.set("timestamp", started.isoformat(timespec="seconds"))
    root.set("time", _seconds(sum(length_ms(record) for record in run.scenarios)))
    return document(root)


def _closing(suite: ET.Element, run: Run) -> None:
    """Failures of the run that belong to no scenario: entries that are out of date."""
    for sentence in run.footer.stale if run.footer else ():
        case = ET.SubElement(suite, "testcase", classname="baseline", name=sentence)
        case.set("time", _seconds(0))
        ET.SubElement(case, "failure", message=f"stale: {sentence}", type="stale")
    count(suite, "tests", "failures")
    suite.set("time", _seconds(0))


def comparison_junit(runs: Sequence[Run]) -> str:
    """As `junit`, for several runs: each is one suite, with its own properties."""
    runs = [safe_document(run) for run in runs]
    root = ET.Element("testsuites", name="invitelab")
    for name, run in zip(run_labels(runs), runs, strict=True):
        suite = add_suite(root, name, _properties(run))
        _cases(suite, run.scenarios, run)
        _end(suite, run)
    return document(root)


def _properties(run: Run) -> Sequence[tuple[str, str]]:
    """The verdict, and everything that qualifies it."""
    return (
        ("verdict", verdict_line(run)),
        ("clauses", denominators(run)),
        ("target", run.header.target),
        ("suite", run.header.suite),
        ("clock", clock_words(run.header)),
        ("settle_ms", str(run.header.settle_ms)),
        ("tolerance_ms", str(run.footer.tolerance_ms if run.footer else 0)),
    )


def _cases(suite: ET.Element, records: Sequence[ScenarioRecord], run: Run) -> None:
    """The counts of a suite, and its test cases."""
    for record in records:
        _case(suite, record, run)
    count(suite, *COUNTS)
    suite.set("time", _seconds(sum(length_ms(record) for record in records)))


def _end(suite: ET.Element, run: Run) -> None:
    """An error for a run without an end, whatever its scenarios have shown."""
    if run.footer is not None:
        return
    case = ET.SubElement(suite, "testcase", classname="run", name="the run has an end")
    case.set("time", _seconds(0))
    ET.SubElement(case, "error", message=verdict_line(run), type="incomplete")
    count(suite, "tests", "errors")


def _tag(record: ScenarioRecord, run: Run) -> str | None:
    """JUnit's element for the verdict of a scenario; None for one that passed.

    A blocked one is a failure where it alone shows that the blocking clause is broken.
    """
    if record.verdict is Verdict.BLOCKED:
        return (
            "failure"
            if any(one is record for one in broken(run.scenarios))
            else ("skipped")
        )
    match record.verdict:
        case Verdict.PASS:
            return None
        case Verdict.FAIL if record.known is None:
            return "failure"
        case Verdict.ERROR if record.known is None:
            return "error"
        case _:
            return "skipped"


def _seconds(ms: int) -> str:
    return f"{ms / MS_PER_S:.3f}"


def _case(suite: ET.Element, record: ScenarioRecord, run: Run) -> None:
    title = f"{record.title} [{record.example}]" if record.example else record.title
    tag = _tag(record, run)
    case = ET.SubElement(
        suite,
        "testcase",
        classname=" ".join(record.clauses if tag == "skipped" else clauses_of(record)),
        name=title,
        file=record.feature,
        line=str(record.line),
        time=_seconds(length_ms(record)),
    )
    if tag is None:
        return
    message = record.message or record.verdict.value
    if record.known is not None:
        element = ET.SubElement(case, tag, message=f"known: {record.known}")
    elif tag == "skipped":
        ET.SubElement(case, tag, message=f"{record.verdict.value}: {message}")
        return
    else:
        kind = record.kind or record.verdict.value
        element = ET.SubElement(case, tag, message=message, type=kind)
    element.text = "\n".join(transcript(record, run.header))
