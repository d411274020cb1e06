"""The report of a probe, line by line."""

from collections.abc import Iterator, Sequence

from invitelab.formats.run import Header
from invitelab.formats.transcript import clock_words

LONGEST_SETTLING_MS = 900
"""The longest settling that leaves a second beside a deadline to judge by."""


def report(
    header: Header,
    *,
    capabilities: Sequence[str],
    call_ms: float | None,
    shown_ms: int | None,
) -> Iterator[str]:
    """What is known of the target, with advice where a check needs something else."""
    yield f"target       {header.target}"
    if header.implementation is None:
        return
    yield f"answers      {header.implementation}"
    yield f"clock        {clock_words(header)}"
    yield f"settles      within {header.settle_ms} ms, as it says{_found(shown_ms)}"
    if header.settle_ms + header.resolution_ms > LONGEST_SETTLING_MS:
        yield (
            "             too long to distinguish 119 and 121 seconds from 120:"
            f' declare a "settle_ms" below {LONGEST_SETTLING_MS}'
        )
    yield f"declares     {', '.join(capabilities) or 'nothing'}"
    for capability, reason in header.declined.items():
        yield f"declines     {capability}: {reason}"
    if call_ms is not None:
        yield f"a call       takes {call_ms:.2f} ms"


def _found(shown_ms: int | None) -> str:
    if shown_ms is None:
        return ""
    return f"; an invitation showed after {shown_ms} ms"
