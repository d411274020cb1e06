"""The features as Cucumber's parser reads them."""

from invitelab.conformance.features.gherkin import pickles
from invitelab.reporting.conformance.gherkin import documents


def test_it_finds_the_scenarios_that_are_run() -> None:
    """By file, line and values, none more and none less."""
    run = [
        (
            f"features/{pickle.scenario.feature.filename.rpartition('/')[2]}",
            pickle.scenario.line_number,
            pickle.example or "",
        )
        for pickle in pickles()
    ]
    found = [(one.uri, *row) for one in documents() for row in one.pickles]
    assert sorted(run) == sorted(found)


def test_no_two_things_have_one_id() -> None:
    """Whatever file they are in."""
    ids = [pickle["id"] for one in documents() for pickle in one.pickles.values()]
    assert len(ids) == len(set(ids))
