"""The features of this variant in a suite of one's own: `pytest test_five.py`."""

import pytest

from invitelab.conformance.suite import scenarios, use_profile

use_profile("five.toml")
scenarios("features")


@pytest.fixture
def implementation() -> str:
    """Name the implementation under test; here it is the reference as this variant."""
    return "reference"
