"""SVG of matplotlib, made fit for a page: small, with unique ids and colour roles."""

import re
from html import escape

from invitelab.reporting.common.colours import LIGHT

HEADING = "heading"
"""Id of the heading's group, which `inline` removes."""

HALO = "halo"
"""Id of text on lines, which gets an outline in the colour of the paper."""

FONTS = "'DejaVu Sans', Verdana, sans-serif"
_ROLES = {colour: role.value for role, colour in LIGHT.items()}
_GENERATED = re.compile(
    r' id="(?:figure|axes|patch|line2d|text|xtick|ytick|legend|matplotlib\.axis'
    r'|\w*Collection)_?\d*(?:_\d+)*"'
)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_STYLE = re.compile(r'style="([^"]*)"')
_FONT = re.compile(r"font: (?:(bold|\d+) )?([\d.]+)px [^;\"]*")
_ROOT = re.compile(r'<svg [^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>', re.DOTALL)
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_HEADING = re.compile(rf'<g id="{HEADING}">.*?</g>\s*', re.DOTALL)
_OUTLINE = (
    'style="paint-order: stroke; stroke: var(--paper, #ffffff); stroke-width: 3px;'
    ' stroke-linejoin: round"'
)
_SPACE = re.compile(r"\n\s*")
_EMPTY_GROUP = re.compile(r"<g>\s*</g>")


def finished(raw: str, *, name: str, title: str, description: str) -> str:
    """A complete SVG document, with title and description for screen readers.

    `name` is unique among the charts of a report, and part of every id. Raises
    ValueError for an SVG without a view box.
    """
    text = raw[raw.index("<svg") :]
    text = _METADATA.sub("", text)
    text = _TAG.sub(_smaller, text)
    text = text.replace(f'<g id="{HALO}">', f"<g {_OUTLINE}>")
    text = _EMPTY_GROUP.sub("", text)
    text = _TITLE.sub("", text, count=1)
    root = (
        f'<svg role="img" aria-labelledby="{name}-title {name}-description" '
        r'viewBox="0 0 \1 \2" width="\1" height="\2" '
        f'style="font-family: {FONTS}" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    names = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>'
    )
    # Not by re.sub: a title may have characters that are special in a replacement.
    head, found, rest = _partition(text, root)
    return _SPACE.sub("\n", head + found + names + rest)


def _partition(text: str, root: str) -> tuple[str, str, str]:
    match = _ROOT.search(text)
    if match is None:
        raise ValueError("an SVG begins with its view box")
    return text[: match.start()], match.expand(root), text[match.end() :]


def inline(document: str, *, crop_pt: float) -> str:
    """The picture for a page: without its heading, and cropped by that many points.

    Raises ValueError for an SVG without a view box.
    """
    text = _HEADING.sub("", document)
    match = _ROOT.search(text)
    if match is None:
        raise ValueError("an SVG begins with its view box")
    width, height = float(match[1]), float(match[2]) - crop_pt
    box = f'viewBox="0 {crop_pt:g} {width:g} {height:g}" '
    old = f'viewBox="0 0 {match[1]} {match[2]}" width="{match[1]}" height="{match[2]}" '
    return text.replace(old, box, 1)


def _smaller(tag: re.Match[str]) -> str:
    """A tag without generated ids, with short numbers and colour roles."""
    text = _GENERATED.sub("", tag[0])
    text = _LONG_NUMBER.sub(_two_decimals, text)
    return _STYLE.sub(_with_roles, text)


def _two_decimals(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _with_roles(match: re.Match[str]) -> str:
    coloured = _COLOUR.sub(_role, match[1])
    return f'style="{_FONT.sub(_font, coloured)}"'


def _role(match: re.Match[str]) -> str:
    role = _ROLES.get(match[0])
    return f"var(--{role}, {match[0]})" if role else match[0]


def _font(match: re.Match[str]) -> str:
    weight = f"; font-weight: {match[1]}" if match[1] else ""
    return f"font-size: {match[2]}px{weight}"
