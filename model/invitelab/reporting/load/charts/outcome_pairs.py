"""The shares of outcomes, measured and simulated, each with its interval."""

from collections.abc import Sequence

from invitelab.formats.beside import Beside, OutcomePair
from invitelab.formats.results import Estimate
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import listed, plural, share
from invitelab.reporting.load.beside_text import difference_text, seen, share_text
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import linear
from invitelab.reporting.load.tables import Table

NAME = "outcome-shares"
TITLE = "Outcomes beside the model"
ROW_IN = 0.55
MODEL, MEASURED = Role.ACCEPTED, Role.REFUSED
APART = 0.17


def chart(found: Beside) -> Chart:
    """The chart of the outcomes that happened."""
    pairs = seen(found.shares)
    description = _description(pairs)
    picture = None
    if pairs:
        canvas = _draw(pairs)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=Table(
            columns=("outcome", "model", "measured", "verdict"),
            rows=tuple(
                (
                    one.outcome.value,
                    share_text(one.model),
                    share_text(one.measured),
                    difference_text(one),
                )
                for one in pairs
            ),
            text_columns=(0, 3),
        ),
    )


def _description(pairs: Sequence[OutcomePair]) -> str:
    if not pairs:
        return "One of them has no invitations."
    different = [
        f"{one.outcome.value} (measured {share(one.measured.mean)}, the model says"
        f" {share(one.model.mean)})"
        for one in pairs
        if one.different
    ]
    whole = plural(len(pairs), "outcome")
    if not different:
        return f"No difference is shown in {whole}: each may be chance."
    return f"{len(different)} of {whole} differ: {listed(different)}."


def _draw(pairs: Sequence[OutcomePair]) -> Canvas:
    canvas = Canvas(height_in=1.75 + ROW_IN * len(pairs))
    canvas.heading(TITLE, "share of the invitations, with its 95 % interval")
    axes = canvas.add_axes(bottom_in=0.62, top_in=1.1, left_in=1.3, right_in=2.1)
    axes.rows(len(pairs))
    ends = [
        end
        for one in pairs
        for each in (one.model, one.measured)
        for end in each.figures
    ]
    axes.x_axis(linear(min(max(*ends, 0.01), 1.0), share), "of all invitations")
    axes.vertical_grid()
    for row, one in enumerate(pairs):
        axes.text(
            (0, row),
            one.outcome.value,
            x_fraction=True,
            shift_pt=(-10, 0),
            side="right",
        )
        _draw_share(axes, row - APART, one.model, MODEL)
        _draw_share(axes, row + APART, one.measured, MEASURED)
        axes.text(
            (1, row),
            difference_text(one),
            x_fraction=True,
            shift_pt=(12, 0),
            role=Role.INK if one.different else Role.SOFT,
            bold=one.different,
        )
    for shift_pt, text, role in ((0, "■ model", MODEL), (60, "■ measured", MEASURED)):
        axes.text(
            (0, 1),
            text,
            x_fraction=True,
            y_fraction=True,
            shift_pt=(shift_pt, 8),
            height="bottom",
            role=role,
        )
    return canvas


def _draw_share(axes: AxesView, height: float, one: Estimate, role: Role) -> None:
    if one.low is not None and one.high is not None:
        axes.line([one.low, one.high], [height, height], role, width_pt=2.4, over=4)
    axes.dots([one.mean], [height], role, size_pt=6)
