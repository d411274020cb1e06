"""How long recipients went on seeing invitations that had ended.

Only runs of a relay with a limited memory have it: it cannot tell every end.
"""

from invitelab.formats.percentiles import lasting
from invitelab.formats.results import Distribution, Results
from invitelab.reporting.common.formatting import duration, grouped, share
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.charts.percentiles import (
    draw_curve,
    subtitle,
    upper_bounds,
)
from invitelab.reporting.load.gone_text import (
    METRIC,
    gone_text,
    population,
)
from invitelab.reporting.load.percentile_curve import value_at
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.tables import Table

NAME = "gone"
TITLE = "Seen after the end"
SECOND_US = 1_000_000
AFTER_US = tuple(seconds * SECOND_US for seconds in (0, 1, 5, 10, 30, 60, 90))
"""The times after the end at which the table counts those who still see it."""


def charts(results: Results) -> tuple[Chart, ...]:
    """The delay from the end to being gone, by percentile; none if not measured."""
    gone = results.distribution(METRIC)
    if gone is None:
        return ()
    description = gone_text(results)
    picture = None
    if value_at(gone, 0.5) is not None:
        canvas = _draw(gone, results)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return (
        Chart(
            name=NAME,
            title=TITLE,
            description=description,
            picture=picture,
            table=_table(gone),
        ),
    )


def _table(gone: Distribution) -> Table:
    everybody = population(gone)
    return Table(
        columns=("still seen", "recipients", "share"),
        rows=tuple(
            (
                f"{duration(after_us)} after the end" if after_us else "at the end",
                grouped(number),
                share(number / everybody),
            )
            for after_us in AFTER_US
            if (number := lasting(gone, after_us))
        ),
        note="Times are exact to one bin of the histogram, less than one percent.",
    )


def _draw(gone: Distribution, results: Results) -> Canvas:
    canvas = Canvas(height_in=4.4)
    canvas.heading(TITLE, subtitle(gone, results))
    axes = canvas.add_axes(bottom_in=0.6, top_in=1.12, right_in=1.45)
    draw_curve(axes, gone, upper_bounds(results, METRIC), wide=True)
    return canvas
