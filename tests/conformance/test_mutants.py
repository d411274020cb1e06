"""Every wrong implementation is caught by its clause, and the right one by none."""

import re
from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference import Reference
from invitelab.adapters.target import Target
from invitelab.conformance import mutants
from invitelab.conformance.clauses import load
from invitelab.conformance.engine import Engine
from invitelab.conformance.mutants import MUTANTS
from invitelab.conformance.mutants.base import Mutant
from invitelab.records import Level, RunVerdict, ScenarioRecord, Verdict

Judge = Callable[..., Engine]

NAMED = {
    "expires-at-119-5-s": "EXPIRY-6",
    "expires-at-120-5-s": "EXPIRY-6",
    "never-expires": "EXPIRY-2",
    "modify-restarts-the-timer": "PENDING-6",
    "ghost-after-cancel": "PENDING-3",
    "alias-missing": "NOTIFY-4",
    "invites-pre-7": "DIRECT-3",
    "versions-as-text": "DIRECT-1",
    "profile-ignored": "SESSION-2",
    "session-reversed": "SESSION-4",
    "lock-ignored": "SESSION-6",
}
"""The sins the demands name, and what they break."""


def observed(record: ScenarioRecord) -> bool:
    """Whether a scenario broke at an observation, after everything it needed held."""
    broken = record.verdict in {Verdict.FAIL, Verdict.DEVIATION}
    failed = [step for step in record.steps if step.status == "failed"]
    return broken and record.kind is None and len(failed) == 1


# What they are


def test_there_are_ten_at_least() -> None:
    """Names are keys, so none is there twice."""
    assert len(MUTANTS) >= 10
    assert [*MUTANTS] == [mutant.name for mutant in MUTANTS.values()]


@pytest.mark.parametrize(("name", "clause"), NAMED.items(), ids=list(NAMED))
def test_a_sin_that_was_asked_for_is_there(name: str, clause: str) -> None:
    """With the clause that it breaks."""
    assert clause == MUTANTS[name].clause


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=list(MUTANTS))
def test_a_mutant_says_what_it_does_and_breaks(mutant: Mutant) -> None:
    """In words that can stand in a table and a command line."""
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", mutant.name)
    assert mutant.clause in load()
    assert mutant.sin[0].islower()
    assert not mutant.sin.endswith(".")


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=list(MUTANTS))
def test_a_mutant_can_be_named_as_a_target(mutant: Mutant) -> None:
    """Each time it is a new one."""
    name = mutant.name.replace("-", "_")
    target = Target.parse(f"py:invitelab.conformance.mutants:{name}")
    assert "invitelab.conformance.mutants" == target.parts[0]
    factory: Callable[[], Reference] = getattr(mutants, target.parts[1])
    assert isinstance(factory(), Reference)
    assert factory() is not factory()


def test_a_mutant_that_does_not_exist_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="there is no mutant angel"):
        mutants.__getattr__("angel")


# What becomes of them


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=list(MUTANTS))
def test_a_mutant_is_caught_by_its_clause(judge: Judge, mutant: Mutant) -> None:
    """At an observation of a scenario that cites it; an error alone is no catch."""
    engine = judge(mutant.make(), mutant.clause)
    caught = [record for record in engine.scenarios if observed(record)]
    assert caught
    level = load()[mutant.clause].level
    expected = Verdict.FAIL if level is Level.REQUIRED else Verdict.DEVIATION
    assert {expected} == {record.verdict for record in caught}
    assert {mutant.clause} == {id_ for record in caught for id_ in record.clauses}


@pytest.mark.parametrize("name", ["lock-ignored", "alias-missing"])
def test_a_mutant_breaks_little_else(directly: Judge, name: str) -> None:
    """A small change fails one required clause, and the run with it."""
    engine = directly(MUTANTS[name].make())
    failed = [r.clause for r in engine.clauses if r.verdict is Verdict.FAIL]
    assert [MUTANTS[name].clause] == failed
    end = engine.conclusion
    assert end is not None
    assert (RunVerdict.NON_CONFORMANT, MUTANTS[name].clause) == (
        end.verdict,
        end.reason,
    )


def test_the_reference_survives(reference_run: Engine) -> None:
    """Everything passes, and nothing is left out."""
    end = reference_run.conclusion
    assert end is not None
    assert (RunVerdict.CONFORMANT, None) == (end.verdict, end.reason)
    assert {Verdict.PASS} == {record.verdict for record in reference_run.scenarios}
    assert {Verdict.PASS} == {record.verdict for record in reference_run.clauses}


# Implementations that do nothing


EMPTY: Mapping[str, Json] = {
    "notifications": [],
    "invitations": [],
    "sessions": [],
    "requests": [],
}
OK: Mapping[str, Json] = {
    "client.menu": {"entries": []},
    "invitation.email": {"opened_with": "", "text": ""},
    "invitation.send": {"invitation": "i1"},
}
LIFECYCLE = {
    "initialize",
    "scenario.begin",
    "scenario.end",
    "shutdown",
    "clock.advance",
}


class Nothing(Reference):
    """Shows nothing, and says yes or no to everything."""

    def __init__(self, *, willing: bool) -> None:
        super().__init__()
        self.willing = willing

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Let nothing happen."""
        if method in LIFECYCLE:
            return super().request(method, params)
        if method == "client.view":
            return dict(EMPTY)
        return {"ok": OK.get(method, {})} if self.willing else {"refused": {}}


@pytest.mark.parametrize("willing", [True, False])
def test_an_implementation_that_does_nothing_satisfies_nothing(
    directly: Judge, *, willing: bool
) -> None:
    """Beside everything that must not be seen, a scenario wants to see something.

    It is the implementation's own fault, and neither its adapter's nor ours.
    """
    engine = directly(Nothing(willing=willing))
    passed = [r.title for r in engine.scenarios if r.verdict is Verdict.PASS]
    assert [] == passed
    end = engine.conclusion
    assert end is not None
    assert (RunVerdict.NON_CONFORMANT, None) == (end.verdict, end.blame)
