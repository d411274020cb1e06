"""Every verdict has a sign."""

from invitelab.formats.proof import MutantStatus
from invitelab.formats.results import ObjectiveVerdict
from invitelab.formats.run import RunVerdict, Verdict
from invitelab.reporting.common.signs import (
    MUTANT_SIGNS,
    OBJECTIVE_SIGNS,
    RUN_SIGNS,
    SCENARIO_SIGNS,
)


def test_no_verdict_is_without_a_sign() -> None:
    """Of a scenario, a run, a mutant or an objective."""
    assert set(Verdict) == set(SCENARIO_SIGNS)
    assert set(RunVerdict) == set(RUN_SIGNS)
    assert set(MutantStatus) == set(MUTANT_SIGNS)
    assert set(ObjectiveVerdict) == set(OBJECTIVE_SIGNS)


def test_every_verdict_of_a_scenario_has_a_sign_of_its_own() -> None:
    """They stand side by side in one table."""
    assert len(SCENARIO_SIGNS) == len(set(SCENARIO_SIGNS.values()))
