"""Elements of SVG: the one place where their text and values are escaped."""

from markupsafe import Markup

_ATTRIBUTE = Markup(' {}="{}"')
_ELEMENT = Markup("<{0}{1}>{2}</{0}>")
_EMPTY = Markup("<{0}{1}/>")
_GROUND = Markup()


def element(name: str, *inside: str | Markup, **attributes: str | float) -> Markup:
    """An element; plain strings within it are text, and `_` in a name is `-`.

    A trailing `_` keeps a name from being Python's: `class_`. Numbers have at most one
    decimal: a tenth of a pixel is not seen.
    """
    pairs = _GROUND.join(
        _ATTRIBUTE.format(key.rstrip("_").replace("_", "-"), _value(value))
        for key, value in attributes.items()
    )
    if not inside:
        return _EMPTY.format(name, pairs)
    return _ELEMENT.format(name, pairs, _GROUND.join(inside))


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.1f}".removesuffix(".0")
