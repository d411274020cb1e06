"""Runs as they are judged, a few scenarios long, to be shown in every view."""

from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import pickles
from invitelab.errors import Blame
from invitelab.formats.run import (
    Absent,
    Exchange,
    Level,
    Run,
    ScenarioRecord,
    StepRecord,
    Verdict,
    read,
)
from invitelab.proof import mutants

CLAUSES = {"EXPIRY-2", "EXPIRY-6", "NOTIFY-1"}


def judged(target: Reference, folder: Path) -> Run:
    """Judge by the scenarios of a few clauses."""
    engine = Engine(InProcessTarget(target), folder / "run.jsonl", plan=NO_PLAN)
    for pickle in pickles():
        if pickle.scenario.tags & CLAUSES:
            engine.run(pickle)
    engine.finish(selected_all=False)
    return read(folder / "run.jsonl")


@pytest.fixture(scope="session")
def right(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a run of the reference."""
    return judged(Reference(), tmp_path_factory.mktemp("right"))


@pytest.fixture(scope="session")
def late(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a run of an implementation whose invitations live too long."""
    mutant: Callable[[], Reference] = mutants.expires_at_121_5_s
    return judged(mutant(), tmp_path_factory.mktemp("late"))


def call(
    at_ms: int,
    client: str,
    method: str,
    **fields: object,
) -> Exchange:
    """Make an exchange."""
    return Exchange.model_validate(
        {"at_ms": at_ms, "method": method, "client": client, **fields}
    )


def scenario_with(
    *exchanges: Exchange, message: str = "it went wrong"
) -> ScenarioRecord:
    """Make a scenario of one step with these exchanges."""
    step = StepRecord(
        keyword="When",
        text="things happen",
        line=3,
        at_ms=0,
        status="failed",
        exchanges=exchanges,
    )
    return ScenarioRecord(
        feature="features/expiry.feature",
        line=2,
        title="Things happen",
        clauses=("EXPIRY-2",),
        level=Level.REQUIRED,
        verdict=Verdict.FAIL,
        message=message,
        steps=(step,),
    )


@pytest.fixture(scope="session")
def exchange() -> Callable[..., Exchange]:
    """Make an exchange; see `call`."""
    return call


@pytest.fixture(scope="session")
def scenario_of() -> Callable[..., ScenarioRecord]:
    """Make a scenario; see `scenario_with`."""
    return scenario_with


HOSTILE = '</p></svg><script>console.error(1)</script>" onload="x\x1b[31m\u202e'


@pytest.fixture(scope="session")
def hostile(make_run: Callable[..., Run]) -> Run:
    """Give a run in which every word of the target's means harm."""
    calls = [
        call(
            0,
            HOSTILE,
            "client.view",
            other=HOSTILE,
            params={HOSTILE: HOSTILE},
            result={"requests": [{"from": HOSTILE}, HOSTILE], HOSTILE: HOSTILE},
            left_out={"requests": 1, HOSTILE: 1},
        ),
        call(0, HOSTILE, HOSTILE, outcome="refused", reason=HOSTILE, message=HOSTILE),
        call(0, HOSTILE, HOSTILE, outcome="broken", reason=HOSTILE, message=HOSTILE),
    ]
    record = scenario_with(*calls, message=HOSTILE * 20).model_copy(
        update={
            "verdict": Verdict.ERROR,
            "kind": "crash",
            "blame": Blame.IMPLEMENTATION,
            "absent": Absent(source=HOSTILE, target="Bob", what=HOSTILE),
            "stderr": f"{HOSTILE}\n{HOSTILE}",
            "title": HOSTILE,
            "example": HOSTILE,
        }
    )
    run = make_run([record])
    header = run.header.model_copy(
        update={
            "target": HOSTILE,
            "implementation": HOSTILE,
            "declined": {HOSTILE: HOSTILE},
            "problem": HOSTILE,
            "hint": HOSTILE,
        }
    )
    return run.model_copy(update={"header": header})
