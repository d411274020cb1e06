"""JUnit XML: the elements that every report of test results is made of."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

COUNTS = {
    "tests": "testcase",
    "failures": "testcase/failure",
    "errors": "testcase/error",
    "skipped": "testcase/skipped",
}
"""The counts of a suite, and the elements that each counts."""


def document(root: ET.Element) -> str:
    """The XML document, ending in a newline."""
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def add_suite(
    root: ET.Element, name: str, properties: Iterable[tuple[str, str]]
) -> ET.Element:
    """A suite with its properties; `count` follows once it has its cases."""
    suite = ET.SubElement(root, "testsuite", name=name)
    group = ET.SubElement(suite, "properties")
    for key, value in properties:
        ET.SubElement(group, "property", name=key, value=value)
    return suite


def count(suite: ET.Element, *names: str) -> None:
    """Set the counts of these names, of COUNTS, on a suite that has all its cases."""
    for name in names:
        suite.set(name, str(len(suite.findall(COUNTS[name]))))
