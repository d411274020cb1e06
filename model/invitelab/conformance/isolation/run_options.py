"""Options of a run, and the command line of the process that judges."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.conformance.execution.real_time import RealTime
from invitelab.conformance.factors.depth import Depth
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
    features: Path | None = None
    """Features of a user's own, to be run as well."""
    profile: Path | None = None
    """The file of the product variant to judge by; None: that of the specification."""
    baseline: Path | None = None
    """A file of known failures."""
    max_fail: int | None = None
    """End after so many failures."""
    walks: int = 0
    """Number of random walks after the scenarios."""
    seed: int = 0
    """Seed of all that is drawn."""
    depth: Depth | None = None
    """How much of the values is tried; None: as the clock allows."""
    real_time: RealTime = field(default_factory=RealTime)
    """Bounds of what is run in real time."""
    limits: Limits = field(default_factory=Limits)
    """Wall-clock limits of the target."""

    @property
    def whole(self) -> bool:
        """Whether the whole suite is run, to its end."""
        bounded = self.real_time.max_wait_ms is not None
        return self.selection.whole and self.max_fail is None and not bounded


def limit_arguments(limits: Limits) -> list[str]:
    """The limits as options of the plugin, in milliseconds."""
    return [
        f"--call-limit={round(limits.call_s * 1000)}",
        f"--start-limit={round(limits.start_s * 1000)}",
        f"--scenario-limit={round(limits.scenario_s * 1000)}",
    ]


def command(target: str, options: RunOptions) -> list[str]:
    """Command line of the process that judges `target`, program included."""
    arguments = options.selection.options()
    if options.clock is not None:
        arguments.append(f"--clock={options.clock.value}")
    files = {
        "features": options.features,
        "profile": options.profile,
        "baseline": options.baseline,
    }
    arguments += [f"--{name}={path}" for name, path in files.items() if path]
    if options.max_fail is not None:
        arguments.append(f"--maxfail={options.max_fail}")
    arguments += [f"--seed={options.seed}"]
    if options.depth is not None:
        arguments.append(f"--depth={options.depth.value}")
    if options.real_time.jobs is not None:
        arguments.append(f"--jobs={options.real_time.jobs}")
    if options.real_time.max_wait_ms is not None:
        arguments.append(f"--max-wait={options.real_time.max_wait_ms}")
    if options.walks:
        arguments.append(f"--walks={options.walks}")
    if not options.real_time.walks:
        arguments.append("--walks-by-default")
    if options.limits != Limits():
        arguments += limit_arguments(options.limits)
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
