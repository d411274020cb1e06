"""How many recipients still saw an invitation after its end, as sentences."""

from invitelab.formats.percentiles import lasting
from invitelab.formats.results import Distribution, Results
from invitelab.reporting.common.formatting import duration, grouped, plural, share

METRIC = "gone_delay"
DROPPED = "dropped: memory full"
TOLD_US = 1_000_000
"""An end that is told is seen within less: two legs and a queue. It is counted who
still saw it after this time, unless the scenario promises another."""


def population(gone: Distribution) -> int:
    """The number of recipients who saw an invitation when it ended, or later."""
    return gone.count + gone.never


def gone_text(results: Results) -> str:
    """Who still saw it, and how often the memory was full; empty if not measured."""
    gone = results.distribution(METRIC)
    if gone is None:
        return ""
    return f"{_seen_text(gone, _after_us(results))}. {_dropped_text(results)}"


def _after_us(results: Results) -> float:
    """The longest time that the scenario allows."""
    promised = [
        one.bound
        for one in results.objectives
        if one.metric == METRIC and one.quantile is not None and one.at_most
    ]
    return max(promised, default=TOLD_US)


def _seen_text(gone: Distribution, after_us: float) -> str:
    everybody, late = population(gone), lasting(gone, after_us)
    if not everybody:
        return "No recipient saw an invitation when it ended, or later"
    text = (
        f"Of {plural(everybody, 'recipient')} who saw an invitation when it ended, or"
        f" later, {grouped(late)} ({share(late / everybody)}) still saw it"
        f" {duration(after_us)} after its end"
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
