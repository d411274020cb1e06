"""Advice on the warm-up as text."""

from invitelab.formats.results import WarmUpAdvice, WarmUpFinding
from invitelab.reporting.common.formatting import clean, exact


def warm_up_text(advice: WarmUpAdvice) -> str:
    """The advice without a full stop: `pending settles after 200 s: leave out ...`."""
    metric, length = clean(advice.metric), exact(advice.advised_us, "us")
    if advice.finding is WarmUpFinding.TOO_SHORT:
        needed = exact(advice.needed_us, "us")
        return f"{metric} is too short a series for advice: run at least {needed}"
    if advice.finding is WarmUpFinding.NOT_SETTLED:
        return f"{metric} has not settled after {length}, half of the run: run longer"
    if not advice.advised_us:
        return f"{metric} shows no warm-up"
    return f"{metric} settles after {length}: leave out at least that much"
