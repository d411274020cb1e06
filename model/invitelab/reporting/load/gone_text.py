"""How many recipients still saw an invitation after its end, as sentences."""

from invitelab.formats.percentiles import lasting
from invitelab.formats.results import Distribution, Results
from invitelab.reporting.common.formatting import duration, grouped, plural, share

METRIC = "gone_delay"
DROPPED = "dropped: memory full"
TOLD_US = 1_000_000
"""An end that is told is seen within less: two legs and a queue."""


def population(gone: Distribution) -> int:
    """The number of recipients who saw an invitation when it ended, or later."""
    return gone.count + gone.never


def gone_text(results: Results) -> str:
    """Who still saw it, and how often the memory was full; empty if not measured."""
    gone = results.distribution(METRIC)
    if gone is None:
        return ""
    return f"{_seen_text(gone)}. {_dropped_text(results)}"


def _seen_text(gone: Distribution) -> str:
    everybody, late = population(gone), lasting(gone, TOLD_US)
    if not everybody:
        return "No recipient saw an invitation when it ended, or later"
    text = (
        f"Of {plural(everybody, 'recipient')} who saw an invitation when it ended, or"
        f" later, {grouped(late)} ({share(late / everybody)}) still saw it"
        f" {duration(TOLD_US)} after its end"
    )
    if late and gone.maximum_us is not None:
        text += f", the longest for {duration(gone.maximum_us)}"
    if gone.never:
        text += f", and {grouped(gone.never)} until the run ended"
    return text


def _dropped_text(results: Results) -> str:
    dropped = results.messages.get(DROPPED, 0)
    if not dropped:
        return "The memory of the relay was never full."
    return (
        f"In the whole run the relay dropped {plural(dropped, 'message')}, repeated"
        " ones among them, because its memory was full."
    )
