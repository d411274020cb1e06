"""A run as JUnit XML, for whatever shows test results.

A deviation or an inconclusive scenario is `skipped` with its reason: neither is a
failure, and neither has passed.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from invitelab.records import Run, ScenarioRecord, Verdict
from invitelab.reporting.conformance.matrix import labels
from invitelab.reporting.summary import denominators, verdict_line
from invitelab.safe_text import shown
from invitelab.story import clock_words, story


def junit(run: Run) -> str:
    """The XML document, ending in a newline; no times, so equal runs are equal."""
    run = shown(run)
    root = ET.Element("testsuites", name="invitelab")
    features = dict.fromkeys(record.feature for record in run.scenarios)
    for feature in features:
        records = [record for record in run.scenarios if record.feature == feature]
        _cases(ET.SubElement(root, "testsuite", name=feature), records, run)
    closing = ET.SubElement(root, "testsuite", name="verdict", tests="0")
    _properties(closing, run)
    _end(closing, run)
    return _document(root)


def comparison_junit(runs: Sequence[Run]) -> str:
    """As `junit`, for several runs: each is one suite, with its own properties."""
    runs = [shown(run) for run in runs]
    root = ET.Element("testsuites", name="invitelab")
    for name, run in zip(labels(runs), runs, strict=True):
        suite = ET.SubElement(root, "testsuite", name=name)
        _properties(suite, run)
        _cases(suite, run.scenarios, run)
        _end(suite, run)
    return _document(root)


def _document(root: ET.Element) -> str:
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _properties(suite: ET.Element, run: Run) -> None:
    """Everything that qualifies the verdict."""
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("verdict", verdict_line(run)),
        ("clauses", denominators(run)),
        ("target", run.header.target),
        ("suite", run.header.suite),
        ("clock", clock_words(run.header)),
        ("settle_ms", str(run.header.settle_ms)),
        ("tolerance_ms", str(run.footer.tolerance_ms if run.footer else 0)),
    ):
        ET.SubElement(properties, "property", name=name, value=value)


def _cases(suite: ET.Element, records: Sequence[ScenarioRecord], run: Run) -> None:
    """The counts of a suite, and its test cases."""
    for name, verdicts in _COUNTED.items():
        count = sum(record.verdict in verdicts for record in records)
        suite.set(name, str(count))
    for record in records:
        _case(suite, record, run)


def _end(suite: ET.Element, run: Run) -> None:
    """A run without an end is an error, whatever its scenarios have shown."""
    if run.footer is not None:
        return
    for name in ("tests", "errors"):
        suite.set(name, str(int(suite.get(name, "0")) + 1))
    case = ET.SubElement(suite, "testcase", classname="run", name="the run has an end")
    ET.SubElement(case, "error", message=verdict_line(run), type="incomplete")


_SKIPPED = (
    Verdict.DEVIATION,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_APPLICABLE,
    Verdict.NOT_RUN,
)
_COUNTED = {
    "tests": tuple(Verdict),
    "failures": (Verdict.FAIL,),
    "errors": (Verdict.ERROR,),
    "skipped": _SKIPPED,
}


def _case(suite: ET.Element, record: ScenarioRecord, run: Run) -> None:
    title = f"{record.title} [{record.example}]" if record.example else record.title
    case = ET.SubElement(
        suite,
        "testcase",
        classname=" ".join(record.clauses),
        name=title,
        file=record.feature,
        line=str(record.line),
    )
    if record.verdict is Verdict.PASS:
        return
    message = record.message or record.verdict.value
    if record.verdict in _SKIPPED:
        ET.SubElement(case, "skipped", message=f"{record.verdict.value}: {message}")
        return
    tag = "failure" if record.verdict is Verdict.FAIL else "error"
    kind = record.kind or record.verdict.value
    element = ET.SubElement(case, tag, message=message, type=kind)
    element.text = "\n".join(story(record, run.header))
