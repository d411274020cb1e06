"""The features as Cucumber's parser reads them."""

from pathlib import Path

import pytest

from invitelab.conformance.features.gherkin import pickles
from invitelab.formats import feature
from invitelab.reporting.conformance import gherkin
from invitelab.reporting.conformance.gherkin import documents
from invitelab.resources import all_feature_files, feature_label

ALL = {feature_label(path) for path in all_feature_files()}


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
    found = [(one.uri, *row) for one in documents(ALL) for row in one.pickles]
    assert sorted(run) == sorted(found)


def test_no_two_things_have_one_id() -> None:
    """Whatever file they are in."""
    ids = [pickle["id"] for one in documents(ALL) for pickle in one.pickles.values()]
    assert len(ids) == len(set(ids))


def test_a_part_of_the_features_reads_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To parse all of them takes longer than to judge one clause."""
    read: list[str] = []

    def noted(path: Path) -> feature.FeatureText:
        read.append(path.name)
        return feature.feature_text(path)

    monkeypatch.setattr(gherkin, "feature_text", noted)
    (one,) = documents({"features/expiry.feature"})
    assert ("features/expiry.feature", ["expiry.feature"]) == (one.uri, read)
