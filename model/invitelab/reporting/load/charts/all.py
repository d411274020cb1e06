"""The charts of a load report, in the order in which they are read."""

from invitelab.reporting.load.canvas import house_style
from invitelab.reporting.load.charts import (
    delays,
    expiry,
    lives,
    objectives,
    outcomes,
    percentiles,
    relay,
    replications,
    versions,
)
from invitelab.reporting.load.charts.base import Chart
from invitelab.results import Results


def load_charts(results: Results) -> tuple[Chart, ...]:
    """All of them, each with its picture if there is something to draw."""
    with house_style():
        return (
            objectives.chart(results),
            percentiles.chart(results),
            outcomes.chart(results),
            expiry.chart(results),
            relay.chart(results),
            versions.chart(results),
            delays.chart(results),
            replications.chart(results),
            lives.chart(results),
        )
