"""What walks find is a scenario of the run, with a verdict like all others."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.journals import FileJournal
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.random_walks.recording import Walked, walk_and_record
from invitelab.errors import CrashError, ExitCode
from invitelab.formats.run import WALK, RunVerdict, Verdict, nothing_found, walk_options
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.suite_run import DirectTarget


def walked(adapter: Adapter, examples: int = 60) -> tuple[Engine, Walked]:
    """Walk, and end the run."""
    engine = Engine(DirectTarget(adapter), None)
    result = walk_and_record(engine, examples=examples, seed=0)
    engine.finish(selected_all=False, walks=result.says)
    return engine, result


def test_where_nothing_is_found_nothing_is_recorded() -> None:
    """But that they walked."""
    engine, result = walked(Reference(), examples=10)
    assert "10 with seed 0: nothing was found" == nothing_found(10, 0) == result.says
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
    assert "--walks 60 --seed 0" == walk_options(60, 0) == record.example
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


class Told(FileJournal):
    """Remembers what it was last told of the progress."""

    last = (0, 0)

    def progress(self, done: int, busy: int) -> None:
        """Remember it."""
        self.last = done, busy


def test_how_far_they_are_is_told(tmp_path: Path) -> None:
    """After what was run before; never more than were asked for; no file is left."""
    journal = Told(tmp_path / "run.jsonl")
    engine = Engine(DirectTarget(Reference()), journal)
    (pickle, *_) = pickles("EXPIRY-1")
    engine.run(pickle)
    walk_and_record(engine, examples=10, seed=0)
    assert (11, 1) == journal.last
    engine.finish(selected_all=False)
    assert ["run.jsonl"] == [path.name for path in tmp_path.iterdir()]


class Mortal(Reference):
    """Dies of something, so many times; of a menu only during a session."""

    def __init__(self, cause: str, deaths: int) -> None:
        super().__init__()
        self.cause = cause
        self.deaths = deaths
        self.connected: set[Json] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Live on otherwise."""
        scenario = params.get("scenario")
        of_this = method == self.cause
        if method == "client.menu" and scenario not in self.connected:
            of_this = False
        if of_this and self.deaths:
            self.deaths -= 1
            raise CrashError("the target died")
        if method == "invitation.accept":
            self.connected.add(scenario)
        return super().request(method, params)


@pytest.mark.parametrize(
    ("deaths", "verdict", "code"),
    [
        (1, RunVerdict.INVALID, ExitCode.INVALID),
        (1000, RunVerdict.NON_CONFORMANT, ExitCode.NON_CONFORMANT),
    ],
    ids=["once", "always"],
)
@pytest.mark.parametrize(
    ("cause", "clauses"),
    [
        ("invitation.cancel", {"PENDING-2", "PENDING-5"}),
        ("client.menu", {"DIRECT-4"}),
        ("popup.dismiss", {"ANSWER-4"}),
        ("profile.edit", {"SESSION-9"}),
        ("client.online", {"PRESENCE-1", "PRESENCE-2"}),
    ],
)
def test_a_death_is_never_lost(
    cause: str, clauses: set[str], deaths: int, verdict: RunVerdict, code: ExitCode
) -> None:
    """Whether or not it comes again when the walk is gone once more."""
    engine, result = walked(Mortal(cause, deaths), examples=100)
    assert result.says.endswith("crash: the target died")
    assert engine.conclusion is not None
    assert (verdict, code) == (engine.conclusion.verdict, engine.conclusion.exit_code)
    assert result.feature is not None
    assert any(f"@{clause}\n" in result.feature for clause in clauses)
    assert len(engine.scenarios) == (deaths > 1)


class Once(Reference):
    """Forgets an alias once, in a scenario after so many."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0
        self.forgot = ""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer; in one scenario with nobody's alias."""
        self.begun += method == "scenario.begin"
        answer = super().request(method, params)
        if method != "client.view" or self.begun < 5 or not isinstance(answer, dict):
            return answer
        rows = answer["notifications"]
        assert isinstance(rows, list)
        if not rows or self.forgot not in {"", str(params["scenario"])}:
            return answer
        self.forgot = str(params["scenario"])
        for row in rows:
            assert isinstance(row, dict)
            assert isinstance(row["from"], dict)
            row["from"]["alias"] = None
        return answer


def test_what_does_not_stay_makes_the_run_invalid() -> None:
    """It is told, no result is lost, and nothing is called conformant."""
    engine, result = walked(Once())
    assert "and not when it was tried again" in result.says
    assert engine.conclusion is not None
    assert RunVerdict.INVALID is engine.conclusion.verdict


class Blind(Reference):
    """Dies of a look after a cancel."""

    def __init__(self) -> None:
        super().__init__()
        self.cancelled: set[str] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Live on otherwise."""
        if method == "client.view" and str(params["scenario"]) in self.cancelled:
            raise CrashError("the target died")
        if method == "invitation.cancel":
            self.cancelled.add(str(params["scenario"]))
        return super().request(method, params)


def test_a_death_at_a_look_is_one_that_comes_again() -> None:
    """The look is a part of the story."""
    engine, result = walked(Blind())
    assert result.feature is not None
    assert " Then " in result.feature.splitlines()[-1]
    assert engine.conclusion is not None
    assert RunVerdict.NON_CONFORMANT is engine.conclusion.verdict


def test_a_death_while_a_finding_is_made_shorter_is_not_lost(dying: Adapter) -> None:
    """It stands beside what was found."""
    _, result = walked(dying)
    assert "something about NOTIFY-4 was found, and then crash" in result.says
