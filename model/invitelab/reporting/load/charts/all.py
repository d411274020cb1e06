"""All charts: those of a run, a sweep and a comparison, in the order of the page."""

from invitelab.formats.results import Results
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.reporting.load.charts import (
    calls,
    delays,
    differences,
    expiry,
    gone,
    grid,
    messages,
    objectives,
    outcome_pairs,
    outcomes,
    overlay,
    percentiles,
    relay,
    replications,
    spent,
    sweep_curve,
    traces,
    versions,
)
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.plotting.canvas import house_style


def load_charts(results: Results, *, png: bool = True) -> tuple[Chart, ...]:
    """The charts of a run, each with its picture if there is something to draw."""
    ours = results.is_simulated
    with house_style(png=png):
        return (
            objectives.chart(results),
            # An older file does not have what these two show.
            *([messages.chart(results), spent.chart(results)] if results.flow else []),
            percentiles.chart(results),
            outcomes.chart(results),
            expiry.chart(results),
            *(gone.charts(results) if ours else []),
            *([relay.chart(results)] if ours else []),
            *([versions.chart(results)] if ours or results.versions else []),
            delays.chart(results),
            *([calls.chart(results)] if results.target else []),
            replications.chart(results),
            traces.chart(results),
        )


def sweep_charts(sweep: Sweep) -> tuple[Chart, ...]:
    """The charts of a sweep; of a grid, a heat map for each objective."""
    with house_style():
        if sweep.second_path:
            return grid.charts(sweep)
        return (sweep_curve.chart(sweep),)


def comparison_charts(comparison: Comparison) -> tuple[Chart, ...]:
    """The charts of a comparison; of a measurement beside its model, others."""
    with house_style():
        if comparison.beside is not None:
            return (
                overlay.chart(comparison.beside),
                outcome_pairs.chart(comparison.beside),
            )
        return (differences.chart(comparison),)
