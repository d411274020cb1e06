"""Pages of HTML from the templates: escaped by default, without a script or a link."""

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from invitelab.reporting.load.canvas import HEADING_PT
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.style import DARK, LIGHT
from invitelab.reporting.load.svg import inline
from invitelab.reporting.load.words import clean


def page(template: str, values: Mapping[str, object]) -> str:
    """The page, ending in a newline."""
    shared = {
        "light": {role.value: colour for role, colour in LIGHT.items()},
        "dark": {role.value: colour for role, colour in DARK.items()},
        "drawing": _drawing,
    }
    return _environment().get_template(template).render(shared, **values)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("invitelab.reporting.load"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["clean"] = clean
    return environment


def _drawing(chart: Chart) -> Markup:
    """The picture as part of the page: our own SVG, in which all words are escaped."""
    if chart.picture is None:
        return Markup()
    return Markup(inline(chart.picture.svg, crop_pt=HEADING_PT - 18))  # noqa: S704 - see above
