"""A simulation as JUnit XML, with a test case for each objective.

Missed and undecided objectives are both failures, with a type of their own. Two more
cases are the complete run, which fails with an error, and the protocol's invariants.
"""

from xml.etree import ElementTree as ET

from invitelab.formats.results import Objective, ObjectiveVerdict, Results
from invitelab.reporting.common.formatting import clean
from invitelab.reporting.common.junit import add_suite, count, document
from invitelab.reporting.load.objective_text import (
    objective_found,
    reason,
    statement,
)
from invitelab.reporting.load.source_text import source_line, was_checked
from invitelab.reporting.load.summary import (
    incomplete_because,
    reproduce,
    verdict_line,
)


def junit(results: Results) -> str:
    """The XML document, ending in a newline; no times, so equal runs are equal."""
    command = "import" if results.source == "import" else "simulate"
    root = ET.Element("testsuites", name=f"invitelab {command}")
    name = clean(results.name)
    properties = (
        ("verdict", verdict_line(results)),
        *([("source", source)] if (source := source_line(results)) else []),
        *([("seed", str(results.seed))] if command == "simulate" else []),
        ("scenario", results.scenario_digest),
        ("reproduce", reproduce(results)),
    )
    suite = add_suite(root, name, ((key, clean(value)) for key, value in properties))
    for objective in results.objectives:
        _objective(suite, objective, results, name)
    _whole(suite, results, name)
    if was_checked(results):
        _healthy(suite, results, name)
    count(suite, "tests", "failures", "errors")
    return document(root)


def _case(suite: ET.Element, group: str, name: str, title: str) -> ET.Element:
    return ET.SubElement(
        suite, "testcase", classname=f"{name}.{group}", name=clean(title)
    )


def _objective(
    suite: ET.Element, objective: Objective, results: Results, name: str
) -> None:
    case = _case(suite, "objectives", name, statement(objective))
    if objective.verdict is ObjectiveVerdict.MET:
        return
    if objective.verdict is ObjectiveVerdict.NOT_APPLICABLE:
        ET.SubElement(case, "skipped", message=reason(objective, results))
        return
    failure = ET.SubElement(
        case,
        "failure",
        type=objective.verdict.value,
        message=reason(objective, results),
    )
    found = objective_found(objective, results)
    failure.text = clean(f"{statement(objective)}: {found}")


def _whole(suite: ET.Element, results: Results, name: str) -> None:
    case = _case(suite, "run", name, "the run is complete")
    if not results.complete:
        message = incomplete_because(results)
        ET.SubElement(case, "error", type="incomplete", message=message)


def _healthy(suite: ET.Element, results: Results, name: str) -> None:
    case = _case(suite, "run", name, "no invariant of the protocol was broken")
    for violated in results.checked.violations:
        ET.SubElement(
            case,
            "failure",
            type=clean(violated.invariant),
            message=clean(violated.message),
        )
