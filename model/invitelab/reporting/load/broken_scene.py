"""The content of the sequence diagram of an invitation that breaks a clause."""

from collections.abc import Iterator

from invitelab.formats.observed import InvitationTrace, Moment
from invitelab.formats.target_run import FindingExample
from invitelab.protocol.values import US_PER_MS
from invitelab.reporting.common.scene import Kind, Mark, Scene, shortened

SEEN = {
    "shown": "sees it",
    "cleared": "no longer sees it",
    "joined": "is in the session",
}
DONE = {"sent": "invites", "cancelled": "cancels", "modified": "changes the profile"}
REFUSED = " refused"


def broken_scene(example: FindingExample, lifetime_us: int) -> Scene | None:
    """What was done and seen, since it was sent; None where it is no invitation."""
    trace = example.trace
    if trace is None or not trace.moments:
        return None
    sent_us = min(moment.at_us for moment in trace.moments)
    happened = [_mark(trace, moment, sent_us) for moment in trace.moments]
    deadline = Mark(
        at_ms=lifetime_us // US_PER_MS,
        kind=Kind.DEADLINE,
        words=f"{lifetime_us // US_PER_MS // 1000} s since it was sent",
    )
    last_ms = max(mark.at_ms for mark in happened)
    is_near = deadline.at_ms <= 2 * last_ms
    marks = [*([deadline] if is_near else []), *happened]
    marks.sort(key=lambda mark: mark.at_ms)  # stable: it has ended before any look
    why = Mark(at_ms=marks[-1].at_ms, kind=Kind.TROUBLE, words=example.what)
    return Scene(
        people=(trace.inviter, trace.recipient),
        marks=(*shortened(marks, ""), why),
        later=None if is_near else deadline,
    )


def _mark(trace: InvitationTrace, moment: Moment, sent_us: int) -> Mark:
    ends = trace.inviter, trace.recipient
    source, target = ends if moment.side == "inviter" else ends[::-1]
    at_ms = (moment.at_us - sent_us) // US_PER_MS
    if moment.kind in SEEN or moment.kind == "ended":
        words = SEEN.get(moment.kind, f"sees it {moment.detail}")
        return Mark(at_ms=at_ms, kind=Kind.LOOK, words=words, source=source)
    refused = moment.detail.endswith(REFUSED)
    words = DONE.get(moment.kind) or moment.detail.removesuffix(REFUSED) + "s"
    return Mark(
        at_ms=at_ms,
        kind=Kind.ACT,
        words=f"{words}: refused" if refused else words,
        source=source,
        target=target,
        outcome="refused" if refused else "ok",
    )


def scenes(
    examples: tuple[FindingExample, ...], lifetime_us: int
) -> Iterator[tuple[FindingExample, Scene]]:
    """The examples that can be drawn, each with its scene."""
    for example in examples:
        found = broken_scene(example, lifetime_us)
        if found is not None:
            yield example, found
