"""Pages of HTML from the templates: escaped by default, without a script or a link."""

import re
from collections.abc import Mapping

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from invitelab.reporting.common.colours import DARK, LIGHT
from invitelab.reporting.common.formatting import clean


def page(package: str, template: str, values: Mapping[str, object]) -> str:
    """Render a template of `package`, or of all, as a page that ends in a newline."""
    shared: dict[str, object] = {
        "ids_apart": ids_apart,
        "light": {role.value: colour for role, colour in LIGHT.items()},
        "dark": {role.value: colour for role, colour in DARK.items()},
    }
    return environment(package).get_template(template).render(shared, **values)


def environment(package: str) -> Environment:
    """The environment of the templates of a package, and of those that all share."""
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


_CLAUSE = re.compile(r"\b([A-Z]+-\d+)\b")


def ids_apart(text: str) -> list[tuple[str, bool]]:
    """The parts of a text, and whether each is the ID of a clause, as `NOTIFY-5`."""
    return [(part, place % 2 == 1) for place, part in enumerate(_CLAUSE.split(text))]
