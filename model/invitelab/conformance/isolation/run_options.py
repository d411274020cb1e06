"""Options of a run, and the command line of the process that judges by them."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from invitelab.adapters.clocks.base import ClockKind
from invitelab.conformance.features.selection import Selection

INI = Path(__file__).with_name("pytest.ini")

UNUSED_PLUGINS = (
    *("cacheprovider", "debugging", "doctest", "faker", "junitxml", "legacypath"),
    *("logging", "monkeypatch", "pastebin", "recwarn", "setuponly", "setupplan"),
    *("subtests", "threadexception", "tmpdir", "unittest", "unraisableexception"),
    "warnings",
)
"""Plugins that do nothing for a scenario. Their hooks around each test cost a quarter
of the time of a check, and `logging` would handle what a target of `py:` logs. Named on
the command line, they are not even imported, as they would be if named in `INI`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What to run, on whichever target, and how; nothing said means everything."""

    selection: Selection = field(default_factory=Selection)
    clock: ClockKind | None = None
    """How time is driven; None: as the target declares."""
    baseline: Path | None = None
    """A file of known failures."""
    stop_early: bool = False
    """End at the first failure."""
    walks: int = 0
    """How many random walks follow."""
    seed: int = 0
    """Where they begin."""


def command(target: str, options: RunOptions) -> list[str]:
    """Arguments of the Python process that judges `target`."""
    arguments = options.selection.options()
    if options.clock is not None:
        arguments.append(f"--clock={options.clock.value}")
    if options.baseline is not None:
        arguments.append(f"--baseline={options.baseline}")
    if options.stop_early:
        arguments.append("-x")
    if options.walks:
        arguments += [f"--walks={options.walks}", f"--walk-seed={options.seed}"]
    return [
        # -P: a calendar.py in the current folder is the user's, and not the library's.
        *(
            sys.executable,
            "-P",
            "-m",
            "invitelab.conformance.isolation.child",
            "-c",
            str(INI),
        ),
        *(part for name in UNUSED_PLUGINS for part in ("-p", f"no:{name}")),
        *("-p", "pytest_bdd.plugin", "-p", "invitelab.conformance.plugin"),
        *("--pyargs", "invitelab.conformance", "--quiet", "--assert=plain"),
        # Without capturing nothing of this needs room on a disk.
        *("--capture=no", f"--target={target}", *arguments),
    ]
