"""Judging in this process, and one whole run of the reference that many tests read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from invitelab.adapters.base import Adapter, Limits
from invitelab.adapters.driver import AtHand
from invitelab.adapters.reference import Reference
from invitelab.adapters.target import Target
from invitelab.conformance.engine import Engine
from invitelab.conformance.pickles import Pickle, pickles
from invitelab.protocol.history import Fact, History
from invitelab.protocol.values import ClientId, ClientSpec

Judge = Callable[..., Engine]


@cache
def every_pickle() -> tuple[Pickle, ...]:
    """Parse the features once."""
    return tuple(pickles())


def run(
    implementation: Adapter | Target,
    *clauses: str,
    limits: Limits | None = None,
    run_file: Path | None = None,
) -> Engine:
    """Judge by the scenarios of these clauses, or by all; the engine has finished."""
    target = (
        implementation if isinstance(implementation, Target) else AtHand(implementation)
    )
    engine = Engine(target, run_file, limits)
    for pickle in every_pickle():
        if not clauses or pickle.scenario.tags & set(clauses):
            engine.run(pickle)
    engine.finish(selected_all=not clauses)
    return engine


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Judge an adapter or a target; see `run`."""
    return run


@dataclass(frozen=True, slots=True)
class Observed:
    """A whole run of the reference and what happened in each of its worlds."""

    engine: Engine
    histories: Sequence[History] = field(default_factory=list[History])


@pytest.fixture(scope="session")
def observed() -> Observed:
    """Run every scenario on the reference, once for all tests."""
    histories: list[History] = []

    def finished(clients: Mapping[ClientId, ClientSpec], facts: list[Fact]) -> None:
        histories.append(History(clients=clients, facts=facts))

    return Observed(run(Reference(finished=finished)), histories)


@pytest.fixture(scope="session")
def reference_run(observed: Observed) -> Engine:
    """The engine that has judged the reference by everything."""
    return observed.engine


@pytest.fixture(scope="session")
def histories(observed: Observed) -> Sequence[History]:
    """One history a scenario; the first is of the clock's proof."""
    return observed.histories
