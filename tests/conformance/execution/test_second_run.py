"""What a delay has left undecided is run once more; what has a verdict never is."""

import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from late_machine import LateMachine, invitation, timing_of
from real_time_reference import RealTime

from invitelab.adapters.base import Json
from invitelab.adapters.driver import InProcessTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.outcomes import Delayed, Inconclusive
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import Pickle, pickles
from invitelab.conformance.features.own import forget_everything, use_own_features
from invitelab.formats.run import ScenarioRecord, Verdict

CHANGE = "Ada changes the invitation to the permission profile"
CLAUSES = """[[clause]]
id = "FRACTIONS-1"
level = "required"
text = "An invitation can be changed twice in half a second."
"""
FRACTIONS = f"""Feature: Fractions
  @FRACTIONS-1
  Scenario: Two changes
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    When 200 milliseconds have passed since the invitation was sent
    And {CHANGE} "Screen Sharing"
    And 400 milliseconds have passed since the invitation was sent
    And {CHANGE} "Full Access"
    Then the attempt succeeds
"""


class Sluggish(RealTime):
    """Takes its time for the first changes."""

    def __init__(self, slow: int, *, parallel: bool = True) -> None:
        """`slow` is the number of slow answers."""
        super().__init__(parallel=parallel)
        self.slow = slow
        self.modified = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Longer than the scenario has planned."""
        if method == "invitation.modify":
            self.modified += 1
            if self.modified <= self.slow:
                time.sleep(0.5)
        return super().request(method, params)


@pytest.fixture
def two_changes(tmp_path: Path) -> Iterator[Pickle]:
    """A scenario that a slow answer leaves undecided."""
    (tmp_path / "fractions.feature").write_text(FRACTIONS, encoding="utf-8")
    (tmp_path / "clauses.toml").write_text(CLAUSES, encoding="utf-8")
    (pickle,) = pickles(paths=use_own_features(tmp_path).files)
    yield pickle
    forget_everything()


def run_of(adapter: RealTime, pickle: Pickle) -> ScenarioRecord:
    """Run a scenario in real time."""
    engine = Engine(InProcessTarget(adapter), None, plan=NO_PLAN)
    engine.expect([pickle])
    record = engine.run(pickle)
    engine.finish(selected_all=False)
    return record


@pytest.mark.parametrize("parallel", [True, False])
def test_what_a_slow_answer_has_hidden_is_run_again(
    two_changes: Pickle, *, parallel: bool
) -> None:
    """And the second record counts."""
    adapter = Sluggish(1, parallel=parallel)
    assert Verdict.PASS is run_of(adapter, two_changes).verdict
    assert [2, 3] == [len(adapter.begun), adapter.modified]


def test_twice_is_enough(two_changes: Pickle) -> None:
    """A target that is always slow stays undecided."""
    adapter = Sluggish(10)
    record = run_of(adapter, two_changes)
    assert Verdict.INCONCLUSIVE is record.verdict
    assert re.search(r"past the 4\d\d ms to judge at", record.message or "")
    assert 2 == len(adapter.begun)


class Refusing(RealTime):
    """Refuses every change."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Without a word why."""
        if method == "invitation.modify":
            return {"refused": {"reason": "busy"}}
        return super().request(method, params)


def test_a_failure_is_not_run_again(two_changes: Pickle) -> None:
    """It could pass by chance."""
    adapter = Refusing()
    assert Verdict.FAIL is run_of(adapter, two_changes).verdict
    assert 1 == len(adapter.begun)


def test_settling_alone_is_no_delay() -> None:
    """A second run would end as the first."""
    timing = timing_of(LateMachine(), [], settle_ms=500)
    timing.operated(0)
    timing.let_settle()
    with pytest.raises(Inconclusive, match="settling took until 500 ms") as caught:
        timing.may_pass(400)
    assert type(caught.value) is Inconclusive


@pytest.mark.parametrize(
    ("settle_ms", "called_ms", "is_delay"), [(300, 500, True), (600, 0, False)]
)
def test_near_a_deadline_only_what_was_not_planned_is_a_delay(
    settle_ms: int, called_ms: int, *, is_delay: bool
) -> None:
    """600 ms of settling and as much again do not fit into the last second."""
    clock = LateMachine()
    timing = timing_of(clock, [invitation(0)], settle_ms=settle_ms)
    timing.pass_until(119_000)
    clock.now_ms += called_ms
    timing.operated(119_000)
    with pytest.raises(Inconclusive, match="came to its deadline") as caught:
        timing.expect_settled(lambda: None)
    assert is_delay is isinstance(caught.value, Delayed)
