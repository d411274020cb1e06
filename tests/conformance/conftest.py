"""Judging in this process, and one whole run of the reference that many tests read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from invitelab.adapters.base import Adapter, Limits
from invitelab.adapters.clocks import virtual
from invitelab.adapters.driver import AtHand
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Target
from invitelab.conformance.execution.engine import Engine
from invitelab.proof.mutant_trial import Direct, every_pickle
from invitelab.protocol.history import Fact, History
from invitelab.protocol.values import ClientId, ClientSpec

Judge = Callable[..., Engine]


@pytest.fixture(autouse=True)
def _clocks_are_proven_at_once(  # pyright: ignore[reportUnusedFunction] - by pytest
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Clocks: prove them without the wait in which they would move by themselves.

    Hundreds of engines are started here; `adapters/clocks` has the tests of the proof.
    """
    monkeypatch.setattr(virtual, "IDLE_S", 0.0)


def run(
    implementation: Adapter | Target | Direct,
    *clauses: str,
    titles: Collection[str] = (),
    limits: Limits | None = None,
    run_file: Path | None = None,
) -> Engine:
    """Judge by the scenarios of these clauses or titles, or by all, to the end."""
    target = (
        implementation
        if isinstance(implementation, Target | Direct)
        else AtHand(implementation)
    )
    engine = Engine(target, run_file, limits)
    everything = not clauses and not titles
    for pickle in every_pickle():
        scenario = pickle.scenario
        if everything or scenario.tags & set(clauses) or scenario.name in titles:
            engine.run(pickle)
    engine.finish(selected_all=everything)
    return engine


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Judge an adapter or a target; see `run`."""
    return run


@pytest.fixture(scope="session")
def directly() -> Judge:
    """Judge an adapter that behaves, in the shortest way."""

    def judge_directly(adapter: Adapter, *, titles: Collection[str] = ()) -> Engine:
        return run(Direct(adapter), titles=titles)

    return judge_directly


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
