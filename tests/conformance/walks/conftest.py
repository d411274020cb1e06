"""Walking in this process."""

from collections.abc import Callable

import pytest

from invitelab.adapters.base import Adapter
from invitelab.conformance.engine import Engine
from invitelab.conformance.proof.trial import Direct
from invitelab.conformance.walks import WalkResult, walk

Walks = Callable[..., WalkResult]


@pytest.fixture(scope="session")
def walks() -> Walks:
    """Walk on an adapter that behaves."""

    def on(
        adapter: Adapter, *, examples: int = 20, seed: int = 0, shorten: bool = True
    ) -> WalkResult:
        engine = Engine(Direct(adapter), None)
        ready = engine.shared()
        assert ready is not None, engine.problem
        try:
            return walk(ready, examples=examples, seed=seed, shorten=shorten)
        finally:
            engine.abort()

    return on
