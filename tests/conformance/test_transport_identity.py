"""The same implementation gets the same verdicts, however it is reached."""

import sys

import pytest

from invitelab.conformance.engine import Engine
from invitelab.conformance.runner import Finished, Selection, run_suite
from invitelab.records import RunVerdict

TARGETS = (
    "reference",
    "py:invitelab.adapters.reference:create",
    f"cmd:{sys.executable} -m invitelab serve --stdio",
)


@pytest.fixture(scope="module", params=TARGETS, ids=["reference", "py", "cmd"])
def finished(request: pytest.FixtureRequest) -> Finished:
    """Run everything as `invitelab check` does."""
    return run_suite(request.param, Selection())


def test_the_verdicts_are_those_of_the_reference_at_hand(
    finished: Finished, reference_run: Engine
) -> None:
    """Clause by clause and scenario by scenario, with every step and exchange."""
    assert tuple(reference_run.clauses) == finished.run.clauses
    assert tuple(reference_run.scenarios) == finished.run.scenarios


def test_the_run_is_conformant_with_equal_totals(
    finished: Finished, reference_run: Engine
) -> None:
    """The header differs in the target's name alone."""
    footer = finished.run.footer
    assert footer is not None
    assert (RunVerdict.CONFORMANT, 0) == (footer.verdict, footer.exit_code)
    assert 0 == footer.totals["untested"]
    renamed = finished.run.header.model_copy(
        update={"target": reference_run.header.target}
    )
    assert reference_run.header == renamed
