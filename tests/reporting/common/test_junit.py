"""JUnit XML: a suite has its properties, and counts what is in it."""

from xml.etree import ElementTree as ET

from invitelab.reporting.common.junit import COUNTS, add_suite, count, document


def test_a_suite_counts_its_cases() -> None:
    """By what became of them; a case without an element has passed."""
    root = ET.Element("testsuites")
    suite = add_suite(root, "a", [("clock", "<virtual>")])
    for tag in (None, "failure", "error", "skipped", "skipped"):
        case = ET.SubElement(suite, "testcase")
        if tag is not None:
            ET.SubElement(case, tag)
    count(suite, *COUNTS)
    text = document(root)
    assert text.startswith("<?xml")
    assert text.endswith("</testsuites>\n")
    (read,) = ET.fromstring(text)  # noqa: S314 - our own document
    counts = {"tests": "5", "failures": "1", "errors": "1", "skipped": "2"}
    assert {"name": "a", **counts} == read.attrib
    (found,) = read.iter("property")
    assert {"name": "clock", "value": "<virtual>"} == found.attrib
