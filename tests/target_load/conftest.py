"""A small scenario, and runs of it on implementations in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.adapters.driver import InProcessTarget, Reachable
from invitelab.adapters.reference.adapter import Reference
from invitelab.formats.results import Results
from invitelab.formats.run import Level
from invitelab.formats.specification import load as load_clauses
from invitelab.target_load.run import Asked, simulate_on_target
from invitelab.world.scenario import file
from invitelab.world.scenario.file import Loaded

Play = Callable[..., Results]

REQUIRED = frozenset(
    id_ for id_, one in load_clauses().items() if one.level is Level.REQUIRED
)

SCENARIO = """\
title = "A small office"
duration = "30s"
seed = 11
replications = 1
[population]
clients = 40
room = 20
portable = 0.2
versions = { "7.1.4" = 0.7, "8.0.1" = 0.1, "6.3.2" = 0.2 }
platforms = { windows = 0.9, linux = 0.05, android = 0.05 }
[arrivals]
kind = "poisson"
rate = "2/s"
[people]
answer = { accept = 0.5, reject = 0.25, ignore = 0.25 }
think = { distribution = "lognormal", median = "9s", sigma = 0.9 }
cancel = 0.2
modify = 0.3
by_tile = 0.3
by_alias = 0.4
email_fallback = 0.9
email_connect = 0.8
[network]
latency = { distribution = "constant", value = "1ms" }
[relay]
servers = 1
service = { distribution = "constant", value = "1ms" }
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Callable[..., Loaded]:
    """Loads the small scenario, with changed values."""

    def load(**changes: object) -> Loaded:
        path = tmp_path / "office.toml"
        path.write_text(SCENARIO)
        dotted = {name.replace("__", "."): value for name, value in changes.items()}
        return file.load(path, dotted)

    return load


@pytest.fixture
def play(scenario: Callable[..., Loaded]) -> Play:
    """Plays the small scenario on an implementation."""

    def run(
        target: Reference | Reachable, *, thorough: bool = False, **changes: object
    ) -> Results:
        if isinstance(target, Reference):
            target = InProcessTarget(target)
        asked = Asked(thorough=thorough)
        return simulate_on_target(scenario(**changes), target, asked, REQUIRED)

    return run
