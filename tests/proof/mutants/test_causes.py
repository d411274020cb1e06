"""The first cause of a mutant's failures is the clause that the mutant breaks.

A mutant is a mistake whose clause is known, so it shows whether causes are found. A few
of them break several clauses alike, of which its author has named one; so the share is
held, and not every name.
"""

from collections.abc import Iterator

import pytest

from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import Pickle
from invitelab.formats.run import Level, Run
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.suite_run import every_pickle, run_suite
from invitelab.reporting.conformance.causes import causes

REQUIRED = sorted(
    name
    for name, mutant in MUTANTS.items()
    if load()[mutant.clause].level is Level.REQUIRED
)
SAMPLE = [name for name in REQUIRED if MUTANTS[name].value is None][::48]
EVERY = 8
"""A whole check takes seconds, and there are more than three hundred mutants; the share
of all of them is in docs/decisions/judge.md."""

PARTS = 2
WRONG_AT_MOST = 0.25
"""The share of a part whose first cause may be another clause; see docs/decisions/."""


def first_cause(name: str, *, whole: bool) -> str | None:
    """The first cause of a mutant's failures.

    `whole`: in a check as users run it; otherwise in the scenarios of its clause and
    the first one of every other clause, as they are written.
    """
    mutant = MUTANTS[name]
    engine = run_suite(
        DirectTarget(mutant.make()),
        silent=False,
        depth=Depth.STANDARD if whole else Depth.QUICK,
        pickles=None if whole else list(_own_and_first(mutant.clause)),
    )
    run = Run(
        header=engine.header,
        scenarios=tuple(engine.scenarios),
        clauses=tuple(engine.clauses),
        footer=None,
    )
    return next((one.clause for one in causes(run)), None)


def _own_and_first(clause: str) -> Iterator[Pickle]:
    seen: set[str] = set()
    for one in every_pickle():
        if clause in one.scenario.tags or not one.scenario.tags <= seen:
            seen |= one.scenario.tags
            yield one


@pytest.mark.parametrize("name", SAMPLE)
def test_the_first_cause_is_the_clause_that_is_broken(name: str) -> None:
    """For a sample of the mutants that need no special values."""
    assert MUTANTS[name].clause == first_cause(name, whole=False)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_causes_are_found_of_nearly_all_mutants(part: int) -> None:
    """Of required clauses, with all values of a check."""
    names = REQUIRED[::EVERY][part::PARTS]
    found = {name: first_cause(name, whole=True) for name in names}
    wrong = {name for name in names if found[name] != MUTANTS[name].clause}
    assert len(wrong) <= WRONG_AT_MOST * len(names), wrong
