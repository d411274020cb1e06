"""What is the same for all tests."""

import signal

import pytest


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_heard() -> None:  # pyright: ignore[reportUnusedFunction] - by pytest
    """A shell starts jobs behind deaf to Ctrl-C, and what we start inherits that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
