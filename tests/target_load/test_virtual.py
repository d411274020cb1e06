"""Targets with a virtual clock: all as with the reference, or named, or broken."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.formats.results import Outcome, Results
from invitelab.formats.target_run import TargetRun
from invitelab.proof.conforming_variants import VARIANTS
from invitelab.proof.mutants import MUTANTS
from invitelab.protocol.policy import Knob, Policy, knobs

Play = Callable[..., Results]


def run_of(results: Results) -> TargetRun:
    """The part about the target."""
    assert results.target is not None
    assert not results.detached
    return results.target


def test_the_reference_plays_as_the_reference(play: Play) -> None:
    """Every attempt, and all that it shows."""
    results = play(Reference(), duration="60s")
    run = run_of(results)
    assert run.beside is not None
    assert run.beside.attempts == run.beside.equal > 80
    assert run.judged == run.invitations > 50
    assert not run.findings
    assert {Outcome.ACCEPTED, Outcome.REJECTED, Outcome.CANCELLED, Outcome.EXPIRED} <= {
        kind for kind, count in results.outcomes.items() if count
    }


def test_nothing_takes_time_in_virtual_time(play: Play) -> None:
    """Nothing takes time in virtual time."""
    results = play(Reference())
    for metric in ("notify_delay", "expiry_lag"):
        found = results.distribution(metric)
        assert found is not None
        assert (found.minimum_us, found.maximum_us) == (0, 0)


def test_a_run_is_repeatable(play: Play) -> None:
    """A run is repeatable."""
    one, two = (play(Reference()).model_copy(update={"target": None}) for _ in range(2))
    assert one == two


def test_a_latency_is_measured(play: Play) -> None:
    """80 ms a trip, found to the interval of looking."""
    results = play(Reference(latency_ms=80))
    run = run_of(results)
    assert run.beside is None
    assert not run.broken
    found = results.distribution("notify_delay")
    assert found is not None
    assert found.minimum_us is not None
    assert found.maximum_us is not None
    assert 80_000 <= found.minimum_us <= found.maximum_us <= 80_000 + run.poll_us


def test_rooms_one_after_the_other_give_the_same(play: Play) -> None:
    """A target with one scenario at a time plays the rooms one by one."""
    together = play(Reference())
    alone = play(VARIANTS["one-at-a-time"].reach())
    for name in ("outcomes", "distributions", "windows", "versions", "pending_peak"):
        assert getattr(alone, name) == getattr(together, name), name


@pytest.mark.parametrize(
    "name",
    [
        "numbers",
        "taciturn",
        "obliging",
        "declines-modify",
        "declines-worlds",
        "declines-permissions",
        "latency",
    ],
)
def test_conforming_variants_break_nothing(play: Play, name: str) -> None:
    """Conforming variants break nothing."""
    run = run_of(play(VARIANTS[name].reach(), thorough=True))
    assert not run.broken
    assert not run.unexplained


SEEN_UNDER_LOAD = (
    "PLATFORM-2",
    "NOTIFY-7",
    "NOTIFY-8",
    "PENDING-7",
    "PENDING-8",
    "DIRECT-10",
    "ANSWER-5",
)


@pytest.mark.parametrize(
    "knob", [one for one in knobs() if one.clause in SEEN_UNDER_LOAD], ids=str
)
def test_another_interpretation_is_no_failure(play: Play, knob: Knob) -> None:
    """It is named: by what is observed, or because it explains all that differs."""
    policy = replace(Policy(), **{knob.name: False})
    run = run_of(play(Reference(policy=policy)))
    assert not run.broken
    assert not run.unexplained
    named = {one.clause for one in run.findings}
    if run.beside is not None:
        named |= set(run.beside.interpretations)
    assert knob.clause in named


@pytest.mark.parametrize(
    ("mutant", "clause"),
    [
        ("popup-in-another-corner", "NOTIFY-2"),
        ("invites-pre-7", "DIRECT-3"),
        ("email-of-the-first-sender", "EMAIL-2"),
    ],
)
def test_a_defect_is_found(play: Play, mutant: str, clause: str) -> None:
    """A defect is found."""
    changes = {"population__clients": 200, "population__room": 100}
    run = run_of(play(MUTANTS[mutant].make(), **changes))
    assert clause in {one.clause for one in run.broken}


def test_what_was_found_is_left_as_a_scenario_that_fails_alone(play: Play) -> None:
    """What was found is left as a scenario that fails alone."""
    changes = {"population__clients": 200, "population__room": 100}
    run = run_of(play(MUTANTS["popup-in-another-corner"].make(), **changes))
    (found,) = run.broken
    assert found.scenario is not None
    assert "@NOTIFY-2" in found.scenario
    assert found.scenario.rstrip().endswith(
        "Then Ben sees the invitation from Ada as a pop-up in the bottom-right corner"
    )
    assert found.examples[0].trace is not None


class LateBy(Reference):
    """Its clients show an invitation only from the next call of the clock on."""

    def __init__(self, every: int) -> None:
        super().__init__()
        self._every = every
        self._sent = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call."""
        if method == "invitation.send":
            self._sent += 1
            if self._sent % self._every == 0:
                return {"refused": {"reason": "busy"}}
        return super().request(method, params)


def test_a_refusal_now_and_then_is_found(play: Play) -> None:
    """A refusal now and then is found."""
    changes = {"population__clients": 200, "population__room": 100}
    run = run_of(play(LateBy(7), **changes))
    assert "DIRECT-1" in {one.clause for one in run.broken}
    assert run.beside is not None
    assert run.beside.first is not None
    assert any(text.endswith("refused") for text in run.beside.first.target)


class TypedAtTiles(Reference):
    """Refuses what is typed at a tile, which is for one contact."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call."""
        entry, to = str(params.get("entry")), str(params.get("to"))
        if method == "invitation.send" and entry.startswith("tile.") and "@" in to:
            return {"refused": {"reason": "not-offered"}}
        return super().request(method, params)


def test_nobody_types_an_address_at_a_tile(play: Play) -> None:
    """`to` is the contact of the tile, by its ID."""
    run = run_of(play(TypedAtTiles(), people__by_tile=1.0, people__by_alias=1.0))
    assert not run.findings
    assert not run.unexplained
