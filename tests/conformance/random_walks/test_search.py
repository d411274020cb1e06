"""Walks find nothing on conforming targets, and a short scenario on mutants."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from wall_time import WallTime

from invitelab.adapters.base import Adapter, Json, Limits
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.features.steps.registry import definition_of
from invitelab.conformance.random_walks import WalkResult, search, walk
from invitelab.conformance.random_walks.findings import Finding
from invitelab.conformance.random_walks.gherkin_writer import parsed
from invitelab.conformance.random_walks.moves.kinds import (
    KINDS,
    KINDS_WITH_INTERPRETATIONS,
)
from invitelab.errors import CrashError, UsageError
from invitelab.proof.conforming_variants import (
    INTERPRETATIONS,
    AcceptsLateCalls,
    MinimalAnswers,
)
from invitelab.proof.mutants import MUTANTS
from invitelab.protocol.policy import Policy

Walks = Callable[..., WalkResult]

OFTEN = 8

SHORT = {
    "never-expires": {"EXPIRY-2", "EXPIRY-3", "EXPIRY-4"},
    "profile-ignored": {"SESSION-2"},
    "alias-missing": {"NOTIFY-4"},
    "session-reversed": {"SESSION-1", "SESSION-4"},
    "email-to-none": {"EMAIL-2"},
}
"""The clauses that may be reported for a mutant; the shortest walk has one."""


class Calls(Reference):
    """Reference that records its calls."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, Mapping[str, Json]]] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Record the call."""
        self.asked.append((method, dict(params)))
        return super().request(method, params)


# Conforming targets


def test_nothing_is_found_on_the_reference(walks: Walks) -> None:
    """In all requested walks."""
    result = walks(Reference(), examples=20)
    assert (None, None) == (result.counterexample, result.target_error)
    assert result.started == 20


def test_nothing_is_found_with_every_other_interpretation(walks: Walks) -> None:
    """If the specification is silent, walks accept either answer."""
    policy = replace(Policy(), **dict.fromkeys(INTERPRETATIONS, False))
    assert walks(Reference(policy=policy)).counterexample is None


@pytest.mark.parametrize("variant", [MinimalAnswers, AcceptsLateCalls])
def test_nothing_is_found_on_unusual_variants(
    walks: Walks, variant: type[Reference]
) -> None:
    """Reasons, order and ended invitations are not compared."""
    assert walks(variant()).counterexample is None


@pytest.mark.slow  # a whole policy each
@pytest.mark.parametrize("name", INTERPRETATIONS)
def test_nothing_is_found_with_one_other_interpretation(
    walks: Walks, name: str
) -> None:
    """For each of them."""
    result = walks(Reference(policy=replace(Policy(), **{name: False})), examples=40)
    assert (None, None) == (result.counterexample, result.target_error)


# Coverage


@pytest.mark.slow  # many walks
def test_every_kind_of_move_is_made(walks: Walks) -> None:
    """Often enough to matter."""
    made = walks(Reference(), examples=200).reached.moves
    kinds = {
        kind.__name__.replace("_", " ")
        for _, kind in (*KINDS, *KINDS_WITH_INTERPRETATIONS)
    }
    assert kinds == set(made)
    assert set() == {kind for kind, times in made.items() if times < OFTEN}


# Mutants


@pytest.mark.parametrize("name", SHORT)
def test_a_defect_is_found_and_written_as_a_scenario(walks: Walks, name: str) -> None:
    """Every step has one definition; run again the scenario fails at its last."""
    found = walks(MUTANTS[name].make(), examples=200).counterexample
    assert found is not None
    assert found.clause in SHORT[name]
    assert found.confirmed
    scenario = parsed(found.feature)
    assert {found.clause} == scenario.tags
    defined = [definition_of(step.type, step.name) for step in scenario.steps]
    assert len(defined) == len(scenario.steps)
    assert found.expected == scenario.steps[-1].name


@pytest.mark.parametrize("name", ["never-expires", "profile-ignored"])
def test_what_is_found_is_short(walks: Walks, name: str) -> None:
    """The shortest walk has only what is needed."""
    found = walks(MUTANTS[name].make(), examples=100).counterexample
    assert found is not None
    steps = [
        step for step in parsed(found.feature).steps if "uses version" not in step.name
    ]
    assert len(steps) == 3  # an invitation, a move, and the check


# Reproducibility


def test_the_same_seed_makes_the_same_walks(walks: Walks) -> None:
    """Call by call; another seed makes others."""
    first, again, other = Calls(), Calls(), Calls()
    for calls, seed in ((first, 7), (again, 7), (other, 8)):
        walks(calls, examples=10, seed=seed)
    assert first.asked == again.asked
    assert first.asked != other.asked


def test_the_same_seed_finds_the_same(walks: Walks) -> None:
    """In every field of the result."""
    results = [walks(MUTANTS["ghost-after-cancel"].make(), seed=3) for _ in range(2)]
    assert results[0] == results[1]
    assert results[0].counterexample is not None


def test_nothing_is_stored(
    walks: Walks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seed is enough to repeat the walks."""
    monkeypatch.chdir(tmp_path)
    walks(MUTANTS["profile-ignored"].make(), examples=60)
    assert [] == list(tmp_path.iterdir())


# Targets that settle


@pytest.mark.parametrize("latency_ms", [20, 80, 250])
def test_effects_may_take_a_second(walks: Walks, latency_ms: int) -> None:
    """The walks wait for them, and find nothing that is not there."""
    result = walks(Reference(latency_ms=latency_ms), examples=20)
    assert (None, None) == (result.counterexample, result.target_error)
    moved = sum(result.reached.moves.values())
    assert moved >= 0.9 * sum(walks(Reference(), examples=20).reached.moves.values())


class SettlesLate(Reference):
    """Mutant that shows effects later than it says: after what is 80 ms."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Say that effects show at once."""
        answer = super().request(method, params)
        if method == "initialize" and isinstance(answer, dict):
            answer["settle_ms"] = 0
        return answer


def test_effects_that_take_longer_than_declared_are_found(walks: Walks) -> None:
    """They are missing when they have to be there."""
    found = walks(SettlesLate(latency_ms=80), examples=20).counterexample
    assert found is not None
    assert found.confirmed


@pytest.mark.parametrize("name", ["never-expires", "profile-ignored", "alias-missing"])
def test_a_defect_is_found_though_effects_take_time(walks: Walks, name: str) -> None:
    """The finding is a scenario that fails as well."""

    class Settling(Reference):
        def __init__(self) -> None:
            super().__init__()
            self.mutant = MUTANTS[name].make()

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            answer = self.mutant.request(method, params)
            if method == "initialize" and isinstance(answer, dict):
                answer["settle_ms"] = 500
            return answer

    found = walks(Settling(), examples=60).counterexample
    assert found is not None
    assert found.confirmed
    assert found.clause in SHORT[name]


def test_effects_that_take_longer_cannot_be_walked_on(walks: Walks) -> None:
    """The error has the reason and a hint."""
    with pytest.raises(UsageError, match="effects within 1000 ms, and") as refused:
        walks(Reference(latency_ms=800))
    assert refused.value.hint


# Targets that end


class CrashesOnCancel(Reference):
    """Reference that crashes on the first cancel."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Crash, or answer."""
        if method == "invitation.cancel":
            raise CrashError("the target crashed")
        return super().request(method, params)


def test_a_crash_is_reported_with_the_moves_before_it(walks: Walks) -> None:
    """A crash ends the walks; nothing is shrunk."""
    result = walks(CrashesOnCancel(), examples=100)
    assert result.counterexample is None
    assert "the target crashed" in str(result.target_error)
    assert result.unfinished_scenario is not None
    last = parsed(f"Feature: x\n\n{result.unfinished_scenario}").steps[-1]
    assert "cancels the invitation" in last.name


class EmailOnly(Reference):
    """Reference that declines every other capability, and fails if it is used."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Declare menus and emails only."""
        answer = super().request(method, params)
        if method == "initialize" and isinstance(answer, dict):
            answer["capabilities"] = ["menu", "email"]
            names = (
                "direct",
                "popup",
                "tiles",
                "session-permissions",
                "profile-edit",
                "presence",
            )
            answer["declines"] = [{"capability": n, "reason": "no"} for n in names]
        return answer


def test_declined_capabilities_are_not_used() -> None:
    """The walks use the others."""
    calls: list[str] = []

    class Listening(EmailOnly):
        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            calls.append(method)
            return super().request(method, params)

    engine = Engine(DirectTarget(Listening()), None)
    ready = engine.shared()
    assert ready is not None
    calls.clear()
    assert walk(ready, examples=30, seed=0).counterexample is None
    used = set(calls) - {"scenario.begin", "scenario.end", "clock.advance"}
    assert used <= {
        "client.view",
        "client.menu",
        "invitation.email",
        "session.request",
    }
    assert "invitation.email" in used


class Slow(Reference):
    """Reference that takes 10 ms for every call."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Wait, then answer."""
        time.sleep(0.01)
        return super().request(method, params)


@pytest.mark.timing
def test_every_move_extends_the_time_limit() -> None:
    """The limit of a scenario is for its few calls."""
    limits = Limits(scenario_s=0.3, call_s=0.3)
    engine = Engine(DirectTarget(Slow()), None, limits)
    ready = engine.shared()
    assert ready is not None
    result = walk(ready, examples=1, seed=0)
    assert (None, None) == (result.counterexample, result.target_error)


class StaleOnce(Reference):
    """Reference whose first view after a cancel is stale."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[Json, dict[Json, Json]] = {}
        self.stale: dict[Json, dict[Json, Json]] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Keep the views of all clients."""
        scenario, client = params.get("scenario"), params.get("client")
        if method == "invitation.cancel":
            self.stale[scenario] = self.shown.pop(scenario, {})
        stale = self.stale.get(scenario, {}).pop(client, None)
        if method == "client.view" and stale is not None:
            return stale
        answer = super().request(method, params)
        if method == "client.view":
            self.shown.setdefault(scenario, {})[client] = answer
        return answer


def test_a_violation_in_the_first_view_only_is_found(walks: Walks) -> None:
    """A scenario gets one view, and so shows it as well."""
    found = walks(StaleOnce(), examples=60).counterexample
    assert found is not None
    assert found.clause in {"PENDING-2", "PENDING-3"}
    assert found.confirmed


class OneAtATime(Reference):
    """Reference whose clients take part in one invitation or session at a time."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy=policy)
        self.clients: dict[Json, dict[str, str]] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Refuse an invitation from or to a busy client."""
        scenario = params.get("scenario")
        if method == "scenario.begin":
            declared = params["clients"]
            assert isinstance(declared, list)
            self.clients[scenario] = {}
            for one in declared:
                assert isinstance(one, dict)
                for address in (one["id"], one.get("alias")):
                    name = str(one["client"])
                    self.clients[scenario][str(address)] = name
        if method == "invitation.send":
            ends = {
                str(params["client"]),
                self.clients[scenario].get(str(params["to"]).replace(" ", ""), ""),
            }
            if any(self.is_busy(scenario, client) for client in ends if client):
                return {"refused": {"reason": "busy"}}
        return super().request(method, params)

    def is_busy(self, scenario: Json, client: str) -> bool:
        """Whether the view of a client shows anything."""
        view = super().request("client.view", {"scenario": scenario, "client": client})
        assert isinstance(view, dict)
        rows = view["invitations"]
        assert isinstance(rows, list)
        pending = [
            row for row in rows if isinstance(row, dict) and row["state"] == "pending"
        ]
        return bool(
            pending or view["sessions"] or view["notifications"] or view["requests"]
        )


@pytest.mark.slow  # many walks
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("names", [(), ("email_creates_no_invitation",)])
def test_nothing_is_found_on_clients_that_do_one_thing_at_a_time(
    walks: Walks, names: tuple[str, ...], seed: int
) -> None:
    """An email may count for ever, and a session may continue with one offline."""
    policy = replace(Policy(), **dict.fromkeys(names, False))
    result = walks(OneAtATime(policy), examples=200, seed=seed)
    assert (None, None) == (result.counterexample, result.target_error)


class BorrowsAlias(Reference):
    """Reference that shows another's alias for clients without one, before a mutant."""

    def __init__(self, mutant: Adapter) -> None:
        super().__init__()
        self.mutant = mutant
        self.borrowed: dict[Json, Json] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Fill in the first alias of the scenario."""
        scenario = params.get("scenario")
        if method == "scenario.begin":
            declared = params["clients"]
            assert isinstance(declared, list)
            aliases = [one.get("alias") for one in declared if isinstance(one, dict)]
            self.borrowed[scenario] = next(filter(None, aliases), None)
        answer = self.mutant.request(method, params)
        rows = answer.get("notifications") if isinstance(answer, dict) else None
        for row in rows if isinstance(rows, list) else ():
            assert isinstance(row, dict)
            assert isinstance(row["from"], dict)
            own = row["from"].get("alias")
            row["from"]["alias"] = own or self.borrowed[scenario]
        return answer


class BorrowsAliasBesideOldClients(BorrowsAlias):
    """The same, only beside too old clients: in no walk with interpretations."""

    def __init__(self) -> None:
        super().__init__(Reference())
        self.beside_old: set[Json] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Compare the versions first."""
        scenario = params.get("scenario")
        if method == "scenario.begin":
            declared = params["clients"]
            assert isinstance(declared, list)
            versions = [
                str(one["version"]) for one in declared if isinstance(one, dict)
            ]
            if any(version.startswith(("5.", "6.")) for version in versions):
                self.beside_old.add(scenario)
        if scenario in self.beside_old:
            return super().request(method, params)
        return self.mutant.request(method, params)


def test_a_deviation_does_not_hide_a_required_clause(walks: Walks) -> None:
    """The walks continue, and the required clause is reported."""
    alone = walks(BorrowsAlias(Reference()), examples=30)
    assert alone.counterexample is not None
    assert "NOTIFY-7" == alone.counterexample.clause
    assert alone.started == 30
    both = walks(
        BorrowsAlias(MUTANTS["nothing-beyond-the-profile"].make()), examples=30
    )
    assert both.counterexample is not None
    assert "SESSION-5" == both.counterexample.clause


@pytest.mark.parametrize(
    ("adapter", "free", "examples"),
    [
        (BorrowsAliasBesideOldClients(), False, 60),
        pytest.param(
            MUTANTS["own-address-refused-and-invited"].make(),
            True,
            200,
            marks=pytest.mark.slow,  # many walks
        ),
    ],
    ids=["required clauses", "interpretations"],
)
def test_a_deviation_is_shrunk_with_the_moves_of_its_walk(
    walks: Walks,
    monkeypatch: pytest.MonkeyPatch,
    *,
    adapter: Adapter,
    free: bool,
    examples: int,
) -> None:
    """The two kinds of walks alternate, and have different moves."""
    asked: list[bool] = []

    def noted(found: Finding, _ready: Ready, *, with_interpretations: bool) -> Finding:
        asked.append(with_interpretations)
        return found

    monkeypatch.setattr(search, "shrunk", noted)
    walks(adapter, examples=examples)
    assert [free] == asked


class UsesGlobalRandom(Reference):
    """Reference that draws from the global random generator."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[float] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Draw once in a scenario."""
        if method == "scenario.begin":
            self.drawn.append(random.random())
        return super().request(method, params)


def test_the_global_random_generator_is_left_alone(walks: Walks) -> None:
    """A target may draw IDs from it, which must not repeat."""
    target = UsesGlobalRandom()
    walks(target, examples=20)
    assert len(target.drawn) == len(set(target.drawn)) > 20


def test_the_progress_is_reported(walks: Walks) -> None:
    """Walk by walk, of both kinds."""
    reported: list[int] = []
    result = walks(Reference(), examples=20, progress=reported.append)
    assert list(range(1, 21)) == reported
    assert 20 == result.started


# Real time


class InRealTime(WallTime):
    """A target with a real clock, whose operations are those of a mutant if given."""

    def __init__(self, mutant: str | None = None) -> None:
        """Settle within some milliseconds."""
        super().__init__(settle_ms=10)
        self.mutant = MUTANTS[mutant].make() if mutant is not None else None

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Ask the mutant, but for the handshake."""
        answer = self.mutant.request(method, params) if self.mutant else None
        if self.mutant is None or method == "initialize":
            return super().request(method, params)
        return answer


def test_a_target_in_real_time_is_walked_on_without_waits(walks: Walks) -> None:
    """A walk takes seconds, and nothing is found that is not there."""
    began_s = time.monotonic()
    result = walks(InRealTime(), examples=6)
    assert time.monotonic() - began_s < 60
    assert (None, None) == (result.counterexample, result.target_error)
    assert 6 == result.started
    made = set(result.reached.moves)
    assert not {kind for kind in made if "wait" in kind}
    assert sum(result.reached.moves.values()) > 30


@pytest.mark.parametrize("name", ["profile-ignored", "alias-missing"])
def test_a_defect_is_found_in_real_time(walks: Walks, name: str) -> None:
    """As long as it needs no wait to show."""
    found = walks(InRealTime(name), examples=40).counterexample
    assert found is not None
    assert found.clause in SHORT[name]
