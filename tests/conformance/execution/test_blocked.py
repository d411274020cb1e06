"""A Given that the target refuses blocks a scenario; only its own clause is red."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.conclusion import read_run
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.verdicts import totals
from invitelab.formats.evidence import only_blocked
from invitelab.formats.run import Run, RunVerdict, Verdict
from invitelab.reporting.conformance.summary import troubled

Judge = Callable[..., Engine]
BAD = {Verdict.FAIL, Verdict.ERROR}


class Refusing(Reference):
    """Refuse an operation from its n-th call on one invitation on."""

    def __init__(self, method: str, first: int = 1) -> None:
        super().__init__()
        self.method = method
        self.first = first
        self.calls: Counter[tuple[str, str]] = Counter()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Count, and refuse."""
        if method == self.method:
            key = str(params["scenario"]), str(params.get("invitation"))
            self.calls[key] += 1
            if self.calls[key] >= self.first:
                return {"refused": {"reason": "never"}}
        return super().request(method, params)


def judged(engine: Engine) -> Run:
    """Give the records of a run that has ended."""
    return Run(
        header=engine.header,
        scenarios=tuple(engine.scenarios),
        clauses=tuple(engine.clauses),
        footer=None,
    )


@pytest.fixture(scope="module")
def without_modify(directly: Judge) -> Engine:
    """Judge an implementation that refuses every change."""
    return directly(Refusing("invitation.modify"))


def test_only_the_clause_of_the_operation_is_red(without_modify: Engine) -> None:
    """What needs a change is blocked; no other required clause fails."""
    red = {one.clause for one in without_modify.clauses if one.verdict in BAD}
    assert {"PENDING-1"} == red
    blocked = [one for one in without_modify.scenarios if one.blocked_by is not None]
    assert {"PENDING-1"} == {one.blocked_by for one in blocked}
    assert {Verdict.BLOCKED} == {one.verdict for one in blocked}
    assert len(blocked) > 10


def test_a_clause_is_judged_by_its_other_scenarios(without_modify: Engine) -> None:
    """And is undecided where all of them are blocked."""
    verdicts = {one.clause: one.verdict for one in without_modify.clauses}
    assert Verdict.BLOCKED is verdicts["SESSION-3"]
    assert Verdict.PASS is verdicts["EXPIRY-1"]


def test_the_verdict_names_causes(without_modify: Engine) -> None:
    """And how many clauses could not be tried."""
    assert without_modify.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is without_modify.conclusion.verdict
    expected = "PENDING-1; 1 clause could not be tried because of that"
    assert expected == without_modify.conclusion.reason


def test_what_only_a_given_shows_is_a_failure_of_its_clause(directly: Judge) -> None:
    """Though every scenario of the clause itself passes."""
    titles = [
        "The inviter gives a pending invitation another permission profile",
        "The last change counts",
    ]
    engine = directly(Refusing("invitation.modify", first=2), titles=titles)
    assert engine.conclusion is not None
    verdicts = {one.clause: one.verdict for one in engine.clauses}
    assert Verdict.FAIL is verdicts["PENDING-1"]
    assert "PENDING-1" in str(engine.conclusion.reason)
    (shown,) = only_blocked(engine.scenarios)
    assert [shown] == troubled(judged(engine))


def test_a_clause_does_not_block_itself(directly: Judge) -> None:
    """A Given of its own operation that is refused is its failure."""
    titles = ["A portable inviter can cancel the next invitation after changing it"]
    (record,) = directly(Refusing("invitation.cancel"), titles=titles).scenarios
    assert ("PENDING-2",) == record.clauses
    assert (None, Verdict.FAIL) == (record.blocked_by, record.verdict)


def test_the_totals_count_blocked_clauses_apart(without_modify: Engine) -> None:
    """They have not passed, and are not untested."""
    counted = totals(without_modify.scenarios, without_modify.clauses)
    assert (1, 0) == (counted["blocked"], counted["untested"])
    assert counted["required"] - counted["required passed"] == 2


def test_a_stored_run_draws_the_same_conclusion(judge: Judge, tmp_path: Path) -> None:
    """From its records alone."""
    path = tmp_path / "run.jsonl"
    engine = judge(Refusing("invitation.modify"), "SESSION-3", run_file=path)
    footer = read_run(path).footer
    assert footer is not None
    assert engine.conclusion is not None
    assert "PENDING-1; 1 clause could not be tried because of that" == footer.reason


class Telephones(Refusing):
    """As a real telephone: a ringing call cannot be changed, and it says so."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Decline that one operation."""
        answer = super().request(method, params)
        if method == "initialize":
            assert isinstance(answer, dict)
            declared = answer["capabilities"]
            assert isinstance(declared, list)
            answer["capabilities"] = [name for name in declared if name != "modify"]
            answer["declines"] = [{"capability": "modify", "reason": "it rings"}]
        return answer


def test_an_operation_that_is_declined_blocks_and_breaks_nothing(
    directly: Judge,
) -> None:
    """Its scenarios do not apply, the other ones hold."""
    engine = directly(Telephones("invitation.modify"))
    verdicts = {record.verdict for record in engine.scenarios}
    assert {Verdict.PASS, Verdict.NOT_APPLICABLE} == verdicts
    assert engine.conclusion is not None
    assert (RunVerdict.CONFORMANT, "declined: modify") == (
        engine.conclusion.verdict,
        engine.conclusion.reason,
    )
