"""What the scenarios make happen on the reference breaks no invariant."""

from collections.abc import Sequence

from invitelab.conformance.execution.engine import Engine
from invitelab.protocol.history import FactKind, History
from invitelab.protocol.invariants import violations


def test_every_scenario_has_a_history(
    histories: Sequence[History], reference_run: Engine
) -> None:
    """One world each, and two for the clock's proof."""
    assert 2 + len(reference_run.scenarios) == len(histories)


def test_no_history_breaks_an_invariant(histories: Sequence[History]) -> None:
    """S1 to S18, in every world."""
    broken = [found for history in histories for found in violations(history)]
    assert [] == broken


AFTER_A_CRASH = {FactKind.OVER, FactKind.LEFT}
"""No scenario lets a client crash, so that no session ends in one."""


def test_the_histories_hold_every_kind_of_fact(histories: Sequence[History]) -> None:
    """An invariant over facts that never happen would prove nothing."""
    seen = {fact.kind for history in histories for fact in history.facts}
    assert set(FactKind) == seen | AFTER_A_CRASH
