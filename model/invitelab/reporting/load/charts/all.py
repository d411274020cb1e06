"""All charts: those of a run, a sweep and a comparison, in the order of the page."""

from invitelab.formats.results import Results
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.reporting.load.charts import (
    delays,
    differences,
    expiry,
    objectives,
    outcomes,
    percentiles,
    relay,
    replications,
    sweep_curve,
    traces,
    versions,
)
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.plotting.canvas import house_style


def load_charts(results: Results) -> tuple[Chart, ...]:
    """The charts of a run, each with its picture if there is something to draw."""
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
            traces.chart(results),
        )


def sweep_charts(sweep: Sweep) -> tuple[Chart, ...]:
    """The charts of a sweep."""
    with house_style():
        return (sweep_curve.chart(sweep),)


def comparison_charts(comparison: Comparison) -> tuple[Chart, ...]:
    """The charts of a comparison."""
    with house_style():
        return (differences.chart(comparison),)
