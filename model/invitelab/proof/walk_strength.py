"""Strength of the random walks: whether they find a mutant."""

from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.random_walks.search import walk
from invitelab.proof.mutants import MUTANTS

EXAMPLES = 200
"""A number of walks that users are likely to ask for."""


def found(name: str, *, examples: int = EXAMPLES, seed: int = 0) -> str | None:
    """The clause that the walks report for that mutant; None if they find nothing.

    A crash is a finding as well, and its kind is given in place of a clause.
    """
    engine = Engine(DirectTarget(MUTANTS[name].make()), None)
    ready = engine.shared()
    assert ready is not None, "a mutant can be started"
    try:
        result = walk(ready, examples=examples, seed=seed, shrink=False)
    finally:
        engine.abort()
    if result.counterexample is not None:
        return result.counterexample.clause
    return None if result.target_error is None else result.target_error.kind
