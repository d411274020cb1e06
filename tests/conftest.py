"""What is the same for all tests."""

import signal

import pytest
from hypothesis import settings

# Fixtures of several folders; they are found by the `pythonpath` of pyproject.toml.
pytest_plugins = ["judging", "proofs"]

# A busy machine is no failure: how long an example may take is never judged.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_heard() -> None:  # pyright: ignore[reportUnusedFunction] - by pytest
    """A shell starts jobs behind deaf to Ctrl-C, and what we start inherits that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
