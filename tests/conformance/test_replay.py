"""A scenario of a stored run, played again: fixed, or still failing."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from invitelab.adapters.base import Json, Limits
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.exchange_lines import exchanges_of
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.replay import Outcome, Recorded, replay
from invitelab.errors import HangError, InvitelabError, UsageError
from invitelab.formats.exchanges import parse
from invitelab.formats.run import Verdict
from invitelab.formats.run import parse as parse_run
from invitelab.proof import mutants

LIMITS = Limits()


class Journal:
    """A journal in memory that takes bytes."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.text = ""

    def record(self, line: str) -> None:
        """Keep it."""
        self.lines.append(line + "\n")

    def exchanges(self, lines: str) -> None:
        """Keep them."""
        self.text += lines

    def progress(self, done: int, busy: int) -> None:
        """Ignore it."""

    def walk(self, feature: str) -> None:
        """Ignore it."""

    def close(self) -> None:
        """Do nothing."""


def recorded(target: Reference, title: str, clause: str = "DIRECT-5") -> Recorded:
    """Judge a target by a clause, and give the scenario of that title."""
    journal = Journal()
    engine = Engine(InProcessTarget(target), journal, seed=3)
    for pickle in pickles(clause):
        engine.run(pickle)
    engine.finish(selected_all=False)
    run = parse_run("".join(journal.lines))
    (record,) = (one for one in run.scenarios if one.title == title)
    (played,) = (
        one for one in parse(journal.text).values() if one.scenario.scenario == title
    )
    return Recorded(header=run.header, record=record, played=played, folder=Path())


@pytest.fixture(scope="module")
def failed() -> Recorded:
    """Give a scenario that fails with an ID that begins with a zero, and only then."""
    return recorded(mutants.typed_id_is_a_number(), "An ID names the recipient")


def test_the_same_target_fails_again(failed: Recorded) -> None:
    """With the same lines: values, identities and tokens are those of the run."""
    target = InProcessTarget(mutants.typed_id_is_a_number())
    done = replay(target, failed, LIMITS)
    assert Outcome.STILL_FAILING is done.outcome
    assert done.difference is None
    assert failed.record.message == done.now.message
    # But for the id of the request, every byte is the same.
    before = [call.sent.partition('"method"')[2] for call in failed.played.calls]
    now = [call.sent.partition('"method"')[2] for call in done.played.calls]
    assert before == now


def test_a_target_that_was_mended_passes(failed: Recorded) -> None:
    """The first answer that differs is the one that was wrong."""
    done = replay(InProcessTarget(Reference()), failed, LIMITS)
    assert Outcome.FIXED is done.outcome
    assert done.difference is not None
    assert (2, "invitation.send") == (done.difference.call, done.difference.method)
    assert "refused" in done.difference.before
    assert "ok" in done.difference.now


class Crashing(Reference):
    """The reference, which ends when an invitation is sent."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Raise there."""
        if method == "invitation.send":
            raise RuntimeError("out of memory")
        return super().request(method, params)


def test_a_target_that_fails_in_another_way_is_not_fixed(failed: Recorded) -> None:
    """It crashes where it has refused before."""
    done = replay(InProcessTarget(Crashing()), failed, LIMITS)
    assert Outcome.STILL_FAILING is done.outcome
    assert ("crash", None) == (done.now.kind, done.before.kind)


def test_what_passed_may_fail_now(failed: Recorded) -> None:
    """The other way round, a regression."""
    passed = recorded(Reference(), "An ID names the recipient")
    # The row that failed, which has the ID with a zero.
    risky = replace(
        passed,
        played=failed.played,
        record=failed.record.model_copy(update={"verdict": Verdict.PASS}),
    )
    mutant = InProcessTarget(mutants.typed_id_is_a_number())
    assert Outcome.FAILS_NOW is replay(mutant, risky, LIMITS).outcome
    right = InProcessTarget(Reference())
    assert Outcome.PASSES is replay(right, passed, LIMITS).outcome


def test_a_scenario_that_is_gone_is_told(failed: Recorded) -> None:
    """The run is of another suite."""
    update = {"title": "There is none"}
    other = replace(failed, record=failed.record.model_copy(update=update))
    with pytest.raises(UsageError, match="has no scenario"):
        replay(InProcessTarget(Reference()), other, LIMITS)
    update_ = {"values": {"recipient's ID": "a value that is gone"}}
    other = replace(failed, record=failed.record.model_copy(update=update_))
    with pytest.raises(UsageError, match="has no value"):
        replay(InProcessTarget(Reference()), other, LIMITS)


class Silent(Reference):
    """The reference, which never ends its handshake."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Raise in place of the first answer."""
        if method == "initialize":
            raise RuntimeError("no")
        return super().request(method, params)


def test_a_target_that_does_not_start_is_an_error(failed: Recorded) -> None:
    """There is no outcome."""
    with pytest.raises(InvitelabError, match="did not start"):
        replay(InProcessTarget(Silent()), failed, LIMITS)


def test_a_scenario_without_calls_is_no_mistake(failed: Recorded) -> None:
    """Records that were made without bytes have none."""
    assert () == exchanges_of(failed.record).calls


def test_a_limit_holds(failed: Recorded) -> None:
    """A call that takes longer than it is allowed to is a hang."""

    class Slow(Reference):
        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            while method == "invitation.send":
                pass
            return super().request(method, params)

    limits = Limits(call_s=0.05)
    done = replay(InProcessTarget(Slow()), failed, limits)
    assert HangError.kind == done.now.kind
