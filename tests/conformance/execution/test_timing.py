"""What a delay counts for, and when an invitation has come too near to its deadline."""

import pytest
from late_machine import LateMachine, invitation, timing_of

from invitelab.adapters import messages as wire
from invitelab.adapters.wire_types import Empty
from invitelab.conformance.execution.measures import Measures
from invitelab.conformance.execution.outcomes import Inconclusive
from invitelab.errors import Blame, HangError

PENDING = wire.Done(refused=wire.Refused(reason="busy"))
DONE = wire.Done(ok=Empty())


def test_a_delay_is_added_for_the_invitation_whose_end_it_may_have_delayed() -> None:
    """The machine stood still while the first one should have ended."""
    clock = LateMachine([(120_500, 600)])
    timing = timing_of(clock, [invitation(0)])
    timing.pass_until(121_000)
    assert 121_600 == clock.now_ms


def test_a_delay_is_not_added_for_an_invitation_that_has_long_ended() -> None:
    """The second one would else come to its deadline: a false inconclusive."""
    clock = LateMachine([(120_500, 600)])
    sent = [invitation(0)]
    timing = timing_of(clock, sent)
    timing.pass_until(121_000)
    sent.append(invitation(clock.now_ms))
    second_ms = clock.now_ms + 119_000
    timing.pass_until(second_ms)
    assert second_ms == clock.now_ms
    timing.stay_before_deadlines()


def test_a_delay_before_the_deadline_delays_no_timer() -> None:
    """It was over when the invitation should have ended."""
    clock = LateMachine([(2_000, 900)])
    timing = timing_of(clock, [invitation(0)])
    timing.pass_until(121_000)
    assert 121_000 == clock.now_ms


def test_a_delay_at_the_start_is_not_added_to_what_is_looked_at_later() -> None:
    """An absence at 119 seconds is judged after the settling time, and no later."""
    clock = LateMachine([(500, 800)])
    timing = timing_of(clock, [invitation(0)])
    timing.pass_until(119_000)
    timing.expect_settled(lambda: None)
    assert 119_100 == clock.now_ms


def test_a_delay_during_an_operation_is_added_to_its_settling() -> None:
    """The machine stood still after the operation was called."""
    clock = LateMachine([(1_300, 400)])
    timing = timing_of(clock, [])
    clock.now_ms = 1_500
    timing.operated(1_000)
    timing.expect_settled(lambda: None)
    assert 1_500 + 100 + 400 == clock.now_ms


@pytest.mark.parametrize(
    ("outcome", "inconclusive"), [(None, True), (PENDING, True), (DONE, False)]
)
def test_an_acknowledged_answer_is_not_held_against_the_deadline(
    outcome: wire.Done | None, *, inconclusive: bool
) -> None:
    """What is looked at afterwards shows what the answer has done."""
    clock = LateMachine()
    sent = invitation(0)
    timing = timing_of(clock, [sent])
    timing.pass_until(119_000)
    clock.now_ms = 119_990
    if outcome is not None:
        sent.ends_with(outcome)
    if inconclusive:
        with pytest.raises(Inconclusive, match="came to its deadline"):
            timing.stay_before_deadlines()
    else:
        timing.stay_before_deadlines()
        timing.expect_settled(lambda: None)


@pytest.mark.parametrize(
    ("early_ms", "late_ms", "elapsed_ms", "inconclusive"),
    [
        (400, 0, 119_500, True),
        (400, 0, 119_499, False),
        (400, 0, 120_100, True),
        (400, 0, 120_101, False),
        (0, 300, 119_900, True),
        (0, 300, 119_899, False),
        (0, 300, 120_400, True),
        (0, 300, 120_401, False),
        (None, None, 119_889, False),
        (None, None, 119_890, True),
        (None, None, 120_110, True),
        (None, None, 120_111, False),
    ],
)
def test_early_and_late_count_on_their_own_side(
    early_ms: int | None, late_ms: int | None, elapsed_ms: int, *, inconclusive: bool
) -> None:
    """With the settling of 100 ms on both; the resolution of 10 ms is the default."""
    timing = timing_of(LateMachine(), [], early_ms=early_ms, late_ms=late_ms)
    if inconclusive:
        with pytest.raises(Inconclusive, match=f"{elapsed_ms} ms lies within"):
            timing.stay_apart(elapsed_ms)
    else:
        timing.stay_apart(elapsed_ms)


def test_an_inconclusive_says_what_the_time_was_spent_on() -> None:
    """So that the author knows which number to change."""
    clock = LateMachine()
    timing = timing_of(clock, [invitation(300, since_ms=0)], settle_ms=200)
    timing.pass_until(119_300)
    clock.now_ms += 300
    timing.operated(119_300)
    said = "119800 ms after it was sent, of which the target settled for 200 ms and 600"
    with pytest.raises(Inconclusive, match=said):
        timing.let_settle()


def test_what_is_spent_before_a_deadline_is_measured() -> None:
    """Sending and waking up late; the settling apart."""
    clock, measures = LateMachine(), Measures()
    sent = [invitation(40, since_ms=0)]
    timing = timing_of(clock, sent, settle_ms=150, measures=measures)
    timing.pass_until(119_040)
    clock.now_ms += 20
    timing.operated(119_050)
    timing.let_settle()
    assert (60, 1) == (measures.spent_ms, measures.settles)
    timing.operated(clock.now_ms)
    timing.let_settle()
    assert (60, 2) == (measures.spent_ms, measures.settles)


def test_how_long_an_effect_takes_is_measured() -> None:
    """In real time the looks come soon after each other at first."""
    clock, measures = LateMachine(), Measures()
    timing = timing_of(clock, [], settle_ms=2000, measures=measures)
    timing.operated(0)
    asked: list[int] = []

    def problem() -> str | None:
        asked.append(clock.now_ms)
        return None if clock.now_ms >= 30 else "not yet"

    timing.expect(problem)
    assert [0, 5, 10, 20, 40] == asked
    assert 40 == measures.shown_ms


@pytest.mark.parametrize(
    ("late_ms", "blame"), [(900, Blame.IMPLEMENTATION), (1_000, Blame.ENVIRONMENT)]
)
def test_a_machine_that_stood_still_for_seconds_is_to_blame(
    late_ms: int, blame: Blame
) -> None:
    """Only if it did so during the call."""
    clock = LateMachine([(1_000, 9_000), (7_000, late_ms)])
    clock.now_ms = 8_000
    timing = timing_of(clock, [])
    error = timing.blamed(HangError("no answer to client.view within 5 s"), 3_000)
    assert blame is error.blame
    assert ("stood still for 1000 ms" in str(error)) == (blame is Blame.ENVIRONMENT)
