"""Fixture for all tests of the proof of the suite."""

import pytest


@pytest.fixture(autouse=True)
def _fast(clocks_are_proven_at_once: None) -> None:  # pyright: ignore[reportUnusedFunction] - by pytest
    """Engines start at once."""
