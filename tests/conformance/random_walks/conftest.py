"""Walks in this process."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.random_walks import WalkResult, walk
from invitelab.errors import CrashError
from invitelab.proof.mutants import MUTANTS

Walks = Callable[..., WalkResult]


@pytest.fixture(scope="session")
def walks() -> Walks:
    """Give a function that walks on an adapter."""

    def on(
        adapter: Adapter,
        *,
        examples: int = 20,
        seed: int = 0,
        progress: Callable[[int], None] = lambda _: None,
    ) -> WalkResult:
        engine = Engine(DirectTarget(adapter), None)
        ready = engine.shared()
        assert ready is not None, engine.problem
        try:
            return walk(ready, examples=examples, seed=seed, progress=progress)
        finally:
            engine.abort()

    return on


class CrashesLater:
    """Mutant without aliases that crashes for good after a number of scenarios."""

    def __init__(self, scenarios: int) -> None:
        self.left = scenarios
        self.mutant = MUTANTS["alias-missing"].make()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Count the scenarios, and crash when none is left."""
        self.left -= method == "scenario.begin"
        if self.left < 0:
            raise CrashError("the target crashed")
        return self.mutant.request(method, params)


@pytest.fixture
def crashes_while_shrinking(walks: Walks) -> CrashesLater:
    """Crash while the finding is shrunk, three scenarios before the end."""
    unharmed = CrashesLater(1000)
    counterexample = walks(unharmed, examples=60).counterexample
    assert counterexample is not None
    assert counterexample.confirmed
    return CrashesLater(1000 - unharmed.left - 3)


class KeepsLocks(Reference):
    """Reference whose clients keep the locks of earlier scenarios."""

    def __init__(self) -> None:
        super().__init__()
        self.locked: dict[Json, dict[str, Json]] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Add the earlier locks to those that are declared."""
        declared = params.get("clients")
        if not isinstance(declared, list):
            return super().request(method, params)
        clients: list[Json] = []
        for one in declared:
            assert isinstance(one, dict)
            assert isinstance(one["locked"], dict)
            self.locked.setdefault(one["id"], {}).update(one["locked"])
            clients.append({**one, "locked": dict(self.locked[one["id"]])})
        return super().request(method, {**params, "clients": clients})


@pytest.fixture
def keeps_locks() -> Adapter:
    """Let locks leak from one scenario into the next."""
    return KeepsLocks()
