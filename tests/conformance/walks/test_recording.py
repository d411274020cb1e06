"""What walks find is a scenario of the run, with a verdict like all others."""

from collections.abc import Mapping

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.reference import Reference
from invitelab.conformance.engine import Engine
from invitelab.conformance.mutants import MUTANTS
from invitelab.conformance.proof.trial import Direct
from invitelab.conformance.walks.recording import Walked, walk_and_record
from invitelab.errors import CrashError
from invitelab.records import WALK, RunVerdict, Verdict


def walked(adapter: Adapter, examples: int = 60) -> tuple[Engine, Walked]:
    """Walk, and end the run."""
    engine = Engine(Direct(adapter), None)
    result = walk_and_record(engine, examples=examples, seed=0)
    engine.finish(selected_all=False, walks=result.says)
    return engine, result


def test_where_nothing_is_found_nothing_is_recorded() -> None:
    """But that they walked."""
    engine, result = walked(Reference(), examples=10)
    assert "10 with seed 0: nothing was found" == result.says
    assert result.feature is None
    assert [] == engine.scenarios


def test_a_finding_is_a_scenario_that_fails() -> None:
    """Its clause does too, and so does the run."""
    engine, result = walked(MUTANTS["profile-ignored"].make())
    assert "60 with seed 0: something about SESSION-2 was found" == result.says
    (record,) = engine.scenarios
    assert (WALK, Verdict.FAIL, ("SESSION-2",)) == (
        record.feature,
        record.verdict,
        record.clauses,
    )
    assert "--walks 60 --seed 0" == record.example
    assert result.feature is not None
    assert record.title in result.feature
    assert engine.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is engine.conclusion.verdict


@pytest.mark.slow  # many walks
def test_a_clause_that_the_page_leaves_open_only_deviates() -> None:
    """It is reported, and no failure."""
    engine, _ = walked(MUTANTS["own-address-refused-and-invited"].make(), examples=200)
    assert {Verdict.DEVIATION} == {record.verdict for record in engine.scenarios}
    assert engine.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is not engine.conclusion.verdict


def test_a_target_without_a_clock_of_its_own_is_not_walked_on() -> None:
    """Which is said in place of what was found."""
    engine, result = walked(Reference(latency_ms=80))
    assert result.says.startswith("none: walks need effects at once")
    assert [] == engine.scenarios


class Mortal(Reference):
    """Dies of cancels, of so many."""

    def __init__(self, deaths: int) -> None:
        super().__init__()
        self.deaths = deaths

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Live on otherwise."""
        if method == "invitation.cancel" and self.deaths:
            self.deaths -= 1
            raise CrashError("the target died")
        return super().request(method, params)


@pytest.mark.parametrize(
    ("deaths", "verdict"),
    [(1, RunVerdict.INVALID), (1000, RunVerdict.NON_CONFORMANT)],
    ids=["once", "always"],
)
def test_a_death_is_never_lost(deaths: int, verdict: RunVerdict) -> None:
    """Whether or not it comes again when the walk is gone once more."""
    engine, result = walked(Mortal(deaths))
    assert result.says.endswith("crash: the target died")
    assert engine.conclusion is not None
    assert verdict is engine.conclusion.verdict
