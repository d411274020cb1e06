"""What is told of a target fits into a report, whatever the target says."""

from xml.etree import ElementTree as ET

import pytest

from invitelab.adapters import messages
from invitelab.conformance.execution.recorder import MOST_ROWS, Trace, visible


@pytest.mark.parametrize("char", ["\uffff", "\ufffe", "\ufdd0", "\U0010ffff"])
def test_what_is_visible_fits_into_xml(char: str) -> None:
    """It is escaped, and can be read back."""
    assert char not in visible(f"acme{char}")
    element = ET.Element("a", name=visible(char))
    assert visible(char) == ET.fromstring(ET.tostring(element)).get("name")  # noqa: S314


def test_a_view_of_many_rows_is_told_in_short() -> None:
    """The first of them, and how many there are beside."""
    row = {"invitation": "i", "to": "", "profile": "", "state": "expired"}
    rows = [{**row, "invitation": f"{number:x}"} for number in range(14_000)]
    values = {"notifications": [], "invitations": rows, "sessions": [], "requests": []}
    trace = Trace()
    trace.begin("Given", "a", 1, 0)
    call = messages.ClientCall(scenario="k1", client="c1")
    trace.exchange(0, "client.view", call, messages.View.model_validate(values))
    told = trace.records()[0].exchanges[0].response
    assert told.endswith(f"; and {14_000 - MOST_ROWS} more]")
    assert len(told) < 1000
