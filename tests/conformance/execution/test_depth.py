"""How much of the values an engine tries, with which seed, and what it says of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.conclusion import read_run
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import NO_PLAN, make_plan
from invitelab.conformance.features.gherkin import Pickle, key_of, pickles
from invitelab.errors import ExitCode, HandshakeError, UsageError
from invitelab.formats.run import RunVerdict, Verdict
from invitelab.proof.suite_run import every_pickle


class Saying(Reference):
    """The reference, which says something else in its handshake."""

    def __init__(self, **changes: Json) -> None:
        super().__init__()
        self.changes = changes

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Say so."""
        answer = super().request(method, params)
        if method == "initialize":
            assert isinstance(answer, dict)
            answer |= self.changes
        return answer


def real() -> Saying:
    """Make one with a real clock, of which nothing has to be waited for."""
    return Saying(clock="real", settle_ms=0, parallel=True)


def opened(adapter: Reference, depth: Depth | None = None, seed: int = 0) -> Engine:
    """Open an engine, and close it."""
    engine = Engine(InProcessTarget(adapter), None, depth=depth, seed=seed)
    engine.open()
    engine.close()
    return engine


def one(clause: str) -> Pickle:
    """Give the first scenario of a clause."""
    return next(iter(pickles(clause)))


# The depth


@pytest.mark.parametrize("depth", [Depth.STANDARD, Depth.DEEP])
def test_rows_that_wait_are_refused_in_real_time(depth: Depth) -> None:
    """The run is invalid, and a hint says what to do."""
    engine = opened(real(), depth)
    assert isinstance(engine.problem, UsageError)
    expected = f"the depth {depth.value} needs virtual time: each row has its waits"
    assert (expected, "--depth quick tries every value once") == (
        str(engine.problem),
        engine.problem.hint,
    )
    engine.run(one("DIRECT-5"))
    end = engine.finish(selected_all=False)
    assert (RunVerdict.INVALID, ExitCode.USAGE, expected) == (
        end.verdict,
        end.exit_code,
        end.reason,
    )
    assert (expected, "--depth quick tries every value once") == (
        engine.header.problem,
        engine.header.hint,
    )


@pytest.mark.parametrize(
    ("adapter", "asked", "depth"),
    [
        (Reference(), None, "standard"),
        (Reference(), Depth.QUICK, "quick"),
        (Reference(), Depth.DEEP, "deep"),
        (Saying(settle_ms=80), None, "quick"),
        (Saying(settle_ms=80), Depth.STANDARD, "standard"),
        (real(), None, "quick"),
        (real(), Depth.QUICK, "quick"),
    ],
)
def test_the_header_names_the_depth_and_the_seed(
    adapter: Reference, asked: Depth | None, depth: str
) -> None:
    """What was asked for, or what the clock allows."""
    engine = opened(adapter, asked, seed=4)
    assert engine.problem is None
    assert (depth, 4) == (engine.header.depth, engine.header.seed)
    assert (depth, 4) == (engine.plan.depth.value, engine.plan.seed)


def test_a_plan_that_is_given_is_kept_to() -> None:
    """Each scenario as it is written, whatever the clock allows."""
    engine = Engine(DirectTarget(Reference()), None, plan=NO_PLAN, seed=9)
    record = engine.run(one("DIRECT-5"))
    assert (1, {}, False) == (
        record.runs,
        record.values,
        any(step.drawn for step in record.steps),
    )
    assert ("quick", 0) == (engine.header.depth, engine.header.seed)


def test_a_scenario_is_run_with_every_row_of_the_plan() -> None:
    """Its record says with how many, and with which values it was recorded."""
    plan, pickle = make_plan(3, Depth.STANDARD), one("SESSION-1")
    rows = plan.rows[key_of(pickle)]
    record = Engine(DirectTarget(Reference()), None, seed=3).run(pickle)
    assert len(rows) > 1
    assert (len(rows), 0, Verdict.PASS) == (
        record.runs,
        record.failed_runs,
        record.verdict,
    )
    assert {name: one.name for name, one in rows[0].items()} == record.values
    assert {"Ada", "Bob"} <= set(record.cast)
    assert any(step.drawn for step in record.steps)
    assert not all(step.drawn for step in record.steps)


# What was tried


def test_the_footer_of_a_whole_run_says_what_was_tried(tmp_path: Path) -> None:
    """A quick run has every value."""
    path = tmp_path / "run.jsonl"
    engine = Engine(DirectTarget(Reference()), path, depth=Depth.QUICK)
    for pickle in every_pickle():
        engine.run(pickle)
    engine.finish(selected_all=True)
    footer = read_run(path).footer
    assert footer is not None
    assert footer.coverage is not None
    tried, possible = footer.coverage.values
    assert tried == possible
    assert (footer.totals["runs"], {}) == (
        footer.coverage.runs,
        footer.coverage.left_out,
    )


def test_the_footer_of_an_invalid_run_says_nothing_of_it(tmp_path: Path) -> None:
    """The plan had every value, and most of it was not run."""
    path = tmp_path / "run.jsonl"
    engine = Engine(DirectTarget(Reference()), path, depth=Depth.QUICK)
    engine.run(one("DIRECT-5"))
    engine.give_up(HandshakeError("the target had to be started again too often"))
    assert RunVerdict.INVALID is engine.finish(selected_all=True).verdict
    footer = read_run(path).footer
    assert footer is not None
    assert footer.coverage is None


def test_the_footer_of_a_part_says_nothing_of_it(tmp_path: Path) -> None:
    """Nobody would know what it is a share of."""
    path = tmp_path / "run.jsonl"
    engine = Engine(DirectTarget(Reference()), path, depth=Depth.QUICK)
    engine.run(one("DIRECT-5"))
    engine.finish(selected_all=False)
    footer = read_run(path).footer
    assert footer is not None
    assert footer.coverage is None
