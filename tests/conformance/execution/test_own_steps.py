"""What goes wrong in a step of a user's own is told with its file and line."""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from invitelab.adapters.base import Json, Limits
from invitelab.adapters.driver import InProcessTarget, Reachable
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Target
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.own import forget_everything, use_own_features
from invitelab.errors import Blame, ExitCode
from invitelab.formats.run import RunVerdict, ScenarioRecord, Verdict
from invitelab.world.load.load_world import garbage_collection_paused

FEATURE = """\
Feature: Mistakes
  @EXPIRY-1
  Scenario: A step goes wrong
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    Then it is well
"""
STEPS = """\
import time; from helpers_of_mistakes import far
from invitelab.conformance.steps import *

@then("it is well")
def well(context: ScenarioContext) -> None:
    view = context.view(context.person("Bob"))
    {body}
"""
ADVICE = 'raise ExpectationFailed("...") where the target is to blame'
NO_MESSAGE = (
    "ExpectationFailed.__init__() missing 1 required positional argument: 'message'"
)
ENDLESS = "the step did not return within its scenario's limit of 0.3 s"
LIMITS = Limits(scenario_s=0.3)
Run = Callable[[str], tuple[ScenarioRecord, Engine]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a scenario whose last step has that body, and conclude."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "mistakes.feature").write_text(FEATURE, encoding="utf-8")
    helper = "def far() -> None:\n    {}['x']\n"
    (own / "helpers_of_mistakes.py").write_text(helper, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "helpers_of_mistakes", raising=False)

    def run_body(body: str) -> tuple[ScenarioRecord, Engine]:
        (own / "steps.py").write_text(STEPS.format(body=body), encoding="utf-8")
        (pickle,) = pickles(paths=use_own_features(own).files)
        limits = LIMITS if "while" in body or "sleep" in body else None
        target: Reachable = Target.parse("reference")
        if "slow" in body:
            target = InProcessTarget(Slow())
            limits = Limits(call_s=0.5, scenario_s=1)
        engine = Engine(target, None, limits)
        record = engine.run(pickle)
        engine.finish(selected_all=False)
        return record, engine

    # An alarm within a callback of the collector, as Hypothesis has one, is a warning.
    with garbage_collection_paused():
        yield run_body
    forget_everything()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "view.get('x')",
            "own/steps.py:7: AttributeError: 'View' object has no attribute 'get'",
        ),
        (
            "assert not view, 'no view'",
            f"own/steps.py:7: AssertionError: no view ({ADVICE})",
        ),
        (
            "raise ExpectationFailed()",
            f"own/steps.py:7: TypeError: {NO_MESSAGE}",
        ),
        (
            "context.person('Zoe')",
            "own/steps.py:7: Zoe does not take part in this scenario",
        ),
        (
            "perform(context, 'when', 'Bob dances')",
            'own/steps.py:7: the step "Bob dances" (when) is defined by nothing',
        ),
        ("far()", "own/helpers_of_mistakes.py:2: KeyError: 'x'"),
        ("raise SystemExit(3)", "own/steps.py:7: SystemExit: 3"),
        ("raise SystemExit", "own/steps.py:7: SystemExit"),
    ],
)
def test_a_mistake_is_told_with_its_place(run: Run, body: str, message: str) -> None:
    """It is the user's, and the run shows nothing."""
    record, engine = run(body)
    assert (Verdict.ERROR, "steps", Blame.ENVIRONMENT, message) == (
        record.verdict,
        record.kind,
        record.blame,
        record.message,
    )
    assert "A step goes wrong" == record.title
    end = engine.conclusion
    assert end is not None
    assert (RunVerdict.INVALID, ExitCode.INVALID, Blame.ENVIRONMENT, message) == (
        end.verdict,
        end.exit_code,
        end.blame,
        end.reason,
    )


TEXT = """\
Feature: F
  @EXPIRY-1
  Scenario: Own text
    Given Ada and Bob use version {version}
    And Bob has a portable client
    {step}
"""


@pytest.mark.parametrize(
    ("version", "step", "message"),
    [
        ("99999999.1.1", "When Ada invites Bob", ":4: '99999999.1.1' is not a version"),
        ("7.1.4", "When Ada invites Bob by alias", ":6: Bob has no alias"),
        (
            "7.1.4",
            "When another 999999999999999 minutes have passed",
            ":6: a scenario cannot wait that long",
        ),
        (
            "7.1.4",
            (
                "When Ada invites Bob\n"
                "    Then the session has exactly the permissions of"
                ' the permission profile "Defualt"'
            ),
            ":7: Ada has no permission profile 'Defualt': the nearest is Default",
        ),
    ],
)
def test_a_mistake_in_the_text_of_a_feature_is_the_users(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    version: str,
    step: str,
    message: str,
) -> None:
    """No bug of invitelab: it is told with the line of the step."""
    monkeypatch.chdir(tmp_path)
    own = Path("f.feature")
    own.write_text(TEXT.format(version=version, step=step), encoding="utf-8")
    try:
        (pickle,) = pickles(paths=use_own_features(own).files)
        engine = Engine(Target.parse("reference"), None)
        record = engine.run(pickle)
        engine.finish(selected_all=False)
    finally:
        forget_everything()
    assert ("steps", Blame.ENVIRONMENT) == (record.kind, record.blame)
    assert str(record.message).startswith(f"f.feature{message}")
    assert engine.conclusion is not None
    assert ExitCode.INVALID == engine.conclusion.exit_code


def test_an_expectation_of_ones_own_is_a_failure(run: Run) -> None:
    """And no mistake."""
    record, _ = run("raise ExpectationFailed('Bob frowns')")
    assert (Verdict.FAIL, "Bob frowns") == (record.verdict, record.message)


def test_the_traceback_is_there_if_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As everywhere, by INVITELAB_DEBUG."""
    assert "" == run("far()")[0].stderr
    monkeypatch.setenv("INVITELAB_DEBUG", "1")
    record, _ = run("far()")
    assert "Traceback (most recent call last)" in record.stderr
    assert "in far" in record.stderr


LOOPS = [
    "while True: pass",
    "time.sleep(60)",
    "while True: view = context.view(context.person('Bob'))",
    "while True: perform(context, 'then', \"Bob sees the invitation from Ada\")",
]


@pytest.mark.parametrize("body", LOOPS)
def test_a_step_that_never_returns_is_to_blame(run: Run, body: str) -> None:
    """Whether it computes, waits, or makes calls for ever; the place is told."""
    record, engine = run(body)
    message = f"own/steps.py:7: {ENDLESS} (--scenario-timeout)"
    assert ("steps", Blame.ENVIRONMENT, message) == (
        record.kind,
        record.blame,
        record.message,
    )
    assert engine.conclusion is not None
    assert (ExitCode.INVALID, message) == (
        engine.conclusion.exit_code,
        engine.conclusion.reason,
    )


def test_a_step_that_never_returns_ends_in_any_thread(run: Run) -> None:
    """As in real time, where each scenario has a thread: then it is abandoned."""
    found: list[ScenarioRecord] = []
    thread = threading.Thread(target=lambda: found.append(run("time.sleep(3)")[0]))
    thread.start()
    thread.join(2)
    assert [f"own/steps.py:7: {ENDLESS} (--scenario-timeout)"] == [
        one.message for one in found
    ]


def test_a_step_that_did_not_return_is_not_called_again(run: Run) -> None:
    """Each call would take the whole limit of a scenario."""
    first, _ = run("time.sleep(60)")
    began_s = time.monotonic()
    again, _ = run("time.sleep(60)")
    assert time.monotonic() - began_s < LIMITS.scenario_s
    assert first.message == again.message


class Slow(Reference):
    """The reference, with a view that takes its time."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Take 0.2 s for a view."""
        if method == "client.view":
            time.sleep(0.2)
        return super().request(method, params)


def test_a_target_that_is_too_slow_for_a_step_is_to_blame(run: Run) -> None:
    """Calls that take a good part of their limit are no loop of the step."""
    record, _ = run("for _ in range(9): context.view(context.person('Bob'))  # slow")
    assert ("hang", Blame.IMPLEMENTATION) == (record.kind, record.blame)
