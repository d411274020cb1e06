"""The time of one scenario: when to wait, when to look, and when nothing can be judged.

An expected effect is looked for until the target's settling time is over; the absence
of an effect is judged only after it. A delay of this machine is added only where it can
have delayed what is looked at: it ended after the operation was called, or after the
deadline that a wait has passed.
"""

import math
from collections.abc import Callable, Sequence

from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.conformance.execution.measures import NEAREST_MS
from invitelab.conformance.execution.outcomes import (
    Delayed,
    ExpectationFailed,
    Inconclusive,
)
from invitelab.conformance.execution.scenario_state import Sent, SetUp, lifetime_ms
from invitelab.errors import Blame, HangError
from invitelab.formats.run import Absent

MS_PER_S = 1000
POLLS = 8
"""Number of times that a missing effect is looked for while the target settles."""

FIRST_POLL_MS = 5
"""In real time the first look is that early, which measures how long effects take."""

LATE_MS = 1000
"""A machine that late is the reason why a call got no answer in time."""


class Timing:
    """Waits for the scenario, and knows what is too near to a deadline."""

    def __init__(self, set_up: SetUp, sent: Sequence[Sent]) -> None:
        """`sent` has the invitations of the scenario, also later ones."""
        self._session = set_up.session
        self._terms = set_up.terms
        self._clock = set_up.clock
        self._measures = set_up.measures
        self._sent = sent
        self._waited_ms = 0
        """Time on the clock after the last step that let time pass."""
        self._settled_ms = 0
        """Time from which all effects so far are visible everywhere."""
        self._free_ms = 0
        """Time from which the next operation may begin."""
        self._effects_ms = 0
        """Time at which the newest effects began."""
        self._settling_ms = 0
        """How long the target was let settle since the last step that let time pass."""

    @property
    def now_ms(self) -> int:
        """Time on the scenario's clock, in milliseconds."""
        return self._clock.now_ms

    def operated(self, since_ms: int) -> None:
        """Note that an operation was answered, which was called at `since_ms`."""
        self._effects_ms = since_ms
        self._settled_ms = self._free_ms = self.now_ms + self._terms.settle_ms

    def let_settle(self) -> None:
        """Wait until the previous operation has settled."""
        self._wait_settling(self._free_ms)

    def blamed(self, error: HangError, since_ms: int) -> HangError:
        """The error of a call made at `since_ms`, or one that blames this machine."""
        late_ms = round(self._clock.lateness_ms(since_ms) * self._terms.scale)
        if late_ms < LATE_MS:
            return error
        msg = f"{error}, and this machine itself stood still for {late_ms} ms"
        return type(error)(msg, hint=error.hint, blame=Blame.ENVIRONMENT)

    # Letting time pass.

    def may_pass(self, at_ms: int) -> None:
        """Raise Inconclusive where an instant cannot be waited for.

        It has passed, or the target does not notice that its clock was moved.
        """
        if at_ms < self.now_ms:
            msg = (
                f"calls and settling took until {self.now_ms} ms, past the {at_ms} ms"
                " to judge at"
            )
            settled_ms = self._waited_ms + self._settling_ms
            raise Inconclusive(msg) if settled_ms > at_ms else Delayed(msg)
        if not self._terms.notices:
            msg = "the target does not notice that its clock was moved"
            raise Inconclusive(msg)

    def pass_until(self, at_ms: int) -> None:
        """Let time pass until an instant of the scenario's clock."""
        ends_ms = [
            sent.at_ms + lifetime_ms()
            for sent in self._sent
            if not sent.over and self.now_ms < sent.at_ms + lifetime_ms() < at_ms
        ]
        self._wait(at_ms)
        if ends_ms:
            # A machine that stood still may wake the target's timer after us.
            self._wait(at_ms + self._clock.lateness_ms(min(ends_ms)))
        self._waited_ms = at_ms
        self._settling_ms = 0
        self._effects_ms = min([at_ms, *ends_ms])
        self._settled_ms = self.now_ms + self._terms.settle_ms

    def stay_apart(self, elapsed_ms: int) -> None:
        """Raise Inconclusive for a time since a send that is too near to its end."""
        left_ms = lifetime_ms() - elapsed_ms
        blur_ms = self._terms.before_ms if left_ms >= 0 else self._terms.after_ms
        if not self._terms.exact and abs(left_ms) <= blur_ms:
            msg = (
                f"{elapsed_ms} ms lies within {blur_ms} ms "
                "(resolution and settling) of the deadline"
            )
            raise Inconclusive(msg)

    def _wait_settling(self, at_ms: int) -> None:
        """Let settling time pass. Raises Inconclusive near a deadline."""
        left_ms = at_ms - self.now_ms
        if left_ms > 0:
            settling_ms = max(self._settled_ms, self._free_ms) - self.now_ms
            self._settling_ms += max(0, min(left_ms, settling_ms))
            self._wait(at_ms)
            self.stay_before_deadlines()

    def _wait(self, at_ms: int) -> None:
        """Let time pass; real time is added to the scenario's time limit."""
        if self._terms.kind is ClockKind.REAL:
            wall_ms = (at_ms - self.now_ms) * self._terms.scale
            self._session.extend(max(0.0, wall_ms) / MS_PER_S)
        self._clock.wait_until(at_ms)

    def stay_before_deadlines(self) -> None:
        """Raise Inconclusive if an invitation that should be pending may have expired.

        The cause is settling time, or a delay of this machine.
        """
        if self._terms.exact:
            return
        now_ms, before_ms = self.now_ms, self._terms.before_ms
        for sent in self._sent:
            if not sent.over and sent.at_ms < self._waited_ms:
                self._measure(sent, now_ms)
            if sent.is_late(self._waited_ms, now_ms, before_ms):
                raise self._too_late(sent, now_ms)

    def _unplanned_ms(self, sent: Sent, now_ms: int) -> int:
        """What was neither planned nor settling, of the time since a sending."""
        planned_ms = max(0, self._waited_ms - sent.at_ms)
        return max(0, now_ms - sent.since_ms - planned_ms - self._settling_ms)

    def _measure(self, sent: Sent, now_ms: int) -> None:
        """Note what an observation costs before the deadline of an invitation."""
        left_ms = lifetime_ms() - (self._waited_ms - sent.at_ms)
        if left_ms <= 0:
            return
        settle_ms = max(1, self._terms.settle_ms)
        is_near = left_ms <= NEAREST_MS
        settles = math.ceil(self._settling_ms / settle_ms) if is_near else 1
        self._measures.note_spent(self._unplanned_ms(sent, now_ms), settles)

    def _too_late(self, sent: Sent, now_ms: int) -> Inconclusive:
        unplanned_ms = self._unplanned_ms(sent, now_ms)
        on_time_ms = now_ms - unplanned_ms
        settles_too_long = sent.is_late(
            self._waited_ms, on_time_ms, self._terms.before_ms
        )
        msg = (
            "the invitation came to its deadline: "
            f"{now_ms - sent.since_ms} ms after it was sent, of which the target "
            f"settled for {self._settling_ms} ms and {unplanned_ms} ms were spent on "
            "calls and on waiting for this machine"
        )
        return Inconclusive(msg) if settles_too_long else Delayed(msg)

    # Judging.

    def expect(
        self, problem: Callable[[], str | None], absent: Absent | None = None
    ) -> None:
        """Raise ExpectationFailed unless `problem` gives None until the target settles.

        `problem` gives the sentence to fail with; `absent` is then what is missing.
        """
        asked_ms, has_waited = self.now_ms, False
        while (found := problem()) is not None:
            patient_ms = self._settled_ms + self._clock.lateness_ms(self._effects_ms)
            if asked_ms >= patient_ms:
                raise ExpectationFailed(found, absent)
            self._wait_settling(min(patient_ms, self.now_ms + self._step_ms()))
            asked_ms, has_waited = self.now_ms, True
        if has_waited:
            self._measures.note_shown(self.now_ms - self._effects_ms)

    def _step_ms(self) -> int:
        """How long to wait before the next look."""
        step_ms = max(1, self._terms.settle_ms // POLLS)
        if self._terms.kind is not ClockKind.REAL:
            return step_ms
        return min(step_ms, max(FIRST_POLL_MS, self.now_ms - self._effects_ms))

    def expect_settled(self, problem: Callable[[], str | None]) -> None:
        """Raise ExpectationFailed unless `problem` gives None after settling."""
        lateness_ms = self._clock.lateness_ms(self._effects_ms)
        self._wait_settling(self._settled_ms + lateness_ms)
        found = problem()
        if found is not None:
            raise ExpectationFailed(found)
