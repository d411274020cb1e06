"""Folders of features of a user's own, which are forgotten after each test."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from invitelab.conformance.features.own import forget_everything

Folder = Callable[..., Path]

CLAUSES = """\
[[clause]]
id = "FIVE-1"
level = "required"
text = "After four minutes an invitation can be accepted."
"""
FEATURE = """\
Feature: Five minutes
  @FIVE-1 @night
  Scenario: It is pending after a minute
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    When 60 seconds have passed since the invitation was sent
    Then Bob sees the invitation from Ada
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """Write files of a folder: by default one right feature and its clause."""

    def write(**files: str) -> Path:
        texts = {"five_feature": FEATURE, "clauses_toml": CLAUSES, **files}
        for name, text in texts.items():
            path = tmp_path / "own" / ".".join(name.rsplit("_", 1))
            path.parent.mkdir(exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return tmp_path / "own"

    yield write
    forget_everything()
