"""A finding of the walks is a scenario of the run, with a verdict."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from wall_time import WallTime

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.journals import FileJournal
from invitelab.conformance.execution.real_time import RealTime
from invitelab.conformance.execution.scenario_runner import not_run
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.random_walks.recording import Walked, walk_and_record
from invitelab.errors import CrashError, ExitCode
from invitelab.formats.run import RunVerdict, Verdict
from invitelab.formats.walk_text import WALK, nothing_found, walk_options
from invitelab.proof.mutants import MUTANTS


def walked(
    adapter: Adapter, examples: int = 60, seed: int = 0
) -> tuple[Engine, Walked]:
    """Walk on an adapter, and finish the run."""
    engine = Engine(DirectTarget(adapter), None)
    result = walk_and_record(engine, examples=examples, seed=seed)
    engine.finish(selected_all=False, walks=result.says)
    return engine, result


def test_where_nothing_is_found_nothing_is_recorded() -> None:
    """Except for what the walks have reached."""
    engine, result = walked(Reference(), examples=10)
    reached = r"270 moves of \d+ kinds, \d+ states, \d+ of [\d,]+ pairs of moves"
    expected = nothing_found(10, 0, f"{reached}, 2 told again")
    assert re.fullmatch(expected, result.says)
    assert result.feature is None
    assert [] == engine.scenarios


def test_a_finding_is_a_scenario_that_fails() -> None:
    """So its clause fails, and the run."""
    engine, result = walked(MUTANTS["profile-ignored"].make())
    assert "60 with seed 0: one finding, about SESSION-2" == result.says
    (record,) = engine.scenarios
    assert (WALK, Verdict.FAIL, ("SESSION-2",)) == (
        record.feature,
        record.verdict,
        record.clauses,
    )
    assert "--walks 60 --seed 0" == walk_options(60, 0) == record.example
    assert result.feature is not None
    assert record.title in result.feature
    assert engine.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is engine.conclusion.verdict


@pytest.mark.slow  # many walks
def test_a_clause_on_an_interpretation_only_deviates() -> None:
    """The finding is reported, but is no failure."""
    make = MUTANTS["own-address-refused-and-invited"].make
    tried = (walked(make(), examples=200, seed=seed) for seed in range(1, 9))
    engine = next(engine for engine, _ in tried if engine.scenarios)
    assert {Verdict.DEVIATION} == {record.verdict for record in engine.scenarios}
    assert engine.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is not engine.conclusion.verdict


def test_a_target_whose_effects_take_long_is_not_walked_on() -> None:
    """The reason is given in place of a result."""
    engine, result = walked(Reference(latency_ms=800))
    assert result.says.startswith("none: walks need effects within 1000 ms")
    assert [] == engine.scenarios


def test_walks_in_real_time_are_made_if_asked_for() -> None:
    """By default the waits of the scenarios are enough."""
    adapter = WallTime(settle_ms=10)
    for asked, begun in (
        (False, "none in real time: --walks 2 asks"),
        (True, "2 with"),
    ):
        bounds = RealTime(walks=asked)
        engine = Engine(DirectTarget(adapter), None, real_time=bounds)
        assert walk_and_record(engine, examples=2, seed=0).says.startswith(begun)
        engine.abort()


class RecordsProgress(FileJournal):
    """Journal that records the last progress."""

    last = (0, 0)

    def progress(self, done: int, busy: int) -> None:
        """Record the progress."""
        self.last = done, busy


def test_the_progress_is_reported(tmp_path: Path) -> None:
    """After the scenarios; never more walks than requested; no file is left."""
    journal = RecordsProgress(tmp_path / "run.jsonl")
    engine = Engine(DirectTarget(Reference()), journal)
    (pickle, *_) = pickles("EXPIRY-1")
    engine.run(pickle)
    walk_and_record(engine, examples=10, seed=0)
    assert (11, 1) == journal.last
    engine.finish(selected_all=False)
    assert ["run.jsonl"] == [path.name for path in tmp_path.iterdir()]


class CrashesOn(Reference):
    """Reference that crashes on a method a number of times; on a menu in a session."""

    def __init__(self, method_name: str, crashes: int) -> None:
        super().__init__()
        self.method_name = method_name
        self.crashes = crashes
        self.connected: set[Json] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Crash, or answer."""
        scenario = params.get("scenario")
        of_this = method == self.method_name
        if method == "client.menu" and scenario not in self.connected:
            of_this = False
        if of_this and self.crashes:
            self.crashes -= 1
            raise CrashError("the target crashed")
        if method == "invitation.accept":
            self.connected.add(scenario)
        return super().request(method, params)


@pytest.mark.parametrize(
    ("crashes", "verdict", "code"),
    [
        (1, RunVerdict.INVALID, ExitCode.INVALID),
        (1000, RunVerdict.NON_CONFORMANT, ExitCode.NON_CONFORMANT),
    ],
    ids=["once", "always"],
)
@pytest.mark.parametrize(
    ("method_name", "clauses"),
    [
        ("invitation.cancel", {"PENDING-2", "PENDING-5"}),
        ("client.menu", {"DIRECT-4"}),
        ("popup.dismiss", {"ANSWER-4"}),
        ("profile.edit", {"SESSION-9"}),
        ("client.online", {"PRESENCE-1", "PRESENCE-2"}),
    ],
)
def test_a_crash_is_never_lost(
    method_name: str,
    clauses: set[str],
    crashes: int,
    verdict: RunVerdict,
    code: ExitCode,
) -> None:
    """Whether or not it happens again when the walk is repeated."""
    engine, result = walked(CrashesOn(method_name, crashes), examples=100)
    assert result.says.endswith("crash: the target crashed")
    assert engine.conclusion is not None
    assert (verdict, code) == (engine.conclusion.verdict, engine.conclusion.exit_code)
    assert result.feature is not None
    assert any(f"@{clause}\n" in result.feature for clause in clauses)
    assert len(engine.scenarios) == (crashes > 1)


class ForgetsOnce(Reference):
    """Reference that omits the alias in one scenario, after a few others."""

    def __init__(self) -> None:
        super().__init__()
        self.started = 0
        self.affected = ""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer, in one scenario without any alias."""
        self.started += method == "scenario.begin"
        answer = super().request(method, params)
        if method != "client.view" or self.started < 5 or not isinstance(answer, dict):
            return answer
        rows = answer["notifications"]
        assert isinstance(rows, list)
        if not rows or self.affected not in {"", str(params["scenario"])}:
            return answer
        self.affected = str(params["scenario"])
        for row in rows:
            assert isinstance(row, dict)
            assert isinstance(row["from"], dict)
            row["from"]["alias"] = None
        return answer


def test_a_finding_that_is_not_reproducible_makes_the_run_invalid() -> None:
    """It is reported, no result is lost, and the run is not conformant."""
    engine, result = walked(ForgetsOnce())
    assert "and not when it was repeated" in result.says
    assert engine.conclusion is not None
    assert RunVerdict.INVALID is engine.conclusion.verdict


def test_beside_a_failure_it_is_only_reported() -> None:
    """A scenario that fails decides, whatever a walk could not show again."""
    engine = Engine(DirectTarget(ForgetsOnce()), None)
    failed = not_run(next(iter(pickles())))
    engine.keep(failed.model_copy(update={"verdict": Verdict.FAIL}))
    result = walk_and_record(engine, examples=60, seed=0)
    assert "and not when it was repeated" in result.says
    assert RunVerdict.NON_CONFORMANT is engine.finish(selected_all=False).verdict


class RemembersViews(Reference):
    """Keeps what was seen until the user does something: it misses what has expired."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, Json] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer a view as before, as long as nobody does anything."""
        key = f"{params.get('scenario')} {params.get('client')}"
        if method == "client.view" and key in self.seen:
            return self.seen[key]
        answer = super().request(method, params)
        if method == "client.view":
            self.seen[key] = answer
        elif method != "clock.advance":
            self.seen.clear()
        return answer


def test_a_finding_that_needs_earlier_looks_has_them_in_its_scenario() -> None:
    """A walk looks at everything after each move; what that leaves is a part of it."""
    engine, result = walked(RemembersViews())
    assert "one finding" in result.says
    assert "everybody looks at their client" in str(result.feature)
    (record,) = engine.scenarios
    assert Verdict.FAIL is record.verdict


class CrashesAfterCancel(Reference):
    """Reference that crashes on every view after a cancel."""

    def __init__(self) -> None:
        super().__init__()
        self.cancelled: set[str] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Crash, or answer."""
        if method == "client.view" and str(params["scenario"]) in self.cancelled:
            raise CrashError("the target crashed")
        if method == "invitation.cancel":
            self.cancelled.add(str(params["scenario"]))
        return super().request(method, params)


def test_a_crash_in_a_view_is_reproduced() -> None:
    """The view is a step of the scenario."""
    engine, result = walked(CrashesAfterCancel())
    assert result.feature is not None
    assert " Then " in result.feature.splitlines()[-1]
    assert engine.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is engine.conclusion.verdict


def test_a_crash_while_shrinking_is_not_lost(
    crashes_while_shrinking: Adapter,
) -> None:
    """It is reported with the finding."""
    _, result = walked(crashes_while_shrinking)
    assert "one finding, about NOTIFY-4, then crash" in result.says


# Stories told again


class CancelsOddIds(Reference):
    """Reference that calls what has expired cancelled, for some IDs."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer, and have some entries look different."""
        answer = super().request(method, params)
        if method == "client.view" and isinstance(answer, dict):
            rows = answer["invitations"]
            assert isinstance(rows, list)
            for row in rows:
                assert isinstance(row, dict)
                if row["state"] == "expired" and str(row["to"])[0] < "5":
                    row["state"] = "cancelled"
        return answer


def test_a_difference_without_a_clause_is_told_and_counts() -> None:
    """No scenario can show which of two stories is wrong; both are kept to read."""
    engine, result = walked(CancelsOddIds(), examples=100)
    relation = "(renaming everybody|an earlier scenario)"  # both have other IDs
    assert re.match(f"100 with seed 0: {relation} changed what ", result.says)
    assert result.counts
    assert [] == engine.scenarios
    assert result.feature is not None
    assert 2 == result.feature.count("Scenario: Told")


@pytest.mark.slow
def test_a_difference_that_breaks_a_clause_is_a_scenario_that_fails(
    keeps_locks: Adapter,
) -> None:
    """The sentence names the relation and the clause."""
    engine, result = walked(keeps_locks, examples=200, seed=1)
    (record,) = engine.scenarios
    (clause,) = record.clauses
    assert "an earlier scenario changed what " in result.says
    assert result.says.endswith(f"; that breaks {clause}")
    assert Verdict.FAIL is record.verdict
    assert result.counts
    assert engine.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is engine.conclusion.verdict


class CrashesAfter(Reference):
    """Reference that crashes once, after so many scenarios."""

    def __init__(self, scenarios: int) -> None:
        super().__init__()
        self.left = scenarios

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Count the scenarios."""
        self.left -= method == "scenario.begin"
        if self.left == 0:
            self.left = 10_000
            raise CrashError("the target crashed")
        return super().request(method, params)


def test_a_crash_when_a_story_is_told_again_is_not_lost() -> None:
    """The run is INVALID: no scenario shows it."""
    unharmed = CrashesAfter(10_000)
    walked(unharmed, examples=7)
    engine, result = walked(CrashesAfter(10_000 - unharmed.left), examples=7)
    assert "when a walk was told again, crash: the target crashed" in result.says
    assert engine.conclusion is not None
    assert RunVerdict.INVALID is engine.conclusion.verdict
