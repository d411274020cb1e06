"""A stored run whose end does not follow from its scenarios is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.conclusion import read_run
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.known_failures.entries import Baseline, Known
from invitelab.errors import Blame, ExitCode, UsageError
from invitelab.formats.run import (
    Problem,
    Run,
    RunVerdict,
    ScenarioRecord,
    Verdict,
    dump,
    read,
    seal,
)
from invitelab.protocol.policy import LIFETIME_US, Policy

LATE = Policy(lifetime_us=LIFETIME_US + 2_000_000)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a run with failures, a deviation and a stale entry of a baseline."""
    path = tmp_path_factory.mktemp("run") / "run.jsonl"
    titles = [pickle.scenario.name for pickle in pickles("EXPIRY-6")]
    known = Known(scenario=titles[0], clause="EXPIRY-6", issue="#1")
    engine = Engine(
        InProcessTarget(Reference(policy=LATE)),
        path,
        baseline=Baseline(name="known.toml", entries=(known,)),
        plan=NO_PLAN,
    )
    for clause in ("EXPIRY-2", "EXPIRY-6"):
        for pickle in pickles(clause):
            engine.run(pickle)
    engine.finish(selected_all=False)
    return path


def forged(run: Run, path: Path, **end: Any) -> Path:  # noqa: ANN401 - any field
    """Write a run with another end, and with a digest that fits."""
    assert run.footer is not None
    body = [dump(one) for one in (run.header, *run.scenarios, *run.clauses)]
    footer = seal(body, run.footer.model_copy(update=end))
    lines = [*body, dump(footer)]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_run_as_it_was_written_follows_from_its_scenarios(original: Path) -> None:
    """Stale entries of a baseline included."""
    footer = read_run(original).footer
    assert footer is not None
    assert (RunVerdict.NON_CONFORMANT, 1) == (footer.verdict, len(footer.stale))


@pytest.mark.parametrize(
    ("end", "what"),
    [
        ({"verdict": RunVerdict.CONFORMANT}, "verdict"),
        ({"exit_code": 0}, "exit code"),
        ({"totals": {"scenarios": 9}}, "totals"),
        ({"reason": "no more than a trifle"}, "reason"),
        ({"blame": Blame.ENVIRONMENT}, "blame"),
        ({"stale": ()}, "stale"),
    ],
)
def test_an_end_that_does_not_follow_is_refused(
    tmp_path: Path, original: Path, end: dict[str, Any], what: str
) -> None:
    """Although its digest fits: a digest is no signature."""
    path = forged(read(original), tmp_path / "run.jsonl", **end)
    with pytest.raises(UsageError) as caught:
        read_run(path)
    sentence = f"its {what} does not follow from its scenarios"
    assert f"{path} contradicts itself: {sentence}" == str(caught.value)


def passed(record: ScenarioRecord) -> ScenarioRecord:
    """Make a record of one that passed."""
    return record.model_copy(update={"verdict": Verdict.PASS})


def test_clauses_that_the_scenarios_do_not_bear_out_are_refused(
    tmp_path: Path, original: Path
) -> None:
    """One side has been changed, and the other one has not."""
    run = read(original)
    changed = run.model_copy(
        update={"scenarios": tuple(passed(one) for one in run.scenarios)}
    )
    path = forged(changed, tmp_path / "run.jsonl")
    with pytest.raises(UsageError, match="the scenarios say something else of EXPIRY"):
        read_run(path)


def test_a_problem_is_a_part_of_the_conclusion(tmp_path: Path, original: Path) -> None:
    """The error that ended a run makes it INVALID when it is read, too."""
    problem = Problem(
        message="the machine was switched off",
        blame=Blame.ENVIRONMENT,
        exit_code=ExitCode.INVALID,
    )
    path = forged(read(original), tmp_path / "run.jsonl", problem=problem)
    with pytest.raises(UsageError, match="its verdict does not follow"):
        read_run(path)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Reference(policy=LATE),
        lambda: Reference(latency_ms=80),
        lambda: None,
    ],
    ids=["failing", "passing", "not started"],
)
def test_whatever_the_engine_writes_can_be_read(
    tmp_path: Path, make: Callable[[], Reference | None]
) -> None:
    """The same rules at both ends."""
    path = tmp_path / "run.jsonl"
    adapter = make()

    class Rude(Reference):
        """An adapter that answers nothing, in words of which each is escaped."""

        def request(self, method: str, params: object) -> Any:  # noqa: ANN401, ARG002
            """Fail."""
            raise RuntimeError("\x1b[31m" * 400)

    engine = Engine(InProcessTarget(adapter or Rude()), path, plan=NO_PLAN)
    for pickle in pickles("EXPIRY-2"):
        engine.run(pickle)
    engine.finish(selected_all=False)
    assert read_run(path).scenarios == tuple(engine.scenarios)
