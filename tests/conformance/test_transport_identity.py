"""The same implementation gets the same verdicts, however it is reached."""

import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pytest

from invitelab.conformance.engine import Engine
from invitelab.conformance.runner import Finished, Selection, run_suite
from invitelab.records import RunVerdict

TARGETS = {
    "reference": "reference",
    "py": "py:invitelab.adapters.reference:create",
    "cmd": f"cmd:{sys.executable} -m invitelab serve --stdio",
}


pytestmark = pytest.mark.slow  # three whole runs


@pytest.fixture(scope="module")
def finished() -> Mapping[str, Finished]:
    """Run everything as `invitelab check` does, three times at once."""
    with ThreadPoolExecutor() as pool:
        runs = pool.map(run_suite, TARGETS.values(), repeat(Selection()))
        return dict(zip(TARGETS, runs, strict=True))


@pytest.mark.parametrize("name", TARGETS)
def test_the_verdicts_are_those_of_the_reference_at_hand(
    finished: Mapping[str, Finished], reference_run: Engine, name: str
) -> None:
    """Clause by clause and scenario by scenario, with every step and exchange."""
    run = finished[name].run
    assert tuple(reference_run.clauses) == run.clauses
    assert tuple(reference_run.scenarios) == run.scenarios


@pytest.mark.parametrize("name", TARGETS)
def test_the_run_is_conformant_and_its_header_the_same(
    finished: Mapping[str, Finished], reference_run: Engine, name: str
) -> None:
    """But for the target's name."""
    run = finished[name].run
    assert run.footer is not None
    assert (RunVerdict.CONFORMANT, 0, 0) == (
        run.footer.verdict,
        run.footer.exit_code,
        run.footer.totals["untested"],
    )
    assert TARGETS[name] == run.header.target
    renamed = run.header.model_copy(update={"target": reference_run.header.target})
    assert reference_run.header == renamed
