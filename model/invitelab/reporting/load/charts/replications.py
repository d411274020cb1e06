"""The spread of figures over replications, and the intervals of their means."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from invitelab.formats.results import Estimate, Outcome, Replication, Results
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    compact,
    count,
    duration,
    grouped,
    plural,
    sentence,
    share,
)
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.percentile_curve import NEVER, estimate_at
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import around
from invitelab.reporting.load.tables import Table
from invitelab.reporting.load.warm_up_text import warm_up_text

NAME = "replications"
TITLE = "Replications"
ROW_IN = 0.78


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of all replications, and its mean with the interval."""

    title: str
    values: tuple[float, ...]
    estimate: Estimate | None
    format_value: Callable[[float], str]
    never: int = 0
    """The number of replications in which it is longer than any time."""

    @property
    def shown(self) -> Estimate | None:
        """The mean of the dots, with the interval only where that has the same mean."""
        if not self.values:
            return None
        mean = math.fsum(self.values) / len(self.values)
        found = self.estimate
        if found is None or not math.isclose(found.mean, mean, rel_tol=1e-9):
            return Estimate(mean=mean)
        return found


def chart(results: Results) -> Chart:
    """The chart of the dots of all figures; of one replication nothing is drawn."""
    figures = [figure for figure in _figures(results) if figure.values]
    description = _description(results, figures)
    picture = None
    if len(results.replications) > 1 and figures:
        canvas = _draw(figures, len(results.replications))
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(results),
    )


def _figures(results: Results) -> list[Figure]:
    notify = results.distribution("notify_delay")
    runs = results.replications
    return [
        Figure(
            title="notify delay p99",
            values=_known([run.notify_p99_us for run in runs]),
            estimate=estimate_at(notify, 0.99) if notify else None,
            format_value=duration,
            never=sum(run.notify_p99_never for run in runs),
        ),
        Figure(
            title="notify delay p50",
            values=_known([run.notify_p50_us for run in runs]),
            estimate=estimate_at(notify, 0.5) if notify else None,
            format_value=duration,
            never=sum(run.notify_p50_never for run in runs),
        ),
        Figure(
            title="mean pending",
            values=tuple(run.pending_mean for run in runs)
            if any(run.pending_peak for run in runs)
            else (),
            estimate=results.pending_mean,
            format_value=compact,
        ),
        Figure(
            title="share accepted",
            values=tuple(_accepted(run) for run in runs if sum(run.outcomes.values())),
            estimate=results.outcome_shares.get(Outcome.ACCEPTED),
            format_value=share,
        ),
    ]


def _known(values: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(value for value in values if value is not None)


def _accepted(run: Replication) -> float:
    return run.outcomes.get(Outcome.ACCEPTED, 0) / sum(run.outcomes.values())


def _description(results: Results, figures: Sequence[Figure]) -> str:
    advice = " ".join(
        f"{sentence(warm_up_text(one))}." for one in results.warm_up_advice
    )
    runs = len(results.replications)
    if runs < 2:  # noqa: PLR2004 - one run has no spread
        text = (
            f"{plural(runs, 'replication')} cannot show how much runs differ:"
            " no figure of this report has an interval."
        )
    elif not figures:
        text = f"{plural(runs, 'replication')} measured nothing that could differ."
    else:
        text = _spread_text(figures[0], runs)
    return f"{text} {advice}".strip()


def _spread_text(figure: Figure, runs: int) -> str:
    low, high = (
        figure.format_value(min(figure.values)),
        figure.format_value(max(figure.values)),
    )
    known = len(figure.values)
    where = plural(runs, "replication")
    if known < runs:
        is_so = f"a time (never in {figure.never})" if figure.never else "known"
        where = f"{known} of {where}, where it is {is_so},"
    went = f"was {low} in each" if low == high else f"went from {low} to {high}"
    text = f"Over {where} the {figure.title} {went}"
    estimate = figure.shown
    if estimate is None or estimate.low is None or estimate.high is None:
        return f"{text}."
    if estimate.low == estimate.high:  # so are all values
        return f"{text}."
    return (
        f"{text}; its mean lies between {figure.format_value(estimate.low)} and"
        f" {figure.format_value(estimate.high)} with 95 % confidence."
    )


def _table(results: Results) -> Table:
    return Table(
        columns=(
            "replication",
            "attempts",
            "notify p50",
            "notify p99",
            "mean pending",
            "peak pending",
            "messages",
        ),
        rows=tuple(
            (
                grouped(run.number),
                grouped(run.attempts),
                _cell(run.notify_p50_us, never=run.notify_p50_never),
                _cell(run.notify_p99_us, never=run.notify_p99_never),
                count(run.pending_mean),
                grouped(run.pending_peak),
                grouped(run.messages),
            )
            for run in results.replications
        ),
    )


def _cell(value_us: float | None, *, never: bool) -> str:
    if value_us is not None:
        return duration(value_us)
    return NEVER if never else "-"


def _draw(figures: Sequence[Figure], runs: int) -> Canvas:
    canvas = Canvas(height_in=0.95 + ROW_IN * len(figures))
    canvas.heading(
        TITLE,
        f"a dot a replication ({runs}) · line: the mean · band: its 95 % interval",
    )
    for row, figure in enumerate(figures):
        axes = canvas.add_axes(
            bottom_in=canvas.height_in - 0.95 - ROW_IN * (row + 1) + 0.38,
            top_in=0.95 + ROW_IN * row,
            left_in=1.75,
            right_in=1.6,
        )
        _draw_figure(axes, figure)
    return canvas


def _draw_figure(axes: AxesView, figure: Figure) -> None:
    found = figure.shown
    ends = [
        value
        for value in ((found.mean, found.low, found.high) if found else ())
        if value is not None
    ]
    axes.rows(1)
    axes.x_axis(around([*figure.values, *ends], figure.format_value))
    axes.vertical_grid()
    axes.text((0, 0), figure.title, x_fraction=True, shift_pt=(-12, 0), side="right")
    if found is not None:
        if found.low is not None and found.high is not None:
            axes.shade(found.low, found.high, Role.ACCEPTED, opacity=0.2)
        axes.vertical_line(found.mean, Role.ACCEPTED, width_pt=1.8)
        axes.text(
            (1, 0),
            figure.format_value(found.mean),
            x_fraction=True,
            shift_pt=(12, 0),
            bold=True,
        )
    axes.dots(figure.values, [0.0] * len(figure.values), Role.ACCEPTED, hollow=True)
