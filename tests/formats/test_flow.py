"""Messages over time and parts of delays: what a damaged document is refused for."""

from collections.abc import Mapping

import pytest

from invitelab.formats.flow import Flow, Spent

SPENT: Mapping[str, object] = {
    "metric": "notify_delay",
    "low": 0.0,
    "high": 0.5,
    "lower_us": 100,
    "upper_us": 200,
    "count": 2,
    "network_us": 250,
    "queue_us": 50,
}
FLOW: Mapping[str, object] = {
    "attempts": 10,
    "repeats": 3,
    "emails_alone": [0.0, 1.0],
    "repeated": [0.0, 2.0],
    "dropped": {"loss": [0.5, 0.0]},
    "busy": {"offer": [0.0, 1.0]},
    "queued": {"offer": [0.0, 9.0]},
    "spent": [SPENT],
}


def test_what_is_whole_is_read() -> None:
    """And written as it was."""
    found = Flow.model_validate(FLOW)
    assert found == Flow.model_validate_json(found.model_dump_json())
    assert 300 == found.spent[0].total_us


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [
        ("equally long", {"repeated": [1.0]}),
        ("equally long", {"dropped": {"loss": [0.5]}}),
        ("its load and its queue", {"queued": {"poll": [0.0, 9.0]}}),
        ("less than or equal to 1", {"busy": {"offer": [0.0, 1.5]}}),
    ],
    ids=range(4),
)
def test_series_that_do_not_fit_are_refused(
    sentence: str, changes: dict[str, object]
) -> None:
    """With a sentence that names what is wrong."""
    with pytest.raises(ValueError, match=sentence):
        Flow.model_validate({**FLOW, **changes})


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [
        ("ends after it begins", {"low": 0.5}),
        ("ends after it begins", {"lower_us": 200}),
        ("add up to these delays", {"network_us": 100}),
        ("add up to these delays", {"network_us": 350}),
    ],
    ids=range(4),
)
def test_parts_that_are_not_those_of_the_delays_are_refused(
    sentence: str, changes: dict[str, object]
) -> None:
    """Two delays from 100 to below 200 us have a sum from 200 to below 400 us."""
    with pytest.raises(ValueError, match=sentence):
        Spent.model_validate({**SPENT, **changes})
