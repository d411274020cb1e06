"""What goes wrong in a step of a user's own is told with its file and line."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from invitelab.adapters.target import Target
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.own import forget_everything, use_own_features
from invitelab.errors import Blame, ExitCode
from invitelab.formats.run import RunVerdict, ScenarioRecord, Verdict

FEATURE = """\
Feature: Mistakes
  @EXPIRY-1
  Scenario: A step goes wrong
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    Then it is well
"""
STEPS = """\
from helpers_of_mistakes import far
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
        engine = Engine(Target.parse("reference"), None)
        record = engine.run(pickle)
        engine.finish(selected_all=False)
        return record, engine

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
