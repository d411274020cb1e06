"""Attempts by version pair: direct, by email or neither; refusals by reason."""

from collections.abc import Sequence

from invitelab.formats.results import Results, VersionPair
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    compact,
    grouped,
    listed,
    plural,
    sentence,
    share,
    short,
    spoken,
)
from invitelab.reporting.load.charts.base import Chart, after_warm_up
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import Scale, linear
from invitelab.reporting.load.tables import Table

NAME = "versions"
TITLE = "Who could be invited how"
WAYS = (
    ("direct", Role.ACCEPTED),
    ("by email", Role.REJECTED),
    ("neither", Role.REFUSED),
)
MOST_VERSIONS = 8
MOST_REASONS = 8
ROW_IN = 0.46
REASON_IN = 0.26
LABEL_IN = 0.19


def chart(results: Results) -> Chart:
    """The chart of ways by version, and of refusals by reason."""
    pairs = [pair for pair in results.versions if sum(_parts(pair))]
    description = _description(pairs, results)
    picture = None
    if pairs:
        canvas = _draw(pairs, results)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(results),
    )


def _parts(pair: VersionPair) -> tuple[int, int, int]:
    return pair.direct, pair.by_email, pair.refused


def _totals(pairs: Sequence[VersionPair]) -> list[int]:
    return [sum(parts) for parts in zip(*map(_parts, pairs), strict=True)]


def _reasons(results: Results) -> list[tuple[str, int]]:
    """Reasons and counts, the most frequent first, equally frequent ones by name."""
    return sorted(results.refusals.items(), key=lambda pair: (-pair[1], pair[0]))


def _description(pairs: Sequence[VersionPair], results: Results) -> str:
    after = after_warm_up(results)
    if not pairs:
        return f"There is nothing to draw: there was no attempt to invite{after}."
    totals = _totals(pairs)
    whole = sum(totals)
    ways = [
        f"{share(number / whole)} {way}"
        for (way, _), number in zip(WAYS, totals, strict=True)
    ]
    text = f"Of {plural(whole, 'attempt')}, {listed(ways)}."
    reasons = _reasons(results)
    if not reasons:
        return f"{text} No direct invitation was refused{after}."
    reason, number = reasons[0]
    refusals = plural(sum(results.refusals.values()), "refusal")
    return (
        f"{text} {refusals} of a direct invitation, after which an email may have"
        f" followed; most ({grouped(number)}): {spoken(reason)}."
    )


def _table(results: Results) -> Table:
    rows = [
        (f"version {pair.sender} to {pair.recipient}", *map(grouped, _parts(pair)), "")
        for pair in results.versions
    ]
    rows.extend(
        (f"refused: {spoken(reason)}", "", "", "", grouped(number))
        for reason, number in _reasons(results)
    )
    return Table(
        columns=("attempts", "direct", "by email", "neither", "refusals"),
        rows=tuple(rows),
    )


def _draw(pairs: Sequence[VersionPair], results: Results) -> Canvas:
    versions = sorted({v for pair in pairs for v in (pair.sender, pair.recipient)})
    left_out = len(versions) > MOST_VERSIONS
    versions = versions[-MOST_VERSIONS:]
    reasons = _reasons(results)
    below_in = REASON_IN * min(len(reasons), MOST_REASONS) + 0.75 if reasons else 0.0
    canvas = Canvas(height_in=1.45 + ROW_IN * len(versions) + below_in)
    canvas.heading(
        TITLE,
        "attempts by major version of both sides"
        + (f" (the {MOST_VERSIONS} newest)" if left_out else "")
        + "; each bar is 100 % of its pair",
    )
    axes = canvas.add_axes(
        bottom_in=0.2 + below_in, top_in=1.2, left_in=1.35, right_in=1.75
    )
    _draw_pairs(axes, pairs, versions)
    if reasons:
        rows = canvas.add_axes(
            bottom_in=0.2,
            top_in=canvas.height_in - below_in + 0.4,
            left_in=3.1,
            right_in=1.75,
        )
        _draw_reasons(rows, reasons)
    return canvas


def _draw_pairs(
    axes: AxesView, pairs: Sequence[VersionPair], versions: Sequence[int]
) -> None:
    size = len(versions)
    axes.hide_axes()
    axes.rows(size)
    axes.x_axis(Scale(low=-0.5, high=size - 0.5, marks=(), labels=()))
    for place, version in enumerate(versions):
        axes.text(
            (place, 1),
            f"to {version}.x",
            y_fraction=True,
            shift_pt=(0, 8),
            side="center",
            role=Role.SOFT,
        )
        axes.text(
            (-0.5, place),
            f"from {version}.x",
            shift_pt=(-6, 0),
            side="right",
            role=Role.SOFT,
        )
    for pair in pairs:
        if pair.sender in versions and pair.recipient in versions:
            column, row = versions.index(pair.recipient), versions.index(pair.sender)
            _draw_pair(axes, pair, (column, row))
    _label_ways(axes, _totals(pairs), ROW_IN * size)


def _draw_pair(axes: AxesView, pair: VersionPair, place: tuple[int, int]) -> None:
    """Draw a bar of three parts with the number of attempts above it."""
    column, row = place
    whole = sum(_parts(pair))
    left = column - 0.44
    for part, (_, role) in zip(_parts(pair), WAYS, strict=True):
        right = left + 0.88 * part / whole
        if part:
            axes.horizontal_bars(row + 0.16, [(left, right)], role, thickness=0.3)
        left = right
    axes.text((column - 0.44, row - 0.2), compact(whole), role=Role.SOFT, size_pt=8.5)
    if pair.refused:
        axes.text(
            (column + 0.44, row - 0.2),
            f"✗ {share(pair.refused / whole)}",
            side="right",
            role=Role.BAD,
            size_pt=8.5,
        )


def _label_ways(axes: AxesView, totals: Sequence[int], height_in: float) -> None:
    whole = sum(totals)
    gap = LABEL_IN / height_in
    places = (0.5 + gap, 0.5, 0.5 - gap)
    for (way, role), number, place in zip(WAYS, totals, places, strict=True):
        at = (1.0, place)
        axes.text(
            at,
            "■",
            x_fraction=True,
            y_fraction=True,
            shift_pt=(10, 0.5),
            size_pt=13,
            role=role,
        )
        axes.text(at, way, x_fraction=True, y_fraction=True, shift_pt=(25, 0))
        axes.text(
            at,
            share(number / whole),
            x_fraction=True,
            y_fraction=True,
            shift_pt=(118, 0),
            side="right",
            role=Role.SOFT,
        )


def _draw_reasons(axes: AxesView, every: Sequence[tuple[str, int]]) -> None:
    reasons = every[:MOST_REASONS]
    more = f" (the {len(reasons)} most frequent)" if len(every) > len(reasons) else ""
    axes.hide_axes()
    axes.rows(len(reasons))
    axes.x_axis(linear(reasons[0][1]), shown=False)
    axes.text(
        (0, 1),
        f"refusals by reason{more}",
        x_fraction=True,
        y_fraction=True,
        shift_pt=(-171, 10),
        role=Role.SOFT,
        size_pt=9.5,
    )
    for row, (reason, number) in enumerate(reasons):
        axes.horizontal_bars(row, [(0, number)], Role.REFUSED, thickness=0.6)
        axes.text(
            (0, row),
            sentence(short(spoken(reason), 34)),
            shift_pt=(-6, 0),
            side="right",
            role=Role.SOFT,
        )
        axes.text((number, row), compact(number), shift_pt=(5, 0))
