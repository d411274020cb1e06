"""Feature files as trees of Cucumber's parser."""

from pathlib import Path

import pytest

from invitelab.errors import HarnessError
from invitelab.formats.feature import feature_text
from invitelab.resources import feature_files


def test_a_file_is_parsed_once() -> None:
    """However its path is written."""
    path = feature_files()[0]
    assert feature_text(path) is feature_text(path.parent / "." / path.name)


def test_a_file_that_is_not_gherkin_is_named(tmp_path: Path) -> None:
    """With the message of Cucumber's parser."""
    path = tmp_path / "tiles.feature"
    path.write_text("Scenario: no feature", encoding="utf-8")
    with pytest.raises(HarnessError, match=r"tiles\.feature is not Gherkin"):
        feature_text(path)
