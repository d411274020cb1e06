"""What walks are worth: whether they find a mutant."""

from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.random_walks.search import walk
from invitelab.proof.mutant_trial import Direct
from invitelab.proof.mutants import MUTANTS

EXAMPLES = 200
"""What somebody is likely to ask for."""


def found(name: str, *, examples: int = EXAMPLES, seed: int = 0) -> str | None:
    """The clause that they name on that mutant; None where they find nothing."""
    engine = Engine(Direct(MUTANTS[name].make()), None)
    ready = engine.shared()
    assert ready is not None, "a mutant can be run"
    try:
        result = walk(ready, examples=examples, seed=seed, shorten=False)
    finally:
        engine.abort()
    if result.counterexample is None:
        return None
    return result.counterexample.clause
