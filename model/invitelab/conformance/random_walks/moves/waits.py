"""Moves that let time pass, counted from a send as in the features."""

from collections.abc import Callable, Iterator, Sequence

from invitelab.conformance.execution.scenario_state import lifetime_ms
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.model_values import Invited
from invitelab.conformance.random_walks.moves.base import Move, MoveContext, nothing
from invitelab.conformance.random_walks.moves.invitations import pending
from invitelab.world.product import current_product

MS_PER_S = 1000

SECONDS: Sequence[int] = (
    *(121, 119, 1, 60, 119, 5, 121, 30, 122, 119),
    *(135, 90, 121, 10, 245, 45, 119, 181, 2, 118),
)
"""Durations, mostly shortly before the two minutes are over, or after."""

LONG_SECONDS: Sequence[int] = (300, 600, 3500, 3600, 86_300)
"""Durations after which to look again: nothing may have changed by itself.

What follows 3,500 or 86,300 seconds is often still running when an hour or a day ends.
"""


def waits(context: MoveContext) -> Iterator[Move]:
    """Waits until a time that is near no deadline."""
    yield from _waits(context, SECONDS)


def long_waits(context: MoveContext) -> Iterator[Move]:
    """Long waits where nothing can be pending: what there is has to stay."""
    if next(context.state.maybe_pending(), None) is None:
        yield from _waits(context, LONG_SECONDS)


def _waits(context: MoveContext, amounts: Sequence[int]) -> Iterator[Move]:
    state = context.state
    newest = state.invitations[-1] if state.invitations else None
    for start, at_ms in context.some(_starts(state)):
        given = newest and start == f"{newest.inviter} invited {newest.recipient}"
        for seconds in map(_of_product, amounts):
            then_ms = at_ms + seconds * MS_PER_S
            if then_ms > state.now_ms and context.is_clear(then_ms):
                yield _wait(seconds, start, given=bool(given))


def _of_product(seconds: int) -> int:
    """A duration as long as it has to be with the product's lifetime."""
    return current_product().retimed_ms(seconds * MS_PER_S) // MS_PER_S


def _starts(state: ModelState) -> list[tuple[str, int]]:
    """What time can be counted from, in words, with the time of it.

    The newest come first: they are late enough for most waits.
    """
    starts = [
        (f"{sent.inviter} invited {sent.recipient}", sent.at_ms)
        for sent in reversed(state.newest_of_pairs())
    ]
    if state.author is not None:
        starts.append(("the email was started", state.mailed_ms[state.author]))
    return starts


def _wait(seconds: int, start: str, *, given: bool) -> Move:
    amount = f"{seconds} seconds have passed since"
    return Move(
        lines=(f"{amount} {start}",),
        given=f"{amount} the invitation was sent" if given else None,
        effect=nothing,
    )


# The instant of the end.

EXPIRY_INSTANT = "EXPIRY-6"
NEAR_MS = (-1, 0, 1)
"""Offsets to the end; at 0 the invitation has ended or not, for both sides."""


def waits_near_expiry(context: MoveContext) -> Iterator[Move]:
    """Waits until a millisecond before, at and after the end of one invitation."""
    state = context.state
    if context.blur_ms:
        return
    for sent in pending(state):
        for then_ms in (sent.at_ms + lifetime_ms() + near_ms for near_ms in NEAR_MS):
            if then_ms <= state.now_ms:
                continue
            at_expiry = {then_ms} == set(sent.ends_ms)
            if state.no_deadline_near(
                then_ms, 1, except_for=sent if at_expiry else None
            ):
                yield _wait_near_expiry(sent, then_ms, at_expiry=at_expiry)


def _wait_near_expiry(sent: Invited, then_ms: int, *, at_expiry: bool) -> Move:
    elapsed = f"{then_ms - sent.at_ms} milliseconds have passed"
    return Move(
        lines=(f"{elapsed} since {sent.inviter} invited {sent.recipient}",),
        effect=_at_expiry(sent) if at_expiry else nothing,
        interpretation=EXPIRY_INSTANT,
        settles=(sent,) if at_expiry else (),
    )


def _at_expiry(sent: Invited) -> Callable[[bool], None]:
    """It may last for this millisecond, and no longer."""

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.ends_ms = tuple(end_ms + 1 for end_ms in sent.ends_ms)

    return effect


# A wait until any time.


def wait_until(state: ModelState, then_ms: int) -> Move | None:
    """The wait until that time; None where there is nothing to count it from."""
    sent = state.invitations[-1] if state.invitations else None
    if sent is None or then_ms <= state.now_ms:
        return None
    elapsed = f"{then_ms - sent.at_ms} milliseconds have passed"
    ending = tuple(
        one for one in state.maybe_pending() if {then_ms} == set(one.ends_ms)
    )
    effects = [_at_expiry(one) for one in ending]

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        for one in effects:
            one(succeeded)

    return Move(
        lines=(f"{elapsed} since {sent.inviter} invited {sent.recipient}",),
        effect=effect,
        interpretation=None if state.no_deadline_near(then_ms) else EXPIRY_INSTANT,
        settles=ending,
    )
