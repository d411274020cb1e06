"""Pages of HTML from the templates: escaped by default, without a script or a link."""

from collections.abc import Mapping

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from invitelab.reporting.common.colours import DARK, LIGHT
from invitelab.reporting.common.formatting import clean


def page(package: str, template: str, values: Mapping[str, object]) -> str:
    """The page, ending in a newline; `package` has the template, or all share it."""
    shared = {
        "light": {role.value: colour for role, colour in LIGHT.items()},
        "dark": {role.value: colour for role, colour in DARK.items()},
    }
    return environment(package).get_template(template).render(shared, **values)


def environment(package: str) -> Environment:
    """Where the templates of a package, and those that all share, are found."""
    made = Environment(
        loader=ChoiceLoader(
            [PackageLoader(package), PackageLoader("invitelab.reporting.common")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["clean"] = clean
    return made
