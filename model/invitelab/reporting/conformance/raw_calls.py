"""The bytes of a scenario's calls as lines of text, for a page and a terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from invitelab.formats.exchanges import Played, RawExchange
from invitelab.formats.transcript import seconds
from invitelab.reporting.common.formatting import plural
from invitelab.safe_text import escaped

MOST_CALLS = 100
"""Calls of a scenario that are shown; the file has all of them."""

MOST_LINE = 2000
"""Characters of a line that are shown."""

MOST_LINES = 40
"""Lines of one direction of a call that are shown; HTTP has headers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCall:
    """One call as lines of text."""

    at: str
    """Protocol time when it was made; empty where it is not known."""
    method: str
    sent: tuple[str, ...]
    received: tuple[str, ...]
    error: str
    took_ms: float
    """Milliseconds of wall time: it differs from run to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCalls:
    """The calls of a scenario, the first ones."""

    calls: tuple[RawCall, ...]
    more: int
    """How many there were beside those."""
    count: str
    """Number and size: `14 calls, 5.2 kB`."""


def raw_calls(played: Played | None) -> RawCalls | None:
    """The calls of a scenario for a report; None where there are none."""
    if played is None or not played.calls:
        return None
    calls = played.calls
    total = len(calls) + played.scenario.left_out
    return RawCalls(
        calls=tuple(_call(one) for one in calls[:MOST_CALLS]),
        more=total - min(len(calls), MOST_CALLS),
        count=f"{plural(total, 'call')}, {_size(calls)}",
    )


def raw_lines(raw: RawCalls) -> Iterator[str]:
    """The calls for a terminal: `>` is sent to the target, `<` is what came back."""
    for call in raw.calls:
        for place, text in enumerate(call.sent):
            yield f"  {'' if place else call.at:>11} > {text}"
        for place, text in enumerate(call.received):
            yield f"  {'' if place else f'{call.took_ms:.1f} ms':>11} < {text}"
        if call.error:
            yield f"  {'':>11} ! {call.error}"
    if raw.more:
        yield f"  {'':>11}   and {plural(raw.more, 'call')} more, in exchanges.jsonl"


def _call(one: RawExchange) -> RawCall:
    return RawCall(
        at="" if one.at_ms is None else seconds(one.at_ms),
        method=one.method,
        sent=_shown(one.request, one.sent_bytes),
        received=_shown(one.answer, one.received_bytes),
        error=one.error or "",
        took_ms=one.took_ms,
    )


def _shown(data: bytes, size: int | None) -> tuple[str, ...]:
    r"""Bytes as lines of text; those that are not UTF-8 as `\xff`.

    `size` is how many there were where these are not all.
    """
    if not data:
        return ()
    text = data.decode(errors="backslashreplace").removesuffix("\n")
    lines = text.split("\n")
    shown = [_line(line) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"... and {len(lines) - MOST_LINES:,} lines more")
    if size is not None:
        shown.append(f"... {size:,} bytes in all, of which {len(data):,} are kept")
    return tuple(shown)


def _line(line: str) -> str:
    shown = escaped(line, MOST_LINE)
    if len(line) > MOST_LINE:
        return f"{shown} ({len(line):,} characters)"
    return shown


def _size(calls: Sequence[RawExchange]) -> str:
    size = sum(
        (one.sent_bytes or len(one.request)) + (one.received_bytes or len(one.answer))
        for one in calls
    )
    return f"{size / 1000:,.1f} kB" if size >= 1000 else f"{size} bytes"  # noqa: PLR2004
