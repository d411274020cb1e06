"""Settings and fixtures for all tests."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsers import chromium
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Fixtures of several folders; they are found by the `pythonpath` of pyproject.toml.
pytest_plugins = ["judging", "proofs"]

# A busy machine is no failure: how long an example may take is never judged.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_heard() -> None:  # pyright: ignore[reportUnusedFunction] - by pytest
    """Handle the signals that the caller ignores: SIGINT of a shell's background job.

    Or SIGHUP of nohup: what the tests start would ignore them as well.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_IGN:
        signal.signal(hang_up, signal.SIG_DFL)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Start Chromium, once a process: it fails beside another that still runs.

    Without it the tests that need it fail.
    """
    with chromium() as browser:
        yield browser


POSIX_ONLY = 'assert sys.platform != "win32"'


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """On Windows, leave out the modules that say that they need POSIX.

    The type checkers read no further than that line there.
    """
    if (
        sys.platform == "win32"
        and collection_path.suffix == ".py"
        and POSIX_ONLY in collection_path.read_text(encoding="utf-8")
    ):
        return True
    return None
