"""What a probe has found, line by line."""

from collections.abc import Iterator, Sequence

from invitelab.formats.run import Header
from invitelab.formats.transcript import clock_words

LONGEST_SETTLING_MS = 900
"""What settles later cannot be judged a second beside a deadline."""


def report(
    header: Header,
    *,
    capabilities: Sequence[str],
    call_ms: float | None,
    shown_ms: int | None,
) -> Iterator[str]:
    """What is known, and where it is not what a check needs, what to do."""
    yield f"target       {header.target}"
    if header.implementation is None:
        return
    yield f"answers      {header.implementation}"
    yield f"clock        {clock_words(header)}"
    yield f"settles      within {header.settle_ms} ms, as it says{_found(shown_ms)}"
    if header.settle_ms + header.resolution_ms > LONGEST_SETTLING_MS:
        yield (
            "             so long that 119 and 121 seconds cannot be told from 120:"
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
