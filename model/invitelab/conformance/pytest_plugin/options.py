"""The options of the pytest plugin, and the selection made from them."""

from pathlib import Path
from typing import Any

import pytest

from invitelab.adapters.clocks.base import ClockKind
from invitelab.conformance.factors.plan import Depth
from invitelab.conformance.features.selection import Selection
from invitelab.errors import UsageError
from invitelab.formats.run import Level

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
    group.addoption("--tags", default="", help="only scenarios with these tags")
    levels = [level.value for level in Level]
    group.addoption("--level", choices=levels, help="only clauses of this level")
    kinds = [kind.value for kind in ClockKind]
    group.addoption("--baseline", type=Path, help="a file of known failures")
    group.addoption("--clock", choices=kinds, help="how time is driven")
    group.addoption(
        "--walks", type=int, default=0, help="number of random walks to add"
    )
    group.addoption("--seed", type=int, default=0, help="seed of all that is drawn")
    depths = [depth.value for depth in Depth]
    group.addoption("--depth", choices=depths, help="how much of the values is tried")


def know_options(config: pytest.Config) -> None:
    """Note that pytest has read our options: the plugin was loaded in time."""
    config.stash[OURS] = True


def options_are_ours(config: pytest.Config) -> bool:
    """Whether our options were added; another plugin may have one of the same name."""
    return config.stash.get(OURS, False)


def option(config: pytest.Config, name: str) -> Any:  # noqa: ANN401 - pytest's
    """The value of an option; None where the plugin was loaded too late to add any."""
    return config.getoption(name) if options_are_ours(config) else None


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
