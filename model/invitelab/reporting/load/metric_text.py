"""Metrics as text: the title of each time that is measured."""

from collections.abc import Mapping

from invitelab.reporting.common.formatting import sentence, spoken

TITLES: Mapping[str, str] = {
    "notify_delay": "From sending to being shown",
    "decision_delay": "From sending to the decision",
    "session_delay": "From sending to the session",
    "expiry_lag": "From the deadline to the expiry",
    "gone_delay": "From the end to being gone",
    "relay_wait": "Waiting in the relay",
}


def metric_title(metric: str) -> str:
    """From when to when a time is measured; the name of a metric not known here."""
    return TITLES.get(metric) or sentence(spoken(metric))
