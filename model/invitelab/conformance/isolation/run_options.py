"""Options of a run, and the command line of the process that judges."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from invitelab.adapters.clocks.base import ClockKind
from invitelab.conformance.factors.plan import Depth
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


DEFAULT_WALKS = 50
"""Random walks over a target after the whole suite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What to run and how; by default everything."""

    selection: Selection = field(default_factory=Selection)
    clock: ClockKind | None = None
    """How time is driven; None: as the target declares."""
    baseline: Path | None = None
    """A file of known failures."""
    stop_early: bool = False
    """End at the first failure."""
    walks: int = 0
    """Number of random walks after the scenarios."""
    seed: int = 0
    """Seed of all that is drawn."""
    depth: Depth | None = None
    """How much of the values is tried; None: as the clock allows."""


def command(target: str, options: RunOptions) -> list[str]:
    """Command line of the process that judges `target`, program included."""
    arguments = options.selection.options()
    if options.clock is not None:
        arguments.append(f"--clock={options.clock.value}")
    if options.baseline is not None:
        arguments.append(f"--baseline={options.baseline}")
    if options.stop_early:
        arguments.append("-x")
    arguments += [f"--seed={options.seed}"]
    if options.depth is not None:
        arguments.append(f"--depth={options.depth.value}")
    if options.walks:
        arguments.append(f"--walks={options.walks}")
    return [
        # -P: modules in the current folder must not shadow the standard library.
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
        # Capturing would need room on a disk.
        *("--capture=no", f"--target={target}", *arguments),
    ]
