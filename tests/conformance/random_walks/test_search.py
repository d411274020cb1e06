"""Walks find nothing on who is right, and the shortest story on who is wrong."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from invitelab.adapters.base import Adapter, Json, Limits
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.execution.step_runner import definition_of
from invitelab.conformance.features.people import KNOWN
from invitelab.conformance.random_walks import WalkResult, executor, search, walk
from invitelab.conformance.random_walks.executor import Found
from invitelab.conformance.random_walks.gherkin_writer import parsed
from invitelab.conformance.random_walks.moves.invitations import Move
from invitelab.errors import CrashError, UsageError
from invitelab.proof.conforming_variants import (
    INTERPRETATIONS,
    AcceptsLateCalls,
    MinimalAnswers,
)
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.suite_run import DirectTarget
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
"""What the walks call the sin; the shortest walk shows one of these."""


class Calls(Reference):
    """The reference, which notes what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, Mapping[str, Json]]] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Note it."""
        self.asked.append((method, dict(params)))
        return super().request(method, params)


# Who is right


def test_nothing_is_found_on_the_reference(walks: Walks) -> None:
    """In as many walks as were asked for."""
    result = walks(Reference(), examples=20)
    assert (None, None) == (result.counterexample, result.trouble)
    assert result.begun == 20


def test_whoever_reads_everything_otherwise_is_right(walks: Walks) -> None:
    """Where the page is silent, the walks accept either answer."""
    policy = replace(Policy(), **dict.fromkeys(INTERPRETATIONS, False))
    assert walks(Reference(policy=policy)).counterexample is None


@pytest.mark.parametrize("odd", [MinimalAnswers, AcceptsLateCalls])
def test_whoever_is_odd_is_right(walks: Walks, odd: type[Reference]) -> None:
    """Reasons, order and ended invitations are nobody's business."""
    assert walks(odd()).counterexample is None


@pytest.mark.slow  # a whole policy each
@pytest.mark.parametrize("name", INTERPRETATIONS)
def test_no_reading_is_called_wrong(walks: Walks, name: str) -> None:
    """Each alone."""
    result = walks(Reference(policy=replace(Policy(), **{name: False})), examples=40)
    assert (None, None) == (result.counterexample, result.trouble)


# Where they go


@pytest.mark.slow  # many walks
@pytest.mark.parametrize("kinds", ["KINDS", "FREELY"])
def test_every_kind_of_move_is_made(
    walks: Walks, monkeypatch: pytest.MonkeyPatch, kinds: str
) -> None:
    """Often enough to matter."""
    made: Counter[str] = Counter()
    make = executor.Walker.make

    def counted(self: executor.Walker, move: Move) -> None:
        for _, kind in getattr(executor, kinds):
            made[kind.__name__] += any(
                move.name == option.name and move.liberty == option.liberty
                for option in kind(self.table)
            )
        make(self, move)

    monkeypatch.setattr(executor.Walker, "make", counted)
    walks(Reference(), examples=200)
    rare = {kind.__name__ for _, kind in getattr(executor, kinds)} - {
        name for name, times in made.items() if times >= OFTEN
    }
    assert set() == rare


# Who is wrong


@pytest.mark.parametrize("name", SHORT)
def test_a_sin_is_found_and_told_as_a_scenario(walks: Walks, name: str) -> None:
    """Every step has one definition; performed once more it fails at its last."""
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
    """Nothing that is not needed is left in the shortest walk."""
    found = walks(MUTANTS[name].make(), examples=100).counterexample
    assert found is not None
    told = [
        step for step in parsed(found.feature).steps if "uses version" not in step.name
    ]
    assert len(told) == 3  # invited, something happens, and it is wrong


# The same again


def test_the_same_seed_makes_the_same_walks(walks: Walks) -> None:
    """Call by call; another seed makes others."""
    first, again, other = Calls(), Calls(), Calls()
    for calls, seed in ((first, 7), (again, 7), (other, 8)):
        walks(calls, examples=10, seed=seed)
    assert first.asked == again.asked
    assert first.asked != other.asked


def test_the_same_seed_finds_the_same(walks: Walks) -> None:
    """To the letter."""
    results = [walks(MUTANTS["ghost-after-cancel"].make(), seed=3) for _ in range(2)]
    assert results[0] == results[1]
    assert results[0].counterexample is not None


def test_nothing_is_stored(
    walks: Walks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No examples: the seed is all it takes to walk again."""
    monkeypatch.chdir(tmp_path)
    walks(MUTANTS["profile-ignored"].make(), examples=60)
    assert [] == list(tmp_path.iterdir())


# Who cannot be walked on


def test_effects_that_take_time_cannot_be_walked_on(walks: Walks) -> None:
    """It is said why, and what to do."""
    with pytest.raises(UsageError, match="effects at once, and these take") as refused:
        walks(Reference(latency_ms=80))
    assert refused.value.hint


class Mortal(Reference):
    """Dies of the first cancel."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Live on until then."""
        if method == "invitation.cancel":
            raise CrashError("the target died")
        return super().request(method, params)


def test_whoever_dies_is_told_with_what_led_to_it(walks: Walks) -> None:
    """A crash ends the walks; there is nothing to shorten."""
    result = walks(Mortal(), examples=100)
    assert result.counterexample is None
    assert "the target died" in str(result.trouble)
    assert result.story is not None
    last = parsed(f"Feature: x\n\n{result.story}").steps[-1]
    assert "cancels the invitation" in last.name


class Modest(Reference):
    """Declines all that can be declined, and would trip over what it declined."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Offer emails and nothing else."""
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


def test_what_was_declined_is_stayed_away_from() -> None:
    """Whatever is left is walked on."""
    calls: list[str] = []

    class Listening(Modest):
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
    """Takes a hundredth of a second for everything."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Wait, and answer."""
        time.sleep(0.01)
        return super().request(method, params)


@pytest.mark.timing
def test_a_walk_has_the_time_that_its_moves_need() -> None:
    """A scenario's limit is for a scenario's few calls."""
    limits = Limits(scenario_s=0.3, call_s=0.3)
    engine = Engine(DirectTarget(Slow()), None, limits)
    ready = engine.shared()
    assert ready is not None
    result = walk(ready, examples=1, seed=0)
    assert (None, None) == (result.counterexample, result.trouble)


class Tardy(Reference):
    """Shows once more what was cancelled, to whoever looks first."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[Json, dict[Json, Json]] = {}
        self.stale: dict[Json, dict[Json, Json]] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Keep what everybody saw before."""
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


def test_what_only_the_first_look_shows_is_found(walks: Walks) -> None:
    """A scenario looks once, and sees it as well."""
    found = walks(Tardy(), examples=60).counterexample
    assert found is not None
    assert found.clause in {"PENDING-2", "PENDING-3"}
    assert found.confirmed


class Busy(Reference):
    """Does one thing at a time: whoever has anything going on is left alone."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy=policy)
        self.clients: dict[Json, dict[str, str]] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Refuse to invite and to be invited then."""
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
        """Whether there is anything to be seen there."""
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
def test_whoever_does_one_thing_at_a_time_is_right(
    walks: Walks, names: tuple[str, ...], seed: int
) -> None:
    """An email may be one for ever, and a session outlast that one of them left."""
    policy = replace(Policy(), **dict.fromkeys(names, False))
    result = walks(Busy(policy), examples=200, seed=seed)
    assert (None, None) == (result.counterexample, result.trouble)


class Naming(Reference):
    """Gives everybody without an alias Bob's, and may sin besides."""

    def __init__(self, sinner: Adapter) -> None:
        super().__init__()
        self.sinner = sinner

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Fill it in."""
        answer = self.sinner.request(method, params)
        rows = answer.get("notifications") if isinstance(answer, dict) else None
        for row in rows if isinstance(rows, list) else ():
            assert isinstance(row, dict)
            assert isinstance(row["from"], dict)
            row["from"]["alias"] = row["from"].get("alias") or KNOWN["Bob"][1]
        return answer


class NamingBesideTheOld(Naming):
    """Sins only where somebody's client is too old, as in no walk that goes freely."""

    def __init__(self) -> None:
        super().__init__(Reference())
        self.beside_old: set[Json] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Look at the versions first."""
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
        return self.sinner.request(method, params)


def test_what_only_deviates_hides_nothing_that_the_page_demands(walks: Walks) -> None:
    """Walking goes on behind it, and what is demanded is told."""
    alone = walks(Naming(Reference()), examples=30)
    assert alone.counterexample is not None
    assert "NOTIFY-7" == alone.counterexample.clause
    assert alone.begun == 30
    both = walks(Naming(MUTANTS["nothing-beyond-the-profile"].make()), examples=30)
    assert both.counterexample is not None
    assert "SESSION-5" == both.counterexample.clause


@pytest.mark.parametrize(
    ("adapter", "free", "examples"),
    [
        (NamingBesideTheOld(), False, 60),
        pytest.param(
            MUTANTS["own-address-refused-and-invited"].make(),
            True,
            200,
            marks=pytest.mark.slow,  # many walks
        ),
    ],
    ids=["where the page speaks", "where it is silent"],
)
def test_a_deviation_is_shortened_with_the_moves_that_led_to_it(
    walks: Walks,
    monkeypatch: pytest.MonkeyPatch,
    *,
    adapter: Adapter,
    free: bool,
    examples: int,
) -> None:
    """Both kinds of walks follow each other, and each has moves of its own."""
    asked: list[bool] = []

    def noted(found: Found, _ready: Ready, *, freely: bool) -> Found:
        asked.append(freely)
        return found

    monkeypatch.setattr(search, "shortened", noted)
    walks(adapter, examples=examples)
    assert [free] == asked


class Drawing(Reference):
    """Draws from the randomness that all share."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[float] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Once a scenario."""
        if method == "scenario.begin":
            self.drawn.append(random.random())  # noqa: S311 - whatever it draws
        return super().request(method, params)


def test_the_randomness_of_a_target_is_left_alone(walks: Walks) -> None:
    """Ids that are drawn from it are never drawn twice."""
    drawing = Drawing()
    walks(drawing, examples=20)
    assert len(drawing.drawn) == len(set(drawing.drawn)) > 20


def test_it_is_told_how_far_the_walks_are(walks: Walks) -> None:
    """Walk by walk, those that lean on a reading included."""
    told: list[int] = []
    result = walks(Reference(), examples=20, tell=told.append)
    assert list(range(1, 21)) == told
    assert 20 == result.begun
