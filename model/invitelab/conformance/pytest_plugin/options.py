"""The options of the pytest plugin, and the selection made from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.conformance.execution.real_time import RealTime
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.features.own import own_tags, use_own_features
from invitelab.conformance.features.selection import Selection
from invitelab.conformance.pytest_plugin.scenario_items import register_tags
from invitelab.errors import UsageError
from invitelab.formats.run import Level
from invitelab.world.product import read_product, use_product

if TYPE_CHECKING:
    from invitelab.conformance.known_failures.entries import Baseline

OURS = pytest.StashKey[bool]()


def add_options(parser: pytest.Parser) -> None:
    """Add the options to pytest's command line."""
    group = parser.getgroup("invitelab")
    group.addoption("--target", help="the implementation, e.g. cmd:'./adapter --stdio'")
    group.addoption("--run-file", type=Path, help="where to write run.jsonl")
    group.addoption(
        "--clause", action="append", default=[], help="only scenarios of this clause"
    )
    group.addoption(
        "--scenario", action="append", default=[], help="only the scenario so titled"
    )
    group.addoption(
        "--features",
        dest="own_features",
        action="append",
        type=Path,
        help="features of your own",
    )
    group.addoption("--profile", type=Path, help="a variant of the product")
    group.addoption("--tags", default="", help="only scenarios with these tags")
    levels = [level.value for level in Level]
    group.addoption("--level", choices=levels, help="only clauses of this level")
    kinds = [kind.value for kind in ClockKind]
    group.addoption("--baseline", type=Path, help="a file of known failures")
    group.addoption("--clock", choices=kinds, help="how time is driven")
    group.addoption(
        "--walks", type=int, default=0, help="number of random walks to add"
    )
    group.addoption(
        "--walks-by-default", action="store_true", help="make none in real time"
    )
    group.addoption("--seed", type=int, default=0, help="seed of all that is drawn")
    group.addoption("--jobs", type=int, help="most scenarios open at once")
    group.addoption(
        "--max-wait", type=int, help="longest wait of a scenario, in ms of real time"
    )
    depths = [depth.value for depth in Depth]
    group.addoption("--depth", choices=depths, help="how much of the values is tried")

    for name, what in LIMITS.items():
        # Not --timeout: pytest-timeout has that one.
        group.addoption(f"--{name}-limit", type=int, help=f"{what}, in ms of wall time")


LIMITS = {
    "call": "longest wait for an answer",
    "start": "longest wait for the target to start",
    "scenario": "longest time that a scenario may take",
}


def limits_of(config: pytest.Config) -> Limits | None:
    """The limits of the target; None for the defaults. Raises pytest.UsageError."""
    asked = {
        f"{name}_s": value / 1000
        for name in LIMITS
        if (value := option(config, f"{name}_limit")) is not None
    }
    if any(value <= 0 for value in asked.values()):
        raise pytest.UsageError("a limit has at least one millisecond")
    return Limits(**asked) if asked else None


def know_options(config: pytest.Config) -> None:
    """Note that pytest has read our options: the plugin was loaded in time."""
    config.stash[OURS] = True


def options_are_ours(config: pytest.Config) -> bool:
    """Whether our options were added; another plugin may have one of the same name."""
    return config.stash.get(OURS, False)


def option(config: pytest.Config, name: str) -> Any:  # noqa: ANN401 - pytest's
    """The value of an option; None where the plugin was loaded too late to add any."""
    return config.getoption(name) if options_are_ours(config) else None


def baseline_of(config: pytest.Config) -> "Baseline | None":
    """The file of known failures, if one is given. Raises UsageError."""
    path: Path | None = option(config, "baseline")
    if path is None:
        return None
    from invitelab.conformance.known_failures.file import read  # noqa: PLC0415 - rare

    return read(path)


def use_own_features_of(config: pytest.Config) -> None:
    """Add the features that `--features` names. Raises pytest.UsageError."""
    paths: list[Path] = option(config, "own_features") or []
    if not paths:
        return
    if len(paths) > 1:
        msg = f"--features is given {len(paths)} times, and takes one"
        raise pytest.UsageError(msg)
    (path,) = paths
    try:
        use_own_features(path)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
    register_tags(config, own_tags())


def use_product_of(config: pytest.Config) -> None:
    """Judge by the product that `--profile` names. Raises pytest.UsageError."""
    path: Path | None = option(config, "profile")
    if path is None:
        return
    try:
        use_product(read_product(path))
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error


def real_time_of(config: pytest.Config) -> RealTime:
    """The bounds of what is run in real time. Raises pytest.UsageError."""
    jobs, max_wait_ms = option(config, "jobs"), option(config, "max_wait")
    if jobs is not None and jobs < 1:
        raise pytest.UsageError("--jobs: at least one scenario has to be open")
    if max_wait_ms is not None and max_wait_ms < 0:
        raise pytest.UsageError("--max-wait: a wait cannot be negative")
    walks = not option(config, "walks_by_default")
    return RealTime(jobs=jobs, max_wait_ms=max_wait_ms, walks=walks)


def selection_of(config: pytest.Config) -> Selection:
    """The selection that the options describe. Raises pytest.UsageError."""
    level = option(config, "level")
    try:
        return Selection(
            clauses=option(config, "clause") or (),
            scenarios=option(config, "scenario") or (),
            tags=option(config, "tags") or "",
            level=Level(level) if level else None,
        )
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
