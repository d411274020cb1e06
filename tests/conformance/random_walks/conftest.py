"""Walking in this process."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.random_walks import WalkResult, walk
from invitelab.errors import CrashError
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.suite_run import DirectTarget

Walks = Callable[..., WalkResult]


@pytest.fixture(scope="session")
def walks() -> Walks:
    """Walk on an adapter that behaves."""

    def on(
        adapter: Adapter,
        *,
        examples: int = 20,
        seed: int = 0,
        tell: Callable[[int], None] = lambda _: None,
    ) -> WalkResult:
        engine = Engine(DirectTarget(adapter), None)
        ready = engine.shared()
        assert ready is not None, engine.problem
        try:
            return walk(ready, examples=examples, seed=seed, tell=tell)
        finally:
            engine.abort()

    return on


class Dying:
    """Shows nobody's alias, and dies for good after so many scenarios."""

    def __init__(self, lives: int) -> None:
        self.lives = lives
        self.sinner = MUTANTS["alias-missing"].make()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Live until then."""
        self.lives -= method == "scenario.begin"
        if self.lives < 0:
            raise CrashError("the target died")
        return self.sinner.request(method, params)


@pytest.fixture
def dying(walks: Walks) -> Dying:
    """Die while what was found is made shorter, three scenarios before the end."""
    lively = Dying(1000)
    found = walks(lively, examples=60).counterexample
    assert found is not None
    assert found.confirmed
    return Dying(1000 - lively.lives - 3)
