"""Pages of load reports: templates with pictures inside."""

from collections.abc import Mapping

from markupsafe import Markup

from invitelab.reporting.common import html
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.plotting.canvas import HEADING_PT
from invitelab.reporting.load.plotting.figure_svg import inline


def page(template: str, values: Mapping[str, object]) -> str:
    """The page, ending in a newline."""
    return html.page(
        "invitelab.reporting.load", template, {"drawing": _drawing, **values}
    )


def _drawing(chart: Chart) -> Markup:
    """The picture as part of the page: our own SVG, in which all text is escaped."""
    if chart.picture is None:
        return Markup()
    return Markup(inline(chart.picture.svg, crop_pt=HEADING_PT - 18))  # noqa: S704 - see above
