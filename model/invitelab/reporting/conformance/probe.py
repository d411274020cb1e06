"""The report of a probe, line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from invitelab.formats.run import Header
from invitelab.formats.transcript import clock_words, seconds
from invitelab.reporting.conformance.summary import is_settling_assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """When the invitations of a target ended, and what to declare of it."""

    ended: int
    unended: int
    shortest_ms: int
    longest_ms: int
    early_ms: int
    late_ms: int


def report(
    header: Header,
    *,
    capabilities: Sequence[str],
    call_ms: float | None,
    shown_ms: int | None,
    safe_settle_ms: int | None = None,
    ends: Ends | None = None,
) -> Iterator[str]:
    """What is known of the target, with advice where a check needs something else.

    `safe_settle_ms` is the longest settling with which everything can be judged, None
    where that is not known.
    """
    yield f"target       {header.target}"
    if header.implementation is None:
        return
    yield f"answers      {header.implementation}"
    yield f"clock        {clock_words(header)}"
    says = "as it says"
    if is_settling_assumed(header):
        says = 'assumed, as it declares no "settle_ms"'
    yield f"settles      within {header.settle_ms} ms, {says}{_found(shown_ms)}"
    if safe_settle_ms is not None and header.settle_ms > safe_settle_ms:
        yield f"             {_too_long(safe_settle_ms)}"
    if ends is not None:
        yield from _lifetimes(ends)
    yield f"declares     {', '.join(capabilities) or 'nothing'}"
    for capability, reason in header.declined.items():
        yield f"declines     {capability}: {reason}"
    if call_ms is not None:
        yield f"a call       takes {call_ms:.2f} ms"


def _too_long(safe_settle_ms: int) -> str:
    if safe_settle_ms == 0:
        return (
            "119 and 121 seconds cannot be told from 120: invitations end too early, "
            "or calls take too long"
        )
    return (
        "too long to distinguish 119 and 121 seconds from 120: declare a "
        f'"settle_ms" of {safe_settle_ms} at most, if that is true'
    )


def _lifetimes(ends: Ends) -> Iterator[str]:
    """When invitations ended, and what to declare."""
    if ends.ended:
        noun = "invitation" if ends.ended == 1 else "invitations"
        yield (
            f"lifetime     {ends.ended} {noun} ended {seconds(ends.shortest_ms)} to "
            f"{seconds(ends.longest_ms)} after the sending"
        )
        advice = f'declare "early_ms": {ends.early_ms}, "late_ms": {ends.late_ms}'
        yield f"             {advice}"
    if ends.unended:
        total = ends.ended + ends.unended
        still = f"{ends.unended} of {total} were still there"
        yield f"lifetime     {still} 15 s after two minutes"


def _found(shown_ms: int | None) -> str:
    if shown_ms is None:
        return ""
    return f"; an invitation showed after {shown_ms} ms"
