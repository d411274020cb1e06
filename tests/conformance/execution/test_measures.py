"""The settling time that is safe, and what an undecided run says of it."""

import pytest
from late_machine import LateMachine, invitation, timing_of

from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.conformance.execution.measures import Measures
from invitelab.conformance.execution.outcomes import Inconclusive

LIFETIME_MS = 120_000


def terms(settle_ms: int, *, early_ms: int | None = None, scale: float = 1.0) -> Terms:
    """Those of a real clock with a resolution of 10 ms."""
    return Terms(
        kind=ClockKind.REAL,
        resolution_ms=10,
        settle_ms=settle_ms,
        early_ms=early_ms,
        scale=scale,
    )


@pytest.mark.parametrize("early_ms", [10, 400])
@pytest.mark.parametrize("spent_ms", [0, 37, 250])
@pytest.mark.parametrize("settles", [1, 2])
def test_the_safe_number_is_safe_and_a_little_more_is_not(
    early_ms: int, spent_ms: int, settles: int
) -> None:
    """By the rule that decides: a scenario at 119 seconds that lets effects settle."""
    measures = Measures(spent_ms=spent_ms, settles=settles)
    safe_ms = measures.safe_settle_ms(terms(2000, early_ms=early_ms))

    def is_conclusive(settle_ms: int) -> bool:
        clock = LateMachine()
        sent = [invitation(spent_ms, since_ms=0)]
        timing = timing_of(clock, sent, settle_ms=settle_ms, early_ms=early_ms)
        timing.pass_until(spent_ms + LIFETIME_MS - 1000)
        try:
            for _ in range(settles):
                timing.operated(clock.now_ms)
                timing.let_settle()
        except Inconclusive:
            return False
        return True

    assert safe_ms > 0
    assert is_conclusive(safe_ms)
    assert not is_conclusive(safe_ms + 10)


def test_where_no_settling_is_safe_it_is_zero() -> None:
    """The invitations end a second early."""
    assert 0 == Measures().safe_settle_ms(terms(100, early_ms=1000))


def test_a_scaled_target_gets_the_number_in_its_own_time() -> None:
    """In a tenth of the time only a tenth of the settling fits."""
    assert (490, 40) == (
        Measures().safe_settle_ms(terms(100)),
        Measures().safe_settle_ms(terms(1000, scale=0.1)),
    )


def test_the_default_settling_is_named_with_the_number_to_declare() -> None:
    """And with what was found, so that the author can tell whether it is true."""
    said = Measures(spent_ms=20, shown_ms=12).advice(terms(2000), is_declared=False)
    assert (
        'declare "settle_ms": 480 or less, in place of the 2000 assumed, '
        "if effects show within it (they did within 12 ms here)" == said
    )


def test_effects_that_take_too_long_leave_nothing_to_declare() -> None:
    """A number below what was measured would be a lie."""
    said = Measures(spent_ms=20, shown_ms=700).advice(terms(900), is_declared=True)
    assert "119 s cannot be judged with this clock" in said
    assert "effects showed within 700 ms" in said


def test_a_settling_that_is_safe_was_not_the_reason() -> None:
    """Then the machine was late."""
    said = Measures(spent_ms=300).advice(terms(100), is_declared=True)
    assert "late by 300 ms: run it again on a quieter machine, or with --jobs" in said
